"""The law is changed in a browser: compared, looked at for its impact, put in force, followed."""

import pytest
from playwright.sync_api import Page, expect

from tests.builders import LAMP
from tests.e2e.conftest import DESK, PHONE, Open, Place
from tests.e2e.test_accessible import faults
from tests.edition_builders import NOW_A12, a_shift, moved

pytestmark = pytest.mark.e2e


def test_a_change_is_compared_weighed_put_in_force_and_the_matter_follows(
    browse: Open, place: Place
) -> None:
    one = place.site.report(LAMP, at=NOW_A12).incident_id
    draft = a_shift(place.site)
    page = browse(f"/grids/{draft}", "admin", viewport=DESK)
    page.click("nav a:has-text('对比')")
    expect(page.locator("tbody tr")).to_have_count(5)
    look_at_the_map(page)
    assert faults(page) == []
    page.goto(f"/grids/{draft}/impact")
    assert faults(page) == []
    expect(page.locator("main")).to_contain_text("1 件转给新负责人，沿用剩余时间")
    page.click("button:has-text('确认检查通过')")
    page.click("summary:has-text('立即启用')")
    page.fill("#f-activate-reason", "十一月会议")
    page.click("details[open] button[type=submit]")
    expect(page.locator(".flashes")).to_contain_text("已启用")
    expect(page.locator(".timeline")).to_contain_text("十一月会议")
    assert faults(page) == []
    due_at = place.site.incident(one).due_at
    moved(place.site)
    inbox = browse("/inbox", "worker-a12")
    expect(inbox.locator("#inbox-list h3")).to_have_count(1)
    assert place.site.incident(one).due_at == due_at
    inbox.goto(f"/incidents/{one}")
    expect(inbox.locator(".timeline")).to_contain_text("网格调整，改派给worker-a12")


def look_at_the_map(page: Page) -> None:
    """The differences are drawn, and a line of the list shows itself."""
    expect(page.locator("[data-differences][data-drawn]")).to_be_visible()
    before = page.locator(".ol-scale-line-inner").text_content()
    page.click("tbody tr:nth-child(3) [data-zoom]")
    expect(page.locator(".ol-scale-line-inner")).not_to_have_text(before or "")


def test_without_scripts_the_differences_are_a_list(browse: Open, place: Place) -> None:
    draft = a_shift(place.site)
    page = browse(
        f"/grids/{draft}/compare", "secretary-a", viewport=PHONE, java_script_enabled=False
    )
    expect(page.locator("tbody tr")).to_have_count(5)
    expect(page.locator("main")).to_contain_text("边界变动")
