"""A secretary sets up the second factor in a real browser, and comes in with it."""

import pyotp
import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import PHONE, Open, Place

pytestmark = pytest.mark.e2e


def test_the_second_factor_is_set_up_with_a_picture_and_asked_from_then_on(
    browse: Open, place: Place
) -> None:
    object.__setattr__(place.site.runtime.settings, "second_factor", "staff")
    page = browse("/board", "secretary-a", viewport=PHONE)
    picture = page.locator(".qr svg").bounding_box()
    assert picture is not None
    assert picture["width"] >= 150
    page.locator("summary").click()
    secret = page.locator(".secret").inner_text().strip()
    page.fill("#f-code", pyotp.TOTP(secret).at(place.site.clock.now()))
    page.click("main button[type=submit] >> nth=0")
    expect(page.locator(".codes li")).to_have_count(8)
    code = page.locator(".codes li").first.inner_text()
    page.click("main a.button-primary")
    expect(page).to_have_url(f"{place.url}/board")
    again = browse("/board", "secretary-a", viewport=PHONE)
    expect(again.locator(".qr")).to_have_count(0)
    again.fill("#f-code", code)
    again.click("main button[type=submit] >> nth=0")
    expect(again).to_have_url(f"{place.url}/board")
