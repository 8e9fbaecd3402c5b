"""A clock that jumped forward holds the ladders until it is right again or an operator agrees."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update

from gridtrack.access import Permission, require
from gridtrack.db.sql import table_of, upsert
from gridtrack.deadlines.jumps import Reading
from gridtrack.deadlines.watch_tables import ClockWatch
from gridtrack.errors import NotFound
from gridtrack.work import Work

WATCH = table_of(ClockWatch)
_HELD = (WATCH.c.ahead_s > 0) & WATCH.c.confirmed_s.is_(None)


@dataclass(frozen=True, slots=True)
class Believed:
    """What the database knows of a machine's clock."""

    reading: Reading
    held: bool
    confirmed_s: float | None


def believed(work: Work, host: str, boot: str) -> Believed | None:
    """The last reading that was believed since the machine was started."""
    require(work.actor, Permission.ENGINE)
    row = work.session.get(ClockWatch, host[:80])
    if row is None or row.boot != boot:
        return None
    return Believed(Reading(row.wall_at, row.steady_s), row.ahead_s > 0, row.confirmed_s)


def keep_reading(
    work: Work, host: str, boot: str, reading: Reading, confirmed_s: float | None
) -> None:
    """Write down a reading that is believed: nothing is held on that machine."""
    require(work.actor, Permission.ENGINE)
    row = {"host": host[:80], "boot": boot, "wall_at": reading.wall, "steady_s": reading.steady_s,
           "ahead_s": 0.0, "confirmed_s": confirmed_s}  # fmt: skip
    upsert(work.session, WATCH, row, key="host")


def keep_hold(work: Work, host: str, boot: str, trusted: Reading, ahead_s: float) -> None:
    """Write down that a machine's clock is not believed; its last good reading stays."""
    require(work.actor, Permission.ENGINE)
    row = {"host": host[:80], "boot": boot, "wall_at": trusted.wall, "steady_s": trusted.steady_s,
           "ahead_s": ahead_s, "confirmed_s": None}  # fmt: skip
    upsert(work.session, WATCH, row, key="host")


def confirm_clocks(work: Work) -> Sequence[tuple[str, float]]:
    """Believe every clock that is held: the operator has looked at it. Raises NotFound for none."""
    require(work.actor, Permission.ENGINE)
    found = held(work)
    if not found:
        raise NotFound("no-clock-held")
    work.session.execute(update(WATCH).where(_HELD).values(confirmed_s=WATCH.c.ahead_s))
    return found


def held(work: Work) -> Sequence[tuple[str, float]]:
    """Machines whose clock is not believed, and by how many seconds it jumped."""
    require(work.actor, Permission.HEALTH)
    rows = work.session.execute(
        select(WATCH.c.host, WATCH.c.ahead_s).where(_HELD).order_by(WATCH.c.host)
    )
    return [(host, ahead_s) for host, ahead_s in rows]


def behind_database(work: Work) -> float | None:
    """How far the database server's clock is ahead of `work.now`; None where it has none."""
    require(work.actor, Permission.ENGINE)
    if work.dialect != "postgresql":
        return None
    there: datetime = work.session.execute(select(func.clock_timestamp())).scalar_one()
    return (there - work.now).total_seconds()
