"""Polygons with as much detail as a map of a given zoom can show, and no gaps between neighbours.

Zoom is that of web maps: at zoom 0 the earth is 256 pixels wide, each further one doubles it.
"""

import contextlib
import math
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.errors import GEOSException

from gridtrack.geo.box import Box

Shapes = NDArray[np.object_]

EXACT_ZOOM = 19  # from here on a pixel is a hand wide: nothing is left away
EXACT_DIGITS = 7  # of a degree: a centimetre
LARGE = 1000  # points: a larger polygon is worth cutting to the view
AROUND = 0.25  # of the view's size: where it is cut must not be seen


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


def fit_together(shapes: Shapes) -> bool:
    """True when all the vertices that neighbours share match: then they are thinned alike."""
    return len(shapes) == 0 or bool(shapely.coverage_is_valid(shapes))


def thinned(shapes: Shapes, detail: Detail, *, fit: bool) -> Shapes:
    """WGS-84 polygons with the detail given. What neighbours share is thinned alike in both.

    Where they `fit` (`fit_together`), borders are found by Shapely's coverage functions; the
    polygons that a shape touches must then be among `shapes`, or its border towards them may be
    thinned otherwise than elsewhere. Where they do not, every vertex moves by itself to the
    nearest pixel: borders that ran along each other still do, to within two pixels.
    """
    if detail.pixel_deg is None or not len(shapes):
        return shapes
    if fit:
        return _rounded(shapely.coverage_simplify(shapes, detail.pixel_deg), detail.digits)
    return _on_pixels(shapes, detail)


def cut_to(shapes: Shapes, box: Box) -> Shapes:
    """The large ones among `shapes` without what lies far outside of `box`, where nobody looks.

    A polygon of which nothing is left is empty.
    """
    around = box.grown(AROUND)
    large = np.flatnonzero(shapely.get_num_coordinates(shapes) > LARGE)
    if not len(large):
        return shapes
    cut = shapes.copy()
    edges = (around.west, around.south, around.east, around.north)
    for row, shape in zip(large, shapely.clip_by_rect(shapes[large], *edges), strict=True):
        cut[row] = _polygons_of(shape)
    return cut


def _polygons_of(shape: shapely.Geometry) -> shapely.Geometry:
    if shape.geom_type in ("Polygon", "MultiPolygon"):
        return shape
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    return shapely.MultiPolygon(parts) if parts else shapely.Polygon()


def _rounded(shapes: Shapes, digits: int) -> Shapes:
    """Every vertex moved to the nearest decimal: the same vertex moves alike in every polygon."""
    moved: Shapes = shapely.transform(shapes, lambda xy: np.round(xy, digits))
    return moved


def _on_pixels(shapes: Shapes, detail: Detail) -> Shapes:
    pixel = detail.pixel_deg
    assert pixel is not None

    def move(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        moved: NDArray[np.float64] = np.round(np.round(xy / pixel) * pixel, detail.digits)
        return moved

    moved: Shapes = shapely.transform(shapes, move)
    try:
        slim: Shapes = shapely.remove_repeated_points(moved, 0)
    except GEOSException:  # a ring that became a point or a line; the others are made slim
        slim = moved.copy()
        for row, shape in enumerate(moved):
            with contextlib.suppress(GEOSException):
                slim[row] = shapely.remove_repeated_points(shape, 0)
    return slim
