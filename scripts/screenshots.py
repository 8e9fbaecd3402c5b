"""Take the pictures of the README, or every page in every look.

    ./dev screenshots                 the README's pictures, into docs/img/
    ./dev screenshots --all FOLDER    every page, 390x844 and 1440x900, zh and en, light and dark

The demo place with thirty days behind it, on a clock that stands still on a Friday morning; the
browser is a real Chromium, the pages are the real ones.
"""

import argparse
import os
import shutil
import tempfile
import threading
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from gridtrack.access import RESIDENT
from gridtrack.app import create_app
from gridtrack.cli.db import prepare
from gridtrack.clock import ManualClock
from gridtrack.incidents import store as incidents
from gridtrack.incidents.intake import Place, Report, ReporterGiven, Source
from gridtrack.jobs.sweeper import tick
from gridtrack.settings import Settings
from gridtrack.simulation import demo, town
from gridtrack.usecases.copy_edition import copy_edition
from gridtrack.usecases.report import Receipt, report_incident
from gridtrack.work import Runtime, make_runtime

ROOT = Path(__file__).resolve().parent.parent
FRIDAY = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)  # half past ten in the morning there
PHONE, DESK = (390, 844), (1440, 900)
ARGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--hide-scrollbars")  # fmt: skip

# Minutes ago, category, words, whether it lies in the visitor's own grid: what the lists show now.
LIVE = (
    (41, "0105", "楼道里堆满纸箱和旧家具，轮椅过不去。", False),
    (17, "0601", "小区门口两盏路灯都不亮，晚上很黑。", False),
    (9, "0603", "井盖裂了，电动车压过去会翘起来。", False),
    (6.4, "0503", "消防通道被三辆电动车堵住了。", False),
    (4.2, "0601", "33号楼下的路灯坏了，老人晚上出门看不见。", True),
    (3.8, "0502", "有人把电动车推进电梯充电。", False),
    (2.6, "0104", "有车停在人行道上，婴儿车过不去。", True),
    (1.1, "0401", "垃圾桶旁边堆满了，味道很大。", True),
    (0.6, "0503", "后门的消防通道被货车堵住了。", True),
)


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: a file name, who looks, at what, and what to press before it is taken."""

    name: str
    who: str | None
    address: str
    size: tuple[int, int]
    lang: str = "zh"
    theme: str = "light"
    press: str = ""


README = (
    Shot("report-phone", None, "/", PHONE),
    Shot("progress-phone", None, "progress", PHONE),
    Shot("inbox-phone", "gridworker", "/inbox", PHONE),
    Shot("incident-phone", "gridworker", "/inbox", PHONE, press="#inbox-list h3 a"),
    Shot("map-phone", "gridworker", "/map", PHONE),
    Shot("board", "secretary", "/board", DESK),
    Shot("board-dark", "secretary", "/board", DESK, "en", "dark"),
    Shot("incident", "secretary", "/board", DESK, press="#escalated tbody tr:last-child a"),
    Shot("grids", "admin", "/grids/2", DESK),
    Shot("drawing", "secretary", "/grids/2/draw", DESK),
    Shot("doors", "secretary", "/doors/coverage", DESK),
)
EVERY = (
    (None, "report", "/"),
    (None, "track", "/track"),
    (None, "complaint", "/?entrance=complaint"),
    ("secretary", "stations", "/stations"),
    ("secretary", "signs", "/stations/signs?of=grids"),
    (None, "login", "/login"),
    (None, "not-found", "/no-such-page"),
    ("gridworker", "inbox", "/inbox"),
    ("gridworker", "finding", "/report"),
    ("gridworker", "map", "/map"),
    ("gridworker", "notices", "/notices"),
    ("secretary", "board", "/board"),
    ("secretary", "inbox-secretary", "/inbox"),
    ("secretary", "drawing", "/grids/2/draw"),
    ("secretary", "doors", "/doors"),
    ("secretary", "coverage", "/doors/coverage"),
    ("secretary", "zones", "/zones"),
    ("secretary", "health", "/health"),
    ("secretary", "duty", "/duty"),
    ("secretary", "roster", "/duty/1"),
    ("secretary", "leave", "/duty/leave"),
    ("leader", "my-shifts", "/duty/mine"),
    (None, "rota", "/rota"),
    ("admin", "grids", "/grids"),
    ("admin", "edition", "/grids/2"),
    ("admin", "findings", "/grids/1/findings"),
    ("admin", "codes", "/grids/2/codes"),
    ("admin", "impact", "/grids/2/impact"),
    ("admin", "import", "/grids/import"),
    ("admin", "calendar", "/calendar"),
    ("admin", "tasks", "/tasks"),
)


def main() -> None:
    """Make the place, serve it, take the pictures."""
    parser = argparse.ArgumentParser(description="Take the pictures of the pages.")
    parser.add_argument("--all", type=Path, metavar="FOLDER", help="every page in every look")
    asked = parser.parse_args()
    folder = asked.all or ROOT / "docs" / "img"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, served(Path(scratch)) as (url, receipt):
        shots = every() if asked.all else README
        take(shots, url, receipt, folder)


def every() -> list[Shot]:
    """Every page in both sizes, languages and themes."""
    return [
        Shot(f"{name}-{size[0]}-{lang}-{theme}", who, address, size, lang, theme)
        for size in (PHONE, DESK)
        for lang in ("zh", "en")
        for theme in ("light", "dark")
        for who, name, address in EVERY
    ]


@contextmanager
def served(instance: Path) -> Iterator[tuple[str, Receipt]]:
    """The demo place with its history and some matters of this minute, on a port of its own."""
    runtime = make_runtime(Settings(instance=instance, second_factor="off"), ManualClock(FRIDAY))
    demo.build(runtime)
    prepare(runtime)
    with runtime.work() as work:
        copy_edition(work, 1, "城东社区调整网格（草案）")
    roads = town.folder() / "roads.geojson"
    shutil.copy(roads, instance / roads.name)
    receipt = happen(runtime)
    app = create_app(runtime.settings, runtime.clock, runtime, limited=False)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", receipt
    server.shutdown()
    runtime.engine.dispose()


def happen(runtime: Runtime) -> Receipt:
    """The matters of the last hour, with the sweep at work between them; the last one's receipt."""
    clock = ManualClock(FRIDAY - timedelta(hours=1))
    past = replace(runtime, clock=clock)
    with past.look() as work:
        place = town.load(work)
    own = [plate for plate in place.plates if plate.grid == place.visitor_grid]
    community = place.visitor_grid[:12]
    near = [p for p in place.plates if p.grid.startswith(community) and p not in own]
    receipt = None
    for n, (minutes, category, words, here) in enumerate(LIVE):
        plate = (own if here else near)[(n * 37) % len(own if here else near)]
        pass_time(past, clock, FRIDAY - timedelta(minutes=minutes))
        report = Report(
            client_id=str(uuid.uuid5(uuid.NAMESPACE_URL, f"picture-{n}")),
            category=category,
            source=Source.RESIDENT,
            description=words,
            place=Place(plate.lon, plate.lat, "wgs84", 15.0),
            address=plate.address.removeprefix("映溪街道"),
            reporter=ReporterGiven("林女士", "13800000000"),
        )
        with past.work(RESIDENT) as work:
            receipt = report_incident(work, report)
    pass_time(past, clock, FRIDAY)
    assert receipt is not None
    return receipt


