"""Every plate in exactly one base grid: sums that add up, and every stray named."""

import pytest
import shapely

from gridtrack.errors import Forbidden
from gridtrack.grids import store as grids
from gridtrack.grids.tables import Edition
from gridtrack.queries.door_coverage import Coverage, coverage
from tests.builders import NOW, STEP, Site, grid_rows, leaves, middle
from tests.door_builders import a_row, bring_in, the_book


def report(site: Site, edition_id: int | None = None, who: str = "engine") -> Coverage:
    with site.look(who) as work:
        return coverage(work, edition_id)


def kinds(found: Coverage) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(one.text, one.kind, one.grids) for one in found.strays]


def a_draft(site: Site, **moved: shapely.Geometry) -> int:
    """A draft of the street with some grids in another shape."""
    rows = [{**row, "shape": moved.get(row["code"], row["shape"])} for row in grid_rows()]
    with site.work() as work:
        draft = Edition(name="draft", state="draft", created_at=NOW, created_by="x",
                        tolerance_m=1.0, source={}, accepted=[], note="")  # fmt: skip
        return grids.save_edition(work.session, draft, rows).id


def test_sums_of_every_level_are_the_whole_book(site: Site) -> None:
    bring_in(site, the_book())
    found = report(site)
    assert (found.addresses, found.households, found.complete) == (5, 153, True)
    for level in (1, 2, 3):
        lines = [line for line in found.lines if line.level == level]
        assert sum(line.households for line in lines) == 153
        assert sum(line.addresses for line in lines) == 5
    counts = {line.code: line.households for line in found.lines if line.households}
    assert counts == {"A": 13, "A1": 13, "A11": 10, "A12": 3, "B": 140, "B1": 140, "B11": 20,
                      "B12": 120}  # fmt: skip


def test_a_plate_in_no_grid_is_told_with_the_nearest(site: Site) -> None:
    lon, lat = middle("B12")
    bring_in(site, [{**a_row("外路1号"), "lon": str(lon + STEP), "lat": str(lat)}])
    found = report(site)
    assert kinds(found) == [("外路1号", "outside", ("B12",))]
    assert 100 < (found.strays[0].away_m or 0) < 200
    assert (found.households, found.placed_households) == (0, 0)


def test_a_plate_in_two_grids_is_told_with_both_and_counted_once(site: Site) -> None:
    bring_in(site, [a_row("重叠路1号", households=7), a_row("重叠路2号", at="A12")])
    west, south, east, north = leaves()["A11"].bounds
    wider = shapely.box(west, south, east + STEP, north)
    found = report(site, a_draft(site, A11=wider))
    assert kinds(found) == [("重叠路2号", "overlap", ("A11", "A12"))]
    assert sum(line.addresses for line in found.leaves) == 2


def test_a_plate_on_a_border_is_in_one_grid(site: Site) -> None:
    _west, south, east, north = leaves()["A11"].bounds
    bring_in(site, [{**a_row("边路1号"), "lon": repr(east), "lat": repr((south + north) / 2)}])
    found = report(site)
    assert found.complete
    assert sum(line.addresses for line in found.leaves) == 1


def test_plates_without_a_point_are_told_and_retired_ones_are_not(site: Site) -> None:
    bring_in(site, [a_row("无坐标路1号", lon="", lat="", households=5)])
    found = report(site)
    assert kinds(found) == [("无坐标路1号", "pointless", ())]
    assert (found.households, found.placed_households) == (5, 0)


def test_sizes_and_duty_are_told_of_base_grids(site: Site) -> None:
    bring_in(site, [*the_book(), a_row("大路1号", at="A22", households=501)])
    lines = {line.code: line for line in report(site).lines}
    assert (lines["A22"].size, lines["B12"].size, lines["A11"].size) == ("large", "", "small")
    assert lines["A11"].on_duty == ("worker-a11", "deputy-a11")
    assert lines["A22"].unmanned
    assert not lines["A"].unmanned


def test_a_change_of_the_book_is_seen_at_once(site: Site) -> None:
    bring_in(site, the_book())
    assert report(site).households == 153
    bring_in(site, [a_row("新路1号", households=1)])
    assert report(site).households == 154


def test_a_secretary_sees_the_grids_of_their_community(site: Site) -> None:
    bring_in(site, the_book())
    found = report(site, who="secretary-b")
    assert {line.code[0] for line in found.lines} == {"B"}


def test_a_gridworker_does_not_see_the_report(lite: Site) -> None:
    with pytest.raises(Forbidden):
        report(lite, who="worker-a11")
