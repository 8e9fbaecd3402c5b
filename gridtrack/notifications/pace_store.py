"""The buckets of robots, shared by every process through the database."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from gridtrack.db.sql import insert_missing, table_of
from gridtrack.notifications.pace import Bucket, Limit, filled
from gridtrack.notifications.tables import Pace

PACE = table_of(Pace)


def bucket(session: Session, robot: str, limit: Limit, now: datetime) -> Bucket:
    """The bucket of a robot at `now`, locked until the transaction ends: nobody else takes from it.

    Robots are asked for in the order of their names where several are (no circle of waiting).
    """
    full = {"robot": robot, "tokens": float(limit.burst), "at": now, "quiet_until": None}
    insert_missing(session, PACE, [full], key="robot")
    row = session.execute(
        select(PACE.c.tokens, PACE.c.at, PACE.c.quiet_until)
        .where(PACE.c.robot == robot)
        .with_for_update()
    ).one()
    return filled(Bucket(*row), limit, now)


def take(session: Session, robot: str, found: Bucket, calls: int) -> None:
    """Write down that calls were taken from a bucket that the caller has locked."""
    values = {"tokens": found.tokens - calls, "at": found.at}
    session.execute(update(PACE).where(PACE.c.robot == robot).values(**values))


def keep_quiet(session: Session, robot: str, until: datetime) -> None:
    """Let a robot rest: the service said that it was called too often."""
    session.execute(update(PACE).where(PACE.c.robot == robot).values(quiet_until=until))
