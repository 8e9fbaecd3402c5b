"""A gridworker with a phone: the clock ticks, one tap stops it."""

import pytest
from playwright.sync_api import Page, expect

from tests.builders import LAMP, middle
from tests.e2e.conftest import Open, Place, tap_the_middle
from tests.web.visitor import a_photo

pytestmark = pytest.mark.e2e


def test_one_tap_acknowledges(browse: Open, place: Place) -> None:
    place.site.report(LAMP)
    page = browse("/inbox", "worker-a11")
    page.click("#row-1 button[type=submit]")
    expect(page.locator("#row-1")).to_contain_text("已签收")
    expect(page.locator("#row-1 button[type=submit]")).to_have_count(0)
    assert place.site.incident(1).state == "acknowledged"


def test_a_new_matter_enters_by_itself(browse: Open, place: Place) -> None:
    page = browse("/inbox", "worker-a11")
    expect(page.locator("h3")).to_have_text("没有待签收事件")
    place.site.report(LAMP)
    expect(page.locator("#row-1")).to_be_visible(timeout=30_000)
    expect(page.locator("a.bell .count")).to_have_text("1")


def test_the_clock_ticks_by_the_server_and_turns_over(browse: Open, place: Place) -> None:
    place.site.report(LAMP)
    page = browse("about:blank", "worker-a11")
    # The phone's clock is a day wrong; the five minutes are the server's all the same.
    page.clock.install(time=place.site.clock.now().timestamp() + 86_400)
    page.goto("/inbox")
    clock = page.locator("#row-1 time.clock")
    expect(clock).to_contain_text("剩 4:5")
    later(page, place, seconds=301)
    expect(clock).to_contain_text("超时 −0:")
    assert clock.get_attribute("data-tone") == "late"


def test_one_minute_and_zero_are_read_out_once(browse: Open, place: Place) -> None:
    place.site.report(LAMP)
    page = browse("about:blank", "worker-a11")
    page.clock.install()
    page.goto("/inbox")
    heard = page.locator("#announcements")
    later(page, place, seconds=245)
    expect(heard).to_contain_text("还剩一分钟")
    later(page, place, seconds=60)
    expect(heard).to_contain_text("已超时")


def later(page: Page, place: Place, seconds: int) -> None:
    """Move the server's clock, and the page's only until it has asked the server again."""
    place.site.clock.advance(seconds=seconds)
    with page.expect_response("**/inbox/list"):
        page.clock.run_for(8_000)
    page.clock.run_for(1_100)


def test_a_matter_is_worked_through_to_the_end(browse: Open, place: Place) -> None:
    place.site.report(LAMP)
    page = browse("/incidents/1", "worker-a11")
    page.click(".actionbar button")
    page.click(".actionbar button:has-text('开始处置')")
    page.click("summary:has-text('处置完成')")
    page.fill("#f-resolve-result", "灯泡已更换")
    photo = {"name": "after.jpg", "mimeType": "image/jpeg", "buffer": a_photo()[0].getvalue()}
    page.set_input_files("#f-resolve-photos", [photo])
    page.click("details[open] button[type=submit]")
    expect(page.locator("#head-state")).to_contain_text("待核查")
    assert place.site.kinds(1)[-3:] == ["start", "photo", "resolve"]


def test_the_page_of_a_matter_follows_what_others_do(browse: Open, place: Place) -> None:
    place.site.report(LAMP)
    page = browse("/incidents/1", "worker-a11")
    place.site.sweep(minutes=5, milliseconds=200)
    expect(page.locator(".timeline")).to_contain_text("超时升级到替岗")
    expect(page.locator("#head-state")).to_contain_text("已升级")


def test_the_map_opens_on_the_own_grid_with_its_matters(browse: Open, place: Place) -> None:
    place.site.report(LAMP)
    page = browse("/map", "worker-a11")
    expect(page.locator("[data-map][data-loaded='1']")).to_be_visible()
    here = page.locator(".map-card a[href='/incidents/1']")
    tap_the_middle(page, here)
    expect(here).to_be_visible()


def test_a_finding_from_where_one_stands(browse: Open, place: Place) -> None:
    lon, lat = middle("A11")
    here = {"longitude": lon, "latitude": lat, "accuracy": 9}
    page = browse("/report", "worker-a11", geolocation=here, permissions=["geolocation"])
    page.fill("#f-description", "楼道堆物")
    page.select_option("#f-category", "0105")
    page.click("[data-locate]")
    expect(page.locator("[data-place-status]")).to_be_visible()
    page.click("form button[type=submit]:has-text('提交上报')")
    expect(page.locator("h1")).to_have_text("上报成功")
    assert place.site.incident(1).state == "acknowledged"


def test_a_lost_line_is_told(browse: Open) -> None:
    page = browse("/inbox", "worker-a11")
    page.clock.install()
    page.reload()
    page.context.set_offline(True)
    told = page.locator(".toast-bad")
    for _ in range(20):  # a refused fetch answers in real time, the next poll is set after it
        page.clock.run_for(10_000)
        if told.count():
            break
        page.wait_for_timeout(100)
    expect(told).to_contain_text("网络已断开")


def test_an_ended_session_leads_to_the_login_and_nothing_is_lost(
    browse: Open, place: Place
) -> None:
    place.site.report(LAMP)
    page = browse("/inbox", "worker-a11")
    page.context.clear_cookies(name="gridtrack")
    page.click("#row-1 button[type=submit]")
    page.wait_for_url("**/login?next=/inbox")
    assert place.site.incident(1).state == "assigned"
