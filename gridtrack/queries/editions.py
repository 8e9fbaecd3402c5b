"""The editions of the grids: what is in force, what was, and the faults each was taken in with."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from gridtrack.access import Permission, permits, require, require_anyone
from gridtrack.db.sql import table_of
from gridtrack.grids import store as grids
from gridtrack.grids.lifecycle import State
from gridtrack.grids.tables import Edition, GridRow
from gridtrack.queries.edition import Other
from gridtrack.work import Work

GRID = table_of(GridRow)
FAULTS_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault that was accepted on import; `place` is longitude and latitude where it lies."""

    code: str
    grids: tuple[str, ...]
    size: float | None
    unit: str
    place: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class EditionLine:
    """An edition with the number of grids on each level and its faults."""

    id: int
    name: str
    state: str
    created_at: datetime
    created_by: str
    valid_from: datetime | None
    valid_to: datetime | None
    tolerance_m: float
    levels: tuple[tuple[int, int], ...]
    fault_count: int
    faults: tuple[Fault, ...]


def editions(work: Work) -> tuple[EditionLine, ...]:
    """Every edition but those thrown away, newest first, with at most `FAULTS_SHOWN` faults."""
    require(work.actor, Permission.GRIDS_DRAW)
    rows = work.session.execute(
        select(GRID.c.edition_id, GRID.c.level, func.count())
        .group_by(GRID.c.edition_id, GRID.c.level)
        .order_by(GRID.c.edition_id, GRID.c.level)
    )
    levels: dict[int, list[tuple[int, int]]] = {}
    for edition_id, level, count in rows:
        levels.setdefault(edition_id, []).append((level, count))
    return tuple(
        _line(one, levels.get(one.id, ()))
        for one in grids.editions(work.session)
        if one.state != State.DISCARDED.value
    )


def edition_at(work: Work, at: datetime) -> Other | None:
    """The edition in force at an instant: anybody may know the past, who draws what is to come."""
    require_anyone(work.actor)
    latest = at if permits(work.actor, Permission.GRIDS_DRAW) else min(at, work.now)
    found = grids.edition_at(work.session, latest)
    return None if found is None else Other(found.id, found.name, found.state)


def _line(edition: Edition, levels: Any) -> EditionLine:
    return EditionLine(
        id=edition.id,
        name=edition.name,
        state=edition.state,
        created_at=edition.created_at,
        created_by=edition.created_by,
        valid_from=edition.valid_from,
        valid_to=edition.valid_to,
        tolerance_m=edition.tolerance_m,
        levels=tuple(levels),
        fault_count=len(edition.accepted),
        faults=tuple(_fault(one) for one in edition.accepted[:FAULTS_SHOWN]),
    )


def _fault(stored: dict[str, Any]) -> Fault:
    place = stored.get("place")
    return Fault(
        code=stored["code"],
        grids=tuple(stored.get("grids", ())),
        size=stored.get("size"),
        unit=stored.get("unit") or "",
        place=(float(place[0]), float(place[1])) if place else None,
    )
