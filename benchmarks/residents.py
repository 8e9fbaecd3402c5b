"""A resident's first load and first report on a line like 3G, in a real Chromium.

    ./dev bench residents [--json OUT]

Prints the bytes and requests of the report page's first load as they travelled (gzipped, cache
empty), the seconds until its button can be pressed on 400 kbit/s with 300 ms, and the seconds from
opening a station's sign to number and code by a script that types as fast as a person: 5 signs a
second, a second to read before each tap. Aims: 60,000 bytes, 60 s, at most four required inputs.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright
from werkzeug.serving import make_server

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from gridtrack.app import create_app
from gridtrack.cli.db import prepare
from gridtrack.clock import SystemClock
from gridtrack.settings import Settings
from gridtrack.usecases.stations import add_station
from gridtrack.work import make_runtime
from tests.builders import Site, a_report, a_site

LINE = {"offline": False, "latency": 300, "downloadThroughput": 50_000, "uploadThroughput": 25_000}
TYPING_MS, READING_MS = 200, 1000
ARGS = ["--no-sandbox", "--disable-gpu"]


@contextmanager
def served() -> Iterator[tuple[Site, str]]:
    """A small street with a server before it."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "street.sqlite"
        site = a_street(f"sqlite:///{file}", Path(folder) / "instance")
        app = create_app(site.runtime.settings, site.runtime.clock, site.runtime)
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield site, f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def a_street(url: str, instance: Path) -> Site:
    instance.mkdir()
    prepare(make_runtime(Settings(instance=instance, database_url=url), SystemClock()))
    return a_site(url, instance, SystemClock().now())


def first_load(page: Page, url: str) -> dict[str, Any]:
    """Bytes, requests and seconds of the first load."""
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send("Network.emulateNetworkConditions", LINE)
    sizes: list[float] = []
    wire.on("Network.loadingFinished", lambda e: sizes.append(e["encodedDataLength"]))
    began = time.monotonic()
    page.goto(url, wait_until="commit")
    page.wait_for_selector("html.has-scripts main button[type=submit]")
    usable_s = time.monotonic() - began
    page.wait_for_load_state("networkidle")
    return {"bytes": int(sum(sizes)), "requests": len(sizes), "usable_s": round(usable_s, 1)}


def report(page: Page, url: str) -> float:
    """Seconds from the sign to number and code."""
    began = time.monotonic()
    page.goto(url)
    page.wait_for_timeout(READING_MS)
    page.type("#f-description", "楼下垃圾桶满出来了", delay=TYPING_MS)
    chip = page.locator(".suggested [data-category='0401']")
    chip.wait_for()
    page.wait_for_timeout(READING_MS)
    chip.click()
    page.wait_for_timeout(READING_MS)
    page.click("main button[type=submit]:visible >> text=提交")
    page.wait_for_selector(".receipt")
    return round(time.monotonic() - began, 1)


def main() -> None:
    raw = argparse.RawTextHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("--json", type=Path)
    out = parser.parse_args().json
    names = ("chromium", "chromium-browser", "google-chrome")
    there = next((found for name in names if (found := shutil.which(name))), None)
    path = os.environ.get("GRIDTRACK_TEST_CHROMIUM") or there
    with served() as (site, url), sync_playwright() as play:
        with site.work("secretary-a") as work:
            code = add_station(work, "三号门", a_report().place)
        browser = play.chromium.launch(executable_path=path, args=ARGS)
        phone = {"viewport": {"width": 390, "height": 844}, "locale": "zh-CN"}
        found = first_load(browser.new_context(**phone).new_page(), f"{url}/?entrance=photo")
        page = browser.new_context(**phone).new_page()
        wire = page.context.new_cdp_session(page)
        wire.send("Network.emulateNetworkConditions", LINE)
        found["report_s"] = report(page, f"{url}/r/{code}")
        browser.close()
    print(json.dumps(found, indent=2))
    if out:
        out.write_text(json.dumps(found))


if __name__ == "__main__":
    main()
