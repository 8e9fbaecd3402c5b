"""What a map draws: open incidents and grids inside a box, as GeoJSON-shaped dictionaries."""

import gzip
import json
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import shapely
from sqlalchemy import or_, select

from gridtrack.access import Permission, require, require_anyone
from gridtrack.errors import Invalid
from gridtrack.grids import store as grids
from gridtrack.grids.rules import Grid
from gridtrack.incidents.numbers import tile_rows
from gridtrack.incidents.tables import Incident
from gridtrack.queries.names import number_of
from gridtrack.queries.scope import mapped
from gridtrack.work import Work

MOST = 2000
MOST_ROWS = 64
DEEPEST = 9  # a level is one digit; what is asked for beyond it is not even looked up


@dataclass(frozen=True, slots=True)
class Box:
    """West, south, east, north in WGS-84 degrees."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def parse(cls, text: str) -> "Box":
        """A box from `west,south,east,north`; raises Invalid."""
        try:
            west, south, east, north = (float(part) for part in text.split(","))
        except ValueError as error:
            raise Invalid("bad-box", field="bbox", value=text) from error
        if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
            raise Invalid("bad-box", field="bbox", value=text)
        return cls(west, south, east, north)


def incidents_in(work: Work, box: Box) -> dict[str, Any]:
    """Open, unsealed incidents of the actor's scopes inside `box`, at most 2,000, newest first."""
    if work.actor.person_id is None:
        require(work.actor, Permission.SEE)
    spans = tile_rows((box.west, box.south, box.east, box.north))
    where = [
        mapped(work.actor),
        Incident.is_open,
        Incident.lon.between(box.west, box.east),
        Incident.lat.between(box.south, box.north),
    ]
    if len(spans) > MOST_ROWS:
        # A wide view reads every open incident; without a range SQLite would read the closed too.
        spans = [(spans[0][0], spans[-1][1])]
    where.append(or_(*(Incident.tile.between(low, high) for low, high in spans)))
    rows = work.session.execute(
        select(
            Incident.id, Incident.lon, Incident.lat, Incident.state, Incident.category,
            Incident.due_at, Incident.rung, Incident.reported_at,
        )
        .where(*where)
        .order_by(Incident.id.desc())
        .limit(MOST)
    )  # fmt: skip
    features = [
        {
            "type": "Feature",
            "id": row.id,
            "geometry": {"type": "Point", "coordinates": [row.lon, row.lat]},
            "properties": {
                "number": number_of(work, row.id, row.reported_at),
                "state": row.state,
                "category": row.category,
                "due_at": row.due_at.isoformat() if row.due_at else None,
                "overdue": row.due_at is not None and row.due_at <= work.now,
                "rung": row.rung,
            },
        }
        for row in rows
    ]
    return {"type": "FeatureCollection", "features": features}


def grids_of_level(work: Work, level: int) -> bytes:
    """The grids of a level of the edition in force as GeoJSON, gzipped; anybody may know them.

    A resident must be able to see which grid a place is in (滨州 art. 6: extents are posted). Kept
    as it is sent: as Python numbers ten thousand grids take thirty times the memory.
    """
    require_anyone(work.actor)
    edition = grids.edition_at(work.session, work.now)
    if edition is None or not 1 <= level <= DEEPEST:
        return _packed(())
    return work.memo.get(
        ("map", edition.id, level),
        lambda: _packed(grids.grids_of(work.session, edition.id, level=level)),
    )


def _packed(found: Iterable[Grid]) -> bytes:
    """A collection of grids, written grid by grid: the whole of it never lies about as text."""
    packed = BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as file:
        file.write(b'{"type":"FeatureCollection","features":[')
        for n, grid in enumerate(found):
            text = json.dumps(_feature(grid), ensure_ascii=False, separators=(",", ":"))
            file.write(b"," * bool(n) + text.encode())
        file.write(b"]}")
    return packed.getvalue()


def _feature(grid: Grid) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": grid.code,
        "geometry": shapely.geometry.mapping(shapely.set_precision(grid.shape, 1e-6)),
        "properties": {
            "code": grid.code,
            "name": grid.name,
            "name_en": grid.name_en,
            "path": grid.path,
            "level": grid.level,
        },
    }
