"""What may be a coordinate, and what is said of what may not."""

import pytest

from gridtrack.errors import Invalid
from gridtrack.geo.points import checked_point


@pytest.mark.parametrize(
    ("lon", "lat"), [(119.5, 27.4), ("119.5", " 27.4 "), (-180, 90), (0, 27.4), (119, 0)]
)
def test_a_point_on_earth_is_given_back_as_numbers(lon, lat):
    assert checked_point(lon, lat) == (float(lon), float(lat))


@pytest.mark.parametrize(
    ("lon", "lat", "code", "field"),
    [
        ("", 27.4, "coordinate-missing", "lon"),
        (119.5, None, "coordinate-missing", "lat"),
        ("  ", "", "coordinate-missing", "lon"),
        ("119,5", 27.4, "coordinate-not-a-number", "lon"),
        (True, 27.4, "coordinate-not-a-number", "lon"),
        ([119.5], 27.4, "coordinate-not-a-number", "lon"),
        ("nan", 27.4, "coordinate-not-a-number", "lon"),
        (119.5, "inf", "coordinate-not-a-number", "lat"),
        (10**400, 27.4, "coordinate-not-a-number", "lon"),
        (27.4, 119.5, "coordinates-swapped", "lat"),
        (181, 27.4, "coordinate-out-of-range", "lon"),
        (119.5, 91, "coordinate-out-of-range", "lat"),
        (500_000, 3_000_000, "coordinate-out-of-range", "lon"),
        (0, 0, "coordinate-zero", "lon"),
        ("0.0", "-0", "coordinate-zero", "lon"),
    ],
)
def test_what_is_no_place_is_refused_with_its_field(lon, lat, code, field):
    with pytest.raises(Invalid) as error:
        checked_point(lon, lat)
    assert (error.value.code, error.value.field) == (code, field)
