"""Where a scanned sign stands, and the signs of a scope to be printed."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from gridtrack.access import Permission, covers, require, require_anyone, scopes
from gridtrack.grids import store as grids
from gridtrack.grids.tables import Edition, GridRow
from gridtrack.residents import store as residents
from gridtrack.residents.tables import Station
from gridtrack.work import Work

MOST_SIGNS = 300


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign: its code, what is written on it, and where it puts a report.

    `accuracy_m` is how far from there the matter may well be: a base grid has many doors.
    """

    code: str
    name: str
    lon: float
    lat: float
    address: str = ""
    accuracy_m: int | None = None

    @property
    def of_grid(self) -> bool:
        """True where it stands for a whole base grid."""
        return self.accuracy_m is not None


def sign(work: Work, code: str, locale: str) -> Sign | None:
    """The sign of a code: a station that stands, or a base grid in force. Anybody may scan it."""
    require_anyone(work.actor)
    station = residents.standing_station(work.session, code.strip().upper())
    if station is not None:
        return _of_station(station)
    edition = grids.edition_at(work.session, work.now)
    if edition is None:
        return None
    row = work.session.scalar(
        select(GridRow).where(GridRow.edition_id == edition.id, GridRow.code == code.strip())
    )
    leaf = row is not None and row.level == _leaf_level(work, edition)
    return _of_grid(row, locale) if row is not None and leaf else None


def stations(work: Work) -> Sequence[Sign]:
    """The stations of the actor's scopes."""
    require(work.actor, Permission.DIRECT)
    reach = scopes(work.actor, Permission.DIRECT)
    return [
        _of_station(one)
        for one in residents.standing_stations(work.session)
        if any(covers(scope, one.grid_path) for scope in reach)
    ]


def grid_signs(work: Work, locale: str) -> Sequence[Sign]:
    """A sign for each base grid in force of the actor's scopes, at most `MOST_SIGNS`."""
    require(work.actor, Permission.DIRECT)
    edition = grids.edition_at(work.session, work.now)
    if edition is None:
        return ()
    reach = scopes(work.actor, Permission.DIRECT)
    level = _leaf_level(work, edition)
    rows = work.session.scalars(
        select(GridRow)
        .where(GridRow.edition_id == edition.id, GridRow.level == level)
        .order_by(GridRow.path)
    )
    mine = [row for row in rows if any(covers(scope, row.path) for scope in reach)]
    return [_of_grid(row, locale) for row in mine[:MOST_SIGNS]]


def _leaf_level(work: Work, edition: Edition) -> int:
    deepest = select(func.max(GridRow.level)).where(GridRow.edition_id == edition.id)
    return work.session.scalar(deepest) or 0


def _of_station(one: Station) -> Sign:
    return Sign(one.code, one.name, one.lon, one.lat, one.address)


def _of_grid(row: GridRow, locale: str) -> Sign:
    inside = row.shape.representative_point()
    name = row.name if locale == "zh" else row.name_en or row.name
    radius = math.sqrt(row.area_m2 / math.pi)
    return Sign(row.code, name, inside.x, inside.y, accuracy_m=max(1, round(radius)))
