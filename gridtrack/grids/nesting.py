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

from gridtrack.geo.borders import border_chunks
from gridtrack.grids.regions import Shapes, polygons_in

# Buffers round their corners with chords; with 16 to a quarter turn they are true to 0.2 %.
_ARC = 16


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
        allowed = shapely.buffer(parents.flat, tolerance_m, quad_segs=_ARC)
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


def _farthest_m(pieces: Shapes, border: shapely.STRtree) -> float:
    """The farthest corner of the pieces, which lie outside, from the border of the parent."""
    corners = shapely.points(shapely.get_coordinates(pieces))
    if not len(corners):
        return 0.0
    _, away = border.query_nearest(corners, return_distance=True, all_matches=False)
    return float(away.max())
