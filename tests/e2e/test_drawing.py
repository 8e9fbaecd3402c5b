"""A secretary draws: a shared corner is dragged, grids are split and merged, and all is there after
a reload; a second editor is told."""

import math
from dataclasses import dataclass

import pytest
import shapely
from playwright.sync_api import Page, expect

from gridtrack.grids import store as grids
from gridtrack.grids.operations import Describe
from gridtrack.grids.rings import rounded
from gridtrack.grids.rules import Grid
from gridtrack.usecases.edit_draft import edit_draft
from tests.builders import SOUTH, STEP, WEST, Site
from tests.e2e.conftest import DESK, PHONE, Open, Place
from tests.e2e.test_accessible import faults
from tests.usecases.test_editions import a_copy

pytestmark = pytest.mark.e2e
RADIUS_M = 6378137.0
PADDING = 32


@dataclass(slots=True)
class Board:
    """The map of community A, two by two leaves, as it is first shown: fitted and centred."""

    page: Page

    def pixel(self, column: float, row: float) -> tuple[float, float]:
        """Where a place of the street is on the screen; (1, 1) is the middle of A."""
        box = self.page.locator(".map-canvas").bounding_box()
        assert box is not None
        west, south = mercator(0, 0)
        east, north = mercator(2, 2)
        metres = max(
            (east - west) / (box["width"] - 2 * PADDING),
            (north - south) / (box["height"] - 2 * PADDING),
        )
        x, y = mercator(column, row)
        return (
            box["x"] + box["width"] / 2 + (x - (west + east) / 2) / metres,
            box["y"] + box["height"] / 2 - (y - (south + north) / 2) / metres,
        )

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        self.page.mouse.move(*self.pixel(*start))
        self.page.mouse.down()
        self.page.mouse.move(*self.pixel(*end), steps=8)
        self.page.mouse.up()

    def click(self, *at: float) -> None:
        self.page.mouse.click(*self.pixel(*at))
        self.page.wait_for_timeout(300)  # OpenLayers waits for a second click before it is one

    def pending(self, count: int) -> None:
        expect(self.page.locator(f"[data-draw][data-pending='{count}']")).to_be_visible()
        expect(self.page.locator("[data-draw][data-busy]")).to_have_count(0)

    def press(self, word: str) -> None:
        self.page.get_by_role("button", name=word, exact=True).first.click()

    def save(self, revision: int) -> None:
        self.press("保存")
        expect(self.page.locator(f"[data-draw][data-revision='{revision}']")).to_be_visible()


def mercator(column: float, row: float) -> tuple[float, float]:
    lon, lat = math.radians(WEST + STEP * column), math.radians(SOUTH + STEP * (row - 2))
    return RADIUS_M * lon, RADIUS_M * math.log(math.tan(math.pi / 4 + lat / 2))


def a_board(browse: Open, draft: int, who: str = "secretary-a") -> Board:
    page = browse(f"/grids/{draft}/draw", who, viewport=DESK)
    expect(page.locator("[data-draw][data-ready]:not([data-ready='0'])")).to_be_visible()
    return Board(page)


def stored(site: Site, draft: int) -> dict[str, Grid]:
    with site.look() as work:
        return {grid.code: grid for grid in grids.grids_of(work.session, draft)}


def assert_no_gap_and_no_overlap(found: dict[str, Grid]) -> None:
    for level in (1, 2, 3):
        shapes = [grid.shape for grid in found.values() if grid.level == level]
        assert shapely.coverage_is_valid(shapes)
        whole = shapely.union_all(shapes)
        assert sum(shape.area for shape in shapes) == pytest.approx(whole.area, rel=1e-12)
        assert not any(part.interiors for part in shapely.get_parts(whole))


def test_a_shared_corner_is_dragged_and_all_neighbours_follow(browse: Open, place: Place) -> None:
    draft = a_copy(place.site)
    board = a_board(browse, draft)
    board.drag((1, 1), (1.4, 1.2))
    board.pending(1)
    board.save(1)
    found = stored(place.site, draft)
    assert_no_gap_and_no_overlap(found)
    moved = shapely.Point(WEST + STEP * 1.4, SOUTH + STEP * (1.2 - 2)).buffer(STEP / 20)
    followed = {
        code
        for code, grid in found.items()
        if any(moved.covers(shapely.Point(xy)) for xy in grid.shape.exterior.coords)
    }
    assert followed == {"A11", "A12", "A21", "A22", "A1", "A2"}


