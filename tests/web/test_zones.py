"""The pages of estates and units, without scripts."""

import io
import json

import pytest
import shapely

from gridtrack.grids.zones import outline_text
from tests.builders import STEP, Site, leaves, middle
from tests.web.visitor import a_visitor

INSIDE = outline_text(shapely.Point(middle("A12")).buffer(STEP / 4, quad_segs=2))
FORM = {"kind": "estate", "code": "E9", "name": "九号小区", "manager": "某物业", "outline": INSIDE}


def test_the_list_shows_zones_with_grids_and_grids_with_zones(lite: Site) -> None:
    page = a_visitor(lite, "secretary-a").page("/zones")
    assert "一号小区" in page
    assert "33 % of the grid" in page
    assert "property-e1" in page


def test_one_is_drawn_by_its_coordinates(lite: Site) -> None:
    visitor = a_visitor(lite, "secretary-a")
    answer = visitor.post("/zones/new", FORM, seen="/zones/new")
    assert answer.status_code == 303
    page = visitor.page(answer.headers["Location"])
    assert "九号小区" in page
    assert "100 % of it" in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("outline", "abc"),
        ("outline", ""),
        ("code", ""),
        ("name", ""),
        ("code", "E1"),
        ("begins", "yesterday"),
        ("name", "x" * 121),
        ("manager", "a\x00b"),
    ],
)
def test_a_fault_is_told_at_its_field_and_nothing_typed_is_lost(
    lite: Site, field: str, value: str
) -> None:
    visitor = a_visitor(lite, "secretary-a")
    answer = visitor.post("/zones/new", {**FORM, field: value}, seen="/zones/new")
    assert answer.status_code == 422
    assert f'id="f-{field}-error"' in answer.text
    kept = "某物业" if field != "manager" else "九号小区"
    assert kept in answer.text


def test_anothers_ground_is_forbidden(lite: Site) -> None:
    there = outline_text(leaves()["B11"].buffer(-STEP / 10, join_style="mitre"))
    answer = a_visitor(lite, "secretary-a").post(
        "/zones/new", {**FORM, "outline": there}, seen="/zones/new"
    )
    assert answer.status_code == 403


def test_a_zone_is_changed_and_ended_on_its_page(lite: Site) -> None:
    visitor = a_visitor(lite, "secretary-a")
    one = visitor.post("/zones/new", FORM, seen="/zones/new").headers["Location"]
    lite.clock.advance(minutes=1)
    changed = visitor.post(one, {**FORM, "name": "新名"}, seen=one)
    assert changed.status_code == 303
    lite.clock.advance(minutes=1)
    new = changed.headers["Location"]
    assert visitor.post(f"{new}/end", {"until": ""}, seen=new).status_code == 303
    page = visitor.page(new)
    assert "新名" in page
    assert "Change it" not in page
    again = visitor.post(one, {**FORM, "name": "迟到"}, seen="/zones")
    assert again.status_code == 409


def test_the_map_has_what_the_list_has(lite: Site) -> None:
    answer = a_visitor(lite, "secretary-b").get("/zones/map")
    assert json.loads(answer.text)["features"] == []
    answer = a_visitor(lite, "secretary-a").get("/zones/map")
    assert [one["properties"]["code"] for one in json.loads(answer.text)["features"]] == ["E1"]


def test_the_administrator_imports_a_file_and_others_are_not_offered_it(lite: Site) -> None:
    shape = json.loads(shapely.to_geojson(leaves()["A12"]))
    feature = {"type": "Feature", "geometry": shape, "properties": {"code": "E9", "name": "九号"}}
    sent = json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()
    visitor = a_visitor(lite, "admin")
    form = {"file": (io.BytesIO(sent), "小区.geojson"), "kind": "estate", "datum": "wgs84"}
    answer = visitor.post("/zones/import", form, seen="/zones")
    assert answer.status_code == 303, answer.text
    assert "九号" in visitor.page("/zones")
    assert "/zones/import" not in a_visitor(lite, "secretary-a").page("/zones")


@pytest.mark.parametrize("name", ["", "zones.geojson"])
def test_no_file_or_a_spoilt_one_is_told_at_the_field(lite: Site, name: str) -> None:
    form = {"file": (io.BytesIO(b"{"), name), "datum": "wgs84"} if name else {}
    answer = a_visitor(lite, "admin").post("/zones/import", form, seen="/zones")
    assert answer.status_code == 422
    assert "error-summary" in answer.text


def test_a_gridworker_has_no_such_page(lite: Site) -> None:
    assert a_visitor(lite, "worker-a11").get("/zones").status_code == 403
