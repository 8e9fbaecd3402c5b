"""The secretary's board: what burns now in the scope, then the rest, and the counts."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select

from gridtrack.access import Permission, permits, require
from gridtrack.incidents.rules import State
from gridtrack.incidents.tables import Incident
from gridtrack.notifications import store as notifications
from gridtrack.queries.names import Line, lines
from gridtrack.queries.scope import SEALED, visible
from gridtrack.work import Work

SECTION = 50
SOON = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class BoardPage:
    """Four lists, each least time first, and open matters counted by state."""

    overdue: tuple[Line, ...]
    soon: tuple[Line, ...]
    escalated: tuple[Line, ...]
    triage: tuple[Line, ...]
    recent: tuple[Line, ...]
    counts: dict[str, int]
    unread: int
    now: datetime


def board(work: Work, locale: str) -> BoardPage:
    """The board of the actor's scopes; every list holds at most `SECTION` lines."""
    require(work.actor, Permission.DIRECT)
    now = work.now
    may = visible(work.actor)
    waiting = Incident.due_at.is_not(None)
    desk = permits(work.actor, Permission.TRIAGE)
    unplaced = Incident.handler_id.is_(None) & Incident.is_open
    if not permits(work.actor, Permission.SEE_SEALED):
        unplaced &= Incident.sensitivity < SEALED
    me = work.actor.person_id
    return BoardPage(
        overdue=_list(work, locale, may, waiting, Incident.due_at <= now),
        soon=_list(
            work, locale, may, waiting, Incident.due_at > now, Incident.due_at <= now + SOON
        ),
        escalated=_list(work, locale, may, waiting, Incident.rung.is_not(None)),
        triage=_list(work, locale, unplaced) if desk else (),
        recent=_recent(work, locale, may),
        counts=_counts(work, may),
        unread=notifications.unread(work.session, me) if me is not None else 0,
        now=now,
    )


def _list(work: Work, locale: str, *where: ColumnElement[bool]) -> tuple[Line, ...]:
    rows = work.session.scalars(
        select(Incident).where(*where).order_by(Incident.due_at, Incident.id).limit(SECTION)
    )
    return lines(work, rows, locale)


def _recent(work: Work, locale: str, may: ColumnElement[bool]) -> tuple[Line, ...]:
    rows = work.session.scalars(
        select(Incident).where(may).order_by(Incident.id.desc()).limit(SECTION)
    )
    return lines(work, rows, locale)


def _counts(work: Work, may: ColumnElement[bool]) -> dict[str, int]:
    rows = work.session.execute(
        select(Incident.state, func.count()).where(may, Incident.is_open).group_by(Incident.state)
    )
    found = {state: count for state, count in rows}  # noqa: C416 - rows are Row, not pairs
    return {state.value: found.get(state.value, 0) for state in State}
