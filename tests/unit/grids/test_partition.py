"""Whose a place is: one grid by a written rule, and what is said near a border."""

from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gridtrack.grids.partition import Partition
from gridtrack.grids.rules import Grid, with_paths
from tests.grid_builders import METRE, SOUTH, STEP, WEST, leaves, square, street

STREET = Partition(leaves(), edition_id=7)
A11, A12, A21 = ((WEST + STEP * (c + 0.5), SOUTH + STEP * (r + 0.5))
                 for c, r in ((0, 0), (0, 1), (1, 0)))  # fmt: skip
EAST_METRE = METRE / 0.8878


def test_a_point_inside_is_its_leafs():
    found = STREET.locate(*A11)
    assert (found.outcome, found.code, found.path) == ("inside", "A11", "A/A1/A11")


def test_the_edition_is_remembered():
    assert (STREET.edition_id, len(STREET)) == (7, 8)


@pytest.mark.parametrize("order", [1, -1])
def test_a_point_on_a_shared_edge_is_the_smaller_codes(order):
    partition = Partition(leaves()[::order])
    assert partition.locate(WEST + STEP, A11[1]).code == "A11"


@pytest.mark.parametrize("order", [1, -1])
def test_a_corner_of_four_is_the_smallest_codes(order):
    partition = Partition(leaves()[::order])
    assert partition.locate(WEST + STEP, SOUTH + STEP).code == "A11"


def test_where_grids_overlap_the_smaller_code_has_it():
    twice = [Grid("Z", 3, "", "", square(0, 0, 2, 2)), Grid("M", 3, "", "", square(1, 1, 2, 2))]
    both = WEST + STEP * 1.5, SOUTH + STEP * 1.5
    assert Partition(twice).locate(*both).code == "M"


@pytest.mark.parametrize("metres", [0.0, 1.0, 10.0, 29.0])
def test_a_point_just_outside_snaps_to_the_nearest(metres):
    found = STREET.locate(A11[0], SOUTH - metres * METRE, snap_m=30)
    expected = "inside" if metres == 0 else "snapped"
    assert (found.outcome, found.code) == (expected, "A11")


def test_a_point_farther_out_is_nobodys_but_names_the_nearest():
    found = STREET.locate(A11[0], SOUTH - 31 * METRE, snap_m=30)
    assert (found.outcome, found.code, found.path) == ("outside", None, "")
    assert found.neighbour_code == "A11"
    assert found.border_distance_m == pytest.approx(31, rel=0.01)


def test_equally_near_outside_the_smaller_code_has_it():
    assert STREET.locate(WEST + STEP, SOUTH - 5 * METRE).code == "A11"


def test_a_hole_is_outside():
    ring = Grid("R", 3, "", "", square(0, 0, 5, 5).difference(square(1, 1, 3, 3)))
    middle = WEST + STEP * 2.5, SOUTH + STEP * 2.5
    assert Partition([ring]).locate(*middle).outcome == "outside"


@pytest.mark.parametrize("metres", [0.0, 0.5, 5.0, 19.0])
def test_the_distance_to_the_border_is_in_metres(metres):
    found = STREET.locate(WEST + STEP - metres * EAST_METRE, A11[1])
    assert found.border_distance_m == pytest.approx(metres, rel=0.01, abs=0.001)


def test_near_a_border_the_grid_beyond_is_named():
    assert STREET.locate(WEST + STEP - 5 * EAST_METRE, A11[1]).neighbour_code == "A21"


def test_far_from_every_border_no_neighbour_is_named():
    assert STREET.locate(*A11, near_m=20).neighbour_code is None


def test_at_the_outer_border_nobody_is_beyond():
    assert STREET.locate(WEST + 5 * EAST_METRE, A11[1]).neighbour_code is None


def test_a_neighbour_drawn_half_a_metre_apart_is_still_the_neighbour():
    apart = Grid("B", 3, "", "", square(1 + 0.5 * EAST_METRE / STEP, 0))
    partition = Partition([Grid("A", 3, "", "", square(0, 0)), apart])
    assert partition.locate(WEST + STEP - 5 * EAST_METRE, A11[1]).neighbour_code == "B"


def test_without_grids_everything_is_outside():
    found = Partition([]).locate(*A11)
    assert (found.outcome, found.code, found.border_distance_m) == ("outside", None, None)
    assert Partition([]).leaf_of(*A11) == -1


def test_without_grids_many_points_are_outside_too():
    empty = Partition([])
    found = empty.locate_many([119.5, 119.6], [27.4, 27.5])
    away = empty.border_distances([119.5, 119.6], [27.4, 27.5], found)
    assert (found.leaf.tolist(), away.tolist()) == ([-1, -1], [np.inf, np.inf])


def test_no_points_have_no_places():
    assert STREET.locate_many([], []).leaf.tolist() == []


coordinates = st.tuples(st.floats(-0.6, 4.6), st.floats(-0.6, 2.6))
near_edges = st.tuples(
    st.integers(0, 8).map(lambda n: n / 2), st.integers(0, 4).map(lambda n: n / 2)
)


@settings(deadline=None)
@given(st.lists(coordinates | near_edges, min_size=1, max_size=30))
def test_many_at_once_are_what_they_are_one_by_one(raster):
    lons = [WEST + STEP * column for column, _ in raster]
    lats = [SOUTH + STEP * row for _, row in raster]
    many = STREET.locate_many(lons, lats)
    away = STREET.border_distances(lons, lats, many)
    for i, (lon, lat) in enumerate(zip(lons, lats, strict=True)):
        one = STREET.locate(lon, lat)
        code = STREET.codes[many.leaf[i]] if many.leaf[i] >= 0 else None
        assert (code, bool(many.snapped[i])) == (one.code, one.outcome == "snapped")
        assert away[i] == pytest.approx(one.border_distance_m, abs=1e-6)
        assert STREET.leaf_of(lon, lat) == many.leaf[i]


@settings(deadline=None)
@given(coordinates | near_edges)
def test_the_leaf_is_the_smallest_code_of_those_that_cover_the_point(at):
    lon, lat = WEST + STEP * at[0], SOUTH + STEP * at[1]
    covering = [g.code for g in leaves() if g.shape.covers(shapely.Point(lon, lat))]
    found = STREET.locate(lon, lat)
    assert (found.code if found.outcome == "inside" else None) == min(covering, default=None)


@settings(deadline=None, max_examples=30)
@given(
    cuts=st.lists(st.floats(0.05, 0.95), min_size=1, max_size=6, unique=True),
    at=st.tuples(st.floats(0, 1), st.floats(0, 1)),
)
def test_in_a_partition_with_slanting_borders_every_point_has_exactly_one_grid(cuts, at):
    bounds = [0.0, *sorted(cuts), 1.0]
    strips = [
        shapely.Polygon([(WEST + a * STEP, SOUTH), (WEST + b * STEP, SOUTH),
                         (WEST + (b + 0.3) * STEP, SOUTH + STEP),
                         (WEST + (a + 0.3) * STEP, SOUTH + STEP)])
        for a, b in pairwise(bounds)
    ]  # fmt: skip
    partition = Partition([Grid(str(n), 3, "", "", strip) for n, strip in enumerate(strips)])
    lon = WEST + (at[0] + 0.3 * at[1]) * STEP
    found = partition.locate(lon, SOUTH + at[1] * STEP, snap_m=0.001)
    assert found.outcome != "outside"


def test_levels_above_are_found_by_the_path():
    grids = {grid.code: grid for grid in with_paths(street())}
    assert [grids[code].level for code in STREET.locate(*A21).path.split("/")] == [1, 2, 3]
