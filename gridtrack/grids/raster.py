"""A raster over a partition that answers for every point not near a border.

A cell that no border touches lies in one leaf as a whole, or in none: its answer is known before
any polygon is asked. Only the others need a polygon. This is an index and no approximation: a
cell is answered for only when no part of a border, with room for rounding, comes near it.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

Cells = NDArray[np.int32]
Floats = NDArray[np.float64]

OUTSIDE, MIXED = -1, -2
# More cells answer for more points but take longer to make. With 32 a leaf three points of five
# need no polygon where leaves are of one size, and few where they are of very different sizes.
CELLS_PER_LEAF = 32
LEAST_CELLS, MOST_CELLS = 1 << 14, 1 << 21
_AT_ONCE = 4096  # points: a longer look-up would keep every other thread waiting
_ROOM = 1e-6  # of a cell: far above rounding, far below what would matter


@dataclass(frozen=True, slots=True)
class Raster:
    """Which leaf each cell lies in: a position, OUTSIDE or MIXED; row by row from south-west."""

    west: float
    south: float
    per_lon: float
    per_lat: float
    columns: int
    rows: int
    leaf: Cells

    def at(self, lon: float, lat: float) -> int:
        """The answer for one point; MIXED beyond the raster too."""
        column, row = (lon - self.west) * self.per_lon, (lat - self.south) * self.per_lat
        if 0 <= column < self.columns and 0 <= row < self.rows:
            return int(self.leaf[int(row) * self.columns + int(column)])
        return MIXED

    def look_up(self, lons: Floats, lats: Floats) -> NDArray[np.int64]:
        """The answers for many points."""
        if not len(self.leaf):
            return np.full(len(lons), MIXED, dtype=np.int64)
        column, row = (lons - self.west) * self.per_lon, (lats - self.south) * self.per_lat
        there = (column >= 0) & (column < self.columns) & (row >= 0) & (row < self.rows)
        cell = np.where(there, np.floor(row) * self.columns + np.floor(column), 0)
        found = self.leaf[cell.astype(np.int64)]
        return np.where(there, found, MIXED).astype(np.int64)


def raster_over(
    shapes: NDArray[np.object_], locate: Callable[[Floats, Floats], NDArray[np.int64]]
) -> Raster:
    """The raster of some polygons; `locate` gives the leaf of points, -1 outside."""
    if shapely.is_empty(shapes).all():
        return Raster(0.0, 0.0, 0.0, 0.0, 0, 0, np.empty(0, dtype=np.int32))
    west, south, east, north = shapely.total_bounds(shapes).tolist()
    cells = min(max(len(shapes) * CELLS_PER_LEAF, LEAST_CELLS), MOST_CELLS)
    wide, high = max(east - west, 1e-9), max(north - south, 1e-9)
    columns = min(max(round(math.sqrt(cells * wide / high)), 1), cells)
    rows = max(cells // columns, 1)
    leaf = np.full(columns * rows, MIXED, dtype=np.int32)
    plain = Raster(west, south, columns / wide, rows / high, columns, rows, leaf)
    free = np.flatnonzero(~_touched(shapes, plain))
    row, column = np.divmod(free, columns)
    lons, lats = west + (column + 0.5) / plain.per_lon, south + (row + 0.5) / plain.per_lat
    for start in range(0, len(free), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        leaf[free[part]] = locate(lons[part], lats[part])
    return plain


def _touched(shapes: NDArray[np.object_], raster: Raster) -> NDArray[np.bool_]:
    """The cells that a border passes: every edge is cut into pieces no longer than a cell."""
    rings, _ = shapely.get_rings(shapely.get_parts(shapes), return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    scaled = (xy - [raster.west, raster.south]) * [raster.per_lon, raster.per_lat]
    start, step = scaled[:-1], np.diff(scaled, axis=0)
    same = ring[:-1] == ring[1:]
    start, step = start[same], step[same]
    pieces = np.maximum(np.ceil(np.abs(step).max(axis=1)), 1).astype(np.int64)
    edge = np.repeat(np.arange(len(pieces)), pieces)
    number = np.arange(len(edge)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    step = step[edge] / pieces[edge, None]
    begin = start[edge] + step * number[:, None]
    low = np.floor(np.minimum(begin, begin + step) - _ROOM).astype(np.int64)
    high = np.floor(np.maximum(begin, begin + step) + _ROOM).astype(np.int64)
    most = [raster.columns - 1, raster.rows - 1]
    low, high = np.clip(low, 0, most), np.clip(high, 0, most)
    touched = np.zeros(raster.columns * raster.rows, dtype=bool)
    for column in (low[:, 0], high[:, 0]):
        for row in (low[:, 1], high[:, 1]):
            touched[row * raster.columns + column] = True
    return touched
