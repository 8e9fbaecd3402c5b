"""Estates and units by date: drawn in one's own scope, changed, ended, imported; both databases."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import shapely

from gridtrack.errors import Conflict, Forbidden, GridtrackError, Invalid, NotFound, Rejected
from gridtrack.grids.zones import ZoneKind
from gridtrack.queries.zones import ZoneLine, zone_page, zones_page
from gridtrack.usecases.import_estates import ZoneFile, import_estates, read_estates
from gridtrack.usecases.zones import ZoneGiven, change_zone, draw_zone, end_zone
from tests.builders import LAMP, STEP, Site, in_estate, leaves, middle


def a_zone(code: str = "E9", at: str = "A12", **given: Any) -> ZoneGiven:
    """An estate that fills the middle of a leaf."""
    shape = given.pop("shape", shapely.Point(middle(at)).buffer(STEP / 4))
    options = {"kind": "estate", "name": "九号小区", "manager": "某物业", **given}
    return ZoneGiven(code=code, shape=shape, **options)


def drawn(site: Site, who: str = "secretary-a", **given: Any) -> int:
    with site.work(who) as work:
        return draw_zone(work, a_zone(**given))


def faults(error: GridtrackError) -> list[tuple[str, str]]:
    assert isinstance(error, Rejected)
    return [(fault.code, fault.field) for fault in error.faults]


def line(site: Site, code: str, who: str = "street") -> ZoneLine:
    with site.look(who) as work:
        found = [one for one in zones_page(work, "zh").zones if one.code == code]
    assert len(found) == 1, found
    return found[0]


def test_a_secretary_draws_on_own_ground_and_reports_from_inside_name_it(site: Site) -> None:
    drawn(site)
    one = site.report(LAMP, at=middle("A12")).incident_id
    assert site.incident(one).zone == "E9"


def test_a_secretary_does_not_draw_on_anothers_ground(site: Site) -> None:
    with pytest.raises(Forbidden):
        drawn(site, at="B11")


def test_a_zone_that_reaches_into_anothers_ground_is_the_streets(site: Site) -> None:
    across = shapely.union_all([leaves()["A12"], leaves()["B11"]]).buffer(-STEP / 10)
    with pytest.raises(Forbidden):
        drawn(site, shape=across)
    drawn(site, "street", shape=across)
    assert {share.code for share in line(site, "E9").grids} == {"A12", "B11"}


def test_a_gridworker_draws_nothing(site: Site) -> None:
    with pytest.raises(Forbidden):
        drawn(site, "worker-a11", at="A11")


def test_every_fault_is_told_at_once_by_field(site: Site) -> None:
    west = shapely.Point(in_estate()).buffer(STEP / 20)
    with pytest.raises(Rejected) as caught:
        drawn(site, code="E1", name=" ", kind="village", shape=west)
    assert sorted(faults(caught.value)) == [
        ("not-one-of", "kind"), ("required", "name"), ("zone-code-taken", "code"),
    ]  # fmt: skip


def test_an_overlap_with_another_estate_is_told_and_with_a_unit_is_not(site: Site) -> None:
    west = shapely.Point(in_estate()).buffer(STEP / 20)
    with pytest.raises(Rejected) as caught:
        drawn(site, shape=west)
    assert faults(caught.value) == [("zone-overlap", "outline")]
    drawn(site, shape=west, kind="unit")


def test_a_zone_outside_of_every_grid_is_told(site: Site) -> None:
    with pytest.raises(Rejected) as caught:
        drawn(site, "street", shape=shapely.Point(118, 26).buffer(STEP))
    assert faults(caught.value) == [("zone-outside", "outline")]


def test_a_changed_zone_ends_and_begins_and_old_matters_keep_theirs(site: Site) -> None:
    first = drawn(site)
    before = site.report(LAMP, at=middle("A12")).incident_id
    site.clock.advance(hours=1)
    with site.work("secretary-a") as work:
        second = change_zone(work, first, a_zone(at="A22", name="迁址后"))
    after = site.report(LAMP, at=middle("A12")).incident_id
    assert (site.incident(before).zone, site.incident(after).zone) == ("E9", None)
    with site.look("street") as work:
        page = zone_page(work, second, "zh")
    assert [(one.name, one.state) for one in page.outlines] == [
        ("迁址后", "in-force"), ("九号小区", "ended"),
    ]  # fmt: skip
    assert page.outlines[1].ended_by == "secretary-a"


def test_a_change_of_a_change_is_told_and_nothing_is_overwritten(site: Site) -> None:
    first = drawn(site)
    with site.work("secretary-a") as work:
        change_zone(work, first, a_zone(name="甲"))
    with pytest.raises(Conflict), site.work("secretary-a2") as work:
        change_zone(work, first, a_zone(name="乙"))
    assert line(site, "E9").name == "甲"


def test_a_zone_keeps_its_code(site: Site) -> None:
    first = drawn(site)
    with pytest.raises(Rejected), site.work("secretary-a") as work:
        change_zone(work, first, a_zone(code="E10"))


def test_a_zone_ends_at_its_date_and_its_code_is_free_then(site: Site) -> None:
    first = drawn(site)
    until = site.clock.now() + timedelta(days=1)
    with site.work("secretary-a") as work:
        end_zone(work, first, until)
    assert line(site, "E9").until_at == until
    with pytest.raises(Rejected):
        drawn(site, at="A21")
    site.clock.advance(days=1)
    assert site.incident(site.report(LAMP, at=middle("A12")).incident_id).zone is None
    drawn(site, at="A21")


def test_nothing_ends_or_begins_in_the_past(site: Site) -> None:
    first, past = drawn(site), site.clock.now() - timedelta(minutes=1)
    with pytest.raises(Invalid), site.work("secretary-a") as work:
        end_zone(work, first, past)
    with pytest.raises(Rejected):
        drawn(site, code="E10", at="A21", from_at=past)


def test_a_zone_to_come_begins_at_its_date(site: Site) -> None:
    drawn(site, from_at=site.clock.now() + timedelta(hours=1))
    assert line(site, "E9").state == "to-come"
    assert site.incident(site.report(LAMP, at=middle("A12")).incident_id).zone is None
    site.clock.advance(hours=1)
    assert site.incident(site.report(LAMP, at=middle("A12")).incident_id).zone == "E9"


def test_the_list_shows_both_ways_and_to_each_their_ground(site: Site) -> None:
    drawn(site)
    drawn(site, "secretary-b", code="E10", at="B11")
    with site.look("secretary-a") as work:
        page = zones_page(work, "zh")
    assert [one.code for one in page.zones] == ["E1", "E9"]
    assert [(one.code, [share.code for share in one.zones]) for one in page.grids] == [
        ("A11", ["E1"]), ("A12", ["E9"]),
    ]  # fmt: skip
    assert page.zones[0].holders == ("property-e1",)
    third = page.zones[0].grids[0]
    assert third.of_grid == pytest.approx(1 / 3, rel=0.01)
    assert third.of_zone == pytest.approx(1, rel=0.01)


def test_one_on_anothers_ground_is_not_there(site: Site) -> None:
    other = drawn(site, "secretary-b", at="B11")
    with pytest.raises(NotFound), site.look("secretary-a") as work:
        zone_page(work, other, "zh")


def a_file(folder: Path, *rows: dict[str, Any]) -> Path:
    features = [
        {"type": "Feature", "geometry": json.loads(shapely.to_geojson(row.pop("shape"))),
         "properties": row}
        for row in rows
    ]  # fmt: skip
    path = folder / "zones.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def test_an_import_adds_changes_and_leaves_what_is_the_same(site: Site, tmp_path: Path) -> None:
    rows = [
        {"code": f"E{n}", "name": f"{n}号", "shape": leaves()[leaf].buffer(-STEP / 10)}
        for n, leaf in ((8, "A12"), (9, "A21"))
    ]
    with site.work("admin") as work:
        first = import_estates(work, read_estates(a_file(tmp_path, *map(dict, rows))))
    assert first.added == ("E8", "E9")
    site.clock.advance(hours=1)
    rows[1]["name"] = "新名"
    with site.work("admin") as work:
        did = import_estates(work, read_estates(a_file(tmp_path, *map(dict, rows))))
    assert (did.added, did.changed, did.same) == ((), ("E9",), ("E8",))
    assert line(site, "E9").name == "新名"


def test_an_import_is_all_or_nothing(site: Site, tmp_path: Path) -> None:
    path = a_file(
        tmp_path,
        {"code": "E8", "name": "好", "shape": leaves()["A12"].buffer(-STEP / 10)},
        {"code": "E9", "name": "压在一号上", "shape": leaves()["A11"]},
    )
    with pytest.raises(Rejected) as caught, site.work("admin") as work:
        import_estates(work, read_estates(path))
    assert faults(caught.value) == [("zone-overlap", "outline")]
    with site.look("street") as work:
        assert [one.code for one in zones_page(work, "zh").zones] == ["E1"]


def test_only_who_imports_grids_imports_zones(site: Site, tmp_path: Path) -> None:
    read = read_estates(a_file(tmp_path, {"code": "E9", "name": "九", "shape": leaves()["A12"]}))
    with pytest.raises(Forbidden), site.work("secretary-a") as work:
        import_estates(work, read)


def test_a_file_says_its_fields_by_other_names_and_its_kind(tmp_path: Path) -> None:
    path = a_file(tmp_path, {"BH": 7, "MC": "第二中学", "shape": leaves()["A12"]})
    read = read_estates(path, ZoneFile({"code": "BH", "name": "MC"}, ZoneKind.UNIT))
    assert [(one.code, one.name, one.kind) for one in read] == [("7", "第二中学", "unit")]


def test_a_bow_tie_in_a_file_is_told_with_its_code(tmp_path: Path) -> None:
    tie = shapely.Polygon([(119, 27), (119.1, 27.1), (119.1, 27), (119, 27.1)])
    with pytest.raises(Rejected) as caught:
        read_estates(a_file(tmp_path, {"code": "E9", "name": "九", "shape": tie}))
    assert faults(caught.value) == [("zone-invalid", "outline")]
    assert caught.value.faults[0].params["value"] == "E9"
