"""Made-up people and rows: the same seed gives the same answers, and bad files say where."""

import io
from datetime import UTC, datetime, timedelta
from itertools import islice
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from gridtrack.errors import Invalid, Rejected
from gridtrack.photos.rules import PhotoLimits, process
from gridtrack.simulation.crowd import RUNGS, Crowd, Habit
from gridtrack.simulation.outcome import quantiles
from gridtrack.simulation.picture import picture
from gridtrack.simulation.rows import Columns, Line, check_columns, read
from gridtrack.simulation.texts import Names

NOON = datetime(2026, 6, 20, 10, 0, tzinfo=UTC)
NEW_YORK = ZoneInfo("America/New_York")
COLUMNS = Columns("lon", "lat", "at", "closed", "kind", "text")
SHIPPED = Crowd.shipped("Asia/Shanghai", 1)

instants = st.datetimes(
    datetime(2026, 1, 1),  # noqa: DTZ001 - Hypothesis takes naive bounds and adds the zone
    datetime(2027, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


def people(**changes):
    lines = []
    for rung in RUNGS:
        habit = {"chance": 1, "median_s": 60, "sigma": 0, **changes.get(rung, {})}
        lines += [f"[answer.{rung}]", *(f"{k} = {v!r}" for k, v in habit.items())]
    rest = "[check]\nmedian_s = 60\nsigma = 0\n[start]\nmedian_s = 60\nsigma = 0\n"
    return "\n".join([*lines, rest, changes.get("hours", "")])


def line(**cells):
    shown = {
        "lon": "-73.96", "lat": "40.8", "at": "2026-06-21T01:51:28.000", "closed": "", "kind": "",
        "text": "", **cells,
    }  # fmt: skip
    return Line("a.csv", 2, shown)


def row(**cells):
    found = read([line(**cells)], COLUMNS, NEW_YORK, 1)
    if found.unusable:
        raise found.unusable[0].error
    return found.rows[0]


# --- people ---


@given(st.sampled_from(RUNGS), instants, st.text(max_size=20))
def test_the_same_seed_gives_the_same_answer(rung, at, key):
    again = Crowd.shipped("Asia/Shanghai", 1)
    assert SHIPPED.answer("escalated", rung, key, at) == again.answer("escalated", rung, key, at)


@given(instants, st.text(max_size=20))
def test_an_answer_takes_at_least_a_second(at, key):
    found = SHIPPED.answer("assigned", None, key, at)
    assert found is None or found >= timedelta(seconds=1)


def test_another_seed_gives_other_answers():
    other = Crowd.shipped("Asia/Shanghai", 2)
    keys = [f"assigned:{n}:1:p1:inbox" for n in range(20)]
    mine, theirs = (
        [crowd.answer("assigned", None, key, NOON) for key in keys] for crowd in (SHIPPED, other)
    )
    assert mine != theirs


def test_nobody_answers_with_a_chance_of_nothing():
    crowd = Crowd.parse(people(deputy={"chance": 0}), "UTC", 1)
    assert crowd.answer("escalated", "deputy", "k", NOON) is None


def test_without_spread_everybody_takes_the_median():
    assert Crowd.parse(people(), "UTC", 1).answer("assigned", None, "k", NOON) == timedelta(
        seconds=60
    )


def test_the_hours_are_those_of_the_place_reported_from():
    night = "[[hours]]\nfrom = 6\nuntil = 7\nchance = 1\ndelay = 3.0\n"
    at_six_in_new_york = Crowd.parse(people(hours=night), "America/New_York", 1)
    elsewhere = Crowd.parse(people(hours=night), "Asia/Shanghai", 1)
    assert at_six_in_new_york.answer("assigned", None, "k", NOON) == timedelta(seconds=180)
    assert elsewhere.answer("assigned", None, "k", NOON) == timedelta(seconds=60)


@pytest.mark.parametrize(
    ("kind", "rung", "who"),
    [
        ("assigned", None, "first"), ("co-assigned", None, "property"), ("triage", None, "desk"),
        ("returned", None, "desk"), ("escalated", "street", "street"),
        ("escalated", "a-rung-of-ones-own", "leader"),
    ],
)  # fmt: skip
def test_each_notice_is_answered_by_the_habit_of_whoever_gets_it(kind, rung, who):
    crowd = Crowd.parse(people(**{who: {"median_s": 77}}), "UTC", 1)
    assert crowd.answer(kind, rung, "k", NOON) == timedelta(seconds=77)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[answer", "bad-toml"),
        ("", "people-habit"),
        (people(leader={"chance": 1.2}), "people-habit"),
        (people(leader={"median_s": 0}), "people-habit"),
        (people(leader={"sigma": "wide"}), "people-habit"),
        (people(hours="[[hours]]\nfrom = 6\n"), "people-habit"),
    ],
)
def test_a_bad_people_file_says_what_is_wrong(text, code):
    with pytest.raises(Invalid) as caught:
        Crowd.parse(text, "UTC", 1)
    assert caught.value.code == code


@given(st.floats(1, 1e5), st.floats(0, 3), st.integers())
def test_a_delay_is_never_shorter_than_a_second(median_s, sigma, seed):
    assert Habit(median_s, sigma).delay(Random(seed)) >= timedelta(seconds=1)


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_names_do_not_repeat_before_all_were_used(locale):
    names = list(islice(Names.of(locale).people(Random(1)), 800))
    assert len(set(names)) == 800


# --- rows ---


def test_a_time_without_an_offset_is_local_to_the_zone():
    assert row().at == datetime(2026, 6, 21, 5, 51, 28, tzinfo=UTC)


def test_a_time_with_an_offset_keeps_it():
    assert row(at="2026-06-21T01:51:28+08:00").at == datetime(2026, 6, 20, 17, 51, 28, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"lon": ""}, "coordinate-missing"),
        ({"lat": "n/a"}, "coordinate-not-a-number"),
        ({"lon": "0", "lat": "0"}, "coordinate-zero"),
        ({"lon": "40.8", "lat": "-173.9"}, "coordinates-swapped"),
        ({"at": ""}, "required"),
        ({"at": "yesterday"}, "not-a-time"),
        ({"closed": "soon"}, "not-a-time"),
    ],
)
def test_a_row_that_cannot_be_used_says_why(cells, code):
    with pytest.raises(Invalid) as caught:
        row(**cells)
    assert caught.value.code == code


