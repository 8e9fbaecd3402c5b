"""The grids of a map: kept as they travel, the same for every reader."""

import gzip
import json

import pytest

from gridtrack.access import RESIDENT
from gridtrack.queries.maps import DEEPEST, grids_of_level
from tests.builders import Site, leaves
from tests.web.visitor import an_app

COUNTS = {1: 2, 2: 4, 3: 8}


def collection(site: Site, level: int) -> dict:
    with site.look(RESIDENT) as work:
        return json.loads(gzip.decompress(grids_of_level(work, level)))


@pytest.mark.parametrize(("level", "count"), COUNTS.items())
def test_every_grid_of_a_level_is_there(lite: Site, level: int, count: int) -> None:
    assert len(collection(lite, level)["features"]) == count


def test_a_grid_has_its_shape_and_what_a_map_writes_on_it(lite: Site) -> None:
    first = collection(lite, 3)["features"][0]
    assert first["id"] == "A11"
    assert first["properties"] == {
        "code": "A11", "name": "A11网格", "name_en": "Grid A11", "path": "A/A1/A11", "level": 3,
    }  # fmt: skip
    ring = first["geometry"]["coordinates"][0]
    assert {tuple(point) for point in ring} == {
        (round(x, 6), round(y, 6)) for x, y in leaves()["A11"].exterior.coords
    }


@pytest.mark.parametrize("level", [0, -1, DEEPEST + 1, 10**9])
def test_a_level_that_cannot_be_is_empty_and_is_not_remembered(lite: Site, level: int) -> None:
    before = len(lite.runtime.memo._values)
    assert collection(lite, level) == {"type": "FeatureCollection", "features": []}
    assert len(lite.runtime.memo._values) == before


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
