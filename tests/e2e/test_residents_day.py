"""A resident's day, from the sign at the gate to the rating; once more without scripts."""

import re

import pytest
from playwright.sync_api import Page, expect

from gridtrack.incidents.rules import Action
from gridtrack.usecases.handle import handle
from gridtrack.usecases.stations import add_station
from tests.builders import Site, a_report, middle
from tests.e2e.conftest import DESK, Open, Place
from tests.e2e.test_accessible import faults

pytestmark = pytest.mark.e2e
FIRST_LOAD = 60_000  # bytes as they travel, the page and all that it asks for by itself
MOST_REQUESTS = 24
REFUSE = "0401"


def a_sign(site: Site) -> str:
    with site.work("secretary-a") as work:
        return add_station(work, "三号门", a_report().place, "三号门岗亭")


def code_of(page: Page) -> tuple[str, str]:
    return page.inner_text(".receipt .number"), page.inner_text(".receipt .code")


def whole(page: Page) -> Page:
    """The page as tall as it is: a bar at the foot hides nothing that one could scroll to."""
    tall = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": 390, "height": max(844, tall)})
    return page


def test_from_the_sign_to_the_rating(browse: Open, place: Place) -> None:
    resident = browse(f"/r/{a_sign(place.site)}")
    expect(resident.locator("[data-station]")).to_contain_text("三号门")
    resident.fill("#f-description", "垃圾桶满出来了，一地都是")
    chip = resident.locator(".suggested [data-category='0401']")
    expect(resident.locator(".suggested")).to_contain_text("因为您写了")
    assert resident.input_value("#f-category") == ""  # never silently
    assert faults(whole(resident)) == []
    chip.click()
    expect(resident.locator("#f-category")).to_have_value(REFUSE)
    resident.click("main button[type=submit]:visible >> text=提交")
    expect(resident.locator(".receipt")).to_be_visible()
    number, code = code_of(resident)
    resident.click("[data-keep]")
    assert faults(whole(resident)) == []
    assert resident.locator("[data-kept] img").get_attribute("src").startswith("data:image/png")

    # Staff without scripts: with them a tap waits ten seconds, to be taken back.
    worker = browse("/inbox", "worker-a11", java_script_enabled=False)
    worker.click("#inbox-list button:has-text('签收')")
    expect(worker.locator("#inbox-list")).to_contain_text("已签收")
    worker.goto("/incidents/1")
    worker.click("summary:has-text('处置完成')")
    worker.fill("#f-resolve-result", "已清理")
    worker.click("form[action$='/resolve'] button[type=submit]")
    expect(worker.locator(".timeline")).to_contain_text("已清理")

    secretary = browse("/incidents/1", "secretary-a", viewport=DESK, java_script_enabled=False)
    secretary.click("summary:has-text('核查结案')")
    secretary.click("form[action$='/close'] button[type=submit]")
    expect(secretary.locator(".timeline")).to_contain_text("结案")

    resident.goto(f"/track?number={number}#{code}")
    expect(resident.locator("#f-code")).to_have_value(code)
    assert "#" not in resident.url
    resident.click("main button[type=submit]")
    expect(resident.locator("#h-rate")).to_be_visible()
    assert faults(whole(resident)) == []
    resident.check("input[name=solved][value=yes]")
    resident.check("input[name=stars][value='5']")
    resident.click("text=提交评价")
    expect(resident.locator("#h-rated ~ p").first).to_contain_text("5 很满意")
    assert place.site.kinds(1)[-1] == "rated"
    assert place.site.sums_up(1)


def test_the_same_without_scripts(browse: Open, place: Place) -> None:
    place.site.report(REFUSE)
    page = browse("/", java_script_enabled=False)
    page.click("text=随手拍")
    expect(page.locator("h1")).to_have_text("随手拍")
    page.fill("#f-description", "垃圾桶满了")
    page.fill("#f-address", "三号门")
    page.click("main button[type=submit]")
    expect(page.locator(".suggested")).to_contain_text("因为您写了“垃圾桶”")
    page.select_option("#f-category", REFUSE)
    page.click("main button[type=submit]")
    number, code = code_of(page)
    assert page.locator(".qr svg path").count() == 2
    sign = browse(f"/r/{a_sign(place.site)}", java_script_enabled=False)
    sign.fill("#f-description", "又满了")
    sign.select_option("#f-category", REFUSE)
    sign.click("main button[type=submit]")
    sign.click("button:has-text('我也遇到了')")
    followed, own = code_of(sign)
    assert (followed, own) != (number, code)
    place.site.acknowledge(1, "worker-a11")
    with place.site.work("worker-a11") as work:
        handle(work, 1, Action.RESOLVE, {"result": "已清理"})
    sign.goto("/track")
    sign.fill("#f-number", followed)
    sign.fill("#f-code", own)
    sign.click("main button[type=submit]")
    expect(sign.locator("h1")).to_have_text("已处理")


def test_the_first_load_is_small_and_comes_from_one_host(browse: Open, place: Place) -> None:
    page = browse("about:blank")
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    urls: list[str] = []
    sizes: list[float] = []
    wire.on("Network.requestWillBeSent", lambda sent: urls.append(sent["request"]["url"]))
    wire.on("Network.loadingFinished", lambda done: sizes.append(done["encodedDataLength"]))
    page.goto("/?entrance=photo")
    page.wait_for_load_state("networkidle")
    assert [url for url in urls if not url.startswith(place.url)] == []
    assert [url for url in urls if re.search(r"/(map|view|Circle)-", url)] == []
    assert sum(sizes) <= FIRST_LOAD
    assert len(urls) <= MOST_REQUESTS


def test_it_reads_at_twice_the_size_and_tells_where_gps_cannot(browse: Open) -> None:
    lon, lat = middle("A11")
    rough = {"longitude": lon, "latitude": lat, "accuracy": 3000}
    page = browse("/", geolocation=rough, permissions=["geolocation"])
    page.fill("#f-description", "写了一半")
    page.click("[data-locate]")
    expect(page.locator("[data-place-status]")).to_contain_text("3 公里")
    assert page.input_value("[name=lon]") == ""
    assert page.input_value("#f-description") == "写了一半"
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    for address in ("/?entrance=help", "/track"):
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 1
        page.goto(address)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
