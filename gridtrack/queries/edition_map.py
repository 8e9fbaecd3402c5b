"""The grids of any edition as a map draws them: inside a box, with the detail of a zoom."""

import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from sqlalchemy import ColumnElement, func, select

from gridtrack.access import Permission, require, scopes
from gridtrack.db.sql import table_of
from gridtrack.errors import NotFound
from gridtrack.geo.thin import Shapes, detail_at, thinned
from gridtrack.grids.tables import Edition, GridRow
from gridtrack.queries.maps import DEEPEST, Box
from gridtrack.work import Work

GRID, EDITION = table_of(GridRow), table_of(Edition)
MOST_GRIDS = 2000  # more of one level on one screen are a grey field, and megabytes


@dataclass(frozen=True, slots=True)
class View:
    """What is looked at: a level, inside a box or everywhere, at a zoom or with every digit."""

    level: int
    box: Box | None = None
    zoom: int | None = None


def edition_mark(work: Work, edition_id: int, view: View) -> str:
    """What the answer to `view` depends on; raises NotFound."""
    require(work.actor, Permission.GRIDS_DRAW)
    row = work.session.execute(
        select(EDITION.c.revision).where(EDITION.c.id == edition_id)
    ).one_or_none()
    if row is None:
        raise NotFound("edition-not-found", id=edition_id)
    return f"edition:{edition_id}:{row.revision}:{view!r}"


def edition_map(work: Work, edition_id: int, view: View) -> bytes:
    """The grids of one level as GeoJSON, gzipped.

    Where there are more than a screen can show, none are sent, and `left_out` says how many.
    """
    require(work.actor, Permission.GRIDS_DRAW)
    where = _where(edition_id, view)
    count = work.session.scalar(select(func.count()).select_from(GRID).where(*where)) or 0
    if not 1 <= view.level <= DEEPEST or (view.zoom is not None and count > MOST_GRIDS):
        return _packed((), np.array([], dtype=object), view.level, count)
    rows = work.session.execute(
        select(GRID.c.code, GRID.c.name, GRID.c.name_en, GRID.c.path, GRID.c.parent, GRID.c.shape)
        .where(*where)
        .order_by(GRID.c.path)
    ).all()
    return _packed(rows, _shapes(work, edition_id, view, rows), view.level, 0)


def edition_extent(work: Work, edition_id: int) -> str:
    """What a map of an edition shows first, as `west,south,east,north`: the reader's own ground.

    Empty where the edition has no grids.
    """
    require(work.actor, Permission.GRIDS_DRAW)
    own = scopes(work.actor, Permission.GRIDS_DRAW)
    edges = select(
        func.min(GRID.c.min_lon), func.min(GRID.c.min_lat),
        func.max(GRID.c.max_lon), func.max(GRID.c.max_lat),
    ).where(GRID.c.edition_id == edition_id)  # fmt: skip
    for where in (GRID.c.path.in_(own), GRID.c.level == 1):
        found = work.session.execute(edges.where(where)).one()
        if found[0] is not None:
            return ",".join(f"{edge:.6f}" for edge in found)
    return ""


def _where(edition_id: int, view: View) -> list[ColumnElement[bool]]:
    where = [GRID.c.edition_id == edition_id, GRID.c.level == view.level]
    return where + (_touching(view.box) if view.box else [])


def _touching(box: Box) -> list[ColumnElement[bool]]:
    return [
        GRID.c.min_lon <= box.east,
        GRID.c.max_lon >= box.west,
        GRID.c.min_lat <= box.north,
        GRID.c.max_lat >= box.south,
    ]


def _shapes(work: Work, edition_id: int, view: View, rows: Sequence[Any]) -> Shapes:
    """The shapes of `rows`, thinned together with their neighbours beyond the box."""
    shapes = np.array([row.shape for row in rows], dtype=object)
    detail = detail_at(view.zoom)
    if view.box is None or detail.pixel_deg is None or not len(shapes):
        return thinned(shapes, detail)
    around = View(view.level, Box(*shapely.total_bounds(shapes).tolist()))
    wanted = select(GRID.c.code, GRID.c.shape).where(*_where(edition_id, around))
    known = {row.code for row in rows}
    others = [row.shape for row in work.session.execute(wanted) if row.code not in known]
    if not others:
        return thinned(shapes, detail)
    near = np.array(others, dtype=object)
    touching = np.unique(shapely.STRtree(near).query(shapes, predicate="intersects")[1])
    return thinned(np.concatenate([shapes, near[touching]]), detail)[: len(shapes)]


def _packed(rows: Sequence[Any], shapes: Shapes, level: int, left_out: int) -> bytes:
    features = [
        f'{{"type":"Feature","id":{_text(row.code)},"geometry":{shape},"properties":'
        + _text(
            {
                "code": row.code,
                "name": row.name,
                "name_en": row.name_en,
                "path": row.path,
                "level": level,
                "parent": row.parent,
            }
        )
        + "}"
        for row, shape in zip(rows, shapely.to_geojson(shapes), strict=True)
    ]
    head = f'{{"type":"FeatureCollection","left_out":{left_out},"features":['
    return gzip.compress((head + ",".join(features) + "]}").encode(), 5, mtime=0)


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
