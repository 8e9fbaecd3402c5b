"""The sheet that hangs in each grid: where it is, how far it goes, whom to call."""

import json
import shutil
from pathlib import Path

import pytest
import shapely

from gridtrack.accounts.tables import Person
from gridtrack.errors import Forbidden, NotFound
from gridtrack.geo.sides import Named, sides
from gridtrack.geo.sketch import HIGH, WIDE, Thing, sketch
from gridtrack.queries.sheets import Sheets, sheets
from tests.builders import SOUTH, STEP, WEST, Site, leaves
from tests.web.visitor import a_visitor

HERE = Path(__file__).resolve().parents[2]


def sheets_of(site: Site, under: str, who: str = "street", locale: str = "zh") -> Sheets:
    with site.look(who) as work:
        return sheets(work, 1, under, locale)


def pave(site: Site) -> None:
    """A road along the north of the street, one down its middle, and water in the south."""
    north = [[WEST - 0.01, SOUTH], [WEST + 0.03, SOUTH]]
    middle = [[WEST + STEP, SOUTH + 0.01], [WEST + STEP, SOUTH - 0.02]]
    rows = [("环城路", "Ring Road", "LineString", north, 12), ("中街", "", "LineString", middle, 6)]
    features = [
        {"type": "Feature", "properties": {"name": zh, "name_en": en, "width_m": width},
         "geometry": {"type": kind, "coordinates": line}}
        for zh, en, kind, line, width in rows
    ]  # fmt: skip
    text = json.dumps({"type": "FeatureCollection", "features": features})
    (site.runtime.settings.instance / "roads.geojson").write_text(text)


# --- the extent in words ------------------------------------------------------------------------


def test_a_side_is_named_by_its_road_else_by_its_neighbour() -> None:
    road = Named("环城路", shapely.LineString([(-50, 108), (150, 108)]))
    next_door = Named("第二网格", shapely.box(100, 0, 200, 100))
    found = sides(shapely.box(0, 0, 100, 100), [road], [next_door])
    assert found == {"east": ("第二网格",), "south": (), "west": (), "north": ("环城路",)}


def test_what_takes_a_small_part_of_a_side_is_not_named() -> None:
    most, little = shapely.box(100, 15, 200, 100), shapely.box(100, 0, 200, 15)
    found = sides(shapely.box(0, 0, 100, 100), [], [Named("most", most), Named("little", little)])
    assert found["east"] == ("most",)


def test_a_round_grid_has_four_sides() -> None:
    circle = shapely.Point(0, 0).buffer(100)
    around = shapely.difference(shapely.box(-500, -500, 500, 500), circle)
    found = sides(circle, [], [Named("all", around)])
    assert set(found.values()) == {("all",)}


# --- the picture --------------------------------------------------------------------------------


def test_the_picture_stays_on_the_paper_and_names_do_not_cover_each_other() -> None:
    shapes = leaves()
    near = [Thing(code, "neighbour", shape) for code, shape in shapes.items() if code != "A12"]
    made = sketch(Thing("A12网格", "own", shapes["A12"]), [], near)
    for label in made.labels:
        assert 0 <= label.x <= WIDE
        assert 0 <= label.y <= HIGH
    assert len({(label.x, label.y) for label in made.labels}) == len(made.labels)
    assert [label.text for label in made.labels if label.kind == "own"] == ["A12网格"]
    assert made.bar <= WIDE / 4
    assert made.paths[-1].kind == "own"


# --- the sheets ---------------------------------------------------------------------------------


def test_a_sheet_says_where_and_who(site: Site) -> None:
    pave(site)
    with site.work() as work:
        worker = work.session.get(Person, site.people["worker-a11"])
        assert worker is not None
        worker.phone = "13900000011"
    (sheet,) = sheets_of(site, "A/A1/A11").sheets
    assert (sheet.name, sheet.way, sheet.households) == ("A11网格", ("A网格", "A1网格"), 200)
    assert sheet.extent == {
        "east": ("中街",), "south": ("A21网格",), "west": (), "north": ("环城路",),
    }  # fmt: skip
    assert [(one.name, one.phone) for one in sheet.workers] == [
        ("worker-a11", "13900000011"), ("deputy-a11", ""),
    ]  # fmt: skip
    assert [(one.of, one.name) for one in sheet.managers] == [("一号小区", "某物业")]
    assert "环城路" in {label.text for label in sheet.sketch.labels}


def test_names_follow_the_readers_language(lite: Site) -> None:
    pave(lite)
    (sheet,) = sheets_of(lite, "A/A1/A11", locale="en").sheets
    assert (sheet.name, sheet.extent["north"]) == ("Grid A11", ("Ring Road",))


def test_an_estate_next_door_is_not_named(site: Site) -> None:
    (sheet,) = sheets_of(site, "A/A1/A12").sheets
    assert sheet.managers == ()


def test_a_subtree_is_a_sheet_for_each_base_grid(site: Site) -> None:
    assert [one.code for one in sheets_of(site, "A").sheets] == ["A11", "A12", "A21", "A22"]
    assert len(sheets_of(site, "").sheets) == 8


def test_more_than_fit_are_counted(lite: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gridtrack.queries.sheets.MOST_SHEETS", 3)
    found = sheets_of(lite, "")
    assert (len(found.sheets), found.left_out) == (3, 5)


def test_what_is_not_there_and_who_may_not(lite: Site) -> None:
    with pytest.raises(NotFound):
        sheets_of(lite, "Z")
    with pytest.raises(Forbidden):
        sheets_of(lite, "A", "desk")


def test_the_demo_place_names_every_side(lite: Site) -> None:
    """The shipped roads lie along the borders of the shipped grids."""
    shutil.copy(HERE / "data" / "roads.geojson", lite.runtime.settings.instance)
    rows = json.loads((HERE / "data" / "grids.geojson").read_text())["features"]
    roads = json.loads((HERE / "data" / "roads.geojson").read_text())["features"]
    leaf = next(one for one in rows if one["properties"]["level"] == 3)
    shape = shapely.from_geojson(json.dumps(leaf["geometry"]))
    lines = [
        Named(one["properties"]["name"], shapely.from_geojson(json.dumps(one["geometry"])))
        for one in roads
        if one["geometry"]["type"] == "LineString"
    ]

    def flat(one: shapely.Geometry) -> shapely.Geometry:
        return shapely.transform(one, lambda xy: (xy - [119.5, 27.3]) * [98_900, 110_800])

    near = [Named(one.name, flat(one.shape)) for one in lines]
    found = sides(flat(shape), near, [])
    assert sum(bool(names) for names in found.values()) >= 2


def test_the_page_is_one_article_a_grid_and_warns_without_a_telephone(lite: Site) -> None:
    page = a_visitor(lite, "secretary-a").page("/grids/1/sheets?under=A/A1")
    assert page.count('<article class="sheet"') == 2
    assert "GRIDTRACK_SUPERVISION_PHONE" in page
