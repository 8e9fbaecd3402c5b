"""The phone in a stairwell: pages that open without a signal, findings that are never lost."""

from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from gridtrack.incidents.tables import Incident
from tests.builders import FUNERAL, LAMP, middle
from tests.e2e.conftest import Open, Place
from tests.e2e.test_accessible import faults
from tests.e2e.test_offline import ready

pytestmark = pytest.mark.e2e
HERE = dict(zip(("longitude", "latitude"), middle("A11"), strict=True))


def visited(page: Page) -> None:
    """Wait until the phone keeps the shell and what it needs of the work."""
    ready(page)
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    expect(page.locator("[data-queue][data-kept]")).to_be_attached()


def a_picture(folder: Path, name: str) -> Path:
    path = folder / name
    Image.radial_gradient("L").resize((2000, 1500)).convert("RGB").save(path, "JPEG")
    return path


def fill_in(page: Page, words: str, photo: Path) -> None:
    page.fill("#f-description", words)
    page.set_input_files("#f-photos", photo)
    expect(page.locator("[data-photo-list] img")).to_be_visible()
    page.select_option("#f-category", LAMP)
    page.click("[data-locate]")
    expect(page.locator("[data-place-status]")).to_be_visible()


def test_a_stairwell_inbox_map_and_finding_without_a_signal(
    browse: Open, place: Place, tmp_path: Path
) -> None:
    place.site.report(LAMP)
    place.site.report(FUNERAL)
    page = browse(
        "/inbox", "worker-a11", geolocation={**HERE, "accuracy": 20}, permissions=["geolocation"]
    )
    visited(page)
    page.context.set_offline(True)
    page.goto("/inbox")  # the second visit has no signal at all
    expect(page.locator("[data-age]")).to_contain_text("分钟前")
    expect(page.locator("#row-1")).to_contain_text("楼下的路灯坏了")
    assert faults(page) == []
    page.click("#row-1 button[type=submit]")
    expect(page.locator("[data-queue]")).to_contain_text("待发送（1）")
    page.goto("/map")
    expect(page.locator(".field-grid")).to_have_count(1)
    page.goto("/report")
    fill_in(page, "三楼灯不亮", a_picture(tmp_path, "lamp.jpg"))
    page.click("form[data-finding] .actionbar button")
    expect(page.locator("[data-queue]")).to_contain_text("待发送（2）")
    assert faults(page) == []
    page.context.set_offline(False)
    expect(page.locator("[data-queue]")).to_contain_text("已发送上报（1）")
    found = place.site.incident(3)
    assert (found.description, found.accuracy_m) == ("三楼灯不亮", 20)
    assert place.site.kinds(1)[-1] == "acknowledged"


ALL_SENT = """() => {
  window.dispatchEvent(new Event("online"));
  return !document.querySelector("[data-deed=send]");
}"""


def lossy(every: int) -> object:
    """A line that loses each `every`th answer after the server has taken it in."""
    count = 0

    def handle(route: Route) -> None:
        nonlocal count
        count += 1
        if count % every == 0:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    return handle


def test_queued_findings_arrive_exactly_once_over_a_bad_line_from_two_tabs(
    browse: Open, place: Place, tmp_path: Path
) -> None:
    page = browse("/report", "worker-a11")
    visited(page)
    page.context.set_offline(True)
    page.goto("/report")
    photo = a_picture(tmp_path, "one.jpg")
    for n in range(3):
        page.fill("#f-description", f"第{n}处")
        page.set_input_files("#f-photos", photo)
        expect(page.locator("[data-photo-list] img")).to_have_count(1)
        page.select_option("#f-category", LAMP)
        page.fill("#f-address", f"朝阳新村{n}号")
        page.click("form[data-finding] .actionbar button")
        expect(page.locator("[data-queue]")).to_contain_text(f"待发送（{n + 1}）")
    context = page.context
    page.close()  # the app is killed; what it kept outlives it
    context.route("**/report", lossy(3))
    context.set_offline(False)
    tabs = [context.new_page(), context.new_page()]
    for tab in tabs:
        tab.goto("/inbox")
    for tab in tabs:
        ready(tab)
    for tab in tabs:  # every lost answer costs one more try
        tab.wait_for_function(ALL_SENT, polling=300)
    with place.site.look() as work:
        rows = work.session.query(Incident)
        assert sorted(one.description for one in rows) == [f"第{n}处" for n in range(3)]


def with_undo(route: Route) -> None:
    """The page as it is with a minute to take a tap back; the other tests have none."""
    answer = route.fetch()
    body = answer.text().replace('data-undo="0"', 'data-undo="60"')
    route.fulfill(response=answer, body=body)


def test_one_tap_can_be_taken_back_and_is_sent_by_leaving_or_where_time_is_short(
    browse: Open, place: Place
) -> None:
    place.site.report(LAMP)
    place.site.clock.advance(seconds=250)  # 50 s are left of it: too little to hold it back
    place.site.report(LAMP)
    page = browse("/notices", "worker-a11", service_workers="block")
    page.route("**/inbox**", with_undo)
    page.goto("/inbox")
    ready(page)
    page.click("#row-1 button[type=submit]")
    expect(page.locator("#row-1 button[type=submit]")).to_have_count(0)
    assert place.site.incident(1).state == "acknowledged"
    page.click("#row-2 button[type=submit]")
    expect(page.locator("#row-2 button[type=submit]")).to_be_disabled()
    page.click(".toast-ok button")
    expect(page.locator("#row-2 button[type=submit]")).to_be_enabled()
    expect(page.locator("[data-queue]")).to_be_hidden()
    assert place.site.incident(2).state == "assigned"
    page.click("#row-2 button[type=submit]")
    expect(page.locator("#row-2 button[type=submit]")).to_be_disabled()
    page.goto("/notices")
    ready(page)
    expect(page.locator("[data-queue]")).to_be_hidden()
    assert place.site.kinds(2).count("acknowledged") == 1
