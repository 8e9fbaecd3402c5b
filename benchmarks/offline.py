"""Findings with photos queued without a signal, the app killed, answers lost, two tabs: once each.

    ./dev bench offline [--findings 200] [--json OUT]

A real Chromium with a profile of its own fills in the form of the shell, is killed with everything
queued, starts again, logs in and sends from two tabs while every tenth answer is lost after the
server has taken it in. Exit 1 where the server has not exactly the findings that were made.
"""

import argparse
import json
import logging
import shutil
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import BrowserContext, Page, Route, sync_playwright
from werkzeug.serving import make_server

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks._fill import migrated_sqlite
from gridtrack.clock import SystemClock
from gridtrack.incidents.tables import Incident, Photo
from tests.builders import LAMP, Site, a_site
from tests.e2e.conftest import ARGS, NAMES, PHONE
from tests.e2e.test_field import ALL_SENT
from tests.web.visitor import PASSWORD, an_app, let_in

WHO = "worker-a11"
LOST = 10  # every so many answers
PATIENCE_MS = 600_000


def open_browser(play: Any, profile: Path) -> BrowserContext:
    """A Chromium that keeps what it knows in `profile`."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    context = play.chromium.launch_persistent_context(
        str(profile), executable_path=path, args=list(ARGS), viewport=PHONE, locale="zh-CN"
    )
    context.set_default_timeout(PATIENCE_MS)
    found: BrowserContext = context
    return found


def log_in(page: Page, url: str) -> None:
    page.goto(f"{url}/login")
    page.fill("#f-login", WHO)
    page.fill("#f-password", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda at: "/login" not in at)
    page.wait_for_selector("[data-queue][data-kept]", state="attached")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")


def queue(page: Page, url: str, findings: int, photo: Path) -> None:
    """Fill in the form of the shell again and again, without a signal."""
    page.context.set_offline(True)
    page.goto(f"{url}/report")
    for n in range(findings):
        page.fill("#f-description", f"{n}")
        page.set_input_files("#f-photos", photo)
        page.wait_for_selector("[data-photo-list] img")
        page.select_option("#f-category", LAMP)
        page.fill("#f-address", f"朝阳新村{n}号")
        page.click("form[data-finding] .actionbar button")
        page.wait_for_selector(f"[data-queue]:has-text('待发送（{n + 1}）')")


def send(context: BrowserContext, url: str) -> int:
    """Log in again and send from two tabs; returns how many answers were lost."""
    asked = lost = 0

    def lose(route: Route) -> None:
        nonlocal asked, lost
        if route.request.method != "POST":
            route.continue_()
            return
        asked += 1
        if asked % LOST == 0:
            lost += 1
            route.fetch()
            route.abort()
        else:
            route.continue_()

    context.route("**/report", lose)
    tabs = [context.new_page(), context.new_page()]
    log_in(tabs[0], url)
    tabs[1].goto(f"{url}/inbox")
    for tab in tabs:
        tab.wait_for_selector("[data-queue][data-ready]", state="attached")
    for tab in tabs:
        tab.wait_for_function(ALL_SENT, polling=300)
    return lost


def run(site: Site, findings: int, folder: Path) -> dict[str, Any]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    let_in(site, WHO)
    server = make_server("127.0.0.1", 0, an_app(site), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    photo = folder / "photo.jpg"
    Image.effect_noise((2400, 1800), 40).convert("RGB").save(photo, "JPEG", quality=70)
    profile = folder / "profile"
    with sync_playwright() as play:
        began = time.perf_counter()
        context = open_browser(play, profile)
        page = context.new_page()
        log_in(page, url)
        queue(page, url, findings, photo)
        queued_s = time.perf_counter() - began
        context.close()  # the app is gone with everything queued
        began = time.perf_counter()
        context = open_browser(play, profile)
        lost = send(context, url)
        context.close()
        sent_s = time.perf_counter() - began
    server.shutdown()
    with site.look() as work:
        rows = [one.description for one in work.session.query(Incident)]
        photos = work.session.query(Photo).count()
    return {
        "findings": findings, "lost_answers": lost, "on_the_server": len(rows), "photos": photos,
        "exactly": sorted(rows) == sorted(map(str, range(findings))) and photos == findings,
        "queued_s": round(queued_s, 1), "sent_s": round(sent_s, 1),
    }  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--findings", type=int, default=200)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{migrated_sqlite(folder / 'bench.sqlite')}"
        site = a_site(url, folder / "instance", SystemClock().now())
        told = run(site, asked.findings, folder)
    print(json.dumps(told, indent=2))
    if asked.json:
        asked.json.write_text(json.dumps(told))
    return 0 if told["exactly"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
