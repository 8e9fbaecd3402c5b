"""Out again: what is written is what was there, to the last digit, and imports as the same."""

import csv
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from gridtrack.access import Actor
from gridtrack.addresses.tables import Address
from gridtrack.errors import Forbidden, NotFound, Unauthenticated
from gridtrack.geo.datum import Datum
from gridtrack.geo.layers import Reading
from gridtrack.geo.metric import metres_per_degree
from gridtrack.grids import store as grids
from gridtrack.grids.check import Rule
from gridtrack.grids.files import GridFiles
from gridtrack.grids.outputs import ENDING, Format
from gridtrack.grids.tables import Edition
from gridtrack.queries.export import Wanted, export_doors, export_grids
from gridtrack.usecases.import_grids import NewEdition, import_grids, read_and_check
from tests.builders import NOW, Site, grid_rows, middle
from tests.web.visitor import a_visitor

SAME = ("code", "level", "parent", "name", "name_en", "path")


@pytest.fixture
def crooked(site: Site) -> int:
    """A draft with coordinates of every digit, a hole, a part apart, and long Chinese names."""
    rng = np.random.default_rng(5)
    rows = grid_rows()
    corners: dict[tuple[float, float], np.ndarray] = {}

    def bent(xy: np.ndarray) -> np.ndarray:
        keys = [(round(x, 9), round(y, 9)) for x, y in xy]
        for key in keys:
            corners.setdefault(key, np.array(key) + rng.uniform(-1e-4, 1e-4, 2))
        return np.array([corners[key] for key in keys])

    for row in rows:
        row["shape"] = shapely.transform(row["shape"], bent)
    for row in rows:
        if row["level"] == 3:
            row["name"] = "朝阳新村第一网格" * 3 + row["code"]
            row["households"] = None
    with site.work() as work:
        edition = Edition(name="crooked", state="draft", created_at=NOW, created_by="tests",
                          tolerance_m=1.0, source={}, accepted=[], note="")  # fmt: skip
        return grids.save_edition(work.session, edition, rows).id


def exported(site: Site, edition_id: int, folder: Path, kind: Format, **more: Any) -> Path:
    out = folder / f"out.{ENDING[kind]}"
    with site.look("street") as work:
        export_grids(work, Wanted(edition_id, kind, **more), out)
    return out


def again(site: Site, path: Path, datum: Datum = Datum.WGS84) -> int:
    """Through our own check and import."""
    files = GridFiles({0: path}, {}, Reading(datum=datum))
    checked = read_and_check(files, Rule(tolerance_m=0.01, depth=3))
    assert checked.findings.faults == ()
    with site.work() as work:
        return import_grids(work, checked, NewEdition("again")).id


def known(site: Site, edition_id: int) -> dict[str, Any]:
    with site.look() as work:
        return {grid.code: grid for grid in grids.grids_of(work.session, edition_id)}


@pytest.mark.parametrize("kind", Format)
def test_what_comes_out_goes_in_again_and_is_the_same(
    site: Site, crooked: int, tmp_path: Path, kind: Format
) -> None:
    before = known(site, crooked)
    after = known(site, again(site, exported(site, crooked, tmp_path, kind)))
    assert before.keys() == after.keys()
    for code, grid in before.items():
        assert [getattr(after[code], name) for name in SAME] == [getattr(grid, n) for n in SAME]
        if kind == Format.SHP:  # it winds rings its own way
            assert shapely.equals_exact(after[code].shape, grid.shape, 0, normalize=True)
        else:
            assert shapely.equals_identical(after[code].shape, grid.shape)


@pytest.mark.parametrize("kind", Format)
@pytest.mark.parametrize("datum", [Datum.GCJ02, Datum.CGCS2000])
def test_another_datum_comes_back_to_the_millimetre(
    site: Site, crooked: int, tmp_path: Path, kind: Format, datum: Datum
) -> None:
    out = exported(site, crooked, tmp_path, kind, datum=datum)
    after = known(site, again(site, out, datum))
    metre = metres_per_degree(27.4)[1]
    for code, grid in known(site, crooked).items():
        apart = shapely.hausdorff_distance(after[code].shape, grid.shape) * metre
        assert apart < 1e-3


def test_a_subtree_is_the_grid_and_what_is_below_it(
    site: Site, crooked: int, tmp_path: Path
) -> None:
    out = exported(site, crooked, tmp_path, Format.GEOJSON, under="A")
    found = [row["properties"]["code"] for row in json.loads(out.read_text())["features"]]
    assert found == ["A", "A1", "A2", "A11", "A12", "A21", "A22"]
    assert sorted(known(site, again(site, out))) == sorted(found)


