"""The secretary's board: what burns now in the scope, then the rest, and the counts.

Asked by everybody who directs, every few seconds: it reads the open matters of their scopes and no
others, however many there are elsewhere and however long the history is (benchmarks/lists.py).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import nsmallest
from typing import Any

from sqlalchemy import func, or_, select

from gridtrack.access import Permission, permits, require, scopes
from gridtrack.deadlines.tables import USED_UP, ClockRow
from gridtrack.incidents.rules import State
from gridtrack.incidents.store import INCIDENT
from gridtrack.incidents.tables import Incident
from gridtrack.notifications import store as notifications
from gridtrack.queries.names import Line, lines
from gridtrack.queries.newest import newest
from gridtrack.queries.orders import order_counts
from gridtrack.queries.scope import WHERE, parts, reads, regions, visible
from gridtrack.work import Work

SECTION = 50
SOON = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class BoardPage:
    """Lists, each least time first, the newest matters, and open ones counted by state."""

    overdue: tuple[Line, ...]
    soon: tuple[Line, ...]
    escalated: tuple[Line, ...]
    triage: tuple[Line, ...]
    recent: tuple[Line, ...]
    counts: dict[str, int]
    unread: int
    now: datetime
    used_up: tuple[Line, ...]  # every rung was told for the last time and nobody answered
    orders: dict[str, int]  # open, overdue, answered; empty for who gives none


@dataclass(frozen=True, slots=True)
class _Burning:
    """The ids of three lists, in order, and the counts."""

    overdue: Sequence[int]
    soon: Sequence[int]
    escalated: Sequence[int]
    counts: Mapping[str, int]


def board(work: Work, locale: str) -> BoardPage:
    """The board of the actor's scopes; every list holds at most `SECTION` lines."""
    require(work.actor, Permission.DIRECT)
    everywhere = "" in scopes(work.actor, Permission.SEE)
    burning = _of_everything(work) if everywhere else _of_parts(work)
    triage, recent, used_up = _triage(work), newest(work, SECTION), _used_up(work)
    wanted = {*used_up, *burning.overdue, *burning.soon, *burning.escalated, *triage, *recent}
    rows = work.session.scalars(select(Incident).where(Incident.id.in_(wanted)))
    by_id = {line.id: line for line in lines(work, rows, locale)}

    def section(ids: Iterable[int]) -> tuple[Line, ...]:
        return tuple(by_id[one] for one in ids)

    me = work.actor.person_id
    return BoardPage(
        overdue=section(burning.overdue),
        soon=section(burning.soon),
        escalated=section(burning.escalated),
        triage=section(triage),
        recent=section(recent),
        counts={state.value: burning.counts.get(state.value, 0) for state in State},
        unread=notifications.unread(work.session, me) if me is not None else 0,
        now=work.now,
        used_up=section(used_up),
        orders=order_counts(work) if permits(work.actor, Permission.SUPERVISE) else {},
    )


_OPEN = select(INCIDENT.c.id, INCIDENT.c.state, INCIDENT.c.due_at, INCIDENT.c.rung).where(
    Incident.is_open
)


def _of_parts(work: Work) -> _Burning:
    """From the open matters of the actor's own scopes: few enough to be looked over here."""
    found = {
        row.id: row for part in parts(work.actor) for row in work.session.execute(_OPEN.where(part))
    }
    waiting = [row for row in found.values() if row.due_at is not None]
    soon = work.now + SOON

    def first(rows: Iterable[Any]) -> list[int]:
        return [row.id for row in nsmallest(SECTION, rows, key=lambda row: (row.due_at, row.id))]

    return _Burning(
        overdue=first(row for row in waiting if row.due_at <= work.now),
        soon=first(row for row in waiting if work.now < row.due_at <= soon),
        escalated=first(row for row in waiting if row.rung is not None),
        counts=Counter(row.state for row in found.values()),
    )


def _of_everything(work: Work) -> _Burning:
    """From the index of due instants: most of what it holds is the actor's to see."""
    may = visible(work.actor)
    due = Incident.due_at
    waiting = (
        select(Incident.id).where(may, due.is_not(None)).order_by(due, Incident.id).limit(SECTION)
    )
    counts = work.session.execute(
        select(Incident.state, func.count()).where(may, Incident.is_open).group_by(Incident.state)
    )
    return _Burning(
        overdue=work.session.scalars(waiting.where(due <= work.now)).all(),
        soon=work.session.scalars(waiting.where(due > work.now, due <= work.now + SOON)).all(),
        escalated=work.session.scalars(waiting.where(Incident.rung.is_not(None))).all(),
        counts={state: count for state, count in counts},  # noqa: C416 - rows are Row, not pairs
    )


def _used_up(work: Work) -> Sequence[int]:
    """Where nothing comes any more by itself: few, found by an index of their own clocks."""
    may_read = reads(work.actor)
    rows: Iterable[Any] = work.session.execute(
        select(ClockRow.incident_id, *WHERE)
        .join(Incident, Incident.id == ClockRow.incident_id)
        .where(USED_UP)
        .order_by(ClockRow.due_at, ClockRow.incident_id)
    )
    mine = dict.fromkeys(row.incident_id for row in rows if may_read(row))
    return list(mine)[:SECTION]


def _triage(work: Work) -> Sequence[int]:
    """What waits at the desk: of the actor's own scopes, and what lies in no grid."""
    if not permits(work.actor, Permission.TRIAGE):
        return ()
    return work.session.scalars(
        select(Incident.id)
        .where(Incident.handler_id.is_(None), Incident.is_open, or_(*regions(work.actor)))
        .order_by(Incident.due_at, Incident.id)
        .limit(SECTION)
    ).all()
