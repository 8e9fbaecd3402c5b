"""A resident with a phone: under a minute, nothing lost."""

import io

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.builders import middle
from tests.e2e.conftest import Open, Place

pytestmark = pytest.mark.e2e
HERE = {"longitude": middle("A11")[0], "latitude": middle("A11")[1], "accuracy": 18}
WITH_GPS = {"geolocation": HERE, "permissions": ["geolocation"]}


def test_a_report_by_gps_reaches_the_gridworker(browse: Open, place: Place) -> None:
    page = browse("/", **WITH_GPS)
    page.fill("#f-description", "楼下的路灯坏了")
    page.click("text=小区路灯/楼道灯")
    page.click("[data-locate]")
    expect(page.locator("[data-place-status]")).to_contain_text("18")
    page.click("button[type=submit]")
    expect(page.locator(".receipt .number")).to_be_visible()
    assert place.site.told("worker-a11") == ["assigned"]
    assert place.site.incident(1).accuracy_m == 18


def test_number_and_code_lead_to_the_progress(browse: Open, place: Place) -> None:
    page = browse("/", **WITH_GPS)
    page.fill("#f-description", "楼下的路灯坏了")
    page.click("text=小区路灯/楼道灯")
    page.click("[data-locate]")
    expect(page.locator("[data-place-status]")).to_be_visible()
    page.click("button[type=submit]")
    code = page.locator(".receipt .code").inner_text()
    page.click("text=查看进度")
    page.fill("#f-code", code)
    place.site.acknowledge(1, "worker-a11")
    page.click("main button[type=submit]")
    expect(page.locator("h1")).to_have_text("已确认")


def test_a_place_is_chosen_with_a_tap_on_the_map(browse: Open, place: Place) -> None:
    page = browse("/")
    page.fill("#f-description", "井盖坏了")
    page.select_option("#f-category", "0603")
    page.click("[data-open-map]")
    page.wait_for_selector(".map-centre")
    expect(page.locator("[data-place-map][data-shown='1:2,2:4,3:8']")).to_be_visible()
    canvas = page.locator(".map-canvas")
    box = canvas.bounding_box()
    assert box is not None
    # Relative to the map: hints that arrive meanwhile push it down the page.
    canvas.click(position={"x": box["width"] / 2 - 40, "y": box["height"] / 2 - 40})
    expect(page.locator("[data-place-status]")).to_have_text("已在地图上选点。")
    page.click("main button[type=submit]")
    page.wait_for_selector(".receipt")
    assert place.site.incident(1).grid_code is not None


def test_the_map_is_not_loaded_before_it_is_asked_for(browse: Open) -> None:
    page = browse("about:blank")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/")
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if "map-" in url] == []


def test_a_draft_survives_a_closed_tab(browse: Open) -> None:
    page = browse("/")
    page.fill("#f-description", "写了一半")
    page.fill("#f-address", "朝阳新村33号")
    for _ in range(300):
        if "朝阳新村33号" in page.evaluate("JSON.stringify({...localStorage})"):
            break
        page.wait_for_timeout(100)
    first = page.input_value("[name=client_id]")
    other = page.context.new_page()
    page.close()
    other.goto("/")
    expect(other.locator("#f-description")).to_have_value("写了一半")
    assert other.input_value("[name=client_id]") == first


def test_a_sent_report_leaves_no_draft(browse: Open) -> None:
    page = browse("/")
    page.fill("#f-description", "路灯")
    page.select_option("#f-category", "0601")
    page.fill("#f-address", "朝阳新村33号")
    page.click("button[type=submit]")
    page.wait_for_selector(".receipt")
    page.goto("/")
    expect(page.locator("#f-description")).to_have_value("")


def test_without_a_line_nothing_is_sent_and_nothing_lost(browse: Open, place: Place) -> None:
    page = browse("/")
    page.fill("#f-description", "路灯")
    page.context.set_offline(True)
    page.click("button[type=submit]")
    expect(page.locator(".toast")).to_contain_text("已保存在本机")
    expect(page.locator("#f-description")).to_have_value("路灯")


def test_gps_refused_says_the_other_ways(browse: Open) -> None:
    page = browse("/", permissions=[])
    page.click("[data-locate]")
    expect(page.locator("[data-place-status]")).to_contain_text("在地图上选点")


def test_a_large_photo_is_made_small_before_it_travels(browse: Open) -> None:
    data = io.BytesIO()
    Image.effect_noise((4000, 3000), 90).convert("RGB").save(data, "JPEG", quality=95)
    page = browse("/")
    photo = {"name": "big.jpg", "mimeType": "image/jpeg", "buffer": data.getvalue()}
    page.set_input_files("#f-photos", [photo])
    page.wait_for_selector("[data-photo-list] img")
    side = page.evaluate(
        """async () => {
            const image = await createImageBitmap(document.querySelector('#f-photos').files[0]);
            return Math.max(image.width, image.height);
        }"""
    )
    assert side == 1600


def test_errors_take_the_focus_and_lead_to_their_fields(browse: Open) -> None:
    page = browse("/")
    page.fill("#f-description", "路灯")
    page.click("button[type=submit]")
    expect(page.locator(".error-summary")).to_be_focused()
    page.click(".error-summary a[href='#f-category']")
    expect(page.locator("#f-category")).to_be_focused()
    expect(page.locator("#f-description")).to_have_value("路灯")


def test_the_form_works_without_scripts(browse: Open, place: Place) -> None:
    page = browse("/", java_script_enabled=False)
    page.fill("#f-description", "路灯坏了")
    page.select_option("#f-category", "0601")
    page.fill("#f-address", "朝阳新村33号")
    page.click("button[type=submit]")
    expect(page.locator(".receipt .number")).to_be_visible()
    assert place.site.told("desk") == ["triage"]
