"""Grids out of files: one or several, fields by name, codes as they stand."""

import gzip
import json

import pytest
import shapely

from gridtrack.errors import Invalid, Rejected
from gridtrack.grids.files import GridFiles, as_text, levels_given, read_grids
from tests.grid_builders import as_geojson, changed, street, written


def one(path, **fields):
    return GridFiles({0: path}, fields)


def spoilt(path, row, **properties):
    """The street with other properties in one row; None takes a property away."""
    collection = as_geojson(street())
    collection["features"][row]["properties"].update(properties)
    path.write_text(json.dumps(collection), encoding="utf-8")
    return path


def refused(source):
    with pytest.raises(Invalid) as error:
        read_grids(source)
    return error.value


def test_one_file_holds_every_level(tmp_path):
    assert read_grids(one(written(tmp_path / "a.json", street()))) == street()


def test_one_file_for_each_level_is_the_same(tmp_path):
    files = {
        level: written(tmp_path / f"{level}.json", [g for g in street() if g.level == level])
        for level in (3, 1, 2)
    }
    found = read_grids(GridFiles(files))
    assert sorted(found, key=lambda g: g.code) == sorted(street(), key=lambda g: g.code)


def test_gzip_is_as_good(tmp_path):
    path = written(tmp_path / "a.json", street())
    path.write_bytes(gzip.compress(path.read_bytes()))
    assert len(read_grids(one(path))) == 14


def test_fields_are_read_under_other_names(tmp_path):
    collection = as_geojson(street())
    for feature in collection["features"]:
        properties = feature["properties"]
        names = {"GEOID": "code", "ebene": "level", "up": "parent", "label": "name"}
        feature["properties"] = {new: properties[old] for new, old in names.items()}
    path = tmp_path / "a.json"
    path.write_text(json.dumps(collection), encoding="utf-8")
    assert read_grids(one(path, code="GEOID", level="ebene", parent="up", name="label")) == street()


@pytest.mark.parametrize(
    ("value", "text"),
    [("007", "007"), (7, "7"), (350924.0, "350924"), (0.5, "0.5"), (" A1 ", "A1"), (None, ""),
     (True, ""), (350924001001, "350924001001")],
)  # fmt: skip
def test_codes_are_text(value, text):
    assert as_text(value) == text


def test_leading_zeros_stay(tmp_path):
    path = spoilt(tmp_path / "a.json", 2, code="00011")
    assert read_grids(one(path))[2].path == "A/A1/00011"


def test_levels_may_be_written_as_text(tmp_path):
    assert read_grids(one(spoilt(tmp_path / "a.json", 0, level="1")))[0].level == 1


def test_a_grid_without_name_goes_by_its_code(tmp_path):
    assert read_grids(one(spoilt(tmp_path / "a.json", 0, name="")))[0].name == "A"


def test_control_characters_of_a_name_are_dropped(tmp_path):
    path = spoilt(tmp_path / "a.json", 0, name="甲\x00\u202e社区\n")
    assert read_grids(one(path))[0].name == "甲社区"


def test_a_missing_geometry_is_an_empty_polygon(tmp_path):
    path = written(tmp_path / "a.json", changed(street(), "A", shape=shapely.Polygon()))
    assert read_grids(one(path))[0].shape.is_empty


def test_shapes_are_kept_as_drawn_valid_or_not(tmp_path):
    bow_tie = shapely.Polygon([(119, 27), (120, 28), (120, 27), (119, 28), (119, 27)])
    path = written(tmp_path / "a.json", changed(street(), "A", shape=bow_tie))
    assert shapely.equals_identical(read_grids(one(path))[0].shape, bow_tie)


def test_the_first_level_needs_no_parent_field(tmp_path):
    collection = as_geojson([grid for grid in street() if grid.level == 1])
    for feature in collection["features"]:
        del feature["properties"]["parent"]
    path = tmp_path / "1.json"
    path.write_text(json.dumps(collection), encoding="utf-8")
    assert len(read_grids(GridFiles({1: path}, {"parent": "parent_id"}))) == 2


@pytest.mark.parametrize(
    ("properties", "code", "field"),
    [
        ({"code": ""}, "grid-code-empty", "code"),
        ({"code": None}, "grid-code-empty", "code"),
        ({"code": "A/1"}, "grid-code-bad", "code"),
        ({"code": "x" * 65}, "grid-code-bad", "code"),
        ({"code": "A\x00"}, "grid-code-bad", "code"),
        ({"parent": "A/B"}, "grid-code-bad", "parent"),
        ({"level": 0}, "grid-level", "level"),
        ({"level": "three"}, "grid-level", "level"),
        ({"level": None}, "grid-level", "level"),
        ({"level": 10}, "grid-level", "level"),
        ({"level": "²"}, "grid-level", "level"),
    ],
)
def test_a_row_that_is_no_grid_is_refused_with_its_place(tmp_path, properties, code, field):
    fault = refused(one(spoilt(tmp_path / "a.json", 4, **properties)))
    assert (fault.code, fault.field, fault.params["feature"]) == (code, field, 4)
    assert fault.params["file"] == "a.json"


def test_every_bad_row_is_told_at_once(tmp_path):
    collection = as_geojson(street())
    for row in (1, 5):
        collection["features"][row]["properties"]["code"] = ""
    path = tmp_path / "a.json"
    path.write_text(json.dumps(collection), encoding="utf-8")
    with pytest.raises(Rejected) as error:
        read_grids(one(path))
    assert [fault.params["feature"] for fault in error.value.faults] == [1, 5]


def test_a_line_is_no_grid(tmp_path):
    line = shapely.LineString([(119, 27), (120, 28)])
    fault = refused(one(written(tmp_path / "a.json", changed(street(), "A11", shape=line))))
    assert (fault.code, fault.params["value"]) == ("grid-not-polygon", "LineString")


def test_a_field_that_is_not_there_lists_those_that_are(tmp_path):
    fault = refused(one(written(tmp_path / "a.json", street()), code="GEOID"))
    assert (fault.code, fault.params["value"]) == ("grid-field-missing", "GEOID")
    assert fault.params["there"] == "code, level, name, parent"


def test_a_field_of_no_grid_cannot_be_mapped(tmp_path):
    path = written(tmp_path / "a.json", street())
    assert refused(one(path, colour="x")).code == "grid-field-unknown"


def test_levels_are_counted():
    assert levels_given(street()) == {1: 2, 2: 4, 3: 8}
