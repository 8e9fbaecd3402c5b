"""A real Chromium before a real server, over a small street."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright
from werkzeug.serving import make_server

from gridtrack.clock import SystemClock
from tests.builders import Site, a_site
from tests.web.visitor import PASSWORD, an_app, let_in

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
ARGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
PATIENCE_MS = 30_000  # a wait ends when what it waits for is there: only a failure takes this long
NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests; each test has contexts of its own."""
    given = os.environ.get("GRIDTRACK_TEST_CHROMIUM")  # noqa: TID251 - the door of the tests
    path = given or next((found for name in NAMES if (found := shutil.which(name))), None)
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=list(ARGS))
        yield browser
        browser.close()


@dataclass(slots=True)
class Place:
    """A site with a server before it."""

    site: Site
    url: str


@pytest.fixture
def place(sqlite_template: Path, tmp_path: Path) -> Iterator[Place]:
    """The street of the builders, served on a port of its own, with the present as its time."""
    copy = tmp_path / "test.sqlite"
    copy.write_bytes(sqlite_template.read_bytes())
    site = a_site(f"sqlite:///{copy}", tmp_path / "instance", SystemClock().now())
    server = make_server("127.0.0.1", 0, an_app(site), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Place(site, f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    thread.join()
    server.server_close()
    site.runtime.engine.dispose()


Open = Callable[..., Page]


def tap_the_middle(page: Page, shown: Locator) -> None:
    """Tap the middle of the map until that shows something.

    What is drawn can be hit, and nothing says when that is: the view glides, a busy machine draws
    late.
    """
    for _ in range(60):
        box = page.locator(".map-canvas").bounding_box()
        assert box is not None
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.wait_for_timeout(500)  # longer than the map waits for a second tap
        if shown.count():
            return


@pytest.fixture
def browse(chromium: Browser, place: Place) -> Iterator[Open]:
    """Open a page as somebody; a test fails where the page had an error of its own."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_page(address: str, who: str | None = None, **options: object) -> Page:
        given = {"viewport": PHONE, "locale": "zh-CN", "base_url": place.url, **options}
        lang = str(given.pop("lang", "zh"))
        # A colour that is on its way to the other theme's is neither of them.
        context = chromium.new_context(reduced_motion="reduce", **given)
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        context.add_cookies([{"name": "lang", "value": lang, "url": place.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "console",
            lambda said: (
                faults.append(said.text)
                if said.type == "error" and "Failed to load resource" not in said.text
                else None
            ),
        )
        if who is not None:
            let_in(place.site, who)
            page.goto("/login")
            page.fill("#f-login", who)
            page.fill("#f-password", PASSWORD)
            page.click("main button[type=submit]")
            page.wait_for_url(lambda url: "/login" not in url)
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []
