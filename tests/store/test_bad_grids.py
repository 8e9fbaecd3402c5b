"""Whatever a file holds: a clear refusal or a right edition, no crash, and nothing by halves."""

import json
import math
import zipfile

import numpy as np
import pyogrio.raw
import pytest
import shapely

from gridtrack.errors import Invalid, Rejected
from gridtrack.geo.layers import Reading
from gridtrack.grids import store as grids
from gridtrack.grids.check import Rule
from gridtrack.grids.files import GridFiles
from gridtrack.i18n.sentences import sentence
from gridtrack.usecases.import_grids import ALL, NewEdition, import_grids, read_and_check
from tests.builders import Site
from tests.grid_builders import as_geojson, changed, square, street, written

RULE = Rule(depth=3)


def bring_in(site: Site, path, rule=RULE, **reading):
    """Read, check and import, taking every fault: what a careless person would do."""
    checked = read_and_check(GridFiles({0: path}, reading=Reading(**reading)), rule)
    with site.work("admin") as work:
        edition = import_grids(work, checked, NewEdition("bad", frozenset({ALL})))
    with site.look() as work:
        return checked, grids.grids_of(work.session, edition.id)


def refused(site: Site, path, rule=RULE, **reading):
    """The refusal, which says something in both languages and leaves nothing behind."""
    with site.look() as work:
        before = len(grids.editions(work.session))
    with pytest.raises(Invalid) as error:
        bring_in(site, path, rule, **reading)
    faults = error.value.faults if isinstance(error.value, Rejected) else [error.value]
    for fault in faults:
        for locale in ("zh", "en"):
            assert fault.code not in sentence(fault.code, locale, **fault.params)
    with site.look() as work:
        assert len(grids.editions(work.session)) == before
    return faults[0]


def street_with(path, shape):
    """The street in a file, its leaf A11 drawn as `shape`."""
    return written(path, changed(street(), "A11", shape=shape))


def raw(path, **members):
    """The street in a file, with members of the whole collection changed."""
    path.write_text(json.dumps({**as_geojson(street()), **members}), encoding="utf-8")
    return path


BOW_TIE = shapely.Polygon(
    [(119.5, 27.4), (119.501, 27.401), (119.501, 27.4), (119.5, 27.401), (119.5, 27.4)]
)
HOLE_OUTSIDE = shapely.Polygon(square(0, 0).exterior, [square(0.2, 3, 0.1, 0.1).exterior])
TOUCHING = shapely.Polygon(
    [(119.5, 27.4), (119.501, 27.4), (119.501, 27.401), (119.5, 27.4), (119.5, 27.401)]
)


@pytest.mark.parametrize(
    "shape", [BOW_TIE, HOLE_OUTSIDE, TOUCHING], ids=["bow tie", "hole outside", "touching"]
)
def test_an_invalid_polygon_is_told_and_enters_repaired(lite: Site, tmp_path, shape) -> None:
    checked, stored = bring_in(lite, street_with(tmp_path / "a.json", shape))
    (fault,) = [f for f in checked.findings.faults if f.code == "invalid-polygon"]
    assert fault.grids == ("A11",)
    assert all(grid.shape.is_valid for grid in stored)
    assert len(stored) == len(street())


def test_an_empty_polygon_is_told_and_left_out(lite: Site, tmp_path) -> None:
    checked, stored = bring_in(lite, street_with(tmp_path / "a.json", shapely.Polygon()))
    assert checked.findings.summary["invalid-polygon"] == 1
    assert len(stored) == len(street()) - 1


@pytest.mark.parametrize(
    ("shape", "code"),
    [
        # 200 degrees to the east of its neighbours, written over the edge of the map.
        (shapely.box(179.5, 27.4, 180.5, 27.5), "lonlat-out-of-range"),
        # Cut at the edge by the book (RFC 7946): two parts, the whole map apart.
        (
            shapely.MultiPolygon(
                [shapely.box(179.9, 27.4, 180, 27.5), shapely.box(-180, 27.4, -179.9, 27.5)]
            ),
            "extent-too-wide",
        ),
        (shapely.box(119.5, 89.0, 119.6, 90.0), "extent-too-wide"),
        (shapely.box(-180, 80, 180, 90), "extent-too-wide"),
    ],
    ids=["over 180", "cut at 180", "to the pole", "around the pole"],
)
def test_what_lies_at_the_end_of_the_map_is_named(lite: Site, tmp_path, shape, code) -> None:
    fault = refused(lite, street_with(tmp_path / "a.json", shape))
    assert fault.code == code
    assert fault.params.get("grid", "A11") == "A11"


def test_a_country_over_the_edge_of_the_map_alone_is_refused_in_words(lite: Site, tmp_path) -> None:
    parts = [shapely.box(179.9, -17, 180, -16), shapely.box(-180, -17, -179.9, -16)]
    chain = [("F", 1, ""), ("F1", 2, "F"), ("F11", 3, "F1")]
    grid = street()[0]
    fiji = [
        type(grid)(code, level, parent, code, shapely.MultiPolygon(parts))
        for code, level, parent in chain
    ]
    assert refused(lite, written(tmp_path / "a.json", fiji)).code == "extent-too-wide"


