"""Polygon files of every kind come to WGS-84, and a wrong declaration is noticed."""

import gzip
import json
import zipfile

import numpy as np
import pyogrio.raw
import pytest
import shapely
from pyproj import Transformer

from gridtrack.errors import Invalid
from gridtrack.geo.datum import from_wgs84
from gridtrack.geo.layers import Reading, read_layer
from tests.grid_builders import square

UTM = "EPSG:32650"
TWO = [square(0, 0), square(1, 0)]


def to_crs(shape, crs):
    move = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    return shapely.transform(shape, lambda xy: np.column_stack(move.transform(xy[:, 0], xy[:, 1])))


def geojson(path, shapes, **members):
    features = [
        {"type": "Feature", "properties": {}, "geometry": json.loads(shapely.to_geojson(shape))}
        for shape in shapes
    ]
    collection = {"type": "FeatureCollection", "features": features, **members}
    path.write_text(json.dumps(collection), encoding="utf-8")
    return path


def vector(path, shapes, crs="EPSG:4326", fields=None, **options):
    """A file written by GDAL; `fields` are columns by name."""
    columns = fields or {"code": ["007", "008"]}
    options = {"driver": "GPKG", "geometry_type": "Polygon", "encoding": "UTF-8", **options}
    pyogrio.raw.write(
        path,
        geometry=shapely.to_wkb(np.array(shapes, dtype=object)),
        field_data=[np.array(column) for column in columns.values()],
        fields=list(columns),
        crs=crs,
        **options,
    )
    return path


def shapefile(folder, shapes, crs="EPSG:4326", fields=None, **options):
    """A zipped Shapefile."""
    options = {"driver": "ESRI Shapefile", **options}
    vector(folder / "grids.shp", shapes, crs, fields, **options)
    with zipfile.ZipFile(folder / "grids.zip", "w") as archive:
        for part in folder.glob("grids.*"):
            if part.suffix != ".zip":
                archive.write(part, f"inner/{part.name}")
    return folder / "grids.zip"


def shapes_of(layer):
    return [feature.shape for feature in layer.features]


def same(found, wanted, tolerance=1e-9):
    pairs = zip(found, wanted, strict=True)
    return all(shapely.equals_exact(begun(a), begun(b), tolerance) for a, b in pairs)


def begun(shape):
    """Its rings begun at the same corner: the last bits must not say which one is lowest."""
    return shapely.normalize(shapely.transform(shape, lambda xy: np.round(xy, 8)))


def refused(path, reading=None):
    with pytest.raises(Invalid) as error:
        read_layer(path, reading)
    return error.value


def test_geojson_needs_no_declaration(tmp_path):
    assert same(shapes_of(read_layer(geojson(tmp_path / "a.json", TWO))), TWO)


def test_gzipped_geojson_is_read_as_it_is(tmp_path):
    path = geojson(tmp_path / "a.json", TWO)
    path.write_bytes(gzip.compress(path.read_bytes()))
    assert same(shapes_of(read_layer(path)), TWO)


def test_a_geopackage_is_read_with_its_texts(tmp_path):
    layer = read_layer(vector(tmp_path / "a.gpkg", TWO, fields={"code": ["007", "八"]}))
    assert [feature.properties["code"] for feature in layer.features] == ["007", "八"]


def test_a_geopackage_of_another_system_is_brought_home(tmp_path):
    path = vector(tmp_path / "a.gpkg", [to_crs(shape, UTM) for shape in TWO], UTM)
    assert same(shapes_of(read_layer(path)), TWO)


def test_a_zipped_shapefile_is_read(tmp_path):
    path = shapefile(tmp_path, [to_crs(shape, UTM) for shape in TWO], UTM)
    assert same(shapes_of(read_layer(path)), TWO)


def test_a_shapefile_without_system_takes_the_declared_one(tmp_path):
    path = vector(tmp_path / "a.shp", [to_crs(shape, UTM) for shape in TWO], UTM,
                  driver="ESRI Shapefile")  # fmt: skip
    path.with_suffix(".prj").unlink()
    assert same(shapes_of(read_layer(path, Reading(crs=UTM))), TWO)


@pytest.mark.parametrize("encoding", ["UTF-8", "GB18030"])
def test_chinese_names_of_a_shapefile_without_code_page_are_read(tmp_path, encoding):
    path = vector(tmp_path / "a.shp", TWO, fields={"name": ["鳌阳镇", "茗溪"]},
                  driver="ESRI Shapefile", encoding=encoding)  # fmt: skip
    path.with_suffix(".cpg").unlink(missing_ok=True)
    names = [feature.properties["name"] for feature in read_layer(path).features]
    assert names == ["鳌阳镇", "茗溪"]


