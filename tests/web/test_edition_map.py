"""The map of any edition: what its editors see, thinned for the zoom without opening gaps."""

import json
from collections.abc import Iterator

import pytest
import shapely

from gridtrack.grids import store as grids
from gridtrack.grids.tables import Edition
from gridtrack.queries.edition_map import edition_extent
from tests.builders import NOW, SOUTH, STEP, WEST, Site, grid_rows, leaves
from tests.web.visitor import Visitor, a_visitor

BOX_A11 = f"{WEST + STEP / 4},{SOUTH - STEP / 2},{WEST + STEP / 2},{SOUTH - STEP / 4}"


@pytest.fixture
def draft(lite: Site) -> int:
    return a_draft(lite)


def a_draft(site: Site) -> int:
    with site.work() as work:
        edition = Edition(name="draft", state="draft", created_at=NOW, created_by="tests",
                          tolerance_m=1.0, source={}, accepted=[], note="")  # fmt: skip
        return grids.save_edition(work.session, edition, grid_rows()).id


@pytest.fixture
def secretary(lite: Site) -> Iterator[Visitor]:
    return a_visitor(lite, "secretary-a")


def codes(visitor: Visitor, address: str) -> list[str]:
    answer = visitor.get(address)
    assert answer.status_code == 200, answer.text
    return [feature["id"] for feature in json.loads(answer.data)["features"]]


def test_a_draft_is_drawn_for_its_editors(secretary: Visitor, draft: int) -> None:
    assert codes(secretary, f"/grids/{draft}/map/3") == sorted(leaves())
    assert codes(secretary, f"/grids/{draft}/map/3?bbox={BOX_A11}&zoom=16") == ["A11"]
    assert codes(secretary, f"/grids/{draft}/map/4") == []


def test_a_grid_brings_what_editors_need(secretary: Visitor, draft: int) -> None:
    answer = secretary.get(f"/grids/{draft}/map/2?bbox={BOX_A11}")
    (feature,) = json.loads(answer.data)["features"]
    assert feature["properties"] == {
        "code": "A1", "name": "A1网格", "name_en": "Grid A1", "path": "A/A1", "level": 2,
        "parent": "A",
    }  # fmt: skip


def test_without_a_zoom_every_digit_is_there(secretary: Visitor, draft: int) -> None:
    answer = secretary.get(f"/grids/{draft}/map/3")
    shapes = {
        f["id"]: shapely.from_geojson(json.dumps(f["geometry"])) for f in answer.json["features"]
    }
    assert all(
        shapely.equals_exact(shapes[code], leaf, normalize=True) for code, leaf in leaves().items()
    )


@pytest.mark.parametrize(
    ("who", "status"),
    [(None, 302), ("worker-a11", 403), ("desk", 403), ("street", 200), ("admin", 200)],
)
def test_only_who_draws_grids_sees_drafts(
    lite: Site, draft: int, who: str | None, status: int
) -> None:
    assert a_visitor(lite, who).get(f"/grids/{draft}/map/1").status_code == status


def test_what_is_unchanged_is_not_sent_again(lite: Site, secretary: Visitor, draft: int) -> None:
    address = f"/grids/{draft}/map/3?zoom=16"
    mark = secretary.get(address).headers["ETag"]
    again = secretary.get(address, **{"If-None-Match": mark})
    assert (again.status_code, again.data) == (304, b"")
    with lite.work() as work:
        grids.edition(work.session, draft).revision += 1
    assert secretary.get(address, **{"If-None-Match": mark}).status_code == 200


@pytest.mark.parametrize("query", ["zoom=-1", "zoom=1.5", "zoom=100", "bbox=1,2,3", "bbox=9,9,8,8"])
def test_a_view_that_cannot_be_is_told(secretary: Visitor, draft: int, query: str) -> None:
    answer = secretary.get(f"/grids/{draft}/map/3?{query}")
    assert answer.status_code == 422


def test_an_edition_that_is_not_there_is_not_found(secretary: Visitor) -> None:
    assert secretary.get("/grids/999/map/1").status_code == 404


def test_the_first_view_is_ones_own_ground(site: Site) -> None:
    made = a_draft(site)
    with site.look("secretary-a") as work:
        assert edition_extent(work, made) == "119.500000,27.394000,119.506000,27.400000"
    with site.look("admin") as work:
        assert edition_extent(work, made) == "119.500000,27.394000,119.512000,27.400000"
        assert edition_extent(work, 10**6) == ""
