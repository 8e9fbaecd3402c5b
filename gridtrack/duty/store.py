"""Saving and loading rosters, swaps and notes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from gridtrack.db.memo import Memo
from gridtrack.db.sql import one_at_a_time, run, table_of
from gridtrack.duty.body import body_of, dated_of, shifts_of
from gridtrack.duty.book import Book
from gridtrack.duty.rules import IsWorkday, Outside, Roster, RosterKind, Swap
from gridtrack.duty.tables import DutyChange, HandoverNote, RosterRow, SwapRow
from gridtrack.errors import Conflict, NotFound

ROSTER, SWAP, NOTE, CHANGE = (
    table_of(one) for one in (RosterRow, SwapRow, HandoverNote, DutyChange)
)
_NEWEST = select(func.max(CHANGE.c.rev))
_MAX_AGE_S = 1.0
_PLAIN = ("code", "name", "role", "scope", "zone", "start", "until", "place", "public", "phone",
          "approval")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """What is written down with a change."""

    at: datetime
    actor_id: int | None
    actor_name: str
    kind: str
    roster_id: int | None
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rosters:
    """All rosters at one revision of the record."""

    rev: int
    all: tuple[Roster[int], ...]
    by_calendar: bool


def rosters(session: Session, memo: Memo) -> Rosters:
    """The rosters there are; another process's change is seen within a second."""
    rev = memo.get("duty-rev", lambda: revision(session), _MAX_AGE_S)
    known: Rosters = memo.get("rosters", lambda: _load(session, rev))
    if known.rev != rev:
        memo.forget("rosters")
        known = memo.get("rosters", lambda: _load(session, rev))
    return known


def book(memo: Memo, known: Rosters, zone: str, is_workday: IsWorkday, days_rev: int) -> Book[int]:
    """The rosters with their dates; made again after a change of them or of the calendar."""
    key = (known.rev, days_rev)
    made: tuple[tuple[int, int], Book[int]] = memo.get(
        ("duty-book", zone), lambda: (key, Book(known.all, ZoneInfo(zone), is_workday))
    )
    if made[0] != key:
        memo.forget(("duty-book", zone))
        return book(memo, known, zone, is_workday, days_rev)
    return made[1]


def revision(session: Session) -> int:
    """The number of the last change."""
    found: int | None = run(session, _NEWEST).scalar()
    return found or 0


def forget(memo: Memo) -> None:
    """Read again: this process has changed something."""
    memo.forget("duty-rev")


def _load(session: Session, rev: int) -> Rosters:
    swaps: dict[int, list[Swap[int]]] = {}
    done = select(SWAP).where(SWAP.c.state == "done").order_by(SWAP.c.decided_at, SWAP.c.id)
    for row in run(session, done):
        swap = Swap(row.date, row.begin, row.giver_id, row.taker_id)
        swaps.setdefault(row.roster_id, []).append(swap)
    rows = run(session, select(ROSTER).where(ROSTER.c.ended_at.is_(None)).order_by(ROSTER.c.id))
    found = tuple(roster_of(row, tuple(swaps.get(row.id, ()))) for row in rows)
    return Rosters(rev, found, any(one.by_calendar for one in found))


def roster_of(row: Any, swaps: tuple[Swap[int], ...] = ()) -> Roster[int]:
    """A row as a value."""
    return Roster(
        **{name: getattr(row, name) for name in _PLAIN},
        outside=Outside(row.outside),
        kind=RosterKind(row.kind),
        shifts=shifts_of(row.body),
        dated=dated_of(row.body),
        swaps=swaps,
        id=row.id,
    )


def append(session: Session, change: Change) -> None:
    """Write down a change; whoever writes one is alone until the end of the transaction.

    Else a smaller number could come into force after a larger one, and nobody would read it.
    """
    one_at_a_time(session, "duty")
    row = {"at": change.at, "actor_id": change.actor_id, "actor_name": change.actor_name[:80]}
    more = {"kind": change.kind, "roster_id": change.roster_id, "data": dict(change.data)}
    session.execute(CHANGE.insert().values(**row, **more))


def save(session: Session, roster: Roster[int], version: int | None = None) -> int:
    """Store a new roster (`id` 0), or one in the place of `version`; returns its id.

    Raises NotFound, and Conflict where somebody has changed it meanwhile or its code is taken.
    """
    row = {name: getattr(roster, name) for name in _PLAIN}
    row |= {"outside": roster.outside.value, "kind": roster.kind.value, "body": body_of(roster)}
    taken = session.scalar(
        select(ROSTER.c.id).where(ROSTER.c.code == roster.code, ROSTER.c.id != roster.id)
    )
    if taken is not None:
        raise Conflict("roster-code-taken", field="code", value=roster.code)
    if not roster.id:
        made = session.execute(ROSTER.insert().values(**row, version=1).returning(ROSTER.c.id))
        new_id: int = made.scalar_one()
        return new_id
    here = ROSTER.c.id == roster.id
    if version is not None:
        here &= ROSTER.c.version == version
    done = session.execute(
        update(ROSTER).where(here).values(**row, version=ROSTER.c.version + 1, ended_at=None)
    )
    if not done.rowcount:  # type: ignore[attr-defined]
        get(session, roster.id)
        raise Conflict("roster-changed", id=roster.id)
    return roster.id


def get(session: Session, roster_id: int) -> RosterRow:
    """One roster that has not been taken away; raises NotFound."""
    row = session.get(RosterRow, roster_id)
    if row is None or row.ended_at is not None:
        raise NotFound("roster-not-found", id=roster_id)
    return row


def by_code(session: Session, code: str) -> RosterRow | None:
    """The roster of this code, one taken away included."""
    return session.scalar(select(RosterRow).where(RosterRow.code == code))


def end(session: Session, roster_id: int, at: datetime) -> None:
    """Take a roster away; what was recorded of it stays."""
    session.execute(update(ROSTER).where(ROSTER.c.id == roster_id).values(ended_at=at))


def changes(session: Session, roster_id: int, limit: int = 20) -> Sequence[DutyChange]:
    """The newest changes of a roster."""
    return session.scalars(
        select(DutyChange)
        .where(DutyChange.roster_id == roster_id)
        .order_by(DutyChange.rev.desc())
        .limit(limit)
    ).all()


def swap(session: Session, swap_id: int) -> SwapRow:
    """One swap, locked; raises NotFound."""
    row = session.scalar(select(SwapRow).where(SwapRow.id == swap_id).with_for_update())
    if row is None:
        raise NotFound("swap-not-found", id=swap_id)
    return row


def open_swaps(session: Session, from_day: date) -> Sequence[SwapRow]:
    """Swaps of shifts from a date on that wait for somebody's word."""
    return session.scalars(
        select(SwapRow)
        .where(SwapRow.state.in_(("asked", "waiting")), SwapRow.date >= from_day)
        .order_by(SwapRow.date, SwapRow.id)
    ).all()


def notes(session: Session, roster_ids: Sequence[int], limit: int = 20) -> Sequence[HandoverNote]:
    """The newest notes of these rosters."""
    return session.scalars(
        select(HandoverNote)
        .where(HandoverNote.roster_id.in_(roster_ids))
        .order_by(HandoverNote.id.desc())
        .limit(limit)
    ).all()
