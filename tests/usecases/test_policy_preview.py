"""The preview of a version says what really would be promised, and nothing sealed to others."""

import copy
from datetime import timedelta
from typing import Any

import pytest

from gridtrack.deadlines.policy import parse
from gridtrack.deadlines.tables import ClockRow
from gridtrack.queries.policies import row_of
from gridtrack.queries.policy_preview import Preview, preview
from gridtrack.usecases.policies import publish
from tests.builders import BUILDING, FUNERAL, LAMP, Site

OTHER = [
    {"clock": "acknowledge", "limit": "9min"},
    {"clock": "resolve", "category": "06", "limit": "2wd"},
    {"clock": "resolve", "category": LAMP, "scope": "A", "limit": "6h"},
]


def other(site: Site) -> dict[str, Any]:
    """The document in force, with limits of its own."""
    with site.look() as work:
        return copy.deepcopy(dict(row_of(work).body)) | {"limit": OTHER}


def previewed(site: Site, who: str = "admin") -> Preview:
    with site.look(who) as work:
        return preview(work, parse(other(site), 0), "en")


def dues(site: Site, incident_id: int) -> dict[str, Any]:
    with site.look() as work:
        rows = work.session.query(ClockRow).filter_by(incident_id=incident_id)
        return {row.kind: row.due_at for row in rows}


@pytest.mark.parametrize("hours", [0, 9, 30])
def test_the_preview_equals_what_is_really_promised(clocked, hours):
    site = clocked
    site.clock.advance(hours=hours)  # on a Friday morning, at night, on a weekend
    here, there = site.report(LAMP).incident_id, site.report(LAMP, at=B11).incident_id
    would = {(m.incident_id, m.clock): m.after for m in previewed(site).moved}
    with site.work("admin") as work:
        publish(work, other(site), None, "a trial")
    for old in (here, there):
        new = site.report(LAMP, **({} if old == here else {"at": B11})).incident_id
        for kind, due_at in dues(site, new).items():
            assert would.get((old, kind), dues(site, old)[kind]) == due_at
    assert len(would) == 4  # to acknowledge and to resolve, here and there


B11 = (119.5 + 0.003 * 2.5, 27.4 - 0.0015)


def test_the_month_behind_is_judged_by_when_things_were_done(lite):
    answered = lite.report(LAMP).incident_id
    late = lite.report(LAMP).incident_id
    lite.clock.advance(minutes=4)
    lite.acknowledge(answered, "worker-a11")
    lite.clock.advance(minutes=4)  # after five minutes, before nine
    lite.acknowledge(late, "worker-a11")
    (past,) = (one for one in previewed(lite).past if one.clock == "acknowledge")
    assert (past.ended, past.missed, past.would) == (2, 1, 0)


def test_sealed_matters_are_neither_shown_nor_counted_for_who_may_not_read_them(lite):
    lite.report(LAMP)
    lite.report(BUILDING)
    seen = previewed(lite)
    sealed = lite.incident(2).sensitivity >= 3
    assert seen.open == (1 if sealed else 2)
    assert not any(one.link for one in seen.moved)  # who administers reads no matters


def test_nothing_would_change_under_the_same_document(lite):
    lite.report(LAMP)
    lite.report(FUNERAL)
    with lite.look("admin") as work:
        same = preview(work, parse(row_of(work).body, 0), "en")
    assert (same.changed, same.moved) == (0, ())


def test_a_rest_stays_as_long_as_it_was(clocked):
    lite = clocked
    incident_id = lite.report(LAMP).incident_id
    with lite.work() as work:
        row = work.session.get(ClockRow, (incident_id, "resolve", 1))
        before = row.due_at
        row.due_at, row.paused_us = before + timedelta(hours=3), 3 * 3600 * 1_000_000
    (moved,) = (one for one in previewed(lite).moved if one.clock == "resolve")
    with lite.look() as work:
        rested = work.session.get(ClockRow, (incident_id, "resolve", 1))
    assert moved.before == rested.due_at
    unrested = previewed_without_rest(lite, incident_id)
    assert moved.after == unrested + timedelta(hours=3)


def previewed_without_rest(site: Site, incident_id: int) -> Any:
    with site.work() as work:
        row = work.session.get(ClockRow, (incident_id, "resolve", 1))
        row.due_at, row.paused_us = row.due_at - timedelta(hours=3), 0
    return next(m.after for m in previewed(site).moved if m.clock == "resolve")
