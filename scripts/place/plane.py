"""The demo place is drawn in metres east and north of a centre, and becomes degrees at the end.

One flat scale for both directions is right to a few centimetres over the three kilometres drawn.
"""

import math
from collections.abc import Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

XY = tuple[float, float]
Shape = TypeVar("Shape", bound=BaseGeometry)

CENTRE_LON, CENTRE_LAT = 119.46, 27.41
METRES_PER_DEGREE_LON, METRES_PER_DEGREE_LAT = 98_891.0, 110_810.0
CENTIMETRE = 0.01
SMOOTHING_STEPS = 6


def smooth(points: Sequence[XY], *, closed: bool = False) -> LineString:
    """A Catmull-Rom curve through `points` (metres), on whole centimetres."""
    ring = [points[-1], *points, points[0], points[1]]
    open_ends = [points[0], *points, points[-1]]
    knots = ring if closed else open_ends
    curve = [
        _between(knots[i : i + 4], step / SMOOTHING_STEPS)
        for i in range(len(knots) - 3)
        for step in range(SMOOTHING_STEPS)
    ]
    curve.append(points[0] if closed else points[-1])
    return LineString([_to_centimetre(xy) for xy in curve])


def _between(knots: Sequence[XY], t: float) -> XY:
    weights = (
        -t + 2 * t**2 - t**3,
        2 - 5 * t**2 + 3 * t**3,
        t + 4 * t**2 - 3 * t**3,
        -(t**2) + t**3,
    )
    return (
        0.5 * sum(w * knot[0] for w, knot in zip(weights, knots, strict=True)),
        0.5 * sum(w * knot[1] for w, knot in zip(weights, knots, strict=True)),
    )


def _to_centimetre(xy: XY) -> XY:
    return round(xy[0], 2), round(xy[1], 2)


def heading(line: LineString, at: float) -> XY:
    """The unit vector along `line` at a distance (m) from its start."""
    behind = line.interpolate(max(at - 2, 0))
    ahead = line.interpolate(min(at + 2, line.length))
    dx, dy = ahead.x - behind.x, ahead.y - behind.y
    length = math.hypot(dx, dy)
    return dx / length, dy / length


def to_degrees(shape: Shape) -> Shape:
    """The shape in WGS-84 lon/lat on a grid of 1e-7 degrees (about one centimetre)."""
    turned: Shape = shapely.transform(shape, _degrees)
    return turned


def _degrees(metres: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    scale = np.array([METRES_PER_DEGREE_LON, METRES_PER_DEGREE_LAT])
    degrees: npt.NDArray[np.float64] = np.array([CENTRE_LON, CENTRE_LAT]) + metres / scale
    return degrees.round(7)
