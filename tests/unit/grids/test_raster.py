"""The raster never answers differently from the polygons; it only says less often."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gridtrack.grids.partition import Partition
from gridtrack.grids.raster import MIXED, OUTSIDE, raster_over
from gridtrack.grids.rules import Grid
from tests.grid_builders import SOUTH, STEP, WEST, leaves, square

SHAPES = np.array([grid.shape for grid in sorted(leaves(), key=lambda g: g.code)], dtype=object)


def covering(lons, lats):
    """The first of SHAPES that covers each point, by asking them all."""
    points = shapely.points(lons, lats)
    found = np.full(len(points), OUTSIDE, dtype=np.int64)
    for row in range(len(SHAPES) - 1, -1, -1):
        found[shapely.covers(SHAPES[row], points)] = row
    return found


RASTER = raster_over(SHAPES, covering)


def test_most_points_of_even_leaves_are_answered():
    assert (RASTER.leaf != MIXED).mean() > 0.9


@settings(deadline=None)
@given(
    column=st.floats(-0.5, 4.5) | st.integers(0, 8).map(lambda n: n / 2),
    row=st.floats(-0.5, 2.5) | st.integers(0, 4).map(lambda n: n / 2),
)
def test_an_answer_is_the_polygons_answer(column, row):
    lon, lat = WEST + STEP * column, SOUTH + STEP * row
    answer = RASTER.at(lon, lat)
    assert answer in (MIXED, covering(np.array([lon]), np.array([lat]))[0])


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(-9, 9), st.floats(-9, 9)), max_size=20))
def test_many_answers_are_the_single_ones(places):
    lons = np.array([WEST + STEP * column for column, _ in places])
    lats = np.array([SOUTH + STEP * row for _, row in places])
    singly = [RASTER.at(lon, lat) for lon, lat in zip(lons, lats, strict=True)]
    assert RASTER.look_up(lons, lats).tolist() == singly


@settings(deadline=None, max_examples=25)
@given(
    corners=st.lists(
        st.tuples(st.floats(0, 5), st.floats(0, 5)), min_size=3, max_size=8, unique=True
    ),
    seed=st.integers(0, 1000),
)
def test_whatever_the_shape_the_partition_answers_as_the_shape_does(corners, seed):
    shape = shapely.MultiPoint(corners).convex_hull.buffer(0.3)
    hole = shape.centroid.buffer(0.1)
    ground = shapely.transform(shape - hole, lambda xy: xy * STEP + [WEST, SOUTH])
    lons, lats = np.random.default_rng(seed).uniform(-0.5, 5.5, (2, 200)) * STEP
    lons, lats = lons + WEST, lats + SOUTH
    found = Partition([Grid("A", 3, "", "", ground)]).locate_many(lons, lats, snap_m=0)
    assert ((found.leaf == 0) == shapely.intersects_xy(ground, lons, lats)).all()


@pytest.mark.parametrize("shapes", [[], [shapely.Polygon()]])
def test_without_ground_nothing_is_known(shapes):
    raster = raster_over(np.array(shapes, dtype=object), covering)
    assert (raster.at(119.5, 27.4), raster.look_up(np.ones(2), np.ones(2)).tolist()) == (
        MIXED,
        [MIXED, MIXED],
    )


def test_a_single_strip_without_height_is_all_border():
    line = shapely.Polygon([(119, 27), (120, 27), (119, 27)])
    raster = raster_over(np.array([line, square(0, 0)], dtype=object), covering)
    assert raster.at(119.5, 27.0) == MIXED
