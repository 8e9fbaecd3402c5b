"""Borders that were drawn twice made one: where they are apart by no more than the tolerance.

Shapely's `coverage_clean` does the work, in degrees that are as long to the east as to the north.
It is given only the grids whose edges do not match and those that touch them, and every vertex
that it keeps goes back to the very number it had: so what these grids share with others, they
still share to the last bit.
"""

import math
from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np
import shapely
from numpy.typing import NDArray

from gridtrack.grids.regions import Shapes
from gridtrack.grids.rules import Grid

_METRES_A_DEGREE = 111_320.0


def snapped(grids: Sequence[Grid], leave: Collection[str], tolerance_m: float) -> list[list[Grid]]:
    """The changed grids of one level, in groups that hang together.

    Grids named in `leave` stay as they are: they share more ground than a repair may decide on.
    """
    sound = [g for g in grids if not g.shape.is_empty and g.shape.is_valid]
    if tolerance_m <= 0 or len(sound) < 2:
        return []
    drawn = np.array([grid.shape for grid in sound], dtype=object)
    middle = float(shapely.total_bounds(drawn)[[1, 3]].mean())
    squeeze = np.array([math.cos(math.radians(middle)), 1.0])
    squeezed = shapely.transform(drawn, lambda xy: xy * squeeze)
    width = tolerance_m / _METRES_A_DEGREE
    bad = ~shapely.is_empty(shapely.coverage_invalid_edges(squeezed, gap_width=width))
    mismatched = [n for n in np.flatnonzero(bad).tolist() if sound[n].code not in leave]
    if not mismatched:
        return []
    # Where a corner moves, whoever touches it needs the new corner in its own border.
    touching = shapely.STRtree(squeezed).query(squeezed[mismatched], predicate="intersects")[1]
    rows = [n for n in np.unique(touching).tolist() if sound[n].code not in leave]
    found = []
    for group in _groups(squeezed[rows], width):
        these = np.array(rows)[group]
        cleaned = shapely.coverage_clean(squeezed[these], gap_width=width, snapping_distance=0.0)
        back = _restored(cleaned, squeezed[these], drawn[these], squeeze)
        changed = [
            replace(sound[n], shape=shape)
            for n, shape in zip(these.tolist(), back, strict=True)
            if not _same(shape, sound[n].shape) and not shape.is_empty
        ]
        if changed:
            found.append(changed)
    return found


def _restored(
    cleaned: Shapes, squeezed: Shapes, drawn: Shapes, squeeze: NDArray[np.float64]
) -> Shapes:
    """Cleaned shapes in degrees again; a vertex that was there before gets its old numbers."""
    keys = shapely.get_coordinates(squeezed)
    old = dict(zip(map(tuple, keys.tolist()), shapely.get_coordinates(drawn).tolist(), strict=True))

    def back(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        plain = (xy / squeeze).tolist()
        pairs = zip(map(tuple, xy.tolist()), plain, strict=True)
        return np.array([old.get(key, new) for key, new in pairs]).reshape(-1, 2)

    restored: Shapes = shapely.transform(cleaned, back)
    return restored


def _same(one: shapely.Geometry, other: shapely.Geometry) -> bool:
    """The same rings, wherever they begin and however they are ordered."""
    return bool(shapely.equals_identical(shapely.normalize(one), shapely.normalize(other)))


def _groups(shapes: Shapes, width: float) -> list[list[int]]:
    """Positions of the shapes that hang together, group by group."""
    leader = list(range(len(shapes)))

    def top(n: int) -> int:
        while leader[n] != n:
            leader[n] = leader[leader[n]]
            n = leader[n]
        return n

    tree = shapely.STRtree(shapes)
    for one, other in tree.query(shapes, predicate="dwithin", distance=width).T.tolist():
        leader[top(one)] = top(other)
    groups: dict[int, list[int]] = {}
    for n in range(len(shapes)):
        groups.setdefault(top(n), []).append(n)
    return list(groups.values())
