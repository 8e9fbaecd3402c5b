"""The base grids of one edition, ready to say whose a place is.

The border rule: a point on a shared edge, or where grids overlap within the tolerance, belongs to
the covering grid with the smallest code. A point outside every grid but within `snap_m` metres of
one belongs to the nearest (of several equally near, the smallest code). Farther out it is
nobody's, and the nearest grid is only named as the neighbour.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely import intersects

from gridtrack.geo.metric import metres_per_degree, metres_per_degrees
from gridtrack.grids.raster import MIXED, OUTSIDE, raster_over
from gridtrack.grids.rules import Grid

Outcome = Literal["inside", "snapped", "outside"]
Leaves = NDArray[np.int64]
Distances = NDArray[np.float64]

SNAP_M = 30.0
NEAR_M = 100.0
# Neighbours may be drawn apart within the tolerance; beyond that nobody is across the border.
_ACROSS_M = 1.0
_ACROSS_DEG = _ACROSS_M / 111_000


@dataclass(frozen=True, slots=True)
class Located:
    """Where a point is: its grid, the metres to its border, and the grid beyond that border.

    `neighbour_code` is None beyond `near_m`, and at a border with nothing on the other side.
    Outside, the distance is to the nearest grid, and `neighbour_code` names that grid.
    """

    outcome: Outcome
    code: str | None = None
    path: str = ""
    border_distance_m: float | None = None
    neighbour_code: str | None = None


@dataclass(frozen=True, slots=True)
class LocatedMany:
    """Where many points are: positions in `Partition.codes` and `paths` (-1 is outside)."""

    leaf: Leaves
    snapped: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Touching:
    """Pairs of a shape that was asked about and a leaf that it touches, both as positions."""

    asked: Leaves
    leaf: Leaves
    shapes: NDArray[np.object_]  # of the leaves


class Partition:
    """An index over leaf polygons; immutable, and safe for many threads once made."""

    def __init__(self, leaves: Sequence[Grid], edition_id: int | None = None) -> None:
        """An index over `leaves` (WGS-84), which may be none."""
        ordered = sorted(leaves, key=lambda grid: grid.code)
        self.edition_id = edition_id
        self.codes = [grid.code for grid in ordered]
        self.paths = [grid.path for grid in ordered]
        self._shapes = np.array([grid.shape for grid in ordered], dtype=object)
        self._tree = shapely.STRtree(self._shapes)
        # Borders lie in a plane where both axes have the same scale, so that nearest is nearest.
        middle = shapely.bounds(self._shapes).reshape(-1, 4)[:, [1, 3]].mean() if ordered else 0.0
        self._squeeze = math.cos(math.radians(middle))
        squeezed = shapely.transform(self._shapes, lambda xy: xy * [self._squeeze, 1.0])
        self._borders = shapely.boundary(squeezed)
        self._border_tree = shapely.STRtree(self._borders)
        self._warm()
        self._raster = raster_over(self._shapes, self._covering_many)
        # A list is read one by one in a third of the time of an array.
        self._shape_list, self._border_list = list(self._shapes), list(self._borders)

    def __len__(self) -> int:
        """How many leaves there are."""
        return len(self.codes)

    def locate(
        self, lon: float, lat: float, *, snap_m: float = SNAP_M, near_m: float = NEAR_M
    ) -> Located:
        """Whose the point (WGS-84 degrees) is; the neighbour is named within `near_m` of it."""
        leaf = self._raster.at(lon, lat)
        if leaf == MIXED:
            leaf = self._covering(shapely.Point(lon, lat))
        flat = shapely.Point(lon * self._squeeze, lat)
        if leaf == OUTSIDE:
            return self._outside(flat, snap_m)
        x, y, distance_m = self._way(leaf, flat)
        beyond = self._beyond(leaf, x, y) if distance_m <= near_m else None
        return Located("inside", self.codes[leaf], self.paths[leaf], distance_m, beyond)

    def leaf_of(self, lon: float, lat: float, *, snap_m: float = SNAP_M) -> int:
        """`locate` without distances: the position of the leaf in `codes`, -1 outside."""
        leaf = self._raster.at(lon, lat)
        if leaf == MIXED:
            leaf = self._covering(shapely.Point(lon, lat))
        if leaf != OUTSIDE or not self.codes:
            return leaf
        flat = shapely.Point(lon * self._squeeze, lat)
        nearest = int(self._border_tree.query_nearest(flat).min())
        return nearest if self._way(nearest, flat)[2] <= snap_m else OUTSIDE

    def locate_many(
        self, lons: ArrayLike, lats: ArrayLike, *, snap_m: float = SNAP_M
    ) -> LocatedMany:
        """`locate` for arrays of finite WGS-84 degrees, without distances."""
        x, y = np.asarray(lons, dtype=np.float64), np.asarray(lats, dtype=np.float64)
        leaf, snapped = self._raster.look_up(x, y), np.zeros(len(x), dtype=bool)
        open_ = np.flatnonzero(leaf == MIXED)
        leaf[open_] = self._covering_many(x[open_], y[open_])
        lost = np.flatnonzero(leaf < 0)
        if len(lost) and self.codes:
            nearest = self._nearest(x[lost], y[lost])
            near = self._ways(nearest, x[lost], y[lost]) <= snap_m
            leaf[lost[near]], snapped[lost[near]] = nearest[near], True
        return LocatedMany(leaf, snapped)

    def holding(self, lons: ArrayLike, lats: ArrayLike) -> tuple[Leaves, Leaves]:
        """Pairs of a point and a leaf that has it inside, its border not included.

        A point in more than one pair lies where leaves overlap.
        """
        x, y = np.asarray(lons, dtype=np.float64), np.asarray(lats, dtype=np.float64)
        points, hits = self._tree.query(shapely.points(x, y))
        inside = shapely.contains_xy(self._shapes[hits], x[points], y[points])
        return points[inside], hits[inside]

    def touching(self, shapes: NDArray[np.object_]) -> Touching:
        """The leaves that WGS-84 shapes touch, if only at a border."""
        if not self.codes or not len(shapes):
            none = np.empty(0, dtype=np.int64)
            return Touching(none, none, np.empty(0, dtype=object))
        asked, leaf = self._tree.query(shapes, predicate="intersects")
        return Touching(asked, leaf, self._shapes[leaf])

    def border_distances(self, lons: ArrayLike, lats: ArrayLike, located: LocatedMany) -> Distances:
        """Metres from each point to the border of its leaf, or from outside to the nearest leaf.

        Without any leaf they are infinite.
        """
        x, y = np.asarray(lons, dtype=np.float64), np.asarray(lats, dtype=np.float64)
        if not self.codes:
            return np.full(len(x), np.inf)
        leaf = located.leaf.copy()
        lost = np.flatnonzero(leaf < 0)
        leaf[lost] = self._nearest(x[lost], y[lost])
        return self._ways(leaf, x, y)

    def _covering(self, point: shapely.Point) -> int:
        """The first leaf by code that covers the point, its border included, or OUTSIDE."""
        for leaf in sorted(self._tree.query(point).tolist()):
            if intersects(self._shape_list[leaf], point):
                return int(leaf)
        return OUTSIDE

    def _covering_many(self, x: Distances, y: Distances) -> Leaves:
        """`_covering` of many points."""
        leaf = np.full(len(x), OUTSIDE, dtype=np.int64)
        points, hits = self._tree.query(shapely.points(x, y))
        covered = shapely.intersects_xy(self._shapes[hits], x[points], y[points])
        points, hits = points[covered], hits[covered]
        if (points[1:] == points[:-1]).any():  # on a border: the smallest code is written last
            order = np.argsort(-hits, kind="stable")
            points, hits = points[order], hits[order]
        leaf[points] = hits
        return leaf

    def _outside(self, flat: shapely.Point, snap_m: float) -> Located:
        if not self.codes:
            return Located("outside")
        leaf = int(self._border_tree.query_nearest(flat).min())
        distance_m = self._way(leaf, flat)[2]
        if distance_m <= snap_m:
            return Located("snapped", self.codes[leaf], self.paths[leaf], distance_m)
        return Located("outside", None, "", distance_m, self.codes[leaf])

    def _way(self, leaf: int, flat: shapely.Point) -> tuple[float, float, float]:
        """The nearest border point of a leaf, in the squeezed plane, and the metres to it."""
        way = shapely.get_coordinates(shapely.shortest_line(self._border_list[leaf], flat))
        (to_x, to_y), (x, y) = way.tolist()
        east_m, north_m = metres_per_degree((y + to_y) / 2)
        away_m = math.hypot((to_x - x) / self._squeeze * east_m, (to_y - y) * north_m)
        return to_x, to_y, away_m

    def _ways(self, leaf: Leaves, x: Distances, y: Distances) -> Distances:
        """Metres from each point to the border of the leaf given for it."""
        flat = shapely.points(x * self._squeeze, y)
        ways = shapely.get_coordinates(shapely.shortest_line(self._borders[leaf], flat))
        there, here = ways[0::2], ways[1::2]
        east_m, north_m = metres_per_degrees((here[:, 1] + there[:, 1]) / 2)
        east = (there[:, 0] - here[:, 0]) / self._squeeze * east_m
        away_m: Distances = np.hypot(east, (there[:, 1] - here[:, 1]) * north_m)
        return away_m

    def _nearest(self, x: Distances, y: Distances) -> Leaves:
        """The leaf nearest to each point; of several equally near the smallest code."""
        leaf = np.full(len(x), len(self.codes), dtype=np.int64)
        points, hits = self._border_tree.query_nearest(shapely.points(x * self._squeeze, y))
        np.minimum.at(leaf, points, hits)
        return leaf

    def _beyond(self, leaf: int, x: float, y: float) -> str | None:
        """The leaf on the other side of the border point (x, y) of the squeezed plane."""
        at = shapely.Point(x, y)
        near = self._border_tree.query(at, predicate="dwithin", distance=_ACROSS_DEG)
        others = near[near != leaf]
        if len(others) > 1:
            away = shapely.distance(at, self._borders[others])
            others = others[away <= away.min()]
        return self.codes[int(others.min())] if len(others) else None

    def _warm(self) -> None:
        """Build what GEOS would build at first use: two threads must not do it at once."""
        shapely.prepare(self._shapes)
        shapely.prepare(self._borders)
        bounds = shapely.bounds(self._shapes).reshape(-1, 4)
        x, y = ((bounds[:, :2] + bounds[:, 2:]) / 2).T
        shapely.intersects_xy(self._shapes, x, y)
        shapely.shortest_line(self._borders, shapely.points(x * self._squeeze, y))
        self._tree.query(shapely.Point(0, 0))
        self._border_tree.query(shapely.Point(0, 0))
