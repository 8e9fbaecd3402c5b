"""A phone without a signal: what was done is kept, says so, and is sent by itself."""

import pytest
from playwright.sync_api import Page, expect

from tests.builders import LAMP
from tests.e2e.conftest import Open, Place
from tests.e2e.test_accessible import faults
from tests.web.visitor import PASSWORD, let_in

pytestmark = pytest.mark.e2e
SESSION = "**/acts/session"


def ready(page: Page) -> None:
    """Wait until the page would keep what is done on it."""
    expect(page.locator("[data-queue][data-ready]")).to_be_attached()


def hold_without_a_signal(page: Page) -> None:
    """Put a matter on hold with a reason and no date, while no request gets through."""
    ready(page)
    page.route(SESSION, lambda route: route.abort())  # the browser believes that it is online
    page.click("summary:has-text('挂起')")
    page.fill("#f-hold-reason", "等配件")
    page.click("details[open] button[type=submit]")
    expect(page.locator("[data-queue]")).to_contain_text("待发送（1）")


def test_an_acknowledgement_without_a_signal_is_sent_by_itself(browse: Open, place: Place) -> None:
    place.site.report(LAMP)
    place.site.clock.advance(seconds=60)
    page = browse("/inbox", "worker-a11")
    ready(page)
    page.context.set_offline(True)
    page.click("#row-1 button[type=submit]")
    queue = page.locator("[data-queue]")
    expect(queue).to_contain_text("待发送（1）")
    expect(page.locator("#row-1")).to_contain_text("已确认，尚未发送")
    expect(page.locator("#row-1 button[type=submit]")).to_be_disabled()
    assert place.site.incident(1).state == "assigned"
    assert faults(page) == []
    page.context.set_offline(False)
    expect(queue).to_be_hidden()
    expect(page.locator("#row-1 button[type=submit]")).to_have_count(0)
    (event,) = [one for one in place.site.events(1) if one.kind == "acknowledged"]
    assert event.data["offline"]["acted_at"] < event.data["offline"]["sent_at"]


def test_what_waits_outlives_a_reload_and_what_is_refused_keeps_its_words(
    browse: Open, place: Place
) -> None:
    place.site.report(LAMP)
    place.site.acknowledge(1, "worker-a11")
    page = browse("/incidents/1", "worker-a11")
    hold_without_a_signal(page)
    page.reload()
    queue = page.locator("[data-queue]")
    expect(queue).to_contain_text("等配件")
    page.unroute(SESSION)
    queue.locator("[data-deed=send]").click()
    expect(queue).to_contain_text("未被接受")
    expect(queue.locator(".error-text")).to_contain_text("截止")
    expect(queue).to_contain_text("等配件")
    assert place.site.incident(1).state == "acknowledged"
    queue.locator("[data-deed=drop]").click()
    expect(queue).to_be_hidden()


def test_nobody_sends_what_another_did_on_the_same_phone(browse: Open, place: Place) -> None:
    place.site.report(LAMP)
    place.site.acknowledge(1, "worker-a11")
    page = browse("/incidents/1", "worker-a11")
    hold_without_a_signal(page)
    asked: list[str] = []
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
    page.click("form[action='/logout'] button")
    page.wait_for_url(lambda url: "/incidents" not in url)
    assert "1 项操作尚未发送" in asked[0]
    page.unroute(SESSION)
    let_in(place.site, "leader-a1")
    page.goto("/login")
    page.fill("#f-login", "leader-a1")
    page.fill("#f-password", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "/login" not in url)
    ready(page)
    expect(page.locator("[data-queue]")).to_contain_text("本机有他人的 1 项操作尚未发送")
    expect(page.locator("[data-queue] .row")).to_have_count(0)
    assert place.site.kinds(1)[-1] == "acknowledged"
