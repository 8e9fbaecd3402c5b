"""From a file to a draft in a browser, with the worker doing the long steps beside it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from playwright.sync_api import Page, expect

from gridtrack.geo.datum import from_wgs84
from gridtrack.grids.check import Rule
from gridtrack.grids.files import GridFiles
from gridtrack.jobs.tasks import TaskRunner
from gridtrack.usecases.activate_edition import activate_edition
from gridtrack.usecases.import_grids import NewEdition, import_grids, read_and_check
from tests.e2e.conftest import DESK, PHONE, Open, Place
from tests.e2e.test_accessible import faults
from tests.imports import nothing_left

pytestmark = pytest.mark.e2e
GRIDS = Path(__file__).parents[2] / "data" / "grids.geojson"
LONG_MS = 40_000  # a process of its own is started for each long step


@pytest.fixture
def worker(place: Place) -> Iterator[TaskRunner]:
    """What does the long steps, as beside a server."""
    runner = TaskRunner(place.site.runtime)
    runner.start()
    yield runner
    runner.stop()


@pytest.fixture
def in_force(place: Place) -> None:
    """The grids of the demo are in force already."""
    checked = read_and_check(GridFiles({0: GRIDS}), Rule())
    with place.site.work() as work:
        edition = import_grids(work, checked, NewEdition("in force"))
        activate_edition(work, edition.id)


def shifted(tmp_path: Path) -> Path:
    """The grids of the demo as a map made in China would have them."""
    found: dict[str, Any] = json.loads(GRIDS.read_text("utf-8"))

    def move(xy: Any) -> Any:
        return np.column_stack(from_wgs84(xy[:, 0], xy[:, 1], "gcj02"))

    for feature in found["features"]:
        shape = shapely.geometry.shape(feature["geometry"])
        feature["geometry"] = json.loads(shapely.to_geojson(shapely.transform(shape, move)))
    path = tmp_path / "shifted.geojson"
    path.write_text(json.dumps(found, ensure_ascii=False), "utf-8")
    return path


def send(page: Page, path: Path) -> None:
    page.set_input_files("#f-file0", path)
    page.click("text=上传并查看")
    page.wait_for_selector(".datum", timeout=LONG_MS)


def clean(page: Page) -> None:
    """axe finds nothing, and nothing is wider than a phone."""
    for viewport in (DESK, PHONE):
        page.set_viewport_size(viewport)
        assert faults(page) == []
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def metres(page: Page) -> dict[str, float]:
    said = page.eval_on_selector_all(
        ".datum", "all => all.map(one => [one.querySelector('input').value, one.innerText])"
    )
    found = {name: re.search(r"([\d,.]+) 米", text) for name, text in said}
    return {name: float(m[1].replace(",", "")) for name, m in found.items() if m}


@pytest.mark.usefixtures("in_force", "worker")
def test_the_demos_own_file_goes_through_all_steps(browse: Open, place: Place) -> None:
    page = browse("/grids", "admin", viewport=DESK)
    page.click("text=导入网格")
    clean(page)
    send(page, GRIDS)
    expect(page.locator("[data-import-preview]")).to_have_attribute("data-file-datum", "wgs84")
    clean(page)
    page.check("input[value=wgs84]")
    page.click("text=采用这个坐标系")
    expect(page.locator("#f-parent")).to_have_value("parent")
    clean(page)
    page.click("text=开始检查")
    page.wait_for_selector("#f-name", timeout=LONG_MS)
    clean(page)
    page.fill("#f-name", "春季网格")
    page.click("text=生成草稿")
    page.wait_for_url(re.compile(r"/grids/\d+$"), timeout=LONG_MS)
    expect(page.locator("h1")).to_have_text("春季网格")
    with place.site.look() as work:
        session = work.session
        counts = session.connection().exec_driver_sql(
            "SELECT edition_id, count(*) FROM grid WHERE edition_id > 1 GROUP BY edition_id"
        )
        assert len({count for _, count in counts}) == 1


@pytest.mark.usefixtures("in_force", "worker")
def test_the_distances_name_the_datum_of_a_shifted_file(browse: Open, tmp_path: Path) -> None:
    page = browse("/grids/import", "admin", viewport=DESK)
    send(page, shifted(tmp_path))
    far = metres(page)
    assert min(far, key=lambda name: far[name]) == "gcj02"
    assert far["gcj02"] <= 0.1
    assert far["wgs84"] > 30
    expect(page.locator("input[name=datum]:checked")).to_have_count(0)  # a person chooses
    page.check("input[value=gcj02]")
    expect(page.locator("[data-import-preview]")).to_have_attribute("data-file-datum", "gcj02")


def test_a_file_that_is_too_large_is_not_even_sent(browse: Open) -> None:
    page = browse("/grids/import", "admin")
    page.evaluate("document.querySelector('#f-file0').dataset.mostBytes = '1000'")
    page.set_input_files("#f-file0", GRIDS)
    expect(page.locator(".toast")).to_contain_text("grids.geojson 超过")
    assert page.input_value("#f-file0") == ""


def test_cancelling_in_the_browser_leaves_nothing(browse: Open, place: Place) -> None:
    page = browse("/grids/import", "admin")
    page.set_input_files("#f-file0", GRIDS)
    page.click("text=上传并查看")
    page.wait_for_selector("progress")
    clean(page)
    page.click("text=取消这次导入")
    page.wait_for_url(re.compile("/grids/import$"))
    assert nothing_left(place.site)