def test_a_shapefile_says_that_its_texts_are_utf_8(
    site: Site, crooked: int, tmp_path: Path
) -> None:
    out = exported(site, crooked, tmp_path, Format.SHP)
    with zipfile.ZipFile(out) as packed:
        endings = {name.rsplit(".", 1)[1] for name in packed.namelist()}
        assert {"shp", "shx", "dbf", "prj", "cpg"} <= endings
        (cpg,) = (name for name in packed.namelist() if name.endswith(".cpg"))
        assert packed.read(cpg).strip() == b"UTF-8"


def test_nothing_is_left_where_writing_failed(
    site: Site, crooked: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gridtrack.grids.outputs.as_text", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        exported(site, crooked, tmp_path, Format.GEOJSON)
    assert [one for one in tmp_path.iterdir() if one.name.startswith(("out", "."))] == []


def test_what_is_not_there_is_told(lite: Site, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        exported(lite, 99, tmp_path, Format.GEOJSON)
    with pytest.raises(NotFound):
        exported(lite, 1, tmp_path, Format.GEOJSON, under="Z")


@pytest.mark.parametrize("who", ["worker-a11", "desk", "security"])
def test_only_who_draws_grids_takes_them_out(lite: Site, tmp_path: Path, who: str) -> None:
    with pytest.raises(Forbidden), lite.look(who) as work:
        export_grids(work, Wanted(1, Format.GEOJSON), tmp_path / "x")
    with pytest.raises(Unauthenticated), lite.look(Actor(None, "x")) as work:
        export_doors(work, Wanted(1, Format.GEOJSON), tmp_path / "x")


# --- door plates --------------------------------------------------------------------------------


@pytest.fixture
def plates(site: Site) -> Site:
    points = {"一号": middle("A11"), "=2号": middle("B22"), "三号": (None, None)}
    with site.work() as work:
        for text, (lon, lat) in points.items():
            plate = Address(mark=text, text=text, number=text, aliases=[], lon=lon, lat=lat,
                            households=3, status="live", version=1, created_at=NOW,
                            created_by="x", changed_at=NOW, changed_by="x")  # fmt: skip
            work.session.add(plate)
    return site


def read_csv(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))


def test_plates_come_with_their_grid_and_those_without_one_last(
    plates: Site, tmp_path: Path
) -> None:
    out = tmp_path / "doors.csv"
    with plates.look("street") as work:
        assert export_doors(work, Wanted(1, Format.GEOJSON), out) == 3
    rows = [(row["grid"], row["grid_path"], row["address"]) for row in read_csv(out)]
    assert rows == [("A11", "A/A1/A11", "一号"), ("B22", "B/B2/B22", "'=2号"), ("", "", "三号")]


def test_plates_of_a_subtree_are_those_inside_it(plates: Site, tmp_path: Path) -> None:
    out = tmp_path / "doors.csv"
    with plates.look("street") as work:
        export_doors(work, Wanted(1, Format.GEOJSON, "B"), out)
    assert [row["grid"] for row in read_csv(out)] == ["B22"]


# --- pages --------------------------------------------------------------------------------------


def test_the_page_offers_every_branch(lite: Site) -> None:
    page = a_visitor(lite, "secretary-a").page("/grids/1/export")
    for path in ("A", "A/A1", "B/B2"):
        assert f'value="{path}"' in page


@pytest.mark.parametrize("kind", Format)
def test_a_file_is_downloaded_under_its_name(lite: Site, kind: Format) -> None:
    visitor = a_visitor(lite, "secretary-a")
    answer = visitor.get(f"/grids/1/export/any?format={kind.value}&under=A/A1&datum=gcj02")
    assert answer.status_code == 200
    name = f"grids-1-A-A1-gcj02.{ENDING[kind]}"
    assert answer.headers["Content-Disposition"] == f"attachment; filename={name}"
    assert len(answer.data) == int(answer.headers["Content-Length"])


@pytest.mark.parametrize(
    ("address", "status"),
    [("1/export/exe", 404), ("9/export/gpkg", 404), ("1/export/gpkg?datum=bd09", 422),
     ("1/export/gpkg?under=Z", 404), ("9/export", 404)],
)  # fmt: skip
def test_a_bad_wish_is_told(lite: Site, address: str, status: int) -> None:
    assert a_visitor(lite, "street").get(f"/grids/{address}").status_code == status