def pass_time(past: Runtime, clock: ManualClock, until: datetime) -> None:
    """Move to an instant, with the sweep at work at everything that is due on the way."""
    while True:
        with past.look() as work:
            due = incidents.earliest_due(work.session)
        if due is None or due > until:
            break
        clock.set(due + timedelta(milliseconds=200))
        tick(past)
    clock.set(until)


def take(shots: Sequence[Shot], url: str, receipt: Receipt, folder: Path) -> None:
    """Open each page as its person and keep what is seen."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium(), args=list(ARGS))
        pages: dict[tuple[Any, ...], Page] = {}
        for shot in shots:
            look = (shot.who, shot.size, shot.lang, shot.theme)
            if look not in pages:
                pages[look] = opened(browser, url, shot)
            visit(pages[look], url, shot, receipt)
            path = folder / f"{shot.name}.png"
            pages[look].screenshot(path=path)
            shrink(path)
            print(path)
        browser.close()


def chromium() -> str | None:
    """The browser that was named, else the system's."""
    given = os.environ.get("GRIDTRACK_TEST_CHROMIUM")  # noqa: TID251 - the door of a script
    names = ("chromium", "chromium-browser", "google-chrome")
    return given or next((found for name in names if (found := shutil.which(name))), None)


def opened(browser: Browser, url: str, shot: Shot) -> Page:
    """A page in the look of a shot, logged in where somebody looks."""
    width, height = shot.size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale="zh-CN" if shot.lang == "zh" else "en-GB",
        color_scheme="dark" if shot.theme == "dark" else "light",
    )
    context.add_cookies([{"name": "lang", "value": shot.lang, "url": url}])
    page = context.new_page()
    if shot.who is not None:
        page.goto(f"{url}/login")
        page.fill("#f-login", shot.who)
        page.fill("#f-password", town.PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_load_state("networkidle")
    return page


def visit(page: Page, url: str, shot: Shot, receipt: Receipt) -> None:
    """Go to what the shot shows and wait until it stands still."""
    if shot.address == "progress":
        page.goto(f"{url}/track?number={receipt.number}")
        page.fill("#f-code", receipt.code)
        page.click("main button[type=submit]")
    else:
        page.goto(f"{url}{shot.address}")
    if shot.press:
        page.click(shot.press)
    page.wait_for_load_state("networkidle")
    if page.query_selector("[data-map]:not([data-map-waits]), [data-edition]"):
        page.wait_for_timeout(1500)  # tiles of the map are drawn after the data is there


def shrink(path: Path) -> None:
    """A picture of a page needs no more than a palette: a third of the bytes."""
    with Image.open(path) as picture:
        small = picture.convert("RGB").quantize(colors=200, dither=Image.Dither.NONE)
    small.save(path, optimize=True)


if __name__ == "__main__":
    main()