def test_grids_are_split_and_merged_and_are_there_after_a_reload(
    browse: Open, place: Place
) -> None:
    draft = a_copy(place.site)
    board = a_board(browse, draft)
    board.click(0.5, 1.5)
    expect(board.page.locator("#h-choose")).to_have_text("A11网格")
    board.press("分割")
    board.page.mouse.click(*board.pixel(0.4, 2))
    board.page.mouse.dblclick(*board.pixel(0.4, 1))
    board.pending(1)
    board.click(1.5, 0.5)
    expect(board.page.locator("#h-choose")).to_have_text("A22网格")
    board.press("合并")
    board.click(0.5, 0.5)
    board.pending(2)
    board.save(1)
    found = stored(place.site, draft)
    assert_no_gap_and_no_overlap(found)
    assert {code for code in found if code[0] == "A" and len(code) == 3} == {
        "A11", "A12", "A13", "A22",
    }  # fmt: skip
    board.page.reload()
    expect(board.page.locator("[data-draw][data-ready='8']")).to_be_visible()


def test_undo_and_redo_by_keyboard(browse: Open, place: Place) -> None:
    draft = a_copy(place.site)
    board = a_board(browse, draft)
    board.drag((1, 0.5), (1.2, 0.5))
    board.pending(1)
    board.page.keyboard.press("Control+z")
    board.pending(0)
    board.page.keyboard.press("Control+y")
    board.pending(1)
    board.save(1)
    assert_no_gap_and_no_overlap(stored(place.site, draft))


def test_what_would_leave_a_gap_is_put_back_with_the_reason(browse: Open, place: Place) -> None:
    board = a_board(browse, a_copy(place.site))
    board.drag((1, 1), (1.5, -0.4))
    expect(board.page.locator(".toast-bad")).to_contain_text("没有改动")
    board.pending(0)


def test_the_second_editor_is_told_and_loses_nothing(browse: Open, place: Place) -> None:
    draft = a_copy(place.site)
    board = a_board(browse, draft)
    board.drag((1, 1), (1.3, 1.2))
    board.pending(1)
    with place.site.work("street") as work:
        edit_draft(work, draft, [Describe("A11", name="街道改名")], 0)
    board.press("保存")
    dialog = board.page.locator("[data-draw-conflict]")
    expect(dialog).to_contain_text("street")
    dialog.get_by_role("button").first.click()
    expect(board.page.locator("[data-draw][data-revision='1']")).to_be_visible()
    board.pending(1)
    board.save(2)
    found = stored(place.site, draft)
    assert found["A11"].name == "街道改名"
    assert not found["A11"].shape.equals(stored(place.site, 1)["A11"].shape)


def test_a_vertex_is_moved_by_its_coordinates_without_dragging(browse: Open, place: Place) -> None:
    draft = a_copy(place.site)
    page = browse(f"/grids/{draft}/draw?grid=A11", "secretary-a")  # on a phone
    expect(page.locator("[data-draw][data-ready]:not([data-ready='0'])")).to_be_visible()
    lon, lat = rounded((WEST + STEP, SOUTH - STEP))
    rows = page.locator("[data-draw-form=vertices] tbody tr").all()
    row = next(
        one
        for one in rows
        if one.locator("input[name=lon]").input_value() == str(lon)
        and one.locator("input[name=lat]").input_value() == str(lat)
    )
    row.locator("input[name=lon]").fill(f"{WEST + STEP * 1.25:.7f}")
    page.locator("[data-draw-form=vertices] button[type=submit]").click()
    expect(page.locator("[data-draw][data-pending='1']")).to_be_attached()
    page.locator("[data-draw-do=save]").click()
    expect(page.locator("[data-draw][data-revision='1']")).to_be_attached()
    assert_no_gap_and_no_overlap(stored(place.site, draft))


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_page_is_accessible(browse: Open, place: Place, size: dict[str, int]) -> None:
    draft = a_copy(place.site)
    with place.site.work("secretary-a") as work:
        edit_draft(work, draft, [Describe("A11", name="改名")], 0)
    page = browse(f"/grids/{draft}/draw?grid=A11", "secretary-a", viewport=size)
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        page.wait_for_load_state("networkidle")
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        assert faults(page) == []
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
