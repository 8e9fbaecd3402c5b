"""What a map draws: open incidents and grids inside a box, as GeoJSON-shaped dictionaries."""

from datetime import datetime
from heapq import nlargest, nsmallest
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from gridtrack.access import Permission, require, require_anyone, scopes
from gridtrack.errors import NotFound
from gridtrack.geo.box import Box
from gridtrack.grids import store as grids
from gridtrack.grids.features import packed
from gridtrack.grids.tables import Edition
from gridtrack.grids.views import View, view_of
from gridtrack.incidents.numbers import tile_rows
from gridtrack.incidents.tables import Incident
from gridtrack.queries.names import number_of
from gridtrack.queries.newest import Which, newest
from gridtrack.queries.scope import few, parts, visible
from gridtrack.queries.who_sees import SEALED
from gridtrack.work import Work

MOST = 1500  # more marks are a heap for the eye, and each costs the phone as well
MOST_ROWS = 64


def incidents_in(work: Work, box: Box) -> dict[str, Any]:
    """Open, unsealed incidents of the actor's scopes inside `box`, newest first.

    Where more than some thousand lie there: the half of `MOST` that is due next, and as many of
    the newest; `left_out` then says that there are others.
    """
    if work.actor.person_id is None:
        require(work.actor, Permission.SEE)
    found, left_out = _ids(work, box)
    rows = work.session.execute(
        select(
            Incident.id, Incident.lon, Incident.lat, Incident.state, Incident.category,
            Incident.due_at, Incident.rung, Incident.reported_at,
        )
        .where(Incident.id.in_(found))
        .order_by(Incident.id.desc())
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
    return {"type": "FeatureCollection", "features": features, "left_out": left_out}


def _ids(work: Work, box: Box) -> tuple[list[int], bool]:
    """Which are drawn, and whether others are not."""
    everywhere = "" in scopes(work.actor, Permission.SEE)
    mine = [visible(work.actor)] if everywhere else parts(work.actor)
    inside = _inside(box)
    where = [*inside, *_tiles(box, by_path=not everywhere)]
    half, due = MOST // 2, Incident.due_at
    found: dict[int, datetime | None] = {}
    if all(few(work.session, [part, *where]) for part in mine):
        for part in mine:
            rows = work.session.execute(select(Incident.id, due).where(part, *where))
            found |= {row.id: row.due_at for row in rows}
        if len(found) <= MOST:
            return list(found), False
        latest = nlargest(half, found)
    else:
        for part in mine if everywhere else parts(work.actor, by_path=False):
            asked = select(Incident.id, due).where(part, *inside, due.is_not(None))
            rows = work.session.execute(asked.order_by(due, Incident.id).limit(half))
            found |= {row.id: row.due_at for row in rows}
        latest = newest(work, half, Which(inside))
    waiting = [(at, one) for one, at in found.items() if at is not None]
    return list({*latest, *(one for _, one in nsmallest(half, waiting))}), True


def _inside(box: Box) -> list[Any]:
    return [
        Incident.is_open,
        Incident.sensitivity < SEALED,  # a sealed matter has no mark for anybody
        Incident.lon.between(box.west, box.east),
        Incident.lat.between(box.south, box.north),
    ]


def _tiles(box: Box, *, by_path: bool) -> list[ColumnElement[bool]]:
    """The same by the index of tiles; `by_path`: what lies in few grids is found by these."""
    spans = tile_rows((box.west, box.south, box.east, box.north))
    if len(spans) > MOST_ROWS:
        if by_path:
            return []
        # A wide view reads every open incident; without a range SQLite would read the closed too.
        spans = [(spans[0][0], spans[-1][1])]
    return [or_(*(Incident.tile.between(low, high) for low, high in spans))]


def grids_mark(work: Work, view: View, edition_id: int | None = None) -> str:
    """What the answer of `grids_in` to `view` depends on; anybody may know them."""
    require_anyone(work.actor)
    edition = _in_force(work, edition_id)
    return f"grids:{edition.id}:{edition.revision}:{view!r}" if edition else "grids:0"


def grids_in(work: Work, view: View, edition_id: int | None = None) -> bytes:
    """The grids in force that `view` shows, as GeoJSON, gzipped; anybody may know them.

    A resident must be able to see which grid a place is in (滨州 art. 6: extents are posted), and
    in which it was: `edition_id` is one that is or was in force, raises NotFound for any other.
    """
    require_anyone(work.actor)
    edition = _in_force(work, edition_id)
    if edition is None:
        return packed((), left_out=0)
    return view_of(work.session, work.memo, edition.id, edition.revision, view)


def _in_force(work: Work, edition_id: int | None) -> Edition | None:
    if edition_id is None:
        return grids.edition_at(work.session, work.now)
    found = grids.edition(work.session, edition_id)
    if found.valid_from is None or found.valid_from > work.now:
        raise NotFound("edition-not-found", id=edition_id)
    return found