@pytest.mark.parametrize("more", [[12.5], [12.5, 3.0], [None], ["x"]])
def test_heights_and_measures_are_dropped_and_nonsense_is_told(lite: Site, tmp_path, more) -> None:
    given = as_geojson(street())
    for feature in given["features"]:
        ring = feature["geometry"]["coordinates"][0]
        feature["geometry"]["coordinates"][0] = [[*xy, *more] for xy in ring]
    path = tmp_path / "a.json"
    path.write_text(json.dumps(given))
    if all(isinstance(one, float) for one in more):
        assert not any(grid.shape.has_z for grid in bring_in(lite, path)[1])
    else:
        assert refused(lite, path).params["feature"] == 0


def test_two_systems_in_one_file_are_noticed(lite: Site, tmp_path) -> None:
    metres = shapely.transform(square(0, 0), lambda xy: xy * 111_000)
    fault = refused(lite, street_with(tmp_path / "a.json", metres))
    assert fault.code == "lonlat-out-of-range"
    assert fault.params["feature"] == [grid.code for grid in street()].index("A11")


def test_files_of_two_systems_are_noticed(lite: Site, tmp_path) -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32650"}}
    fault = refused(lite, raw(tmp_path / "a.json", crs=crs), crs="EPSG:4326")
    assert fault.code == "crs-disagrees"


def test_codes_that_lost_their_zeros_are_told_by_their_children(lite: Site, tmp_path) -> None:
    """A table program read 007 as 7: the children still say 007."""
    given = as_geojson(
        [
            type(g)(g.code.replace("A1", "007"), g.level, g.parent.replace("A1", "007"), g.name,
                    g.shape)
            for g in street()
        ]
    )  # fmt: skip
    for feature in given["features"]:
        if feature["properties"]["code"] == "007":
            feature["properties"]["code"] = 7
    path = tmp_path / "a.json"
    path.write_text(json.dumps(given))
    checked, _ = bring_in(lite, path)
    orphans = [f for f in checked.findings.faults if f.code == "missing-parent"]
    assert {fault.params["parent"] for fault in orphans} == {"007"}


def test_a_code_used_twice_enters_once(lite: Site, tmp_path) -> None:
    leaf = next(grid for grid in street() if grid.code == "A11")
    checked, stored = bring_in(lite, written(tmp_path / "a.json", [*street(), leaf]))
    assert checked.findings.summary == {"duplicate-code": 1}
    assert len(stored) == len(street())


def ragged(count: int) -> shapely.Polygon:
    """A ring of many vertices around the leaf A11."""
    angle = np.linspace(0, 2 * math.pi, count, endpoint=False)
    away = 0.0004 + 0.00002 * np.sin(angle * 1000)
    return shapely.Polygon(
        np.column_stack([119.5005 + away * np.cos(angle), 27.4005 + away * np.sin(angle)])
    )


def test_a_ring_of_a_million_vertices_is_checked(lite: Site, tmp_path) -> None:
    checked, stored = bring_in(lite, street_with(tmp_path / "a.json", ragged(1_000_000)))
    assert "invalid-polygon" not in checked.findings.summary
    (leaf,) = [grid for grid in stored if grid.code == "A11"]
    assert shapely.get_num_coordinates(leaf.shape) == 1_000_001


def test_a_ring_of_many_vertices_that_crosses_itself_is_told(lite: Site, tmp_path) -> None:
    ring = shapely.get_coordinates(ragged(100_000))
    ring[50_000:50_002] = ring[50_001:49_999:-1]  # two vertices change places
    checked, stored = bring_in(lite, street_with(tmp_path / "a.json", shapely.Polygon(ring)))
    assert checked.findings.summary["invalid-polygon"] == 1
    assert all(grid.shape.is_valid for grid in stored)


def test_a_zip_bomb_is_stopped(lite: Site, tmp_path) -> None:
    path = tmp_path / "a.zip"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file,
        file.open("a.geojson", "w", force_zip64=True) as inner,
    ):
        for _ in range(BOMB_MB):
            inner.write(b" " * 1_000_000)
    assert path.stat().st_size < BOMB_MB * 20_000
    assert refused(lite, path).code.startswith("file-")


BOMB_MB = 520  # unpacked, more than may come in
SQL = 'x"); DROP TABLE grid; --'


def test_a_geopackage_with_sql_for_names_is_read_as_names(lite: Site, tmp_path) -> None:
    given = street()
    path = tmp_path / "a.gpkg"
    columns = {
        SQL: [grid.code for grid in given],
        "level": [str(grid.level) for grid in given],
        "parent": [grid.parent for grid in given],
        "name": ["'; DROP TABLE edition; --"] * len(given),
    }
    pyogrio.raw.write(
        path,
        geometry=shapely.to_wkb([grid.shape for grid in given]),
        field_data=[np.array(values, dtype=object) for values in columns.values()],
        fields=list(columns),
        geometry_type="Polygon",
        crs="EPSG:4326",
        layer="grids",
    )
    checked = read_and_check(GridFiles({0: path}, {"code": SQL}), RULE)
    with lite.work("admin") as work:
        edition = import_grids(work, checked, NewEdition("sql"))
    with lite.look() as work:
        stored = grids.grids_of(work.session, edition.id)
        assert len(grids.editions(work.session)) == 2
    assert {grid.code for grid in stored} == {grid.code for grid in given}
    assert {grid.name for grid in stored} == {"'; DROP TABLE edition; --"}
