"""The sheet that is posted in each grid (滨州 art. 6): its map, extent, people and telephones."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from sqlalchemy import select

from gridtrack.access import Permission, Role, require
from gridtrack.accounts import store as accounts
from gridtrack.accounts.tables import Person
from gridtrack.db.sql import table_of, touching
from gridtrack.errors import NotFound
from gridtrack.geo.metric import metres_per_degree
from gridtrack.geo.sides import Named, sides
from gridtrack.geo.sketch import Sketch, Thing, sketch
from gridtrack.grids import store as grids
from gridtrack.grids.tables import GridRow, ZoneRow
from gridtrack.work import Work

GRID, ZONE, PERSON = table_of(GridRow), table_of(ZoneRow), table_of(Person)
MOST_SHEETS = 200
LANE_M = 5.0
_COLUMNS = ("code", "name", "name_en", "path", "level", "parent", "shape", "area_m2",
            "households", "min_lon", "min_lat", "max_lon", "max_lat")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody to call: a person, or a firm with its estate."""

    name: str
    phone: str
    of: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page: `way` the names from the community down, `extent` by side what lies there."""

    code: str
    name: str
    way: tuple[str, ...]
    extent: Mapping[str, tuple[str, ...]]
    area_m2: float
    households: int | None
    workers: tuple[Contact, ...]
    managers: tuple[Contact, ...]
    sketch: Sketch


@dataclass(frozen=True, slots=True)
class Sheets:
    """The sheets of a subtree; `left_out` more are there than are made at a time."""

    edition_id: int
    edition_name: str
    supervision: str
    sheets: tuple[Sheet, ...]
    left_out: int


def sheets(work: Work, edition_id: int, under: str, locale: str) -> Sheets:
    """The sheets of the base grids at and below the path `under`; raises NotFound.

    Who works there is asked of now, whatever edition it is: a sheet is hung up today.
    """
    require(work.actor, Permission.GRIDS_DRAW)
    edition = grids.edition(work.session, edition_id)
    rows = _leaves(work, edition_id, under)
    if not rows:
        raise NotFound("export-empty", value=under or edition_id)
    names = grids.names(work.session, work.memo, edition_id, locale)
    land = _Land(edition_id, _ground(work, locale), names, locale)
    made = tuple(_sheet(work, land, row) for row in rows[:MOST_SHEETS])
    phone = work.settings.supervision_phone
    return Sheets(edition_id, edition.name, phone, made, max(0, len(rows) - MOST_SHEETS))


def _leaves(work: Work, edition_id: int, under: str) -> Sequence[Any]:
    columns = [GRID.c[name] for name in _COLUMNS]
    where = [GRID.c.edition_id == edition_id]
    if under:
        below = (GRID.c.path >= f"{under}/") & (GRID.c.path < f"{under}0")
        where.append((GRID.c.path == under) | below)
    deepest = select(GRID.c.level).where(GRID.c.edition_id == edition_id)
    level = work.session.scalar(deepest.order_by(GRID.c.level.desc()).limit(1)) or 0
    wanted = select(*columns).where(*where, GRID.c.level == level).order_by(GRID.c.path)
    return work.session.execute(wanted).all()


@dataclass(frozen=True, slots=True)
class _Land:
    """What all sheets of an edition share."""

    edition_id: int
    ground: tuple[Thing, ...]
    names: Mapping[str, str]
    locale: str


def _sheet(work: Work, land: _Land, row: Any) -> Sheet:
    shown = (land.locale == "en" and row.name_en) or row.name
    near = _near(work, land, row)
    around = [thing for thing in land.ground if _meets(thing.shape, row)]
    return Sheet(
        code=row.code,
        name=shown,
        way=tuple(land.names.get(code, code) for code in row.path.split("/")[:-1]),
        extent=_extent(row, around, near),
        area_m2=row.area_m2,
        households=row.households,
        workers=_workers(work, row.path),
        managers=_managers(work, row),
        sketch=sketch(Thing(shown, "own", row.shape), around, near),
    )


def _near(work: Work, land: _Land, row: Any) -> list[Thing]:
    """The grids of the same level that a sketch of `row` shows around it."""
    wide, high = row.max_lon - row.min_lon, row.max_lat - row.min_lat
    box = (row.min_lon - wide, row.min_lat - high, row.max_lon + wide, row.max_lat + high)
    wanted = select(GRID.c.code, GRID.c.name, GRID.c.name_en, GRID.c.shape).where(
        GRID.c.edition_id == land.edition_id, GRID.c.level == row.level,
        touching(work.session, GRID, box),
    )  # fmt: skip
    return [
        Thing((land.locale == "en" and one.name_en) or one.name, "neighbour", one.shape)
        for one in work.session.execute(wanted)
        if one.code != row.code
    ]


def _extent(
    row: Any, ground: Sequence[Thing], near: Sequence[Thing]
) -> Mapping[str, tuple[str, ...]]:
    x_m, y_m = metres_per_degree((row.min_lat + row.max_lat) / 2)

    def flat(shape: shapely.Geometry) -> shapely.Geometry:
        origin = np.array([row.min_lon, row.min_lat])
        return shapely.transform(shape, lambda xy: (xy - origin) * [x_m, y_m])

    roads = [Named(one.name, flat(one.shape)) for one in ground if one.width_m]
    return sides(flat(row.shape), roads, [Named(one.name, flat(one.shape)) for one in near])


def _workers(work: Work, path: str) -> tuple[Contact, ...]:
    """The gridworkers of the grid, deputies after them; not who is on leave today."""
    held = accounts.on_duty(work.session, [path], [], work.now)
    ids = [one.person_id for one in held if one.role == Role.GRIDWORKER and one.present]
    return _contacts(work, list(dict.fromkeys(ids)))


def _managers(work: Work, row: Any) -> tuple[Contact, ...]:
    """The property managers of the estates that lie in the grid, with whom one calls there."""
    zones = work.session.execute(
        select(ZONE.c.code, ZONE.c.name, ZONE.c.manager, ZONE.c.shape)
        .where(
            ZONE.c.from_at <= work.now, (ZONE.c.until_at.is_(None)) | (ZONE.c.until_at > work.now)
        )
        .order_by(ZONE.c.code)
    ).all()
    inner = shapely.buffer(row.shape, -2e-5)  # an estate next door only touches
    found = []
    for zone in zones:
        if not shapely.intersects(inner, zone.shape):
            continue
        held = accounts.on_duty(work.session, [], [zone.code], work.now)
        ids = [one.person_id for one in held if one.role == Role.PROPERTY and one.present]
        phones = [one.phone for one in _contacts(work, ids) if one.phone]
        found.append(Contact(zone.manager, phones[0] if phones else "", zone.name))
    return tuple(found)


def _contacts(work: Work, ids: Sequence[int]) -> tuple[Contact, ...]:
    wanted = select(PERSON.c.id, PERSON.c.name, PERSON.c.phone).where(PERSON.c.id.in_(ids))
    known = {row.id: Contact(row.name, row.phone) for row in work.session.execute(wanted)}
    return tuple(known[one] for one in ids if one in known)


def _meets(shape: shapely.Geometry, row: Any) -> bool:
    wide, high = row.max_lon - row.min_lon, row.max_lat - row.min_lat
    west, south, east, north = shape.bounds
    return bool(
        west <= row.max_lon + wide and east >= row.min_lon - wide
        and south <= row.max_lat + high and north >= row.min_lat - high
    )  # fmt: skip


def _ground(work: Work, locale: str) -> tuple[Thing, ...]:
    """The deployment's own roads, water and places; none where there is no such file."""
    file = work.settings.instance / "roads.geojson"
    if not file.is_file():
        return ()
    stamp = file.stat().st_mtime_ns
    return work.memo.get(("ground", stamp, locale), lambda: _read(file, locale))


def _read(file: Path, locale: str) -> tuple[Thing, ...]:
    found = []
    for one in json.loads(file.read_text("utf-8"))["features"]:
        known = one.get("properties") or {}
        shape = shapely.from_geojson(json.dumps(one["geometry"]))
        name = (locale == "en" and known.get("name_en")) or known.get("name") or ""
        line = shape.geom_type.endswith("LineString")
        width = float(known.get("width_m") or LANE_M) if line else 0.0
        found.append(Thing(str(name), str(known.get("kind") or "other"), shape, width))
    return tuple(found)
