"""How wide, how large and where a faulty piece of ground is. All in a plane of metres.

The width of a piece is the diameter of the largest circle that fits into it: a strip of a
thousand metres by a centimetre is a centimetre wide. A piece matters when it is wider than the
tolerance; no circle of that size fits into what is left out.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.errors import GEOSException

Shapes = NDArray[np.object_]
_SLIVER_M = 0.01
_MOST_CROSSINGS = 1_000_000
_SAMPLE = 200


@dataclass(frozen=True, slots=True)
class Extent:
    """A piece measured: square metres, width in metres, and a point (x, y) well inside it."""

    area_m2: float
    width_m: float
    at: tuple[float, float]


def wider_than(pieces: Shapes, width_m: float) -> NDArray[np.bool_]:
    """Which polygons a circle of `width_m` fits into; for 0, which have any area at all."""
    wide: NDArray[np.bool_] = shapely.area(pieces) > np.pi / 4 * width_m * width_m
    if width_m > 0:
        rows = np.flatnonzero(wide)
        wide[rows] = ~shapely.is_empty(shapely.buffer(pieces[rows], -width_m / 2))
    return wide


def polygons_in(shape: shapely.Geometry) -> Shapes:
    """The polygons of any geometry; the lines and points that cutting leaves are dropped."""
    parts = shapely.get_parts(shapely.get_parts(np.array([shape], dtype=object)))
    found: Shapes = parts[(shapely.get_dimensions(parts) == 2) & ~shapely.is_empty(parts)]
    return found


def extent_of(pieces: Shapes) -> Extent:
    """What the pieces of one fault measure together; its place is in the widest of them."""
    areas = shapely.area(pieces)
    largest = pieces[int(areas.argmax())]
    at, width_m = _circle(largest)
    return Extent(float(areas.sum()), width_m, at)


def inner_point(pieces: Shapes) -> tuple[float, float]:
    """A point (x, y) inside the largest of some polygons, or on its border in a sliver."""
    piece = pieces[int(shapely.area(pieces).argmax())]
    inside = shapely.point_on_surface(piece)
    point = shapely.Point(piece.exterior.coords[0]) if inside.is_empty else inside
    return float(point.x), float(point.y)


def _circle(piece: shapely.Geometry) -> tuple[tuple[float, float], float]:
    """Centre and diameter of the largest circle in a polygon.

    No circle is wider than four times area by border length; where that is next to nothing it
    stands for the diameter, for a search in a sliver finds nothing and takes long.
    """
    bound_m = 4 * float(shapely.area(piece) / shapely.length(piece))
    if bound_m > _SLIVER_M:
        try:
            radius = shapely.maximum_inscribed_circle(piece)
        except GEOSException:
            radius = None
        if radius is not None and not shapely.is_empty(radius):
            centre = shapely.get_point(radius, 0)
            return (float(centre.x), float(centre.y)), 2 * float(shapely.length(radius))
    return inner_point(np.array([piece], dtype=object)), bound_m


def repaired(shape: shapely.Geometry) -> shapely.Geometry:
    """The polygons that a shape which is not valid was meant to be; empty if there are none.

    Nothing is meant by a border that crosses itself a million times, and to untangle it would
    take hours: it is empty too.
    """
    if _crossings(shape) > _MOST_CROSSINGS:
        return shapely.Polygon()
    pieces = polygons_in(shapely.make_valid(shape, method="structure", keep_collapsed=False))
    return pieces[0] if len(pieces) == 1 else shapely.MultiPolygon(pieces.tolist())


def _crossings(shape: shapely.Geometry) -> int:
    """About how often the border crosses itself, from a sample of its edges."""
    rings = shapely.get_rings(shapely.get_parts(np.array([shape], dtype=object)))
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    same = ring[:-1] == ring[1:]
    count = int(same.sum())
    if count * count < _MOST_CROSSINGS:
        return 0
    edges = shapely.linestrings(np.stack([xy[:-1][same], xy[1:][same]], axis=1))
    some = edges[:: max(count // _SAMPLE, 1)]
    hits = len(shapely.STRtree(edges).query(some, predicate="intersects")[0])
    return max(hits - 3 * len(some), 0) * count // (2 * len(some))
