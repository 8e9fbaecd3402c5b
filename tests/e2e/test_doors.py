"""An address typed in a report form: offered while one types, chosen by keyboard or by finger."""

import pytest
from playwright.sync_api import Page, expect

from tests.door_builders import BOOK, bring_in, the_book
from tests.e2e.conftest import Open, Place

pytestmark = pytest.mark.e2e
FIELD, OPTION = "#f-address", "[role=option]"


@pytest.fixture
def form(browse: Open, place: Place) -> Page:
    bring_in(place.site, the_book())
    page = browse("/")
    page.fill("#f-description", "楼下的路灯坏了")
    page.select_option("#f-category", "0601")
    return page


def test_a_plate_is_chosen_with_the_keyboard_alone(form: Page, place: Place) -> None:
    form.focus(FIELD)
    form.keyboard.type("朝阳新村3")
    expect(form.locator(OPTION)).to_have_count(2)
    expect(form.locator(FIELD)).to_have_attribute("aria-expanded", "true")
    form.keyboard.press("ArrowDown")
    form.keyboard.press("ArrowDown")
    form.keyboard.press("ArrowUp")
    active = form.get_attribute(FIELD, "aria-activedescendant")
    expect(form.locator(f"#{active}")).to_have_attribute("aria-selected", "true")
    form.keyboard.press("Enter")
    expect(form.locator(FIELD)).to_have_value(BOOK[0][0])
    expect(form.locator(FIELD)).to_have_attribute("aria-expanded", "false")
    expect(form.locator("[data-place-status]")).to_contain_text("A11网格")
    form.keyboard.press("Enter")
    form.wait_for_selector(".receipt")
    row = place.site.incident(1)
    assert (row.grid_code, row.address_id) == ("A11", 1)


def test_an_option_is_large_enough_for_a_finger_and_typing_on_takes_the_place_back(form: Page):
    form.focus(FIELD)
    form.keyboard.type("东升大厦")
    option = form.locator(OPTION).first
    box = option.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    option.click()
    expect(form.locator("[name=lon]")).not_to_have_value("")
    form.focus(FIELD)
    form.keyboard.press("End")
    form.keyboard.type("x")
    expect(form.locator("[name=lon]")).to_have_value("")
    expect(form.locator("[data-place-status]")).to_be_hidden()


def test_who_sends_without_choosing_is_asked_once_and_loses_nothing(form: Page, place: Place):
    form.fill(FIELD, "朝阳新村3")
    form.click("main button[type=submit]")
    expect(form.locator("[data-door-hint]")).to_be_visible()
    expect(form.locator(OPTION).first).to_be_visible()
    form.click("main button[type=submit]")
    form.wait_for_selector(".receipt")
    assert place.site.incident(1).outcome == "unplaced"


def test_a_line_that_does_not_answer_holds_nobody_up(form: Page, place: Place) -> None:
    form.route("**/doors/suggest*", lambda route: route.abort())
    form.fill(FIELD, "the old tree")
    form.click("main button[type=submit]")
    form.wait_for_selector(".receipt")
    assert place.site.told("desk") == ["triage"]


def test_a_plate_at_fault_is_shown_on_the_map(browse: Open, place: Place) -> None:
    row = {**the_book()[0], "lon": "119.53", "lat": "27.39"}
    bring_in(place.site, [row])
    page = browse("/doors/coverage", who="street", viewport={"width": 1440, "height": 900})
    page.wait_for_selector("[data-edition] canvas")
    page.click("[data-show-at]")
    expect(page.locator("[data-edition]")).to_be_in_viewport()
