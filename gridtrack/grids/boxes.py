"""Boxes on the map: west, south, east, north in degrees."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

Box = tuple[float, float, float, float]


def around(points: Iterable[Sequence[float]], pad: float = 0.0) -> Box:
    """The box around some points, `pad` degrees wider on each side."""
    xy = np.array(list(points), dtype=np.float64)
    (west, south), (east, north) = (xy.min(axis=0) - pad).tolist(), (xy.max(axis=0) + pad).tolist()
    return west, south, east, north


def merged(boxes: Iterable[Box]) -> tuple[Box, ...]:
    """The boxes, those that meet made one."""
    found: list[Box] = []
    for box in boxes:
        grown = box
        while meeting := [one for one in found if _meet(one, grown)]:
            found = [one for one in found if one not in meeting]
            grown = _both(grown, *meeting)
        found.append(grown)
    return tuple(found)


def inside(box: Box, boxes: Iterable[Box]) -> bool:
    """True when one of `boxes` holds all of `box`."""
    west, south, east, north = box
    return any(w <= west and s <= south and e >= east and n >= north for w, s, e, n in boxes)


def within(xy: NDArray[np.float64], boxes: Iterable[Box]) -> NDArray[np.bool_]:
    """Which points lie in one of the boxes."""
    found = np.zeros(len(xy), dtype=bool)
    for west, south, east, north in boxes:
        x, y = xy[:, 0], xy[:, 1]
        found |= (x >= west) & (x <= east) & (y >= south) & (y <= north)
    return found


def _meet(one: Box, other: Box) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def _both(*boxes: Box) -> Box:
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)
