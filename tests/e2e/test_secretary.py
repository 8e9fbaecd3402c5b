"""A secretary at a PC: what burns, list and map with one selection, matters without a reload."""

import pytest
from playwright.sync_api import expect

from tests.builders import BUILDING, LAMP, middle
from tests.e2e.conftest import DESK, Open, Place, tap_the_middle

pytestmark = pytest.mark.e2e


def test_a_missed_matter_enters_the_board_without_a_reload(browse: Open, place: Place) -> None:
    page = browse("/board", "secretary-a", viewport=DESK)
    expect(page.locator("#overdue")).to_contain_text("没有超时事件")
    place.site.report(LAMP)
    place.site.sweep(minutes=6)
    expect(page.locator("#overdue tbody tr")).to_have_count(1)
    expect(page.locator("#escalated tbody tr")).to_have_count(1)


def test_the_map_shows_grids_and_matters(browse: Open, place: Place) -> None:
    place.site.report(LAMP)
    place.site.report(LAMP, at=middle("A22"))
    page = browse("/board", "secretary-a", viewport=DESK)
    expect(page.locator("[data-map][data-loaded='2']")).to_be_visible()


def test_a_line_of_the_list_shows_itself_on_the_map(browse: Open, place: Place) -> None:
    place.site.report(LAMP)
    place.site.sweep(minutes=6)
    page = browse("/board", "secretary-a", viewport=DESK)
    expect(page.locator("[data-map][data-loaded='1']")).to_be_visible()
    page.click("#overdue [data-show-on-map]")
    here = page.locator(".map-card a[href='/incidents/1']")
    tap_the_middle(page, here)
    expect(here).to_be_visible()


def test_the_desk_assigns_what_no_grid_owns(browse: Open, place: Place) -> None:
    place.site.report(LAMP, at=(119.4, 27.3))
    page = browse("/board", "secretary-a", viewport=DESK)
    page.click("#triage tbody a")
    page.click("summary:has-text('分派给他人')")
    page.select_option("#f-assign-to", label="worker-a12")
    page.click("details[open] button[type=submit]")
    expect(page.locator(".flashes")).to_contain_text("已分派")
    assert place.site.incident(1).handler_id == place.site.people["worker-a12"]


def test_the_whole_ladder_is_told_with_reasons(browse: Open, place: Place) -> None:
    place.site.report(BUILDING)
    for minutes in (5, 5, 5):
        place.site.sweep(minutes=minutes)
    page = browse("/incidents/1", "secretary-a", viewport=DESK)
    expect(page.locator(".why")).to_contain_text("A11网格当班网格员：worker-a11")
    expect(page.locator(".timeline")).to_contain_text("超时升级到社区书记（secretary-a）")


def test_somebody_else_was_faster_is_told_and_words_are_kept(browse: Open, place: Place) -> None:
    place.site.report(LAMP)
    page = browse("/incidents/1", "secretary-a", viewport=DESK)
    page.click("summary:has-text('添加备注')")
    page.fill("#f-note-text", "请尽快处理")
    place.site.acknowledge(1, "worker-a11")
    page.click("details[open] button[type=submit]")
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.locator("#f-note-text")).to_have_value("请尽快处理")


def test_the_board_by_keyboard_alone(browse: Open, place: Place) -> None:
    for code in ("A11", "A12", "A22"):
        place.site.report(LAMP, at=middle(code))
    page = browse("/board", "secretary-a", viewport=DESK)
    expect(page.locator("[data-map][data-loaded='3']")).to_be_visible()
    page.keyboard.press("?")
    expect(page.locator("[data-keys]")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("aj?")  # in a text box keys are letters
    expect(page.locator("#b-q")).to_have_value("aj?")
    page.fill("#b-q", "A12")
    page.keyboard.press("Enter")
    expect(page.locator("#list tbody tr")).to_have_count(1)
    page.goto("/board?sort=new")
    expect(page.locator("#list tbody tr")).to_have_count(3)
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("tr[data-current]")).to_have_id("m-2")
    expect(page.locator("[data-bulk-count]")).to_contain_text("已选 2 件")
    place.site.report(LAMP)  # enters without a reload; what is chosen stays
    expect(page.locator("#list tbody tr")).to_have_count(4)
    expect(page.locator("input[name=pick]:checked")).to_have_count(2)
    expect(page.locator("tr[data-current]")).to_have_id("m-2")
    page.keyboard.press("a")
    page.select_option("#f-to", label="worker-a11")
    page.click("form.card button.button-primary")
    expect(page.locator("[role=status]").first).to_contain_text("2 件中已执行 2 件")
    assert place.site.incident(2).handler_id == place.site.people["worker-a11"]
    page.click("button:has-text('交回原经办人')")
    expect(page.locator("[role=status]").first).to_contain_text("已撤回 2 件")
    assert place.site.incident(2).handler_id == place.site.people["worker-a12"]


def test_a_duplicate_is_merged_from_the_page_of_what_stays_and_taken_out_again(
    browse: Open, place: Place
) -> None:
    place.site.report(LAMP)
    place.site.report(LAMP)
    page = browse("/incidents/1", "secretary-a", viewport=DESK)
    page.click("section[aria-labelledby=h-near] button")
    expect(page.locator("section[aria-labelledby=h-kin]")).to_contain_text("已并入 1 件")
    page.click("section[aria-labelledby=h-kin] a")
    page.click("summary:has-text('撤销并案')")
    page.fill("#f-split-reason", "不是同一盏灯")
    page.click("details[open] button[type=submit]")
    expect(page.locator(".timeline")).to_contain_text("撤销并案，从")
    assert place.site.incident(2).state == "assigned"
