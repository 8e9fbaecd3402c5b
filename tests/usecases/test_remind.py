"""Handlers are reminded before a clock is due: once each, not too early, never of what is over."""

import copy
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from gridtrack.deadlines.tables import ClockRow
from gridtrack.notifications.tables import Message
from gridtrack.queries.policies import row_of
from gridtrack.queries.wording import wording
from gridtrack.usecases import remind as module
from gridtrack.usecases.policies import publish
from gridtrack.usecases.remind import remind
from tests.builders import PARKING, Site

# A car on the pavement has fifteen minutes to be acknowledged.
REMIND = {"acknowledge": ["5min", "2min", "1h"]}


@pytest.fixture
def street(site):
    """A street where handlers are reminded five and two minutes before, and an hour before."""
    with site.work("admin") as work:
        body = copy.deepcopy(dict(row_of(work).body)) | {"remind": REMIND}
        publish(work, body, None, "a trial")
    look(site)
    return site


def look(site: Site, **later: float) -> int:
    site.clock.advance(**later)
    with site.work() as work:
        return remind(work)


def test_each_reminder_is_sent_once_and_an_hour_before_fifteen_minutes_never(street):
    street.report(PARKING)
    assert [look(street, minutes=minutes) for minutes in (0, 9, 1, 0, 2, 1, 0, 1)] == [
        0, 0, 1, 0, 0, 1, 0, 0,
    ]  # fmt: skip
    assert street.told("worker-a11").count("reminder") == 2


def test_who_has_answered_is_not_reminded(street):
    receipt = street.report(PARKING)
    street.acknowledge(receipt.incident_id, "worker-a11")
    assert look(street, minutes=11) == 0


def test_after_a_time_away_what_is_overdue_is_not_reminded_of(street):
    street.report(PARKING)
    street.clock.advance(minutes=14)
    street.report(PARKING)
    assert look(street, minutes=10) == 1  # the second, which is due in five minutes


def test_a_clock_that_is_due_later_is_reminded_of_again(street):
    receipt = street.report(PARKING)
    assert look(street, minutes=10) == 1
    with street.work() as work:
        clock = work.session.get(ClockRow, (receipt.incident_id, "acknowledge", 1))
        clock.due_at += timedelta(hours=2)
    assert look(street, minutes=64) == 0
    assert look(street, minutes=1) == 1  # an hour before
    assert look(street, minutes=55) == 1  # five minutes before, again


def test_more_than_a_batch_is_taken_in_turns_and_nobody_twice(street, monkeypatch):
    monkeypatch.setattr(module, "BATCH", 2)
    for _ in range(5):  # all due at one instant
        street.report(PARKING)
    street.clock.advance(minutes=10)
    assert [look(street) for _ in range(4)] == [2, 2, 1, 0]
    with street.look() as work:
        found = work.session.query(Message).filter_by(kind="reminder", channel="inbox")
        assert len({one.incident_id for one in found}) == 5


def test_a_look_that_finds_nothing_writes_nothing(street):
    street.report(PARKING)
    written: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        if not statement.lstrip().upper().startswith(("SELECT", "PRAGMA", "BEGIN")):
            written.append(statement)

    event.listen(street.runtime.engine, "before_cursor_execute", note)
    look(street, minutes=1)
    assert written == []


def test_a_reminder_says_when_and_of_a_sealed_matter_nothing_else(street):
    receipt = street.report(PARKING)
    look(street, minutes=10)
    with street.look() as work:
        one = work.session.query(Message).filter_by(kind="reminder").first()
        assert wording(work, one.kind, one.facts, "en")[1].endswith("Due at 11-20 10:15.")
        sealed = {**one.facts, "sensitivity": 3}
        assert "10:15" not in "".join(wording(work, one.kind, sealed, "en"))
    assert receipt.number in one.facts["number"]
