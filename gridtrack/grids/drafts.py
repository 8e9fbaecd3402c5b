"""A draft that is drawn in: the rows around a place, what changed in them, and the edits."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import numpy as np
import shapely
from sqlalchemy import ColumnElement, and_, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from gridtrack.db.sql import run, table_of
from gridtrack.errors import NotFound
from gridtrack.geo.metric import Plane
from gridtrack.grids.boxes import Box, around, inside, merged
from gridtrack.grids.drawing import Change, Drawn, apply
from gridtrack.grids.operations import (
    Describe,
    Draw,
    Operation,
    Remove,
    Reparent,
    Split,
    grids_of,
    places_of,
)
from gridtrack.grids.rules import SEPARATOR, Grid
from gridtrack.grids.sheet import sheet_of
from gridtrack.grids.store import ENTRY, GRID
from gridtrack.grids.tables import EditionEdit

EDIT = table_of(EditionEdit)
# Grids whose bounds come this near to what is drawn are looked at (about ten metres).
_PAD_DEG = 1e-4
_MOST_BOXES = 40
_ROUNDS = 4
_NEW_CODES = (Split, Draw)


@dataclass(frozen=True, slots=True)
class Edit:
    """What was drawn at once, without the grids that it keeps."""

    id: int
    revision: int
    at: datetime
    actor_id: int | None
    actor_name: str
    operations: Sequence[Mapping[str, Any]]
    undoes: int | None


def drawn(session: Session, edition_id: int, operations: Sequence[Operation]) -> Drawn:
    """The operations done to the stored grids around them; nothing is written.

    Whatever they touch beyond what was fetched is fetched as well, and they are done anew.
    """
    known = named(session, edition_id, [c for one in operations for c in grids_of(one)])
    known += below(
        session, edition_id, [grid.path for grid in known] + _families(operations, known)
    )
    boxes = merged(_boxes(operations, known))
    new = any(isinstance(one, _NEW_CODES) or _recoded(one) for one in operations)
    taken = codes(session, edition_id) if new else frozenset()
    for _ in range(_ROUNDS):
        boxes = boxes if len(boxes) <= _MOST_BOXES else (_around_all(boxes),)
        found = {grid.code: grid for grid in (*near(session, edition_id, boxes), *known)}
        done = apply(sheet_of(found.values(), boxes, taken - set(found)), operations)
        if all(inside(box, boxes) for box in done.boxes):
            break
        boxes = merged((*boxes, *(_padded(box) for box in done.boxes)))
    return done


def near(session: Session, edition_id: int, boxes: Iterable[Box]) -> list[Grid]:
    """The grids of an edition whose bounds touch one of the boxes."""
    touching = [
        and_(
            GRID.c.min_lon <= east,
            GRID.c.max_lon >= west,
            GRID.c.min_lat <= north,
            GRID.c.max_lat >= south,
        )
        for west, south, east, north in boxes
    ]
    return _grids(session, edition_id, or_(*touching)) if touching else []


def named(session: Session, edition_id: int, codes: Iterable[str]) -> list[Grid]:
    """The grids that have one of the codes."""
    return _grids(session, edition_id, GRID.c.code.in_(sorted(set(codes))))


def below(session: Session, edition_id: int, paths: Iterable[str]) -> list[Grid]:
    """Everything below some paths."""
    ranges = [
        and_(GRID.c.path >= f"{path}/", GRID.c.path < f"{path}0")
        for path in sorted(set(paths) - {""})
    ]
    return _grids(session, edition_id, or_(*ranges)) if ranges else []


def codes(session: Session, edition_id: int) -> frozenset[str]:
    """Every code of an edition."""
    wanted = select(GRID.c.code).where(GRID.c.edition_id == edition_id)
    return frozenset(run(session, wanted).scalars())


def last_line(session: Session, edition_id: int) -> tuple[str, datetime] | None:
    """Who wrote the last line into an edition's record, and when."""
    row = run(
        session,
        select(ENTRY.c.actor_name, ENTRY.c.at)
        .where(ENTRY.c.edition_id == edition_id)
        .order_by(ENTRY.c.id.desc())
        .limit(1),
    ).one_or_none()
    return None if row is None else (row.actor_name, row.at)


def put(
    session: Session,
    edition_id: int,
    changes: Sequence[Change],
    counts: Mapping[str, int | None],
    plane: Plane,
) -> None:
    """Write what changed, with the households of each grid that `counts` names by its new code."""
    gone = [c.before.code for c in changes if c.before and not c.after]
    for start in range(0, len(gone), 500):
        run(
            session, delete(GRID).where(_is(edition_id, GRID.c.code.in_(gone[start : start + 500])))
        )
    kept = [c for c in changes if c.after]
    # A code may be taken over from another grid: first every old one makes way.
    at = {}
    for n, change in enumerate(kept):
        assert change.after is not None
        if change.before and change.before.code != change.after.code:
            at[n] = f"/{n}"  # no grid can be called so
            _set(session, edition_id, change.before.code, {"code": at[n]})
    for n, (change, row) in enumerate(zip(kept, _rows(kept, plane), strict=True)):
        values = {**row, "households": counts[row["code"]]} if row["code"] in counts else row
        if change.before is None:
            fresh = {"edition_id": edition_id, "households": None, **values}
            run(session, insert(GRID), fresh)
        else:
            _set(session, edition_id, at.get(n, change.before.code), values)


