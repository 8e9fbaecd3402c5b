"""axe (WCAG 2.2 AA) is clean on every page, in both themes and languages; nothing overflows."""

from collections.abc import Callable
from datetime import timedelta
from functools import cache
from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request

from gridtrack.usecases.answer_order import answer_order
from gridtrack.usecases.supervise import NewOrder, supervise
from gridtrack.usecases.urge import urge
from tests.builders import BUILDING, FUNERAL, LAMP, Site
from tests.door_builders import a_row, bring_in, the_book
from tests.e2e.conftest import DESK, PATIENCE_MS, PHONE, Open, Place

pytestmark = pytest.mark.e2e
AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Words have no colour and colours no language: two looks show every word and every colour.
LOOKS = {"zh": "light", "en": "dark"}
RUN = """async tags => (await axe.run(document, {
    runOnly: {type: 'tag', values: tags}, resultTypes: ['violations'],
})).violations"""
DRAWN = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
WIDE = """[...document.querySelectorAll('body *')].filter(
    one => one.getBoundingClientRect().right > innerWidth + 1
).map(one => one.tagName + '.' + one.className)"""
PAGES: list[tuple[str | None, dict[str, int], list[str]]] = [
    (None, PHONE, ["/?entrance=complaint", "/track", "/login", "/rota", "/no-such-page"]),
    ("worker-a11", PHONE, ["/inbox", "/incidents/1", "/report", "/map", "/notices"]),
    ("secretary-a", DESK, ["/board", "/incidents/2", "/incidents/3", "/inbox", "/map"]),
    ("street", PHONE, ["/orders", "/orders/1", "/orders/2"]),
    ("admin", DESK, ["/grids", "/grids/import", "/tasks", "/notices", "/zones", "/zones/1"]),
    ("worker-a11", PHONE, ["/duty", "/duty/mine", "/duty/leave", "/me", "/second-factor"]),
    ("secretary-a", DESK, ["/duty", "/duty/new", "/orders", "/forecast"]),
    ("secretary-a", PHONE, ["/stations", "/stations/signs?of=grids", "/orders", "/forecast"]),
    ("admin", DESK, ["/policies", "/policies/new", "/policies/1"]),
    ("admin", PHONE, ["/calendar", "/health", "/grids/1", "/grids/1/export", "/grids/1/codes"]),
    ("street", PHONE, ["/doors", "/doors/1", "/doors/import", "/doors/coverage"]),
    ("auditor", PHONE, ["/audit"]),
    ("security", PHONE, ["/people", "/people/new", "/people/1"]),
]


def under_orders(site: Site) -> None:
    """Urged, ordered and not answered in time, ordered and answered."""
    with site.work("secretary-a") as work:
        urge(work, 2, reason="请尽快")
    soon = site.clock.now() + timedelta(minutes=1)
    given = {2: ("请书面答复", "handler", "key"), 1: ("请查明原因", "secretary:A", "general")}
    for incident, (text, to, level) in given.items():
        with site.work("street") as work:
            made = supervise(work, incident, NewOrder(text, to, level, soon))
    with site.work("secretary-a") as work:
        answer_order(work, made, "已查明")


def filled(site: Site) -> None:
    """Something on every list: fresh, escalated, sealed, handled, at the desk."""
    site.report(LAMP)
    site.report(BUILDING)
    site.report(FUNERAL)
    site.sweep(minutes=5)
    site.acknowledge(site.report(LAMP).incident_id, "worker-a11")
    site.report(LAMP, at=(119.4, 27.3))
    under_orders(site)
    bring_in(site, [*the_book(), a_row("无坐标路1号", lon="", lat="")])
    site.report(LAMP)


@cache
def axe() -> str:
    return AXE.read_text()


def faults(page: Page) -> list[str]:
    """What axe finds wrong; what it finds right, thousands of lines a page, stays in the page."""
    page.evaluate(axe())
    found = page.evaluate(RUN, TAGS)
    return [
        f"{fault['id']}: {node['target']} {node['failureSummary'][:200]}"
        for fault in found
        for node in fault["nodes"]
    ]


def quiet(page: Page) -> Callable[[], None]:
    """Wait for what a page asks for once it is loaded, and for what it draws of it.

    The browser's own "networkidle" waits for half a second of nothing, here 80 times.
    """
    waiting: set[Request] = set()

    def begun(one: Request) -> None:
        waiting.add(one)

    def over(one: Request) -> None:
        waiting.discard(one)

    page.on("request", begun)
    page.on("requestfinished", over)
    page.on("requestfailed", over)

    def settled() -> None:
        for _ in range(2):  # what was fetched may be what asks for more
            page.evaluate(DRAWN)
            for _ in range(PATIENCE_MS // 10):
                if waiting:
                    page.wait_for_timeout(10)
            assert not waiting, f"{page.url} still waits for {[one.url for one in waiting]}"
        page.evaluate(DRAWN)

    return settled


@pytest.mark.parametrize(
    "group", PAGES, ids=lambda group: f"{group[0] or 'resident'}-{group[1]['width']}"
)
def test_every_page_is_accessible(
    browse: Open, place: Place, group: tuple[str | None, dict[str, int], list[str]]
) -> None:
    who, viewport, addresses = group
    filled(place.site)
    page = browse("about:blank", who, viewport=viewport)
    settled = quiet(page)
    found = {}
    for lang, address in product(LOOKS, addresses):
        page.context.add_cookies([{"name": "lang", "value": lang, "url": place.url}])
        page.set_viewport_size(viewport)
        page.goto(address)
        settled()
        # As tall as the page: what a bar at the bottom hides one scrolls to, it is no small target.
        tall = max(viewport["height"], page.evaluate("document.documentElement.scrollHeight"))
        page.set_viewport_size({**viewport, "height": tall})
        page.emulate_media(color_scheme=LOOKS[lang])
        wrong = faults(page)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong.append(f"wider than the screen: {page.evaluate(WIDE)}")
        if wrong:
            found[f"{address} {lang}"] = wrong
    assert found == {}


@pytest.mark.parametrize("address", ["/inbox", "/report", "/incidents/1"])
def test_targets_on_a_phone_are_44_pixels(browse: Open, place: Place, address: str) -> None:
    filled(place.site)
    page = browse(address, "worker-a11")
    small = page.evaluate(
        """() => [...document.querySelectorAll(
            'a.button, button, summary, select, input:not([type=hidden]), nav a')]
            .filter(one => one.offsetParent && getComputedStyle(one).opacity !== '0')
            .map(one => [one.outerHTML.slice(0, 60), one.getBoundingClientRect()])
            .filter(([, box]) => box.height < 43.5)
            .map(([what, box]) => `${what} ${box.height}`)"""
    )
    assert [one for one in small if 'type="radio"' not in one] == []


def test_the_report_form_holds_at_200_percent_text(browse: Open) -> None:
    page = browse("/", viewport={"width": 390, "height": 844})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
