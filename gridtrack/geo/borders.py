"""Borders of polygons cut into short lines, so that a tree finds the near ones fast."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

# Measured on 262 and 8,384 polygons: a nearest query over chunks of 4 to 16 edges takes the same
# time, of 32 edges or of whole borders much longer; fewer chunks take less memory.
EDGES = 12


@dataclass(frozen=True, slots=True)
class Chunks:
    """Lines of at most `EDGES` edges, and for each the position of the polygon it borders."""

    lines: NDArray[np.object_]
    owner: NDArray[np.int64]


def border_chunks(polygons: NDArray[np.object_]) -> Chunks:
    """The borders (holes too) of polygons and multipolygons as short lines, in any plane."""
    parts, owner = shapely.get_parts(polygons, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    if not len(xy):
        return Chunks(np.array([], dtype=object), np.array([], dtype=np.int64))
    starts = np.flatnonzero(np.diff(ring, prepend=-1))
    along = np.arange(len(xy)) - starts[ring]
    chunk_at = along // EDGES
    # The last vertex of a ring must not start a chunk of its own.
    count = np.diff(np.append(starts, len(xy)))
    chunk_at = np.minimum(chunk_at, (count[ring] - 2) // EDGES)
    begin = (np.diff(chunk_at, prepend=-1) != 0) | (along == 0)
    begins, number = np.flatnonzero(begin), np.cumsum(begin) - 1
    # A chunk ends in the vertex with which the next one begins, unless the ring ends with it.
    shared = begins[along[begins] > 0]
    order = np.concatenate([np.arange(len(xy)), shared])
    numbers = np.concatenate([number, number[shared] - 1])
    sort = np.lexsort((order, numbers))
    lines = shapely.linestrings(xy[order[sort]], indices=numbers[sort])
    return Chunks(lines, owner[part[ring[begins]]])