def test_what_is_no_row_at_all_is_left_out_with_its_fault():
    fault = Invalid("row-cells", field="row", value=3)
    found = read([Line("a.csv", 7, {}, fault=fault), line()], COLUMNS, NEW_YORK, 1)
    assert [(one.line, one.error) for one in found.unusable] == [(7, fault)]
    assert len(found.rows) == 1


def test_a_row_has_the_same_client_id_in_every_run_with_its_seed():
    assert row().client_id == row().client_id


def test_two_rows_that_say_the_same_are_two_reports():
    twice = [line(), Line("a.csv", 3, line().cells, copy=2)]
    assert len(read(twice, COLUMNS, NEW_YORK, 1).rows) == 2


def test_columns_that_are_not_there_are_all_named():
    with pytest.raises(Rejected) as caught:
        check_columns(["lon", "lat"], COLUMNS)
    assert [f.field for f in caught.value.faults] == ["--at", "--closed", "--category", "--text"]


# --- figures and pictures ---


@given(st.lists(st.floats(0, 1e6), min_size=1))
def test_quantiles_are_values_that_occurred(values):
    found = quantiles(values)
    assert set(found.values()) <= set(values)
    assert found["p50"] <= found["p99"] <= found["max"] == max(values)


def test_nothing_has_no_quantiles():
    assert quantiles([]) == {"p50": None, "p99": None, "max": None}


@pytest.mark.parametrize("stage", ["report", "before", "after"])
def test_a_made_up_photo_passes_the_rules_of_photos(stage):
    data = picture("0601", stage)
    assert Image.open(io.BytesIO(data)).size == (480, 360)
    process(data, PhotoLimits())


def test_before_and_after_look_different():
    assert picture("0601", "before") != picture("0601", "after")
