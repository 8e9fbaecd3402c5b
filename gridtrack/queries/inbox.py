"""A gridworker's inbox: what is theirs and open, least time left first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, select

from gridtrack.errors import Unauthenticated
from gridtrack.incidents import store as incidents
from gridtrack.incidents.rules import State
from gridtrack.incidents.tables import Incident
from gridtrack.notifications import store as notifications
from gridtrack.orders.store import urge_counts
from gridtrack.queries.climbed import Story, stories
from gridtrack.queries.names import Line, lines
from gridtrack.queries.orders import OrderLine, to_answer
from gridtrack.work import Work

PAGE = 50


@dataclass(frozen=True, slots=True)
class InboxPage:
    """Orders to answer, what waits for an acknowledgement, then what is being handled."""

    waiting: tuple[Line, ...]
    handling: tuple[Line, ...]
    unread: int
    now: datetime
    orders: tuple[OrderLine, ...] = ()
    urges: Mapping[int, int] = field(default_factory=dict)  # how often, by incident
    came: Mapping[int, Story] = field(default_factory=dict)  # why it came up, by incident


def inbox(work: Work, locale: str, limit: int = PAGE) -> InboxPage:
    """The open incidents of the actor, at most `limit` of each kind."""
    me = work.actor.person_id
    if me is None:
        raise Unauthenticated("login-required")
    waiting = _mine(work, me, Incident.state == State.ASSIGNED.value, limit)
    waiting.sort(key=lambda row: (row.due_at or work.now, row.id))
    handling = _mine(work, me, Incident.state != State.ASSIGNED.value, limit)
    handling.sort(key=lambda row: (row.due_at is None, row.due_at or work.now, -row.id))
    return InboxPage(
        lines(work, waiting[:limit], locale),
        lines(work, handling[:limit], locale),
        notifications.unread(work.session, me),
        work.now,
        to_answer(work, locale),
        urge_counts(work.session, (row.id for row in (*waiting[:limit], *handling[:limit]))),
        _came(work, waiting[:limit]),
    )


def _came(work: Work, waiting: Iterable[Incident]) -> dict[int, Story]:
    """Why each of those that climbed came up: one question for all of them."""
    ids = [row.id for row in waiting if row.rung is not None]
    found = {one: stories(log) for one, log in incidents.events_of(work.session, ids).items()}
    return {one: told[-1] for one, told in found.items() if told}


def _mine(work: Work, me: int, which: ColumnElement[bool], limit: int) -> list[Incident]:
    """One index range per relation: an OR of the two would read every open incident."""
    found: dict[int, Incident] = {}
    for relation in (Incident.handler_id, Incident.co_handler_id):
        rows = work.session.scalars(
            select(Incident)
            .where(relation == me, Incident.is_open, which)
            .order_by(Incident.due_at, Incident.id.desc())
            .limit(limit)
        )
        found.update((row.id, row) for row in rows)
    return list(found.values())
