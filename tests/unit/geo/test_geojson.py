"""GeoJSON: what is good comes in, what is bad is refused with the place where it stands."""

import json

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gridtrack.errors import Invalid, Rejected
from gridtrack.geo.geojson import read_geojson
from gridtrack.i18n.sentences import sentence
from tests.grid_builders import SHARED

LINT = SHARED / "geojson_lint" / "original"
# The linter only warns of these: winding order, precision, a fourth number, odd collections.
WARNINGS = {
    "bad-polygon-interiorring-rhr",
    "polygon_winding_order",
    "excessive_precision_truncated",
    "geometrycollection_nested",
    "geometrycollection_single",
    "point-toomany",
}
RING = [[0, 0], [1, 0], [1, 1], [0, 0]]


def read(value):
    text = value if isinstance(value, bytes) else json.dumps(value).encode()
    return read_geojson(text, "grids.geojson")


def feature(geometry, **members):
    return {"type": "Feature", "properties": {}, "geometry": geometry, **members}


def collection(*features, **members):
    return {"type": "FeatureCollection", "features": list(features), **members}


def polygon(*rings):
    return {"type": "Polygon", "coordinates": list(rings)}


def refused(value):
    with pytest.raises(Invalid) as error:
        read(value)
    return error.value


def test_features_come_with_their_place_and_properties():
    layer = read(collection(feature(polygon(RING), properties={"code": "007"})))
    assert [(f.index, f.properties["code"], f.shape.area) for f in layer.features] == [
        (0, "007", 0.5)
    ]


@pytest.mark.parametrize("position", [[0.5, 0.25, 9.0], [0.5, 0.25, 9.0, 1.0]])
def test_heights_and_measures_are_dropped(position):
    shape = read(feature({"type": "Point", "coordinates": position})).features[0].shape
    assert (shape.has_z, shape.coords[0]) == (False, (0.5, 0.25))


def test_a_bare_geometry_is_a_file_of_one_feature():
    assert read(polygon(RING)).features[0].shape.area == 0.5


def test_a_feature_without_geometry_has_no_shape():
    assert read(feature(None)).features[0].shape is None


def test_holes_are_holes():
    hole = [[0.5, 0.2], [0.7, 0.2], [0.7, 0.4], [0.5, 0.2]]
    assert len(read(polygon(RING, hole)).features[0].shape.interiors) == 1


def test_a_byte_order_mark_does_no_harm():
    assert len(read(b"\xef\xbb\xbf" + json.dumps(collection()).encode()).features) == 0


def test_the_old_crs_member_is_passed_on():
    name = "urn:ogc:def:crs:EPSG::28992"
    crs = {"type": "name", "properties": {"name": name}}
    assert read(collection(crs=crs)).crs == name


@pytest.mark.parametrize(
    ("value", "code", "field"),
    [
        (b"", "geojson-broken", "file"),
        (b"<html>", "geojson-broken", "file"),
        (b'{"type": "Point", "coordinates": [1,', "geojson-broken", "file"),
        (b"\xff\xfe{}", "geojson-encoding", "file"),
        (b"[" * 200_000, "geojson-too-deep", "file"),
        (b'{"type": "Point", "coordinates": [NaN, 1]}', "geojson-number", "coordinates"),
        (b'{"type": "Point", "coordinates": [1e999, 1]}', "geojson-number", "coordinates[0]"),
        (b'{"a": 1, "a": 2}', "geojson-duplicate-member", "a"),
        (b"{}", "geojson-member-missing", "type"),
        ([], "geojson-root", "$"),
        (collection(3), "geojson-member-kind", "features[0]"),
        (
            collection(feature({"type": "Blob"})),
            "geojson-type-unknown",
            "features[0].geometry.type",
        ),
        (
            collection(feature(polygon(RING)), feature(polygon(RING, RING[:3]))),
            "geojson-ring-short",
            "features[1].geometry.coordinates[1]",
        ),
        (
            collection(feature(polygon([*RING[:3], [0, 0.1]]))),
            "geojson-ring-open",
            "features[0].geometry.coordinates[0]",
        ),
        (
            collection(feature(polygon([[0, 0], [1, "0"], [1, 1], [0, 0]]))),
            "geojson-coordinate",
            "features[0].geometry.coordinates[0][1][1]",
        ),
        (
            polygon([[0, 0], [True, 0], [1, 1], [0, 0]]),
            "geojson-coordinate",
            "coordinates[0][1][0]",
        ),
        (polygon([[0, 0], [1], [1, 1], [0, 0]]), "geojson-position-short", "coordinates[0][1]"),
        (polygon([[0, 0], 1, [1, 1], [0, 0]]), "geojson-position", "coordinates[0][1]"),
        (polygon([[0, 0], None, [1, 1], [0, 0]]), "geojson-position", "coordinates[0][1]"),
        ({"type": "LineString", "coordinates": [[0, 0]]}, "geojson-line-short", "coordinates"),
        (feature(polygon(RING), bbox=[1, 2, 3]), "geojson-bbox", "bbox"),
        (feature(polygon(RING), id=[]), "geojson-id", "id"),
        (collection(crs={"type": "name"}), "geojson-crs", "crs"),
    ],
)
def test_what_is_wrong_is_refused_with_its_path(value, code, field):
    fault = refused(value)
    assert (fault.code, fault.field) == (code, field)


def test_a_whole_number_of_ten_thousand_digits_is_refused():
    assert refused(b'{"type": "Point", "coordinates": [' + b"9" * 10_000 + b", 1]}").code == (
        "geojson-number"
    )


def test_broken_json_names_its_line_and_column():
    fault = refused(b'{\n "type": oops}')
    assert (fault.params["line"], fault.params["column"]) == (2, 10)


def test_every_faulty_feature_is_told_up_to_twenty():
    bad = feature(polygon(RING[:2]))
    with pytest.raises(Rejected) as error:
        read(collection(feature(polygon(RING)), *[bad] * 30))
    assert [fault.params["feature"] for fault in error.value.faults] == list(range(1, 21))


@given(
    st.lists(
        st.tuples(st.floats(-180, 180), st.floats(-90, 90), st.integers(2, 3)),
        min_size=3,
        max_size=20,
    )
)
def test_coordinates_come_out_exactly_as_they_stood(positions):
    ring = [[lon, lat, 7.0][:size] for lon, lat, size in positions]
    ring.append(list(ring[0]))
    found = shapely.get_coordinates(read(polygon(ring)).features[0].shape)
    assert (found == np.array([position[:2] for position in ring])).all()


@pytest.mark.shared
@pytest.mark.skipif(not LINT.exists(), reason="no shared data")
@pytest.mark.parametrize("path", sorted((LINT / "good").glob("*.geojson")), ids=lambda p: p.stem)
def test_every_good_file_of_the_linter_comes_in(path):
    assert read_geojson(path.read_bytes(), path.name).features


@pytest.mark.shared
@pytest.mark.skipif(not LINT.exists(), reason="no shared data")
@pytest.mark.parametrize("path", sorted((LINT / "bad").glob("*.geojson")), ids=lambda p: p.stem)
def test_every_bad_file_of_the_linter_is_refused_in_words(path):
    if path.stem in WARNINGS:
        assert read_geojson(path.read_bytes(), path.name).features
        return
    with pytest.raises(Invalid) as error:
        read_geojson(path.read_bytes(), path.name)
    faults = error.value.faults if isinstance(error.value, Rejected) else [error.value]
    assert all(path.name in sentence(fault.code, "en", **fault.params) for fault in faults)
