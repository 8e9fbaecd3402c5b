"""Pages that are asked for all day use their index: SQLite takes a partial one only by its words.

What PostgreSQL chooses depends on how much there is: benchmarks/lists.py measures it.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from gridtrack.accounts import store as accounts
from gridtrack.deadlines.reminder_store import Mark, due_between
from gridtrack.deadlines.rules import Kind
from gridtrack.geo.box import Box
from gridtrack.incidents.store import claim_due, earliest_due
from gridtrack.notifications import store as notifications
from gridtrack.queries import newest
from gridtrack.queries.board import board
from gridtrack.queries.inbox import inbox
from gridtrack.queries.listed import Wanted, listed
from gridtrack.queries.maps import incidents_in
from gridtrack.usecases.heartbeat import health
from gridtrack.work import Work
from tests.builders import NOW, SOUTH, WEST, Site

LEAF = Box(WEST, SOUTH - 0.003, WEST + 0.003, SOUTH)
WORLD = Box(-180, -85, 180, 85)
ASKED: dict[str, tuple[str, Any, set[str]]] = {
    "the sweep": (
        "engine",
        lambda work: (claim_due(work.session, NOW, 10), earliest_due(work.session)),
        {"ix_incident_next_due_at"},
    ),
    "the outbox": (
        "engine",
        lambda work: notifications.lease(work.session, NOW, 10),
        {"ix_message_waiting"},
    ),
    "the reminders": (
        "engine",
        lambda work: due_between(work.session, Kind.RESOLVE, Mark.all_of(NOW), NOW, 10),
        {"ix_clock_due"},
    ),
    "the health": ("engine", health, {"ix_message_waiting", "ix_message_dead", "ix_clock_used_up"}),
    "who is on duty at a place": (
        "engine",
        lambda work: accounts.on_duty(work.session, ("A/A1/A11", "A/A1", "A", ""), (), NOW),
        {"ix_post_scope"},
    ),
    "the inbox": (
        "worker-a11",
        lambda work: inbox(work, "zh"),
        {"ix_incident_handler", "ix_incident_co_handler", "ix_message_unread"},
    ),
    "the notices": (
        "worker-a11",
        lambda work: notifications.notices(work.session, 1),
        {"ix_message_notices"},
    ),
    "the map of a leaf": (
        "street",
        lambda work: incidents_in(work, LEAF),
        {"ix_incident_open_tile"},
    ),
    "the map of everything": (
        "street",
        lambda work: incidents_in(work, WORLD),
        {"ix_incident_open_tile"},
    ),
    "a secretary's board": (
        "secretary-a",
        lambda work: board(work, "zh"),
        {
            "ix_incident_open_path",
            "ix_incident_handler",
            "ix_incident_co_handler",
            "ix_clock_used_up",
            "ix_order_open",
        },
    ),
    "the street's board": (
        "street",
        lambda work: board(work, "zh"),
        {"ix_incident_due_at", "ix_incident_open_path"},
    ),
    "the list of a grid": (
        "street",
        lambda work: listed(work, Wanted(scope="A/A1"), "zh"),
        {"ix_incident_path"},
    ),
}


@contextmanager
def heard(work: Work) -> Iterator[list[tuple[str, Any]]]:
    """The statements that are sent in the meantime."""
    engine, said = work.session.get_bind(), []

    def keep(_c: Any, _cursor: Any, statement: str, given: Any, *_rest: Any) -> None:
        if statement.lstrip().startswith("SELECT"):
            said.append((statement, given))

    event.listen(engine, "before_cursor_execute", keep)
    yield said
    event.remove(engine, "before_cursor_execute", keep)


def plans(work: Work, ask: Any) -> str:
    with heard(work) as said:
        ask(work)
    connection = work.session.connection()
    explain = "EXPLAIN QUERY PLAN "
    found = [connection.exec_driver_sql(explain + said_, given).all() for said_, given in said]
    return "\n".join(str(row[-1]) for rows in found for row in rows)


@pytest.mark.parametrize("page", ASKED)
def test_a_page_that_is_asked_for_all_day_uses_its_indexes(
    lite: Site, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(newest, "NEAR", -1)  # as if there were more reports than are near
    who, ask, wanted = ASKED[page]
    with lite.look(who) as work:
        plan = plans(work, ask)
    assert wanted <= set(re.findall(r"ix_\w+", plan)), plan


@pytest.mark.parametrize("page", [page for page in ASKED if page != "the health"])
def test_no_page_that_is_asked_for_all_day_reads_every_row(lite: Site, page: str) -> None:
    who, ask, _wanted = ASKED[page]
    with lite.look(who) as work:
        plan = plans(work, ask)
    assert not re.findall(r"SCAN (?:incident|message)(?! USING)", plan), plan
