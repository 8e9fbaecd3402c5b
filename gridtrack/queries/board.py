"""The secretary's board: what burns now in the scope, then the rest, and the counts.

Asked by everybody who directs, every few seconds: it reads the open matters of their scopes and no
others, however many there are elsewhere and however long the history is (benchmarks/lists.py), and
of a scope with very many the first of each list alone (benchmarks/board.py).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import nsmallest
from typing import Any

from sqlalchemy import ColumnElement, func, not_, or_, select

from gridtrack.access import Permission, permits, require, scopes
from gridtrack.deadlines.tables import USED_UP, ClockRow
from gridtrack.incidents.rules import State
from gridtrack.incidents.store import INCIDENT
from gridtrack.incidents.tables import Incident
from gridtrack.notifications import store as notifications
from gridtrack.queries.names import Line, lines
from gridtrack.queries.newest import newest
from gridtrack.queries.orders import order_counts
from gridtrack.queries.scope import WHERE, about_others, few, parts, reads, regions, visible
from gridtrack.work import Work

SECTION = 50
SOON = timedelta(hours=1)


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
    to_me: tuple[Line, ...]  # what climbed to the reader and waits for them
    turns_at: datetime | None  # when the lists next change though nothing happens


@dataclass(frozen=True, slots=True)
class Burning:
    """The ids of three lists, in order, the counts, and when the lists change by themselves."""

    overdue: Sequence[int]
    soon: Sequence[int]
    escalated: Sequence[int]
    counts: Mapping[str, int]
    turns_at: datetime | None


def board(work: Work, locale: str) -> BoardPage:
    """The board of the actor's scopes; every list holds at most `SECTION` lines."""
    require(work.actor, Permission.DIRECT)
    found = burning(work)
    triage, recent, used_up = _triage(work), newest(work, SECTION), _used_up(work)
    to_me = _to_me(work)
    shown = (used_up, found.overdue, found.soon, found.escalated, triage, recent, to_me)
    wanted = {one for ids in shown for one in ids}
    rows = work.session.scalars(select(Incident).where(Incident.id.in_(wanted)))
    by_id = {line.id: line for line in lines(work, rows, locale)}

    def section(ids: Iterable[int]) -> tuple[Line, ...]:
        return tuple(by_id[one] for one in ids)

    me = work.actor.person_id
    return BoardPage(
        overdue=section(found.overdue),
        soon=section(found.soon),
        escalated=section(found.escalated),
        triage=section(triage),
        recent=section(recent),
        counts={state.value: found.counts.get(state.value, 0) for state in State},
        unread=notifications.unread(work.session, me) if me is not None else 0,
        now=work.now,
        used_up=section(used_up),
        orders=order_counts(work) if permits(work.actor, Permission.SUPERVISE) else {},
        to_me=section(to_me),
        turns_at=found.turns_at,
    )


_AS_INDEXED = (Incident.grid_path, Incident.sensitivity, Incident.state)
_OPEN = select(INCIDENT.c.id, INCIDENT.c.state, INCIDENT.c.due_at, INCIDENT.c.rung).where(
    Incident.is_open
)


def burning(work: Work) -> Burning:
    """Looked over here where the open matters are few; else the first of each by an index."""
    require(work.actor, Permission.SEE)
    if "" in scopes(work.actor, Permission.SEE):
        return _by_index(work, [visible(work.actor)])  # what they handle is in it, or is sealed
    mine = parts(work.actor)
    if all(few(work.session, [Incident.is_open, part]) for part in mine):
        return _of_parts(work, mine)
    return _by_index(work, parts(work.actor, by_path=False))


def _of_parts(work: Work, mine: Sequence[ColumnElement[bool]]) -> Burning:
    """From the open matters of the actor's own scopes: few enough to be looked over here."""
    found = {row.id: row for part in mine for row in work.session.execute(_OPEN.where(part))}
    waiting = [row for row in found.values() if row.due_at is not None]
    soon = work.now + SOON

    def first(rows: Iterable[Any]) -> list[int]:
        return [row.id for row in nsmallest(SECTION, rows, key=lambda row: (row.due_at, row.id))]

    turns = [row.due_at for row in waiting if row.due_at > work.now]
    turns += [due - SOON for due in turns if due > soon]
    return Burning(
        overdue=first(row for row in waiting if row.due_at <= work.now),
        soon=first(row for row in waiting if work.now < row.due_at <= soon),
        escalated=first(row for row in waiting if row.rung is not None),
        counts=Counter(row.state for row in found.values()),
        turns_at=min(turns, default=None),
    )


def _by_index(work: Work, mine: Sequence[ColumnElement[bool]]) -> Burning:
    """From the index of due instants: much of what it holds is the actor's to see."""
    due, soon = Incident.due_at, work.now + SOON

    def first(*where: ColumnElement[bool], most: int = SECTION) -> list[Any]:
        found: dict[int, Any] = {}
        for part in mine:
            asked = select(Incident.id, due).where(part, due.is_not(None), *where)
            rows = work.session.execute(asked.order_by(due, Incident.id).limit(most))
            found |= {row.id: row for row in rows}
        return nsmallest(most, found.values(), key=lambda row: (row.due_at, row.id))

    turns = [row.due_at for row in first(due > work.now, most=1)]
    turns += [row.due_at - SOON for row in first(due > soon, most=1)]
    return Burning(
        overdue=[row.id for row in first(due <= work.now)],
        soon=[row.id for row in first(due > work.now, due <= soon)],
        escalated=[row.id for row in first(Incident.rung.is_not(None))],
        counts=_counted(work),
        turns_at=min(turns, default=None),
    )


def _counted(work: Work) -> Counter[str]:
    """Open matters by state, each counted once though several scopes may hold it."""
    counts: Counter[str] = Counter()
    before: list[ColumnElement[bool]] = []
    me = work.actor.person_id
    own = [or_(Incident.handler_id == me, Incident.co_handler_id == me)] if me is not None else []
    for part in [*regions(work.actor), *own]:
        asked = select(Incident.state, func.count()).where(Incident.is_open, part)
        if before:
            asked = asked.where(not_(or_(*before)))
        # In the order of the index that holds all three: SQLite then counts without sorting.
        for state, count in work.session.execute(asked.group_by(*_AS_INDEXED)):
            counts[state] += count
        before.append(part)
    return counts


def _to_me(work: Work) -> Sequence[int]:
    """What missed a promise and came up to the reader, who answered nothing so far."""
    me = work.actor.person_id
    climbed = (Incident.rung.is_not(None), Incident.due_at.is_not(None))
    return work.session.scalars(
        select(Incident.id)
        .where(Incident.handler_id == me, Incident.is_open, *climbed, about_others(work.actor))
        .order_by(Incident.due_at, Incident.id)
        .limit(SECTION)
    ).all()


def _used_up(work: Work) -> Sequence[int]:
    """Where nothing comes any more by itself: few, found by an index of their own clocks."""
    may_read = reads(work.session, work.actor)
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
