"""A secretary traces an estate on the map, and moves a corner of it."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import DESK, Open, Place

pytestmark = pytest.mark.e2e


def click(page: Page, *places: tuple[float, float]) -> None:
    """Click on parts of the map's width and height, as slowly as a hand does."""
    box = page.locator(".map-canvas").bounding_box()
    assert box is not None
    for x, y in places:
        page.mouse.move(box["x"] + box["width"] * x, box["y"] + box["height"] * y)
        page.mouse.click(box["x"] + box["width"] * x, box["y"] + box["height"] * y)
        page.wait_for_timeout(300)  # two clicks sooner are a double click to the map


def test_an_estate_is_traced_and_kept_and_a_corner_moved(browse: Open, place: Place) -> None:
    page = browse("/zones/new", "secretary-a", viewport=DESK)
    expect(page.locator("[data-tracing][data-drawn='1']")).to_be_visible()
    page.click("[data-trace]")
    click(page, (0.6, 0.6), (0.7, 0.6), (0.7, 0.7), (0.6, 0.7), (0.6, 0.6))
    expect(page.locator("[data-tracing]")).to_have_attribute("data-corners", "4")
    page.fill("#f-code", "E9")
    page.fill("#f-name", "九号小区")
    page.fill("#f-manager", "某物业")
    page.click("form.card button[type=submit]")
    expect(page.locator("h1")).to_have_text("九号小区")
    expect(page.locator("dl.facts")).to_contain_text("A22网格")

    before = page.locator("#f-outline").input_value()
    canvas = page.locator(".map-canvas").bounding_box()
    assert canvas is not None
    lon, lat = map(float, before.splitlines()[0].split(","))
    page.fill("#f-outline", f"{lon - 0.0001:.7f}, {lat:.7f}\n" + before.partition("\n")[2])
    expect(page.locator("[data-tracing]")).to_have_attribute("data-corners", "4")
    page.click("form[aria-labelledby=h-change] button[type=submit]")
    expect(page.locator("[aria-labelledby=h-outlines] li")).to_have_count(2)
