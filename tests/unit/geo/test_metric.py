"""Metres: areas and lengths agree with geodesics, and planes refuse what they cannot hold."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from gridtrack.errors import Invalid
from gridtrack.geo.metric import metres_per_degree, metres_per_degrees, plane_of, plane_over
from tests.grid_builders import square

GEOD = Geod(ellps="WGS84")


def shapes(*found):
    return np.array(found, dtype=object)


def test_an_area_agrees_with_the_geodesic_one():
    block = square(0, 0, 30, 20)
    flat = plane_over([block]).flat(shapes(block))
    assert shapely.area(flat)[0] == pytest.approx(
        abs(GEOD.geometry_area_perimeter(block)[0]), rel=1e-4
    )


def test_a_place_comes_back_from_the_plane():
    block = square(0, 0)
    plane = plane_over([block])
    x, y = shapely.get_coordinates(plane.flat(shapes(block)))[0]
    assert plane.place(x, y) == pytest.approx(shapely.get_coordinates(block)[0], abs=1e-9)


def test_shapes_come_back_from_the_plane():
    block = square(0, 0)
    plane = plane_over([block])
    back = plane.degrees(plane.flat(shapes(block)))[0]
    assert shapely.equals_exact(back, block, tolerance=1e-9)


@given(st.floats(-85, 85))
def test_a_degree_is_as_long_as_the_geodesic_says(lat):
    east_m, north_m = metres_per_degree(lat)
    _, _, east = GEOD.inv(0, lat, 0.001, lat)
    _, _, north = GEOD.inv(0, lat - 0.0005, 0, lat + 0.0005)
    assert (east_m, north_m) == pytest.approx((east * 1000, north * 1000), rel=1e-6)


def test_many_latitudes_give_what_single_ones_give():
    lats = np.array([-60.0, 0.0, 27.4])
    singly = np.array([metres_per_degree(lat) for lat in lats]).T
    assert np.allclose(metres_per_degrees(lats), singly, rtol=1e-12)


def test_no_shape_at_all_has_a_plane_too():
    assert plane_over([shapely.Polygon()]).crs == plane_over([]).crs


def test_shapes_across_a_continent_are_refused():
    with pytest.raises(Invalid, match="extent-too-wide"):
        plane_over([square(0, 0), shapely.box(0, 0, 1, 1)])


@pytest.mark.parametrize(
    ("crs", "code"),
    [
        ("EPSG:4326", "crs-no-plane"),
        ("EPSG:2263", "crs-no-plane"),  # feet
        ("EPSG:999999", "crs-unknown"),
        ("nonsense", "crs-unknown"),
    ],
)
def test_a_system_that_cannot_measure_metres_is_refused(crs, code):
    with pytest.raises(Invalid, match=code):
        plane_of(crs)


def test_a_named_plane_is_used_as_it_is():
    flat = plane_of("EPSG:32650").flat(shapes(shapely.Point(117.0, 27.4)))
    assert math.isclose(shapely.get_x(flat)[0], 500_000, abs_tol=1e-3)
