"""The findings of a draft: list and map are one selection, by pointer and by keyboard."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import DESK, PHONE, Open, Place, tap_the_middle
from tests.e2e.test_accessible import faults
from tests.usecases.test_check_edition import check, spoil
from tests.usecases.test_editions import a_copy

pytestmark = pytest.mark.e2e


def test_a_finding_is_shown_and_left_again(browse: Open, place: Place) -> None:
    draft = a_copy(place.site)
    spoil(place.site, draft)
    check(place.site, draft)
    page = browse(f"/grids/{draft}/findings", "admin", viewport=DESK)
    box = page.locator("[data-edition]")
    expect(box).to_have_attribute("data-drawn", "2")
    buttons = page.locator("[data-show]")
    buttons.nth(0).click()
    first = buttons.nth(0).get_attribute("data-show")
    expect(box).to_have_attribute("data-chosen", str(first))
    expect(page.locator(".finding.is-chosen")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    expect(buttons.nth(1)).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    expect(box).to_have_attribute("data-chosen", "")
    expect(page.locator("[data-back]")).to_be_hidden()
    buttons.nth(0).click()
    page.locator("[data-back]").click()
    expect(page.locator(".finding.is-chosen")).to_have_count(0)


def test_a_mark_on_the_map_chooses_its_line(browse: Open, place: Place) -> None:
    draft = a_copy(place.site)
    spoil(place.site, draft)
    check(place.site, draft)
    page = browse(f"/grids/{draft}/findings", "admin", viewport=DESK)
    expect(page.locator("[data-edition]")).to_have_attribute("data-drawn", "2")
    page.locator("[data-show]").nth(0).click()  # it lies in the middle of the map now
    expect(page.locator(".finding.is-chosen")).to_have_count(1)
    page.evaluate("document.querySelector('.is-chosen').classList.remove('is-chosen')")
    chosen = page.locator(".finding.is-chosen")
    tap_the_middle(page, chosen)
    expect(chosen).to_have_count(1)


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_the_findings_are_accessible(browse: Open, place: Place, viewport: dict[str, int]) -> None:
    draft = a_copy(place.site)
    spoil(place.site, draft)
    check(place.site, draft)
    page = browse(f"/grids/{draft}/findings", "admin", viewport=viewport)
    expect(page.locator("[data-edition]")).to_have_attribute("data-drawn", "2")
    assert faults(page) == []
