"""The extent of a grid in words: what it borders on to the east, south, west and north."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.polygon import orient

SIDES = ("east", "south", "west", "north")
STEP_M = 8.0  # the border is asked this often
ROAD_M = 20.0  # a border this near to the middle of a road runs along it
TOUCH_M = 3.0
SHARE = 0.25  # of a side: what takes less of it is not named
MOST = 2  # names for a side: it is read aloud


@dataclass(frozen=True, slots=True)
class Named:
    """A road or a neighbour, in metres."""

    name: str
    shape: shapely.Geometry


def sides(
    shape: shapely.Geometry, roads: Sequence[Named], neighbours: Sequence[Named]
) -> Mapping[str, tuple[str, ...]]:
    """For each side what lies along it, roads before neighbours; nothing where nobody has it.

    Everything is in one plane of metres, x to the east and y to the north.
    """
    points, facing = _border(shape)
    names = np.full(len(points), "", dtype=object)
    for near, reach in ((neighbours, TOUCH_M), (roads, ROAD_M)):
        known = [one for one in near if one.name]
        if not known:
            continue
        tree = shapely.STRtree([one.shape for one in known])
        at, which = tree.query_nearest(points, max_distance=reach, all_matches=False)
        names[at] = [known[n].name for n in which]
    return {side: _named(names[facing == n]) for n, side in enumerate(SIDES)}


def _named(names: NDArray[np.object_]) -> tuple[str, ...]:
    counts = Counter(names.tolist())
    enough = [name for name, count in counts.most_common() if count >= SHARE * len(names) and name]
    return tuple(enough[:MOST])


def _border(shape: shapely.Geometry) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Points along the outer border of the largest part, and the side that each looks to."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    ring = orient(max(parts, key=lambda part: part.area)).exterior  # counter-clockwise
    count = max(8, int(ring.length / STEP_M))
    along = (np.arange(count) + 0.5) * ring.length / count
    points = shapely.line_interpolate_point(ring, along)
    ahead = shapely.line_interpolate_point(ring, (along + STEP_M / 2) % ring.length)
    behind = shapely.line_interpolate_point(ring, (along - STEP_M / 2) % ring.length)
    way = shapely.get_coordinates(ahead) - shapely.get_coordinates(behind)
    east, north = way[:, 1], -way[:, 0]  # outward, to the right of a counter-clockwise way
    facing = np.where(
        np.abs(east) >= np.abs(north), np.where(east > 0, 0, 2), np.where(north > 0, 3, 1)
    )
    return points, facing
