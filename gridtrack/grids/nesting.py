"""Children inside their parent.

A child is outside its parent when any point of it is farther from the parent than the tolerance.
Distance and not width is asked here, because this is how borders drawn twice differ: everywhere,
by a little. With tolerance 0 the child must be covered exactly as drawn: that is asked in degrees,
so that the rounding of a projection does not decide.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.errors import GEOSException

from gridtrack.geo.borders import border_chunks
from gridtrack.grids.regions import Shapes, polygons_in

# Buffers round their corners with chords; with 16 to a quarter turn they are true to 0.2 %.
_ARC = 16
_TRIED = 8
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Shelf:
    """The grids of one level twice: as drawn, in degrees, and laid flat, in metres."""

    drawn: Shapes
    flat: Shapes


@dataclass(frozen=True, slots=True)
class Outside:
    """A child that leaves its parent: its position and the parent's, what lies outside, how far."""

    child: int
    parent: int
    polygons: Shapes
    farthest_m: float


def outside(
    children: Shelf, parents: Shelf, parent_of: NDArray[np.int64], tolerance_m: float
) -> list[Outside]:
    """The children outside their parent; `parent_of` is each child's position in `parents`.

    A negative position means that the parent is missing; such a child is not looked at.
    """
    rows = np.flatnonzero(parent_of >= 0)
    if tolerance_m > 0:
        rows = rows[~_tiled(children.flat[rows], parents.flat, parent_of[rows])[parent_of[rows]]]
        allowed = parents.flat.copy()
        needed = np.unique(parent_of[rows])
        allowed[needed] = shapely.buffer(parents.flat[needed], tolerance_m, quad_segs=_ARC)
        asked = children.flat[rows]
    else:
        allowed, asked = parents.drawn.copy(), children.drawn[rows]
    shapely.prepare(allowed)
    rows = rows[~shapely.covers(allowed[parent_of[rows]], asked)]
    trees: dict[int, shapely.STRtree] = {}
    found = []
    for child in rows.tolist():
        parent = int(parent_of[child])
        pieces = polygons_in(shapely.difference(children.flat[child], parents.flat[parent]))
        if parent not in trees:
            trees[parent] = shapely.STRtree(border_chunks(parents.flat[[parent]]).lines)
        found.append(Outside(child, parent, pieces, _farthest_m(pieces, trees[parent])))
    return found


def _tiled(children: Shapes, parents: Shapes, parent_of: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which parents are to the last bit what their children are together.

    Joining a coverage is far cheaper than widening a coast. Where the borders of two levels come
    from different sources, no parent is: then some are tried, and the others are not.
    """
    tiled = np.zeros(len(parents), dtype=bool)
    if not len(parent_of):
        return tiled
    order = np.argsort(parent_of, kind="stable")
    groups = np.split(order, np.flatnonzero(np.diff(parent_of[order])) + 1)
    area_m2, child_m2 = shapely.area(parents), shapely.area(children)
    for n, group in enumerate(groups):
        if n == _TRIED and not tiled.any():
            break
        parent = int(parent_of[group[0]])
        # Two children that are the same ground would cancel out: their area does not.
        if abs(child_m2[group].sum() - area_m2[parent]) <= _ROUNDING * area_m2[parent]:
            tiled[parent] = _together(children[group], parents[parent])
    return tiled


def _together(children: Shapes, parent: shapely.Geometry) -> bool:
    try:
        joined = shapely.coverage_union_all(children)
    except GEOSException:
        return False
    return bool(shapely.equals_identical(shapely.normalize(joined), shapely.normalize(parent)))


def _farthest_m(pieces: Shapes, border: shapely.STRtree) -> float:
    """The farthest corner of the pieces, which lie outside, from the border of the parent."""
    corners = shapely.points(shapely.get_coordinates(pieces))
    if not len(corners):
        return 0.0
    _, away = border.query_nearest(corners, return_distance=True, all_matches=False)
    return float(away.max())
