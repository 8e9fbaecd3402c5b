"""What a GIS reads through OGC API - Features: grids by level, and open matters on the map.

The grids in force are everybody's (滨州 art. 6: extents are posted). Other editions are for those
who draw them; matters for those who see them, never sealed ones, never who reported, no free text.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
import shapely
from sqlalchemy import ColumnElement, func, or_, select

from gridtrack.access import Permission, permits, require, require_anyone
from gridtrack.categories import store as categories
from gridtrack.db.sql import table_of, touching
from gridtrack.errors import NotFound
from gridtrack.geo.box import Box
from gridtrack.grids import store as grids
from gridtrack.grids.features import as_text
from gridtrack.grids.tables import Edition, GridRow
from gridtrack.grids.views import extent_of
from gridtrack.incidents.tables import Incident
from gridtrack.queries.names import number_of
from gridtrack.queries.scope import mapped
from gridtrack.work import Work

GRID, EDITION = table_of(GridRow), table_of(Edition)
INCIDENTS = "incidents"
MOST_EDITIONS = 20
_SHOWN = ("code", "level", "parent", "name", "name_en", "path", "area_m2", "households")
_COLUMNS = (GRID.c.id, GRID.c.shape, *(GRID.c[name] for name in _SHOWN))


@dataclass(frozen=True, slots=True)
class Collection:
    """A set of features: one level of an edition, or the open matters."""

    id: str
    edition_id: int = 0
    edition_name: str = ""
    revision: int = 0
    level: int = 0
    extent: tuple[float, ...] | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """Which features: inside one of `boxes`, reported within `span`, after the one numbered."""

    limit: int
    after: int = 0
    boxes: tuple[Box, ...] = ()
    span: tuple[datetime | None, datetime | None] = (None, None)


@dataclass(frozen=True, slots=True)
class Page:
    """Features as JSON texts; `next_after` goes on; `matched` is None where nobody counted."""

    features: Sequence[str] = field(default_factory=tuple)
    next_after: int | None = None
    matched: int | None = None


def collections(work: Work) -> tuple[Collection, ...]:
    """What this reader may open: the levels in force, further editions, open matters."""
    require_anyone(work.actor)
    found: list[Collection] = []
    now = grids.edition_at(work.session, work.now)
    if now is not None:
        found += _levels(work, now, "grids")
    if permits(work.actor, Permission.GRIDS_DRAW):
        newest = select(Edition).where(EDITION.c.state != "discarded")
        newest = newest.order_by(EDITION.c.id.desc()).limit(MOST_EDITIONS)
        for edition in work.session.scalars(newest):
            found += _levels(work, edition, f"edition-{edition.id}")
    if sees_matters(work):
        found.append(Collection(INCIDENTS))
    return tuple(found)


def sees_matters(work: Work) -> bool:
    """True for who is known and may read some matter."""
    actor = work.actor
    return actor.known and any(permits(actor, one) for one in (Permission.SEE, Permission.WORK))


def collection(work: Work, name: str) -> Collection:
    """The collection of that id; NotFound also where this reader may not know of it.

    Raises Unauthenticated where somebody without a login asks for matters.
    """
    require_anyone(work.actor)
    if name == INCIDENTS and not sees_matters(work):
        require(work.actor, Permission.SEE)
    for one in collections(work):
        if one.id == name:
            return one
    raise NotFound("collection-not-found", value=name)


def features(work: Work, name: str, asked: Asked) -> Page:
    """A page of a collection, in the order of its making."""
    found = collection(work, name)
    return _incidents(work, asked) if name == INCIDENTS else _grids(work, found, asked)


def feature(work: Work, name: str, feature_id: str) -> str:
    """One feature of a collection; raises NotFound."""
    found = collection(work, name)
    if name == INCIDENTS:
        number = int(feature_id) if feature_id.isascii() and feature_id.isdecimal() else 0
        page = _incidents(work, Asked(1), Incident.id == min(number, 2**62))
    else:
        page = _grids(work, found, Asked(1), GRID.c.code == feature_id)
    if not page.features:
        raise NotFound("feature-not-found", value=feature_id)
    return page.features[0]


def _levels(work: Work, edition: Edition, prefix: str) -> list[Collection]:
    counted = select(GRID.c.level).where(GRID.c.edition_id == edition.id).distinct()
    return [
        Collection(
            f"{prefix}-level-{level}", edition.id, edition.name, edition.revision, level,
            extent_of(work.session, edition.id, level),
        )
        for level in sorted(work.session.scalars(counted))
    ]  # fmt: skip


def _grids(work: Work, found: Collection, asked: Asked, *only: ColumnElement[bool]) -> Page:
    where = [GRID.c.edition_id == found.edition_id, GRID.c.level == found.level, *only]
    matched = None
    if asked.boxes:
        edges = [(box.west, box.south, box.east, box.north) for box in asked.boxes]
        where.append(or_(*(touching(work.session, GRID, one) for one in edges)))
    else:
        matched = work.session.scalar(select(func.count()).select_from(GRID).where(*where))
    rows = work.session.execute(
        select(*_COLUMNS)
        .where(*where, GRID.c.id > asked.after)
        .order_by(GRID.c.id)
        .limit(asked.limit + 1)
    ).all()
    going_on = rows[asked.limit - 1].id if len(rows) > asked.limit else None
    rows = rows[: asked.limit]
    shapes = np.array([row.shape for row in rows], dtype=object)
    kept = np.ones(len(rows), dtype=bool)
    if asked.boxes and len(rows):
        # The database knows boxes around shapes; what is asked for is the shapes themselves.
        area = [shapely.box(box.west, box.south, box.east, box.north) for box in asked.boxes]
        kept = shapely.intersects(shapes, shapely.union_all(area))
    texts = shapely.to_geojson(shapes)
    found_texts = [
        _feature(row.code, text, {name: getattr(row, name) for name in _SHOWN})
        for row, text, keep in zip(rows, texts, kept, strict=True)
        if keep
    ]
    return Page(found_texts, going_on, matched)


def _incidents(work: Work, asked: Asked, *only: ColumnElement[bool]) -> Page:
    begin, end = asked.span
    where = [mapped(work.actor), Incident.is_open, Incident.lon.is_not(None), *only]
    if begin is not None:
        where.append(Incident.reported_at >= begin)
    if end is not None:
        where.append(Incident.reported_at <= end)
    if asked.boxes:
        inside = [
            Incident.lon.between(box.west, box.east) & Incident.lat.between(box.south, box.north)
            for box in asked.boxes
        ]
        where.append(or_(*inside))
    rows = work.session.execute(
        select(
            Incident.id, Incident.lon, Incident.lat, Incident.state, Incident.category,
            Incident.grid_path, Incident.due_at, Incident.rung, Incident.reported_at,
            Incident.source,
        )
        .where(*where, Incident.id > asked.after)
        .order_by(Incident.id)
        .limit(asked.limit + 1)
    ).all()  # fmt: skip
    going_on = rows[asked.limit - 1].id if len(rows) > asked.limit else None
    return Page([_matter(work, row) for row in rows[: asked.limit]], going_on)


def _matter(work: Work, row: Any) -> str:
    tree = categories.tree(work.memo, work.settings.instance)
    known = tree.categories.get(row.category)
    properties = {
        "number": number_of(work, row.id, row.reported_at),
        "state": row.state,
        "category": row.category,
        "category_name": known.name(work.actor.locale) if known else row.category,
        "grid_path": row.grid_path,
        "source": row.source,
        "reported_at": row.reported_at.isoformat(),
        "due_at": row.due_at.isoformat() if row.due_at else None,
        "overdue": row.due_at is not None and row.due_at <= work.now,
        "rung": row.rung,
    }
    point = as_text({"type": "Point", "coordinates": [row.lon, row.lat]})
    return _feature(row.id, point, properties)


def _feature(name: int | str, geometry: str, properties: dict[str, Any]) -> str:
    known = as_text(properties)
    return f'{{"type":"Feature","id":{as_text(name)},"geometry":{geometry},"properties":{known}}}'
