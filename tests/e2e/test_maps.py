"""Maps in a browser: what the view shows is fetched, and a sheet is one page of paper."""

import re

from playwright.sync_api import expect

from tests.e2e.conftest import DESK, Open


def test_the_map_fetches_what_it_shows_and_again_when_it_moves(browse: Open) -> None:
    page = browse("/map", "street", viewport=DESK)
    shown = page.locator("[data-map][data-shown='1:2,2:4,3:8']")
    expect(shown).to_be_visible()
    with page.expect_response(lambda answer: "/map/grids/3?bbox=" in answer.url) as moved:
        for _ in range(3):
            page.locator(".ol-zoom-in").click()
    assert moved.value.status == 200
    expect(page.locator(".map-left-out")).to_be_hidden()


def test_each_sheet_is_one_page_of_paper(browse: Open) -> None:
    page = browse("/grids/1/export", "street", viewport=DESK)
    page.locator("#f-sheets").select_option("A/A1")
    page.get_by_role("button", name="查看公示牌").click()
    expect(page.locator("article.sheet")).to_have_count(2)
    paper = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page[^s]", paper)) == 2
