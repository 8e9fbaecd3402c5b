"""Matters that may be about the same: a few steps away, at the same address, of the same kind.

Open ones are found by the tiles around the place, across every border; those of the last thirty
days by their grid. What is sealed has no place for anybody, so it is near nothing.
"""

from dataclasses import dataclass
from datetime import timedelta
from math import cos, hypot, radians
from typing import Any

from sqlalchemy import or_, select

from gridtrack.incidents import store as incidents
from gridtrack.incidents.numbers import tile_rows
from gridtrack.incidents.tables import Incident
from gridtrack.queries.names import Line, lines
from gridtrack.queries.scope import SEALED, visible
from gridtrack.queries.standing import may_see
from gridtrack.work import Work

NEAR_M = 50
LATELY = timedelta(days=30)
MOST = 8
_LOOKED_AT = 500
_METRES = 111_320  # of a degree of latitude


@dataclass(frozen=True, slots=True)
class Alike:
    """Another matter: how far off, and what they share; `metres` is None for another place."""

    line: Line
    metres: int | None
    same_address: bool
    same_category: bool


def alike(work: Work, incident_id: int, locale: str) -> tuple[Alike, ...]:
    """The matters nearest to one in place and in kind, the likeliest first."""
    one = incidents.get(work.session, incident_id)
    if not may_see(work, one) or one.sensitivity >= SEALED:
        return ()
    rows: dict[int, Any] = {}
    for where in (_around(one), _of_grid(work, one)):
        asked = select(Incident).where(
            *where, visible(work.actor), Incident.id != one.id, Incident.sensitivity < SEALED
        )
        found = work.session.scalars(asked.order_by(Incident.id.desc()).limit(_LOOKED_AT))
        rows |= {row.id: row for row in found}
    shared = {row.id: _shares(one, row) for row in rows.values()}
    likely = sorted(
        (one for one in shared if any(shared[one])), key=lambda i: (_rank(shared[i]), -i)
    )
    known = {line.id: line for line in lines(work, (rows[i] for i in likely[:MOST]), locale)}
    return tuple(
        Alike(known[number], _metres(one, rows[number]), shared[number][1], shared[number][2])
        for number in likely[:MOST]
    )


def _around(one: Incident) -> list[Any]:
    """Open matters in a box around the place."""
    if one.lon is None or one.lat is None:
        return [Incident.id < 0]
    high = NEAR_M / _METRES
    wide = high / max(0.1, cos(radians(one.lat)))
    box = (one.lon - wide, one.lat - high, one.lon + wide, one.lat + high)
    tiles = or_(*(Incident.tile.between(low, top) for low, top in tile_rows(box)))
    return [Incident.is_open, tiles]


def _of_grid(work: Work, one: Incident) -> list[Any]:
    since = min(work.now, one.reported_at) - LATELY
    return [Incident.grid_path == one.grid_path, Incident.reported_at >= since]


def _metres(one: Incident, other: Any) -> int | None:
    """How far apart they are; None where that says nothing."""
    if None in (one.lon, one.lat, other.lon, other.lat):
        return None
    assert one.lon is not None
    assert one.lat is not None
    east = (other.lon - one.lon) * _METRES * cos(radians(one.lat))
    far = round(hypot(east, (other.lat - one.lat) * _METRES))
    return far if far <= NEAR_M else None


def _shares(one: Incident, other: Any) -> tuple[bool, bool, bool]:
    """Within a few steps, at the same address, of the same category in the same grid lately."""
    address = bool(one.address) and other.address == one.address
    plate = one.address_id is not None and other.address_id == one.address_id
    return (
        _metres(one, other) is not None,
        address or plate,
        other.category == one.category and other.grid_path == one.grid_path,
    )


def _rank(shared: tuple[bool, bool, bool]) -> int:
    """What shares place and kind comes first, what shares the kind alone last."""
    close, address, category = shared
    return -(2 * (close or address) + category)
