"""What differs between two editions, found by bytes in the database: geometry is read for it only.

A hundred thousand grids that stayed as they were never leave the database.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from sqlalchemy import ColumnElement, LargeBinary, cast, select
from sqlalchemy.orm import Session

from gridtrack.grids.compare import pairs
from gridtrack.grids.rules import Grid
from gridtrack.grids.store import GRID
from gridtrack.grids.tables import GridRow

# About a square metre: editions that were drawn by different hands leave slivers.
_SPECK_DEG2 = 1e-10
_MANY = 500
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class ChangedGround:
    """The base grids that are not the same in both editions.

    `lost` are the paths of those that are no more, or no more the same, `new` those of the ones in
    their place. `gained` are boxes (west, south, east, north) of ground that had no grid before,
    `boxes` those of all that changed.
    """

    lost: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    gained: tuple[Box, ...] = ()
    boxes: tuple[Box, ...] = ()

    def __bool__(self) -> bool:
        """True when any ground changed."""
        return bool(self.lost or self.gained)


def changed_ground(session: Session, before_id: int, after_id: int) -> ChangedGround:
    """The base grids whose shape or path differs between two editions, or that only one has."""
    lost = _leaves_only_in(session, before_id, after_id)
    new = _leaves_only_in(session, after_id, before_id)
    return ChangedGround(
        lost=tuple(sorted(row.path for row in lost)),
        new=tuple(sorted(row.path for row in new)),
        gained=_gained([row.shape for row in lost], [row.shape for row in new]),
        boxes=tuple(row.shape.bounds for row in (*lost, *new)),
    )


def leaves_near(
    session: Session, edition_id: int, boxes: Sequence[Box], margin: float
) -> list[Grid]:
    """The base grids of an edition that touch any of the boxes, grown by `margin` degrees."""
    edges = (GRID.c.min_lon, GRID.c.min_lat, GRID.c.max_lon, GRID.c.max_lat)
    rows = session.execute(
        select(GRID.c.id, *edges).where(
            GRID.c.edition_id == edition_id, GRID.c.code.not_in(_parents(edition_id))
        )
    ).all()
    if not rows or not boxes:
        return []
    around = np.array(boxes) + np.array([-margin, -margin, margin, margin])
    tree = shapely.STRtree(shapely.box(*np.array([row[1:] for row in rows], dtype=float).T))
    near = np.unique(tree.query(shapely.box(*around.T))[1]).tolist()
    found = []
    for start in range(0, len(near), _MANY):
        ids = [rows[n].id for n in near[start : start + _MANY]]
        found += [grid_of(row) for row in session.execute(select(GRID).where(GRID.c.id.in_(ids)))]
    return found


def grid_of(row: Any) -> Grid:
    """A row of the table as a grid."""
    return Grid(row.code, row.level, row.parent, row.name, row.shape, row.path, row.name_en)


def differing(session: Session, one_id: int, other_id: int) -> tuple[list[Any], list[Any]]:
    """The grids of each edition that have no twin in the other, of every level.

    A twin has the same code, level, parent, path, names and the same shape, byte for byte.
    """
    alike = ("code", "level", "parent", "path", "name", "name_en")
    return (
        list(session.execute(_only_in(one_id, other_id, alike))),
        list(session.execute(_only_in(other_id, one_id, alike))),
    )


def moved_paths(session: Session, before_id: int, after_id: int) -> dict[str, str]:
    """Old path to new one, of every grid that is the same but for its code or those above it.

    The same is: the same code on its level, or the very same ground.
    """
    old, new = differing(session, before_id, after_id)
    matched = pairs([grid_of(row) for row in old], [grid_of(row) for row in new])
    return {
        b.path: a.path for b, a in matched if b is not None and a is not None and b.path != a.path
    }


def _only_in(edition_id: int, other_id: int, alike: Iterable[str]) -> Any:
    other = GRID.alias("other")
    twin = select(other.c.id).where(
        other.c.edition_id == other_id,
        *(other.c[name] == GRID.c[name] for name in alike),
        _bytes(other.c.shape) == _bytes(GRID.c.shape),
    )
    return select(GRID).where(GRID.c.edition_id == edition_id, ~twin.exists())


def _leaves_only_in(session: Session, edition_id: int, other_id: int) -> Sequence[Any]:
    """The leaves of one edition that are not leaves of the other with the same path and shape."""
    other = GRID.alias("other")
    twin = select(other.c.id).where(
        other.c.edition_id == other_id,
        other.c.code == GRID.c.code,
        other.c.path == GRID.c.path,
        _bytes(other.c.shape) == _bytes(GRID.c.shape),
        other.c.code.not_in(_parents(other_id)),
    )
    return session.execute(
        select(GRID.c.path, GRID.c.shape).where(
            GRID.c.edition_id == edition_id,
            GRID.c.code.not_in(_parents(edition_id)),
            ~twin.exists(),
        )
    ).all()


def _parents(edition_id: int) -> Any:
    return select(GridRow.parent).where(GridRow.edition_id == edition_id).distinct()


def _bytes(column: Any) -> ColumnElement[bytes]:
    return cast(column, LargeBinary)


def _gained(lost: Sequence[shapely.Geometry], new: Sequence[shapely.Geometry]) -> tuple[Box, ...]:
    """Boxes around what `new` covers and `lost` did not."""
    ground = shapely.difference(shapely.union_all(list(new)), shapely.union_all(list(lost)))
    parts = shapely.get_parts(ground)
    return tuple(
        tuple(shapely.bounds(part).tolist()) for part in parts if shapely.area(part) > _SPECK_DEG2
    )
