"""Datums: cross-checked with prcoords, undone to under a millimetre, identity outside the box."""

import warnings

import numpy as np
import prcoords
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridtrack.errors import Invalid
from gridtrack.geo.datum import BOX, Datum, from_wgs84, to_wgs84
from gridtrack.geo.metric import metres_per_degree

SHOUNING, XINGLIN, SHENYANG = (119.506, 27.457), (118.04, 24.57), (123.43, 41.80)
TOWNS = (SHOUNING, XINGLIN, SHENYANG)
SHIFTED = ("gcj02", "bd09")
MILLIMETRE = 1e-3


def apart_m(one, other):
    east_m, north_m = metres_per_degree((one[1] + other[1]) / 2)
    return float(np.hypot((one[0] - other[0]) * east_m, (one[1] - other[1]) * north_m))


def by_prcoords(point, datum):
    wanted = prcoords.wgs_gcj if datum == "gcj02" else prcoords.wgs_bd
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        lat, lon = wanted(prcoords.Coords(point[1], point[0]))
    return lon, lat


@pytest.mark.parametrize("datum", SHIFTED)
@given(lon=st.floats(73, 135), lat=st.floats(3, 54))
def test_the_shift_agrees_with_prcoords(datum, lon, lat):
    assert apart_m(from_wgs84(lon, lat, datum), by_prcoords((lon, lat), datum)) < MILLIMETRE


@pytest.mark.parametrize("datum", SHIFTED)
@given(lon=st.floats(72.1, 137.7), lat=st.floats(0.9, 55.7))
def test_there_and_back_is_under_a_millimetre(datum, lon, lat):
    assert apart_m(to_wgs84(*from_wgs84(lon, lat, datum), datum), (lon, lat)) < MILLIMETRE


@pytest.mark.parametrize("datum", SHIFTED)
@pytest.mark.parametrize("point", TOWNS)
def test_back_agrees_with_the_iterated_inverse_of_prcoords(datum, point):
    inverse = prcoords.gcj_wgs_bored if datum == "gcj02" else prcoords.bd_wgs_bored
    lat, lon = inverse(prcoords.Coords(point[1], point[0]))
    assert apart_m(to_wgs84(*point, datum), (lon, lat)) < 1.2  # prcoords stops at 1e-5 degrees


@pytest.mark.parametrize("town", TOWNS)
def test_gcj02_is_some_six_hundred_metres_off_at_the_towns(town):
    assert 560 < apart_m(from_wgs84(*town, "gcj02"), town) < 600


@pytest.mark.parametrize("datum", list(Datum))
@pytest.mark.parametrize("place", [(2.35, 48.86), (-73.98, 40.75), (0.0, -89.9), (179.9, 0.5)])
def test_outside_the_box_nothing_is_shifted(datum, place):
    assert from_wgs84(*place, datum) == place == to_wgs84(*place, datum)


@pytest.mark.parametrize("corner", [(0, 1), (2, 1), (0, 3), (2, 3)])
def test_the_corners_of_the_box_come_back_from_their_shift(corner):
    place = BOX[corner[0]], BOX[corner[1]]
    assert apart_m(to_wgs84(*from_wgs84(*place, "gcj02"), "gcj02"), place) < MILLIMETRE


def test_a_step_outside_the_box_is_not_shifted():
    assert from_wgs84(BOX[0] - 1e-6, 30.0, "gcj02") == (BOX[0] - 1e-6, 30.0)


@pytest.mark.parametrize("datum", ["wgs84", "cgcs2000", "WGS-84", "CGCS2000"])
def test_wgs84_and_cgcs2000_are_taken_as_they_are(datum):
    assert to_wgs84(*SHOUNING, datum) == SHOUNING


@pytest.mark.parametrize("datum", SHIFTED)
def test_arrays_give_what_single_points_give(datum):
    lons, lats = np.array(TOWNS).T
    xs, ys = to_wgs84(lons, lats, datum)
    singly = [to_wgs84(lon, lat, datum) for lon, lat in TOWNS]
    assert np.allclose(np.column_stack([xs, ys]), singly, rtol=0, atol=1e-9)


def test_what_is_given_is_not_changed_in_place():
    lons, lats = np.array(TOWNS).T
    before = lons.copy()
    to_wgs84(lons, lats, "bd09")
    assert (lons == before).all()


@pytest.mark.parametrize("name", ["", "mars", None, 4326])
def test_an_unknown_datum_is_refused_by_name(name):
    with pytest.raises(Invalid) as error:
        to_wgs84(119.5, 27.4, name)
    assert (error.value.code, error.value.field) == ("datum-unknown", "datum")
