"""The grids of a map: a screen's worth, gap-free, the same for every reader."""

import gzip
import json

import pytest
import shapely

from gridtrack.access import RESIDENT
from gridtrack.geo.box import Box
from gridtrack.grids import pieces, views
from gridtrack.grids.views import DEEPEST, View
from gridtrack.jobs.mapper import cut_maps
from gridtrack.queries.maps import grids_in
from tests.builders import Site, leaves
from tests.web.visitor import an_app

COUNTS = {1: 2, 2: 4, 3: 8}
WHOLE = [119.5, 27.394, 119.512, 27.4]
AROUND = Box(119.4, 27.3, 119.6, 27.5)


def collection(site: Site, level: int, zoom: int | None = None, box: Box | None = None) -> dict:
    with site.look(RESIDENT) as work:
        return json.loads(gzip.decompress(grids_in(work, View(level, box, zoom))))


def shape_of(feature: dict) -> shapely.Geometry:
    return shapely.from_geojson(json.dumps(feature["geometry"]))


@pytest.mark.parametrize("zoom", [None, 0, 12, 16, 22])
@pytest.mark.parametrize(("level", "count"), COUNTS.items())
def test_every_grid_of_a_level_is_there(
    lite: Site, level: int, count: int, zoom: int | None
) -> None:
    found = collection(lite, level, zoom)
    assert (len(found["features"]), found["left_out"]) == (count, 0)
    assert found["extent"] == pytest.approx(WHOLE)


def test_a_grid_has_its_shape_and_what_a_map_writes_on_it(lite: Site) -> None:
    first = collection(lite, 3)["features"][0]
    assert first["id"] == "A11"
    assert first["properties"] == {
        "code": "A11", "name": "A11网格", "name_en": "Grid A11", "path": "A/A1/A11", "level": 3,
        "parent": "A1",
    }  # fmt: skip
    assert shapely.equals_exact(shape_of(first), leaves()["A11"], normalize=True)


@pytest.mark.parametrize("level", [0, -1, DEEPEST + 1, 10**9])
def test_a_level_that_cannot_be_is_empty_and_is_not_remembered(lite: Site, level: int) -> None:
    before = len(lite.runtime.memo._values)
    found = collection(lite, level)
    assert (found["features"], found["left_out"]) == ([], 0)
    assert len(lite.runtime.memo._values) == before


def test_a_box_brings_what_it_touches(lite: Site) -> None:
    west, south, east, north = shapely.buffer(leaves()["A11"], -1e-4).bounds
    found = collection(lite, 3, 16, Box(west, south, east, north))
    assert [one["id"] for one in found["features"]] == ["A11"]
    assert "extent" not in found


# --- pieces -------------------------------------------------------------------------------------


@pytest.mark.parametrize("zoom", [5, 11, 14, 15])
@pytest.mark.parametrize("level", COUNTS)
def test_cut_beforehand_it_is_the_same_map(site: Site, level: int, zoom: int) -> None:
    live = collection(site, level, zoom, AROUND)
    assert cut_maps(site.runtime) == 1
    cut = collection(site, level, zoom, AROUND)
    assert {f["id"] for f in cut["features"]} == {f["id"] for f in live["features"]}
    pixel = 360 / 256 / 2**zoom
    by_id = {f["id"]: shape_of(f) for f in live["features"]}
    for feature in cut["features"]:
        other = by_id[feature["id"]]
        assert shapely.hausdorff_distance(shape_of(feature), other) <= pixel


def test_pieces_are_made_once_and_again_after_a_change(site: Site) -> None:
    assert cut_maps(site.runtime) == 1
    assert cut_maps(site.runtime) == 0
    with site.work() as work:
        work.session.get(views.pieces.Edition, 1).revision += 1
    assert cut_maps(site.runtime) == 1
    with site.look() as work:
        assert pieces.ready(work.session, 1, 0) is None
        assert pieces.ready(work.session, 1, 1) is not None


def test_a_set_that_its_maker_left_is_made_by_the_next_one(site: Site) -> None:
    with site.work() as work:
        first = pieces.begin(work.session, 1, 0, work.now)
    assert cut_maps(site.runtime) == 0
    site.clock.advance(minutes=6)
    assert cut_maps(site.runtime) == 1
    with site.work() as work:
        assert first is not None
        assert not pieces.add(work.session, first, [], work.now)


@pytest.mark.parametrize("cut", [False, True])
def test_too_many_for_a_screen_are_counted_not_sent(
    site: Site, monkeypatch: pytest.MonkeyPatch, *, cut: bool
) -> None:
    if cut:
        cut_maps(site.runtime)
    for module in (pieces, views):
        monkeypatch.setattr(module, "MOST_GRIDS", 7)
    found = collection(site, 3, 12)
    assert (found["left_out"], found["features"]) == (8, [])
    assert collection(site, 2, 12)["left_out"] == 0


# --- travelling ---------------------------------------------------------------------------------


def test_with_and_without_packing_it_is_the_same(lite: Site) -> None:
    client = an_app(lite).test_client()
    packed = client.get("/map/grids/3", headers={"Accept-Encoding": "gzip"})
    plain = client.get("/map/grids/3")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(packed.data) == plain.data
    assert plain.json == collection(lite, 3)


def test_who_has_it_is_told_so(lite: Site) -> None:
    client = an_app(lite).test_client()
    mark = client.get("/map/grids/3").headers["ETag"]
    again = client.get("/map/grids/3", headers={"If-None-Match": mark})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get("/map/grids/2", headers={"If-None-Match": mark}).status_code == 200
