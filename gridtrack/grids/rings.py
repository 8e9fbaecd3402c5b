"""Vertices that the rings of many polygons share: found, moved, put in, taken out. In degrees.

Two vertices within `SAME_DEG` of each other are one vertex, and a vertex that close to an edge lies
on it: that is a centimetre, and the precision at which drawn positions are kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from gridtrack.errors import Invalid
from gridtrack.grids.boxes import Box, within
from gridtrack.grids.regions import Shapes

Numbers = NDArray[np.float64]
Rows = NDArray[np.int64]
Point = tuple[float, float]

DECIMALS = 7
# A little more than a step of that precision: whether neighbours on it are one vertex must not
# hang on the last bit of a distance.
SAME_DEG = 1.2 * 10.0**-DECIMALS
_LEAST_RING = 4  # a triangle, closed


@dataclass(frozen=True, slots=True)
class _Edges:
    """The edges of some shapes: where each begins in `xy`, its ring, its shape."""

    xy: Numbers
    ring: Rows
    start: Rows
    lines: Shapes


def rounded(point: Sequence[float]) -> Point:
    """A point at the precision that drawn positions have."""
    return round(float(point[0]), DECIMALS), round(float(point[1]), DECIMALS)


def welded(points: Numbers, shapes: Shapes) -> Numbers:
    """Points rounded, or put exactly onto the vertex of `shapes` that they are the same as."""
    made = np.array([rounded(point) for point in points.tolist()]).reshape(-1, 2)
    there = vertices_of(shapes)
    if len(there) and len(made):
        hits = shapely.STRtree(shapely.points(there)).query_nearest(
            shapely.points(made), max_distance=SAME_DEG, all_matches=False
        )
        made[hits[0]] = there[hits[1]]
    return made


def vertices_of(shapes: Shapes | shapely.Geometry) -> Numbers:
    """Every vertex once."""
    return distinct(shapely.get_coordinates(shapes))


def distinct(xy: Numbers) -> Numbers:
    """Every point once."""
    one = np.unique(_as_one(xy))
    return np.column_stack([one.real, one.imag])


def settled(shapes: Shapes, before: Shapes) -> Shapes:
    """The shapes with every vertex that `before` has not: rounded, or on one that it has.

    Cutting and joining reckon the crossings that nobody drew, to the last bit: each its own.
    """
    known = _as_one(shapely.get_coordinates(before))

    def settle(xy: Numbers) -> Numbers:
        new = ~np.isin(_as_one(xy), known)
        xy[new] = welded(xy[new], before)
        return xy

    made: Shapes = shapely.remove_repeated_points(shapely.transform(shapes, settle), 0)
    return made


def having(shapes: Shapes, at: Point) -> Rows:
    """The positions of the shapes that have a vertex at `at`."""
    xy, row = shapely.get_coordinates(shapes, return_index=True)
    return np.unique(row[_at(xy, at)])


def moved(shapes: Shapes, at: Point, to: Point) -> Shapes:
    """The shapes with every vertex at `at` moved to `to`; what falls together becomes one."""

    def move(xy: Numbers) -> Numbers:
        xy[_at(xy, at)] = to
        return xy

    made: Shapes = shapely.remove_repeated_points(shapely.transform(shapes, move), 0)
    return made


def around(shapes: Shapes, at: Point) -> Numbers:
    """The vertices that edges lead to from the vertex `at`, each once."""
    xy, ring = _flat(shapes)
    same_ring = ring[1:] == ring[:-1]
    here = _at(xy, at)
    ends = np.concatenate([xy[1:][same_ring & here[:-1]], xy[:-1][same_ring & here[1:]]])
    found: list[Numbers] = []
    for end in ends:
        if not any(_at(end[None], (one[0], one[1]))[0] for one in found):
            found.append(end)
    return np.array(found).reshape(-1, 2)


def without(shapes: Shapes, at: Point) -> Shapes:
    """The shapes without their vertex at `at`; raises Invalid("draw-collapsed")."""
    made = shapes.copy()
    for row in having(shapes, at).tolist():
        xy, ring = _flat(shapes[[row]])
        rings = []
        for number in range(int(ring[-1]) + 1):
            open_ring = xy[ring == number][:-1]
            left = open_ring[~_at(open_ring, at)]
            rings.append(np.concatenate([left, left[:1]]))
        made[row] = _rebuilt(shapes[row], rings)
    return made


def with_points(shapes: Shapes, points: Numbers) -> Shapes:
    """The shapes with those of `points` put in that lie on an edge and are no vertex yet."""
    edges = _edges(*_flat(shapes))
    found, before = _on_edges(edges, points)
    return shapes if not len(found) else _put_in(shapes, edges, found, before)


def line_with_points(line: shapely.Geometry, points: Numbers) -> shapely.Geometry:
    """A line with those of `points` put in that lie on it and are no vertex yet."""
    xy = shapely.get_coordinates(line)
    found, before = _on_edges(_edges(xy, np.zeros(len(xy), dtype=np.int64)), points)
    return line if not len(found) else shapely.linestrings(np.insert(xy, before, found, axis=0))


def apart(points: Numbers) -> Numbers:
    """The points without those that are the same as one before them, in the order of the map."""
    found = distinct(points)
    one, other = shapely.STRtree(shapely.points(found)).query(
        shapely.points(found), predicate="dwithin", distance=SAME_DEG
    )
    dropped: set[int] = set()
    for first, second in sorted(zip(one.tolist(), other.tolist(), strict=True)):
        if first < second and first not in dropped:
            dropped.add(second)
    return found[[n for n in range(len(found)) if n not in dropped]] if dropped else found


def _on_edges(edges: _Edges, points: Numbers) -> tuple[Numbers, Rows]:
    """The points that lie on edges, in order along them, and the vertex that each comes before."""
    if not len(points) or not len(edges.lines):
        return points[:0], np.zeros(0, dtype=np.int64)
    tree = shapely.STRtree(edges.lines)
    hit, edge = tree.query(shapely.points(points), predicate="dwithin", distance=SAME_DEG)
    begin, end = edges.xy[edges.start[edge]], edges.xy[edges.start[edge] + 1]
    inside = ~(_near(points[hit], begin) | _near(points[hit], end))
    hit, edge, begin, end = hit[inside], edge[inside], begin[inside], end[inside]
    # Of two that are one vertex each border must get the same, whichever way it runs.
    kept = np.isin(_as_one(points[hit]), _as_one(apart(points[hit])))
    hit, edge, begin, end = hit[kept], edge[kept], begin[kept], end[kept]
    way = ((points[hit] - begin) * (end - begin)).sum(axis=1)
    order = np.lexsort((way, edge))
    return points[hit[order]], edges.start[edge[order]] + 1


def noded(shapes: Shapes, boxes: Sequence[Box]) -> Shapes:
    """The shapes with every vertex that lies in a box and on an edge of another put in there.

    Only inside `boxes`, where everything is known: a neighbour that is not looked at would not get
    the vertex that its edge has on the other side.
    """
    xy = vertices_of(shapes)
    return with_points(shapes, xy[within(xy, boxes)])


def foot(shapes: Shapes, at: Point, most_deg: float) -> Point:
    """The point of the nearest edge that is nearest to `at`; raises Invalid("draw-no-edge")."""
    lines = _edges(*_flat(shapes)).lines
    place = shapely.Point(at)
    near = shapely.STRtree(lines).query_nearest(place, max_distance=most_deg, all_matches=False)
    if not len(near):
        raise Invalid("draw-no-edge", field="at", value=f"{at[0]}, {at[1]}")
    way = shapely.get_coordinates(shapely.shortest_line(lines[int(near[0])], place))
    return float(way[0, 0]), float(way[0, 1])


def _flat(shapes: Shapes) -> tuple[Numbers, Rows]:
    """All vertices, and for each the number of its ring."""
    rings = shapely.get_rings(shapely.get_parts(shapes))
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    return xy, ring


def _edges(xy: Numbers, ring: Rows) -> _Edges:
    start = np.flatnonzero(ring[1:] == ring[:-1])
    return _Edges(
        xy, ring, start, shapely.linestrings(np.stack([xy[start], xy[start + 1]], axis=1))
    )


def _put_in(shapes: Shapes, edges: _Edges, points: Numbers, before: Rows) -> Shapes:
    """The shapes with each point put in before the vertex whose position is given for it."""
    parts, row = shapely.get_parts(shapes, return_index=True)
    _, part = shapely.get_rings(parts, return_index=True)
    owner = row[part]  # of each ring
    xy = np.insert(edges.xy, before, points, axis=0)
    ring = np.insert(edges.ring, before, edges.ring[before])
    made = shapes.copy()
    for changed in np.unique(owner[edges.ring[before]]).tolist():
        rings = [xy[ring == number] for number in np.flatnonzero(owner == changed).tolist()]
        made[changed] = _rebuilt(shapes[changed], rings)
    return made


def _rebuilt(shape: shapely.Geometry, rings: Sequence[Numbers]) -> shapely.Geometry:
    """The shape with other rings, given part by part, of each the outer one first."""
    if any(len(ring) < _LEAST_RING for ring in rings):
        raise Invalid("draw-collapsed", field="at")
    left = list(rings)
    made = []
    for part in shapely.get_parts(shape):
        count = 1 + int(shapely.get_num_interior_rings(part))
        own, left = left[:count], left[count:]
        made.append(shapely.Polygon(own[0], own[1:]))
    return made[0] if shape.geom_type == "Polygon" else shapely.MultiPolygon(made)


def _at(xy: Numbers, at: Point) -> NDArray[np.bool_]:
    return _near(xy, np.array([at], dtype=np.float64))


def _near(some: Numbers, others: Numbers) -> NDArray[np.bool_]:
    away: NDArray[np.bool_] = np.hypot(*(some - others).T) <= SAME_DEG
    return away


def _as_one(xy: Numbers) -> NDArray[np.complex128]:
    """Longitude and latitude as one number, to be looked up together."""
    one: NDArray[np.complex128] = xy[:, 0] + 1j * xy[:, 1]
    return one