def test_numbers_of_a_table_are_plain_numbers(tmp_path):
    fields = {"whole": [350924.0, 7.0], "part": [0.5, np.nan]}
    layer = read_layer(vector(tmp_path / "a.gpkg", TWO, fields=fields))
    assert [list(f.properties.values()) for f in layer.features] == [[350924, 0.5], [7, None]]


def test_heights_of_a_geopackage_are_dropped(tmp_path):
    high = [shapely.force_3d(shape, 12.0) for shape in TWO]
    path = vector(tmp_path / "a.gpkg", high, geometry_type="Polygon Z")
    assert same(shapes_of(read_layer(path)), TWO)


def test_a_field_named_like_sql_is_a_name(tmp_path):
    name = 'code"; DROP TABLE gpkg_contents; --'
    layer = read_layer(vector(tmp_path / "a.gpkg", TWO, fields={name: ["1", "2"]}))
    assert [feature.properties[name] for feature in layer.features] == ["1", "2"]


def test_one_of_several_layers_must_be_named(tmp_path):
    path = vector(tmp_path / "a.gpkg", TWO, layer="one")
    vector(path, TWO[:1], fields={"code": ["1"]}, layer="two", append=True)
    assert refused(path).params["layers"] == "one, two"
    assert len(read_layer(path, Reading(layer="two")).features) == 1


@pytest.mark.parametrize("crs", ["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", "EPSG:4490"])
def test_a_geographic_system_changes_nothing(tmp_path, crs):
    named = {"type": "name", "properties": {"name": crs}}
    path = geojson(tmp_path / "a.json", TWO, crs=named)
    assert same(shapes_of(read_layer(path)), TWO)


def test_the_systems_of_file_and_person_must_agree(tmp_path):
    path = vector(tmp_path / "a.gpkg", [to_crs(shape, UTM) for shape in TWO], UTM)
    assert refused(path, Reading(crs="EPSG:3857")).code == "crs-disagrees"


def test_metres_taken_for_degrees_are_noticed(tmp_path):
    fault = refused(geojson(tmp_path / "a.json", [TWO[0], to_crs(TWO[1], UTM)]))
    assert (fault.code, fault.params["feature"]) == ("lonlat-out-of-range", 1)


def test_latitude_before_longitude_is_noticed(tmp_path):
    swapped = shapely.transform(TWO[0], lambda xy: xy[:, ::-1])
    assert refused(geojson(tmp_path / "a.json", [swapped])).code == "lonlat-swapped"


def test_a_vertex_at_zero_is_noticed(tmp_path):
    broken = shapely.Polygon([(0, 0), (119.5, 27.4), (119.6, 27.4), (0, 0)])
    fault = refused(geojson(tmp_path / "a.json", [TWO[0], broken]))
    assert (fault.code, fault.params["feature"]) == ("lonlat-zero", 1)


def test_a_wrong_system_lands_outside_its_own_ground(tmp_path):
    path = geojson(tmp_path / "a.json", [to_crs(shape, UTM) for shape in TWO])
    fault = refused(path, Reading(crs="EPSG:28992"))  # the Netherlands
    assert (fault.code, fault.params["file"]) == ("crs-elsewhere", "a.json")


def test_a_system_nobody_knows_is_refused(tmp_path):
    assert refused(geojson(tmp_path / "a.json", TWO), Reading(crs="EPSG:1")).code == "crs-unknown"


def test_polygons_drawn_on_a_shifted_map_are_brought_home(tmp_path):
    def shift(xy):
        return np.column_stack(from_wgs84(xy[:, 0], xy[:, 1], "gcj02"))

    path = geojson(tmp_path / "a.json", [shapely.transform(shape, shift) for shape in TWO])
    assert same(shapes_of(read_layer(path, Reading(datum="gcj02"))), TWO)


def test_an_undeclared_datum_is_refused_before_anything_is_read(tmp_path):
    assert refused(tmp_path / "absent", Reading(datum="mars")).code == "datum-unknown"


def test_features_without_geometry_stay_without(tmp_path):
    path = tmp_path / "a.json"
    path.write_text('{"type": "Feature", "properties": {}, "geometry": null}')
    assert shapes_of(read_layer(path, Reading(crs=UTM))) == [None]


def test_a_broken_geopackage_is_told(tmp_path):
    path = tmp_path / "a.gpkg"
    path.write_bytes(b"SQLite format 3\x00" + b"\x00" * 200)
    assert refused(path).code == "file-unreadable"