def households(session: Session, edition_id: int, codes: Iterable[str]) -> dict[str, int | None]:
    """How many households some grids have."""
    wanted = select(GRID.c.code, GRID.c.households).where(
        _is(edition_id, GRID.c.code.in_(sorted(set(codes))))
    )
    return {row.code: row.households for row in run(session, wanted)}


def add_edit(session: Session, row: Mapping[str, Any]) -> int:
    """Keep an edit; its number."""
    return int(run(session, insert(EDIT).returning(EDIT.c.id), dict(row)).scalar_one())


def edit(session: Session, edition_id: int, edit_id: int) -> EditionEdit:
    """One edit of an edition; raises NotFound."""
    found = session.get(EditionEdit, edit_id)
    if found is None or found.edition_id != edition_id:
        raise NotFound("edit-not-found", id=edit_id)
    return found


def edits(session: Session, edition_id: int, most: int) -> list[Edit]:
    """The newest edits of an edition."""
    columns = (
        EDIT.c.id, EDIT.c.revision, EDIT.c.at, EDIT.c.actor_id, EDIT.c.actor_name,
        EDIT.c.operations, EDIT.c.undoes,
    )  # fmt: skip
    wanted = select(*columns).where(EDIT.c.edition_id == edition_id).order_by(EDIT.c.id.desc())
    return [Edit(**row) for row in run(session, wanted.limit(most)).mappings()]


def undone_by(session: Session, edit_id: int) -> int | None:
    """The edit that took this one back, if one did."""
    wanted = select(EDIT.c.id).where(EDIT.c.undoes == edit_id).order_by(EDIT.c.id.desc()).limit(1)
    return run(session, wanted).scalar_one_or_none()


def kept(grid: Grid | None, counts: Mapping[str, int | None]) -> dict[str, Any] | None:
    """A grid as an edit keeps it, with its households of `counts`."""
    if grid is None:
        return None
    shape = shapely.to_wkb(grid.shape, hex=True)
    values = {k: v for k, v in asdict(grid).items() if k != "shape"}
    return {**values, "shape": shape, "households": counts.get(grid.code)}


def unkept(stored: Mapping[str, Any] | None) -> Grid | None:
    """The grid that an edit kept."""
    if stored is None:
        return None
    values = {k: v for k, v in stored.items() if k not in ("shape", "households")}
    return Grid(**values, shape=shapely.from_wkb(stored["shape"]))


def _boxes(operations: Sequence[Operation], known: Sequence[Grid]) -> list[Box]:
    places = [around(points, _PAD_DEG) for one in operations if (points := places_of(one))]
    asked = {code for one in operations for code in grids_of(one)}
    named_ones = [grid.shape.bounds for grid in known if grid.code in asked and _moves(operations)]
    return places + [_padded(box) for box in named_ones]


def _families(operations: Sequence[Operation], known: Sequence[Grid]) -> list[str]:
    """The paths of parents that lose a grid: whether it is their last one must be seen."""
    leaving = {one.grid for one in operations if isinstance(one, Remove | Reparent)}
    return [grid.path.rpartition(SEPARATOR)[0] for grid in known if grid.code in leaving]


def _moves(operations: Sequence[Operation]) -> bool:
    """False where only words change: then nothing beside the named grids is needed."""
    return any(not isinstance(one, Describe) for one in operations)


def _recoded(one: Operation) -> bool:
    return isinstance(one, Describe) and bool(one.code)


def _padded(box: Box) -> Box:
    west, south, east, north = box
    return west - _PAD_DEG, south - _PAD_DEG, east + _PAD_DEG, north + _PAD_DEG


def _around_all(boxes: Iterable[Box]) -> Box:
    return around([corner for box in boxes for corner in (box[:2], box[2:])])


def _is(edition_id: int, *where: ColumnElement[bool]) -> ColumnElement[bool]:
    return and_(GRID.c.edition_id == edition_id, *where)


def _grids(session: Session, edition_id: int, *where: ColumnElement[bool]) -> list[Grid]:
    columns = (
        GRID.c.code, GRID.c.level, GRID.c.parent, GRID.c.name, GRID.c.shape, GRID.c.path,
        GRID.c.name_en,
    )  # fmt: skip
    rows = run(session, select(*columns).where(_is(edition_id, *where)).order_by(GRID.c.path))
    return [
        Grid(row.code, row.level, row.parent, row.name, row.shape, row.path, row.name_en)
        for row in rows
    ]


def _set(session: Session, edition_id: int, code: str, values: Mapping[str, Any]) -> None:
    run(session, update(GRID).where(_is(edition_id, GRID.c.code == code)).values(**values))


def _rows(changes: Sequence[Change], plane: Plane) -> list[dict[str, Any]]:
    grids = [change.after for change in changes if change.after is not None]
    shapes = np.empty(len(grids), dtype=object)
    shapes[:] = [grid.shape for grid in grids]
    areas = shapely.area(plane.flat(shapes)).tolist()
    bounds = shapely.bounds(shapes).reshape(-1, 4).tolist()
    return [
        {
            **{k: v for k, v in asdict(grid).items() if k != "shape"},
            "shape": grid.shape,
            "area_m2": area,
            "min_lon": west,
            "min_lat": south,
            "max_lon": east,
            "max_lat": north,
        }
        for grid, area, (west, south, east, north) in zip(grids, areas, bounds, strict=True)
    ]
