"""Polygons with as much detail as a map of a given zoom can show, and no gaps between neighbours.

Zoom is that of web maps: at zoom 0 the earth is 256 pixels wide, each further one doubles it.
"""

import math
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

Shapes = NDArray[np.object_]

EXACT_ZOOM = 19  # from here on a pixel is a hand wide: nothing is left away
EXACT_DIGITS = 7  # of a degree: a centimetre


@dataclass(frozen=True, slots=True)
class Detail:
    """How much of a shape is kept: `pixel_deg` is what may be lost, None for nothing."""

    pixel_deg: float | None
    digits: int


EXACT = Detail(None, EXACT_DIGITS)


def detail_at(zoom: int | None) -> Detail:
    """The detail that a map shows at `zoom`; None is everything."""
    if zoom is None or zoom >= EXACT_ZOOM:
        return EXACT
    pixel = 360 / 256 / 2 ** max(zoom, 0)
    return Detail(pixel, min(EXACT_DIGITS, math.ceil(-math.log10(pixel / 4))))


def thinned(shapes: Shapes, detail: Detail) -> Shapes:
    """WGS-84 polygons with the detail given. What neighbours share is thinned alike in both.

    Shared borders are found by Shapely's coverage functions, so the polygons that a shape touches
    must be among `shapes`, or its border towards them may be thinned otherwise than elsewhere.
    Polygons that do not fit together (their vertices do not match) only lose the digits of their
    coordinates: each vertex moves by itself, so no gap opens there that was not there before.
    """
    if detail.pixel_deg is None or not len(shapes):
        return shapes
    if shapely.coverage_is_valid(shapes):
        shapes = shapely.coverage_simplify(shapes, detail.pixel_deg)
    rounded: Shapes = _rounded(shapes, detail.digits)
    return rounded


def _rounded(shapes: Shapes, digits: int) -> Shapes:
    """Every vertex moved to the nearest decimal: the same vertex moves alike in every polygon."""
    moved: Shapes = shapely.transform(shapes, lambda xy: np.round(xy, digits))
    return moved
