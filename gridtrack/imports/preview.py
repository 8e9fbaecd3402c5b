"""What a file of polygons looks like, before any of it is a grid: few enough to draw at once."""

import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from gridtrack.geo.datum import from_wgs84, to_wgs84

Shapes = NDArray[np.object_]
MOST_SHAPES = 3000  # more are a grey field on any screen, and megabytes
_SCREEN_PX = 1500
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Preview:
    """Polygons to be drawn, thinned, in the file's own datum; `left_out` are not among them."""

    shapes: Shapes
    names: tuple[str, ...]
    levels: tuple[int, ...]
    left_out: int


def preview_of(shapes: Shapes, names: Sequence[str], levels: Sequence[int]) -> Preview:
    """The polygons worth drawing: whole levels from the top, as many as fit, else every n-th.

    A level of 0 is one that nobody knows yet.
    """
    there = np.flatnonzero(~(shapely.is_missing(shapes) | shapely.is_empty(shapes)))
    rows = _chosen(there, np.asarray(levels)[there])
    bounds = shapely.total_bounds(shapes[rows]) if len(rows) else np.zeros(4)
    pixel = float(max(bounds[2] - bounds[0], bounds[3] - bounds[1])) / _SCREEN_PX
    thin = shapely.simplify(shapes[rows], pixel, preserve_topology=True)
    return Preview(
        thin,
        tuple(names[row] for row in rows.tolist()),
        tuple(levels[row] for row in rows.tolist()),
        len(there) - len(rows),
    )


def _chosen(there: NDArray[np.int64], levels: NDArray[np.int64]) -> NDArray[np.int64]:
    if len(there) <= MOST_SHAPES:
        return there
    chosen = np.array([], dtype=np.int64)
    for level in sorted(set(levels.tolist()) - {0}):
        more = there[levels == level]
        if len(chosen) + len(more) > MOST_SHAPES:
            break
        chosen = np.concatenate([chosen, more])
    if len(chosen):
        return chosen
    return there[:: -(-len(there) // MOST_SHAPES)]


def in_datum(preview: Preview, datum: str) -> bytes:
    """The preview as gzipped GeoJSON in WGS-84, the file being taken as `datum`."""
    moved = shapely.transform(preview.shapes, lambda xy: np.round(moved_to(xy, datum), _DIGITS))
    features = [
        f'{{"type":"Feature","geometry":{shape},"properties":'
        + json.dumps({"name": name, "level": level or 3}, ensure_ascii=False)
        + "}"
        for shape, name, level in zip(
            shapely.to_geojson(moved), preview.names, preview.levels, strict=True
        )
    ]
    head = f'{{"type":"FeatureCollection","left_out":{preview.left_out},"features":['
    return gzip.compress((head + ",".join(features) + "]}").encode(), 5, mtime=0)


def moved_to(xy: NDArray[np.float64], datum: str) -> NDArray[np.float64]:
    """Positions declared in `datum` as WGS-84."""
    return np.column_stack(to_wgs84(xy[:, 0], xy[:, 1], datum))


def shifted_at(lon: float, lat: float, datum: str) -> bool:
    """True where `datum` and WGS-84 differ at this place."""
    return from_wgs84(lon, lat, datum) != (lon, lat)
