"""Saving and finding patrols and checkpoints."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from gridtrack.db.sql import insert_missing, table_of
from gridtrack.errors import NotFound
from gridtrack.patrol.rules import FINE_M, Point
from gridtrack.patrol.tables import Checkpoint, CheckpointPass, Patrol, PatrolPoint

POINT = table_of(PatrolPoint)


def by_client_id(session: Session, client_id: str) -> Patrol | None:
    """The patrol of this id, locked until the end of the work."""
    wanted = select(Patrol).where(Patrol.client_id == client_id).with_for_update()
    return session.scalar(wanted)


def add(session: Session, patrol: Patrol) -> Patrol:
    """Keep a new patrol."""
    session.add(patrol)
    session.flush()
    return patrol


def last_point(session: Session, patrol_id: int) -> Point | None:
    """The newest point of a patrol."""
    wanted = select(PatrolPoint).where(PatrolPoint.patrol_id == patrol_id)
    found = session.scalar(wanted.order_by(PatrolPoint.at.desc()).limit(1))
    return Point(found.at, found.lon, found.lat, found.accuracy_m) if found else None


def add_points(session: Session, patrol_id: int, points: Iterable[Point]) -> None:
    """Keep the points of a patrol; one that is there already stays as it is."""
    rows = [
        {"patrol_id": patrol_id, "at": p.at, "lon": p.lon, "lat": p.lat, "accuracy_m": p.accuracy_m}
        for p in points
    ]
    insert_missing(session, POINT, rows, key=("patrol_id", "at"))


def fine_points(
    session: Session, since: datetime, box: tuple[float, float, float, float]
) -> Sequence[tuple[float, float]]:
    """Exact enough points of every patrol since then, in a box of west, south, east, north."""
    west, south, east, north = box
    wanted = select(POINT.c.lon, POINT.c.lat).where(
        POINT.c.at >= since,
        POINT.c.accuracy_m <= FINE_M,
        POINT.c.lon.between(west, east),
        POINT.c.lat.between(south, north),
    )
    return [(row.lon, row.lat) for row in session.execute(wanted)]


def forget_points(session: Session, before: datetime) -> int:
    """Delete the points before an instant; returns how many went."""
    found = session.execute(delete(POINT).where(POINT.c.at < before))
    return int(getattr(found, "rowcount", 0))


def patrols_of(session: Session, person_id: int, most: int) -> Sequence[Patrol]:
    """The newest patrols of a person."""
    wanted = select(Patrol).where(Patrol.person_id == person_id)
    return session.scalars(wanted.order_by(Patrol.started_at.desc()).limit(most)).all()


def checkpoint(session: Session, code: str) -> Checkpoint:
    """The checkpoint that a code leads to; raises NotFound for none and for one taken down."""
    found = session.scalar(select(Checkpoint).where(Checkpoint.code == code))
    if found is None or found.ended_at is not None:
        raise NotFound("checkpoint-not-found", mark=code[:16])
    return found


def checkpoints(session: Session, scopes: Collection[str]) -> Sequence[Checkpoint]:
    """The checkpoints under these scopes that are on the wall, by their grids."""
    path = Checkpoint.grid_path
    under = [(path == one) | path.startswith(f"{one}/", autoescape=True) for one in scopes if one]
    wanted = select(Checkpoint).where(Checkpoint.ended_at.is_(None))
    if "" not in scopes:
        wanted = wanted.where(or_(*under)) if under else wanted.where(Checkpoint.id < 0)
    return session.scalars(wanted.order_by(path, Checkpoint.id)).all()


def add_checkpoint(session: Session, row: Mapping[str, Any]) -> Checkpoint:
    """Keep a new checkpoint."""
    made = Checkpoint(**row)
    session.add(made)
    session.flush()
    return made


def add_pass(session: Session, checkpoint_id: int, person_id: int, at: datetime) -> None:
    """Keep that somebody was at a checkpoint."""
    session.add(CheckpointPass(checkpoint_id=checkpoint_id, person_id=person_id, at=at))
    session.flush()


def last_passes(session: Session, ids: Collection[int]) -> Mapping[int, datetime]:
    """When each checkpoint was passed last."""
    key = CheckpointPass.checkpoint_id
    wanted = select(key, func.max(CheckpointPass.at)).where(key.in_(ids)).group_by(key)
    return {row[0]: row[1] for row in session.execute(wanted)}
