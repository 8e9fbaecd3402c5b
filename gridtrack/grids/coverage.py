"""Gaps and overlaps of one level, in a plane of metres.

Shapely's coverage functions do the bulk: they tell in one linear pass which edges do not match
their neighbours, and join what does match without noding. Only what does not match is cut.

An overlap is ground shared by two grids of the level that is wider than the tolerance. A gap is
ground wider than the tolerance that no grid of the level covers, and that is either enclosed by
grids of the level (`kind` "hole") or lies inside the level above (`kind` "uncovered"). Water or
fields beyond the outline of everything are neither.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.errors import GEOSException

from gridtrack.grids.regions import Shapes, polygons_in, wider_than

# Two levels are often drawn apart by some decimetres along one outline. Such a strip is the
# drawing's, not ground without an owner: a point in it is snapped. So the second kind of gap
# never counts below a metre, whatever the tolerance.
LEAST_UNCOVERED_M = 1.0


@dataclass(frozen=True, slots=True)
class Piece:
    """A faulty region: its polygons, and the positions of the grids it concerns."""

    polygons: Shapes
    rows: tuple[int, ...]
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Level:
    """A level checked by itself: its ground as one shape, faults, and what the tolerance hid."""

    ground: shapely.Geometry
    overlaps: tuple[Piece, ...]
    holes: tuple[Piece, ...]
    overlaps_within: int
    holes_within: int


def check_level(shapes: Shapes, tolerance_m: float) -> Level:
    """Check the valid polygons of one level, in metres."""
    bad = shapely.coverage_invalid_edges(shapes)
    mismatched = ~shapely.is_empty(bad)
    tree = shapely.STRtree(shapes)
    overlaps, overlaps_within = _overlaps(shapes, bad, tree, tolerance_m)
    ground = _ground(shapes, mismatched, tolerance_m)
    holes, holes_within = _holes(ground, tree, tolerance_m)
    return Level(ground, tuple(overlaps), tuple(holes), overlaps_within, holes_within)


def uncovered(above: shapely.Geometry, level: Level, tolerance_m: float) -> list[Piece]:
    """Ground of the level above that this level neither covers nor encloses."""
    if shapely.equals_identical(shapely.normalize(above), shapely.normalize(level.ground)):
        return []
    width_m = max(tolerance_m, LEAST_UNCOVERED_M)
    filled = [shapely.polygons(part.exterior) for part in shapely.get_parts(level.ground)]
    # Where no uncovered point is farther from the outline than half the width, no circle of
    # that width is uncovered: this is the common answer, and far cheaper than cutting.
    near = shapely.buffer(shapely.MultiPolygon(filled), width_m / 2, quad_segs=2)
    shapely.prepare(near)
    parts = shapely.get_parts(above)
    parts = parts[~shapely.covers(near, parts)]
    if not len(parts):
        return []
    pieces = polygons_in(shapely.difference(shapely.union_all(parts), shapely.union_all(filled)))
    return [
        Piece(pieces[i : i + 1], (), "uncovered")
        for i in np.flatnonzero(wider_than(pieces, width_m))
    ]


def _ground(shapes: Shapes, mismatched: NDArray[np.bool_], tolerance_m: float) -> shapely.Geometry:
    """Everything the level covers: what matches is joined without noding, then the rest.

    With tolerance 0 all is noded at once: then even the last bits of rounding are findings, and
    must not depend on the order of joining.
    """
    if tolerance_m == 0 and mismatched.any():
        return shapely.union_all(shapes)
    try:
        matching = shapely.coverage_union_all(shapes[~mismatched])
        if not mismatched.any():
            return matching
        # Islands and coasts that touch nothing else are not noded with the rest: half the time.
        return shapely.disjoint_subset_union_all(np.append(shapes[mismatched], matching))
    except GEOSException:
        return shapely.union_all(shapes)


def _overlaps(
    shapes: Shapes, bad: Shapes, tree: shapely.STRtree, tolerance_m: float
) -> tuple[list[Piece], int]:
    """Overlapping pairs. One of each pair has an edge inside the other, so edges find them."""
    rows = np.flatnonzero(~shapely.is_empty(bad))
    hits, others = tree.query(bad[rows], predicate="intersects")
    pairs = np.sort(np.column_stack([rows[hits], others]), axis=1)
    pairs = np.unique(pairs[pairs[:, 0] != pairs[:, 1]], axis=0)
    shared = shapely.intersection(shapes[pairs[:, 0]], shapes[pairs[:, 1]])
    found, within = [], 0
    for pair, region in zip(pairs.tolist(), shared, strict=True):
        pieces = polygons_in(region)
        wide = pieces[wider_than(pieces, tolerance_m)]
        if len(wide):
            found.append(Piece(wide, tuple(pair)))
        elif len(pieces) and shapely.area(pieces).sum() > 0:
            within += 1
    return found, within


def _holes(
    ground: shapely.Geometry, tree: shapely.STRtree, tolerance_m: float
) -> tuple[list[Piece], int]:
    parts = shapely.get_parts(ground)
    rings = [shapely.polygons(ring) for part in parts for ring in part.interiors]
    holes = np.array(rings, dtype=object)
    if not len(holes):
        return [], 0
    wide = wider_than(holes, tolerance_m)
    found = []
    for i in np.flatnonzero(wide):
        # An island of the level may lie in the hole; it is no part of the gap.
        pieces = polygons_in(shapely.difference(holes[i], ground))
        pieces = pieces[wider_than(pieces, tolerance_m)]
        if len(pieces):
            around = tree.query(shapely.buffer(holes[i], 0.01), predicate="intersects")
            found.append(Piece(pieces, tuple(sorted(around.tolist())), "hole"))
    return found, len(holes) - int(wide.sum())
