"""Statements that the two databases spell differently do the same on both."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from gridtrack.access import ENGINE
from gridtrack.db.sql import guard_long_work, insert_missing, insert_new, upsert
from gridtrack.deadlines.store import HEARTBEAT
from gridtrack.errors import Conflict, NotFound
from gridtrack.incidents import store as incidents
from gridtrack.incidents.rules import Happening
from gridtrack.incidents.store import EVENT
from gridtrack.notifications.store import MESSAGE
from tests.builders import NOW, Site


def a_message(key: str, **changes: Any) -> dict[str, Any]:
    return {
        "key": key, "incident_id": None, "recipient_id": 1, "channel": "inbox",
        "subscription_id": None, "kind": "assigned", "facts": {}, "state": "sent", "attempts": 0,
        "created_at": NOW, "next_attempt_at": None, "lease_until": None, "sent_at": NOW,
        "read_at": None, "error": None, **changes,
    }  # fmt: skip


def kinds(session) -> dict[str, str]:
    rows = session.execute(select(MESSAGE.c.key, MESSAGE.c.kind))
    return {row.key: row.kind for row in rows}


def test_a_new_row_answers_with_its_id(session):
    first = insert_new(session, MESSAGE, a_message("a"), key="key")
    assert insert_new(session, MESSAGE, a_message("b"), key="key") == first + 1


def test_a_new_row_answers_with_the_column_that_was_asked_for(session):
    row = a_message("a", kind="triage")
    assert insert_new(session, MESSAGE, row, key="key", returned="kind") == "triage"


def test_a_taken_key_answers_none_and_leaves_the_first_row(session):
    insert_new(session, MESSAGE, a_message("a", kind="assigned"), key="key")
    assert insert_new(session, MESSAGE, a_message("a", kind="triage"), key="key") is None
    assert kinds(session) == {"a": "assigned"}


def test_another_broken_rule_is_not_swallowed(session):
    insert_new(session, MESSAGE, a_message("a", id=7), key="key")
    with pytest.raises(IntegrityError):
        insert_new(session, MESSAGE, a_message("b", id=7), key="key")


def test_only_missing_rows_are_inserted(session):
    insert_missing(session, MESSAGE, [a_message("a")], key="key")
    rows = [a_message(key, kind="triage") for key in "ab"]
    insert_missing(session, MESSAGE, rows, key="key")
    assert kinds(session) == {"a": "assigned", "b": "triage"}


def test_the_same_key_twice_in_one_batch_is_one_row(session):
    insert_missing(session, MESSAGE, [a_message("a"), a_message("a", kind="triage")], key="key")
    assert kinds(session) == {"a": "assigned"}


def test_no_rows_are_no_statement(session):
    insert_missing(session, MESSAGE, [], key="key")
    assert kinds(session) == {}


def test_an_upsert_writes_and_then_overwrites(session):
    for tick_ms in (1.5, 2.5):
        row = {"worker": "w", "beat_at": NOW, "tick_ms": tick_ms, "fired": 0}
        upsert(session, HEARTBEAT, row, key="worker")
    assert list(session.scalars(select(HEARTBEAT.c.tick_ms))) == [2.5]


def test_an_upsert_touches_its_own_row_only(session):
    for worker in ("a", "b", "a"):
        row = {"worker": worker, "beat_at": NOW, "tick_ms": ord(worker), "fired": 0}
        upsert(session, HEARTBEAT, row, key="worker")
    assert session.scalar(select(func.count()).select_from(HEARTBEAT)) == 2


def test_long_work_is_limited_until_its_transaction_ends(site: Site):
    with site.work() as work:
        guard_long_work(work.session)  # says nothing on SQLite
        limited = work.dialect == "postgresql" and work.session.scalar(text("SHOW lock_timeout"))
    with site.work() as work:
        after = work.dialect == "postgresql" and work.session.scalar(text("SHOW lock_timeout"))
    assert (limited, after) in (("2s", "5s"), (False, False))


# --- the incident and its events ---


def note(text_: str) -> Happening:
    return Happening("note", NOW, {}, {"text": text_})


def test_a_change_is_refused_when_somebody_was_faster(site: Site):
    one = site.report().incident_id
    stale = site.incident(one)
    with site.work() as work:
        incidents.change(work.session, incidents.lock(work.session, one), [note("1")], ENGINE, NOW)
    with pytest.raises(Conflict) as caught, site.work() as work:
        incidents.change(work.session, stale, [note("2")], ENGINE, NOW)
    assert caught.value.code == "conflict-version"
    assert site.kinds(one).count("note") == 1


def test_events_are_numbered_without_a_gap(site: Site):
    one = site.report().incident_id
    with site.work() as work:
        row = incidents.lock(work.session, one)
        version = incidents.change(work.session, row, [note("1"), note("2")], ENGINE, NOW)
    assert [e.seq for e in site.events(one)] == list(range(1, version + 1))


@pytest.mark.parametrize("taken", ["seq", "key"])
def test_an_event_is_written_once(site: Site, taken: str):
    one, other = site.report().incident_id, site.report().incident_id
    rows = incidents.event_rows(one, 90, [Happening("note", NOW, {}, {}, key="k")], ENGINE, NOW)
    again = [{**rows[0], "key": None}] if taken == "seq" else [{**rows[0], "incident_id": other}]
    with site.work() as work:
        incidents.append(work.session, rows)
    with pytest.raises(IntegrityError), site.work() as work:
        incidents.append(work.session, again)


def test_events_come_in_the_order_of_their_numbers_not_of_their_clock(site: Site):
    one = site.report().incident_id
    with site.work() as work:
        row = incidents.lock(work.session, one)
        earlier = Happening("note", NOW - timedelta(days=1), {}, {})
        incidents.change(work.session, row, [earlier], ENGINE, NOW)
    assert site.kinds(one) == ["reported", "assigned", "note"]


def test_what_is_not_there_is_not_found(site: Site):
    with site.look() as work, pytest.raises(NotFound):
        incidents.get(work.session, 999)
    with site.work() as work, pytest.raises(NotFound):
        incidents.lock(work.session, 999)


def test_a_client_id_is_taken_once(site: Site):
    one = site.report().incident_id
    row = {c.name: getattr(site.incident(one), c.name) for c in incidents.INCIDENT.c}
    row.pop("id")
    with site.work() as work:
        assert incidents.create(work.session, row) is None
        assert work.session.scalar(select(func.count()).select_from(EVENT)) == 2
