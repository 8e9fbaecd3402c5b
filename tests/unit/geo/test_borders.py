"""Borders in short lines: nothing added, nothing lost, each knows its polygon."""

import numpy as np
import pytest
import shapely

from gridtrack.geo.borders import EDGES, border_chunks
from tests.grid_builders import square


def circle(points):
    return shapely.Point(0, 0).buffer(1, quad_segs=points)


SHAPES = {
    "square": square(0, 0),
    "circle": circle(40),
    "ring of exactly one chunk": circle(3),
    "with a hole": circle(20).difference(shapely.box(-0.2, -0.2, 0.2, 0.2)),
    "two parts": shapely.MultiPolygon([square(0, 0), square(5, 5)]),
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_the_chunks_are_the_whole_border_and_nothing_else(shape):
    chunks = border_chunks(np.array([shape], dtype=object))
    assert shapely.equals(shapely.union_all(chunks.lines), shape.boundary)


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_no_chunk_is_longer_than_it_may_be(shape):
    sizes = shapely.get_num_coordinates(border_chunks(np.array([shape], dtype=object)).lines)
    assert 2 <= sizes.min() <= sizes.max() <= EDGES + 1


def test_each_chunk_knows_its_polygon():
    shapes = np.array(list(SHAPES.values()), dtype=object)
    chunks = border_chunks(shapes)
    lengths = np.bincount(chunks.owner, weights=shapely.length(chunks.lines))
    assert lengths == pytest.approx(shapely.length(shapes))


@pytest.mark.parametrize("shapes", [[], [shapely.Polygon()]])
def test_without_ground_there_is_no_border(shapes):
    assert len(border_chunks(np.array(shapes, dtype=object)).lines) == 0
