"""Reading the audit: a page of it, all of it for a check, and what seals have vouched for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from gridtrack.audit.check import Head, Kept, Vouched
from gridtrack.audit.ledger import LINE
from gridtrack.audit.rules import CUT, SEAL, Line
from gridtrack.db.sql import run

_AT_ONCE = 2000
_NAMES = (
    "at", "person_id", "post", "door", "act", "subject", "outcome", "address", "session", "details",
)  # fmt: skip
_COLUMNS = [LINE.c[name] for name in _NAMES]
_KEPT = select(LINE.c.id, LINE.c.lane, LINE.c.seq, LINE.c.key, LINE.c.digest, *_COLUMNS)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines are asked for; what is empty does not narrow."""

    person_id: int | None = None
    act: str = ""
    subject: str = ""
    outcome: str = ""
    begin: datetime | None = None
    end: datetime | None = None
    before: int | None = None


def page(session: Session, wanted: Wanted, most: int) -> list[Kept]:
    """The newest lines that are wanted, newest first, at most `most`."""
    found = _narrowed(_KEPT, wanted).order_by(LINE.c.id.desc()).limit(most)
    return [_kept(row) for row in run(session, found)]


def every(session: Session, wanted: Wanted) -> Iterator[Kept]:
    """All lines that are wanted, oldest first, a block at a time."""
    after = 0
    while True:
        block = _narrowed(_KEPT, wanted).where(LINE.c.id > after)
        rows = run(session, block.order_by(LINE.c.id).limit(_AT_ONCE)).all()
        yield from (_kept(row) for row in rows)
        if len(rows) < _AT_ONCE:
            return
        after = rows[-1].id


def in_lanes(session: Session) -> Iterator[Kept]:
    """Every line, lane by lane in the order of their numbers: as `rules.examine` takes them."""
    lane, seq = "", 0
    while True:
        on = (LINE.c.lane > lane) | ((LINE.c.lane == lane) & (LINE.c.seq > seq))
        block = _KEPT.where(on).order_by(LINE.c.lane, LINE.c.seq).limit(_AT_ONCE)
        rows = run(session, block).all()
        yield from (_kept(row) for row in rows)
        if len(rows) < _AT_ONCE:
            return
        lane, seq = rows[-1].lane, rows[-1].seq


def vouched(session: Session) -> Vouched:
    """What the seals and cuts say of the lanes."""
    rows = run(
        session,
        select(LINE.c.id, LINE.c.act, LINE.c.details)
        .where(LINE.c.act.in_((SEAL, CUT)))
        .order_by(LINE.c.id),
    )
    return Vouched.by((row.id, row.act, row.details) for row in rows)


def last_seals(session: Session, count: int) -> list[Any]:
    """The id, time and details of the newest seals, newest first."""
    newest = select(LINE.c.id, LINE.c.at, LINE.c.details).where(LINE.c.act == SEAL)
    return list(run(session, newest.order_by(LINE.c.id.desc()).limit(count)).all())


def grown(session: Session, after: int) -> tuple[list[tuple[str, int, str]], int]:
    """The last line of every lane that has one behind row `after`; and the newest row's id."""
    ends = (
        select(LINE.c.lane, func.max(LINE.c.seq).label("seq"), func.max(LINE.c.id).label("high"))
        .where(LINE.c.id > after)
        .group_by(LINE.c.lane)
        .subquery()
    )
    of_end = (LINE.c.lane == ends.c.lane) & (LINE.c.seq == ends.c.seq)
    rows = run(
        session,
        select(LINE.c.lane, LINE.c.seq, LINE.c.digest, ends.c.high)
        .join_from(LINE, ends, of_end)
        .order_by(LINE.c.lane),
    ).all()
    high = max((row.high for row in rows), default=after)
    return [(row.lane, row.seq, row.digest) for row in rows], high


def older(session: Session, limit: datetime) -> list[tuple[str, Head]]:
    """Where each lane with lines before `limit` would begin if these were taken away."""
    young = (
        select(LINE.c.lane, func.min(LINE.c.seq).label("seq"))
        .where(LINE.c.at >= limit)
        .group_by(LINE.c.lane)
        .subquery()
    )
    olds = (
        select(LINE.c.lane, func.max(LINE.c.seq).label("seq"))
        .outerjoin_from(LINE, young, LINE.c.lane == young.c.lane)
        .where(young.c.seq.is_(None) | (LINE.c.seq < young.c.seq))
        .group_by(LINE.c.lane)
        .subquery()
    )
    of_last = (LINE.c.lane == olds.c.lane) & (LINE.c.seq == olds.c.seq)
    last = select(LINE.c.lane, LINE.c.seq, LINE.c.digest).join_from(LINE, olds, of_last)
    return [
        (row.lane, Head(row.seq + 1, row.digest))
        for row in run(session, last.order_by(LINE.c.lane))
    ]


def remove(session: Session, cuts: Sequence[tuple[str, Head]]) -> int:
    """Take away what lies before each cut; the database refuses what is younger than its rule."""
    gone = 0
    for lane, head in cuts:
        gone += run(
            session, delete(LINE).where(LINE.c.lane == lane, LINE.c.seq < head.seq)
        ).rowcount
    return gone


def _narrowed(statement: Select[Any], wanted: Wanted) -> Select[Any]:
    column = LINE.c
    conditions = [
        column.person_id == wanted.person_id if wanted.person_id is not None else None,
        column.act == wanted.act if wanted.act else None,
        column.subject == wanted.subject if wanted.subject else None,
        column.outcome == wanted.outcome if wanted.outcome else None,
        column.at >= wanted.begin if wanted.begin is not None else None,
        column.at < wanted.end if wanted.end is not None else None,
        column.id < wanted.before if wanted.before is not None else None,
    ]
    return statement.where(*(one for one in conditions if one is not None))


def _kept(row: Any) -> Kept:
    line = Line(*(getattr(row, name) for name in _NAMES))
    return Kept(row.id, row.lane, row.seq, row.key, row.digest, line)
