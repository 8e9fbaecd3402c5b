"""Saving and loading zones by date. A zone that is changed ends, and another of its code begins."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from gridtrack.db.memo import Memo
from gridtrack.db.sql import table_of
from gridtrack.errors import Conflict, NotFound
from gridtrack.grids import store
from gridtrack.grids.tables import ZoneRow
from gridtrack.grids.zones import Touch, touches

ZONE = table_of(ZoneRow)


def zone(session: Session, zone_id: int) -> ZoneRow:
    """The zone; raises NotFound."""
    found = session.get(ZoneRow, zone_id)
    if found is None:
        raise NotFound("zone-not-found", id=zone_id)
    return found


def lasting(session: Session, at: datetime) -> Sequence[ZoneRow]:
    """The zones in force at `at` and those to come, by code."""
    return session.scalars(
        select(ZoneRow)
        .where(or_(ZoneRow.until_at.is_(None), ZoneRow.until_at > at))
        .order_by(ZoneRow.code, ZoneRow.from_at)
    ).all()


def ended(session: Session, at: datetime, most: int) -> Sequence[ZoneRow]:
    """The zones that are over at `at`, the last to end first."""
    return session.scalars(
        select(ZoneRow)
        .where(ZoneRow.until_at <= at)
        .order_by(ZoneRow.until_at.desc(), ZoneRow.id.desc())
        .limit(most)
    ).all()


def outlines(session: Session, code: str) -> Sequence[ZoneRow]:
    """Every outline that a code ever had, the newest first."""
    return session.scalars(
        select(ZoneRow).where(ZoneRow.code == code).order_by(ZoneRow.id.desc())
    ).all()


def add(session: Session, row: Mapping[str, Any]) -> int:
    """Store a zone; the mapping names every column but the id, which is returned."""
    made = ZoneRow(**row)
    session.add(made)
    session.flush()
    return made.id


def end(session: Session, zone_id: int, at: datetime, by: str) -> None:
    """Let a zone end at `at`; raises Conflict where somebody ended or changed it meanwhile."""
    done = session.execute(
        update(ZONE)
        .where(ZONE.c.id == zone_id, ZONE.c.until_at.is_(None))
        .values(until_at=at, ended_by=by)
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict("zone-changed", id=zone_id)


def touches_at(
    session: Session, memo: Memo, rows: Sequence[ZoneRow], at: datetime
) -> Sequence[Touch]:
    """The base grids of the edition in force at `at` that these zones touch."""
    partition = store.partition_at(session, memo, at)
    # Neither an edition in force nor the outline of a zone is ever changed.
    key = ("zone-touches", partition.edition_id, tuple(row.id for row in rows))
    return memo.get(key, lambda: touches([row.shape for row in rows], partition))
