"""Measures over facts: what each counts, of what, and that a number and its list are one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridtrack.figures.measures import (
    COLUMNS,
    MEASURES,
    Facts,
    Unit,
    facts_of,
    figure,
    grouped,
    masks,
)

UNTIL = 1_000_000
PLAIN = {
    "incident_id": 1, "day": 739_000, "hour": 10, "reported_s": 900_000, "sensitivity": 0,
    "paused_s": 0, "extended": 0, "returned": 0, "reopened": 0, "climbed": 0, "resolved_s": None,
    "ended_s": None, "lon": None, "lat": None, "acknowledge_due_s": 900_300,
    "acknowledge_met_s": None, "arrive_due_s": None, "arrive_met_s": None, "resolve_due_s": None,
    "resolve_met_s": None, "person_id": 7, "late_ms": None, "stars": None, "edition_id": 1,
    "is_open": True, "above": False, "ever_resolved": False, "path": "A/A1/A11",
    "category": "0601", "source": "resident", "state": "assigned",
}  # fmt: skip


def facts(*changes, until_s=UNTIL) -> Facts:
    rows = [{**PLAIN, "incident_id": n, **one} for n, one in enumerate(changes, 1)]
    return facts_of([tuple(row[name] for name in COLUMNS) for row in rows], until_s)


def of(code, *changes, until_s=UNTIL):
    found = figure(MEASURES[code], facts(*changes, until_s=until_s))
    return (found.hits, found.n)


MET = {"acknowledge_met_s": 900_200}
LATE = {"acknowledge_met_s": 900_301}


@pytest.mark.parametrize(
    ("what", "change", "counts"),
    [
        ("met before it was due", MET, (1, 1)),
        ("met at the very second", {"acknowledge_met_s": 900_300}, (1, 1)),
        ("met a second late", LATE, (0, 1)),
        ("never met and due long ago", {}, (0, 1)),
        ("may still be kept", {"acknowledge_due_s": UNTIL + 1}, (0, 0)),
        ("was never promised", {"acknowledge_due_s": None}, (0, 0)),
    ],
)
def test_acknowledged_in_time_is_a_rate_of_what_was_due(what, change, counts):
    assert of("ack-kept", change) == counts, what


def test_what_was_met_after_the_span_was_not_met_in_it():
    assert of("ack-kept", MET, until_s=900_100) == (0, 0)
    assert of("ack-kept", LATE, until_s=900_300) == (0, 0)
    assert of("ack-kept", {"acknowledge_met_s": 950_000}, until_s=900_400) == (0, 1)


def test_what_was_closed_after_the_span_was_open_at_its_end():
    closed = {"is_open": False, "ended_s": 950_000}
    assert of("open", closed) == (0, 1)
    assert of("open", closed, until_s=940_000) == (1, 1)


def test_settled_in_one_go_is_of_what_was_resolved():
    done = {"ever_resolved": True}
    assert of("first-round", {}, done, {**done, "returned": 1}, {**done, "reopened": 1}) == (1, 3)
    assert of("rework", {}, done, {**done, "reopened": 1}) == (1, 2)
    assert of("in-community", done, {**done, "above": True}) == (1, 2)


def test_content_is_of_those_who_rated_and_the_answer_rate_of_those_asked():
    done = {"ever_resolved": True}
    patrol = {**done, "source": "patrol"}
    rated = [{**done, "stars": stars} for stars in (5, 4, 3)]
    assert of("content", *rated, done, patrol) == (2, 3)
    assert of("rated", *rated, done, patrol) == (3, 4)


def test_a_patrol_finds_first_unless_the_public_told_of_it_in_the_week_before():
    found = {"source": "patrol", "reported_s": 900_000}
    told = {"source": "resident"}
    assert of("found-first", found, {**told, "reported_s": 800_000}) == (0, 2)
    assert of("found-first", found, {**told, "reported_s": 900_001}) == (1, 2)
    assert of("found-first", found, {**told, "reported_s": 900_000 - 7 * 86_400 - 1}) == (1, 2)
    assert of("found-first", found, {**told, "reported_s": 800_000, "path": "B"}) == (1, 2)
    assert of("found-first", found, {**told, "reported_s": 800_000, "category": "0101"}) == (1, 2)


def test_times_have_their_middle_and_their_ninth_tenth():
    met = [{"acknowledge_met_s": 900_000 + 10 * n} for n in range(1, 12)]
    found = figure(MEASURES["ack-time"], facts(*met))
    assert (found.n, found.median, found.p90, found.most) == (11, 60, 100, 110)


def test_overdue_is_open_with_a_limit_missed():
    past, gone = {"resolve_due_s": 950_000}, {"is_open": False, "ended_s": 940_000}
    kept = {"acknowledge_met_s": 900_100, "resolve_due_s": 990_000, "resolve_met_s": 950_000}
    assert of("overdue", {}, {**MET, **past}, {**past, **gone}, kept) == (2, 4)


_row = st.fixed_dictionaries(
    {
        "reported_s": st.integers(0, UNTIL),
        "acknowledge_due_s": st.none() | st.integers(0, 2 * UNTIL),
        "acknowledge_met_s": st.none() | st.integers(0, 2 * UNTIL),
        "resolve_due_s": st.none() | st.integers(0, 2 * UNTIL),
        "resolved_s": st.none() | st.integers(0, 2 * UNTIL),
        "stars": st.none() | st.integers(1, 5),
        "late_ms": st.none() | st.integers(0, 10_000),
        "is_open": st.booleans(),
        "ever_resolved": st.booleans(),
        "source": st.sampled_from(["patrol", "resident", "import"]),
        "path": st.sampled_from(["", "A/A1/A11", "A/A1/A12", "B/B1/B11"]),
        "climbed": st.integers(0, 3),
        "reopened": st.integers(0, 2),
    }
)


@given(st.lists(_row, max_size=30), st.sampled_from(sorted(MEASURES)))
def test_groups_add_up_to_the_whole_and_hits_are_among(rows, code):
    measure, found = MEASURES[code], facts(*rows)
    among, hit = masks(measure, found)
    assert not (hit & ~among).any()
    whole = figure(measure, found)
    assert (whole.n, whole.hits) == (among.sum(), hit.sum() if measure.value is None else whole.n)
    parts = [one[code] for one in grouped(found, found["path"], [measure]).values()]
    assert sum(one.n for one in parts) == whole.n
    assert sum(one.hits for one in parts) == whole.hits


@given(st.lists(_row, min_size=1, max_size=30))
def test_a_median_lies_among_the_values_and_the_p90_not_below_it(rows):
    for measure in MEASURES.values():
        one = figure(measure, facts(*rows))
        if measure.unit is Unit.SECONDS and one.n:
            assert 0 <= one.median <= one.p90 <= one.most


def test_no_facts_are_no_figures():
    for measure in MEASURES.values():
        one = figure(measure, facts())
        assert (one.n, one.hits, one.share, one.median) == (0, 0, None, None)
    assert grouped(facts(), np.array([]), list(MEASURES.values())) == {}
