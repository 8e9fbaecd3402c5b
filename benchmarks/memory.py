"""Memory of `gridtrack serve` with real and many grids loaded and everything asked for once.

    ./dev bench memory [--reports N] [--json OUT]

One edition: New York's 5 / 71 / 262 grids where ../shared/data lies beside the project, and beside
them 10,000 synthetic leaves with bent borders in two levels above. Figures in MB: `after` each
thing that was asked what the serving process holds (RSS), `resident` the most of these (aim: under
250), `peak` the most it ever held for a moment, `with_master` both processes of gunicorn at the
end, pages that they share counted once (PSS).
"""

import argparse
import gzip
import http.client
import json
import os
import random
import re
import secrets
import shutil
import sys
import tempfile
import threading
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks._serving import Serving
from benchmarks.routing import SOUTH as SOUTH_EDGE
from benchmarks.routing import STEP, WEST, land
from gridtrack.access import Role
from gridtrack.accounts.rules import hash_password, token_digest
from gridtrack.accounts.store import NewPost, add_person
from gridtrack.accounts.tables import ApiToken, Person
from gridtrack.clock import SystemClock
from gridtrack.grids import store as grids
from gridtrack.grids.files import GridFiles, read_grids
from gridtrack.grids.rules import Grid
from gridtrack.grids.tables import Edition
from gridtrack.settings import Settings
from gridtrack.usecases.initialise import keep_policy
from gridtrack.work import Work, make_runtime
from tests.databases import migrated_sqlite, template_of
from tests.grid_builders import SHARED

SERVER = os.environ.get("GRIDTRACK_TEST_POSTGRES", "")
SIDE = 100
NYC = SHARED / "nyc"
CLIENTS = 8
PASSWORD = "a-long-password"


def every_grid() -> list[Grid]:
    """New York, where it is at hand, and the synthetic land."""
    found = land(SIDE)
    if NYC.is_dir():
        levels = {n: NYC / f"level{n}.geojson.gz" for n in (1, 2, 3)}
        fields = {"code": "id", "parent": "parent_id"}
        found += read_grids(GridFiles(files=levels, fields=fields))
    return found


def prepared(kind: str, folder: Path) -> tuple[Settings, str]:
    """A database with the grids, a desk with a token, and a secretary who can log in."""
    folder.mkdir(parents=True)
    if kind == "sqlite":
        url = f"sqlite:///{migrated_sqlite(folder / 'bench.sqlite')}"
    else:
        url = f"{SERVER.rsplit('/', 1)[0]}/{template_of(SERVER, 'bench_memory')}"
    settings = Settings(instance=folder, database_url=url)
    runtime = make_runtime(settings, SystemClock())
    token = "gt_" + secrets.token_urlsafe(32)
    long_ago = SystemClock().now() - timedelta(days=30)
    with runtime.work(now=long_ago) as work:
        keep_policy(work)
        edition = Edition(name="bench", state="draft", created_at=long_ago, created_by="bench",
                          tolerance_m=1.0, source={}, accepted=[], note="")  # fmt: skip
        grids.save_edition(work.session, edition, [_row(grid) for grid in every_grid()])
        grids.activate(work.session, edition.id, long_ago)
        _desk(work, token, long_ago)
    runtime.engine.dispose()
    return settings, token


def _desk(work: Work, token: str, at: datetime) -> None:
    desk = Person(login="desk", name="desk", password_hash=hash_password(PASSWORD), phone="",
                  locale="zh", active=True, created_at=at)  # fmt: skip
    add_person(work.session, desk, (NewPost(Role.DESK), NewPost(Role.STREET)), at)
    work.session.add(
        ApiToken(name="bench", person_id=desk.id, digest=token_digest(token),
                 permissions=["report", "see", "direct"], created_at=at,
                 expires_at=at + timedelta(days=365))
    )  # fmt: skip


def _row(grid: Grid) -> dict[str, Any]:
    west, south, east, north = grid.shape.bounds
    return {"code": grid.code, "level": grid.level, "parent": grid.parent, "name": grid.name,
            "name_en": "", "path": grid.path, "shape": grid.shape, "area_m2": 1.0,
            "households": None, "min_lon": west, "min_lat": south, "max_lon": east,
            "max_lat": north}  # fmt: skip


class Client:
    """A browser that is logged in, and a machine with a token."""

    def __init__(self, port: int, token: str) -> None:
        self._port = port
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        self._browser.addheaders = [("Accept-Encoding", "gzip")]

    def log_in(self) -> None:
        """Send the form of the log-in page with its token."""
        page = gzip.decompress(self._open("/login"))
        found = re.search(rb'name="csrf-token" content="([^"]+)"', page)
        assert found is not None
        form = {"csrf_token": found.group(1).decode(), "login": "desk", "password": PASSWORD}
        self._open("/login", urllib.parse.urlencode(form).encode())

    def get(self, path: str) -> int:
        """The bytes of an answer; an error ends the run."""
        return len(self._open(path))

    def _open(self, path: str, form: bytes | None = None) -> bytes:
        with self._browser.open(f"http://127.0.0.1:{self._port}{path}", form) as answer:
            body: bytes = answer.read()
        return body

    def report(self, count: int) -> None:
        """Reports all over the synthetic land, from some clients at once."""

        def some(first: int) -> None:
            chance = random.Random(first)
            link = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
            for _ in range(first, count, CLIENTS):
                place = {"lon": WEST + chance.random() * SIDE * STEP, "datum": "wgs84",
                         "lat": SOUTH_EDGE + chance.random() * SIDE * STEP}  # fmt: skip
                body = {"client_id": str(uuid.uuid4()), "category": "0601", "location": place,
                        "description": "楼下的路灯坏了", "source": "api"}  # fmt: skip
                link.request("POST", "/api/v1/incidents", json.dumps(body), self._headers)
                answer = link.getresponse()
                answer.read()
                if answer.status != 201:
                    os._exit(1)

        threads = [threading.Thread(target=some, args=(n,)) for n in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def resident_mb(pid: int) -> float:
    """What a process holds now."""
    return _kb(f"/proc/{pid}/status", "VmRSS:") / 1024


def peak_mb(pid: int) -> float:
    """The most a process ever held."""
    return _kb(f"/proc/{pid}/status", "VmHWM:") / 1024


def _kb(file: str, name: str) -> int:
    lines = Path(file).read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))


def measure(kind: str, root: Path, reports: int) -> dict[str, Any]:
    """Memory after each thing that is asked for."""
    settings, token = prepared(kind, root / kind)
    serving = Serving(settings, worker=True)
    client = Client(serving.port, token)
    bbox = f"{WEST},{SOUTH_EDGE},{WEST + SIDE * STEP},{SOUTH_EDGE + SIDE * STEP}"
    steps: dict[str, Callable[[], Any]] = {
        "the resident's page": lambda: client.get("/"),
        "a log-in": client.log_in,
        "a report in each of 8 threads": lambda: client.report(CLIENTS),
        f"{reports} reports": lambda: client.report(reports),
        "the map's grids of every level": lambda: [
            client.get(f"/map/grids/{level}?bbox={box}&zoom={zoom}")
            for zoom, box in views()
            for level in (1, 2, 3)
        ],
        "the same from 8 readers": lambda: together(
            lambda: [client.get(f"/map/grids/3?bbox={box}&zoom={zoom}") for zoom, box in views()]
        ),
        "the map's incidents": lambda: client.get(f"/map/incidents?bbox={bbox}"),
        "the board": lambda: client.get("/board"),
        "the map": lambda: client.get("/map"),
    }
    after = {}
    try:
        for name, ask in steps.items():
            ask()
            after[name] = round(max(resident_mb(pid) for pid in serving.pids()), 1)
        peak = max(peak_mb(pid) for pid in serving.pids())
        whole = sum(_kb(f"/proc/{pid}/smaps_rollup", "Pss:") for pid in serving.pids()) / 1024
    finally:
        serving.stop()
    return {
        "after": after,
        "resident": max(after.values()),
        "peak": round(peak, 1),
        "with_master": round(whole, 1),
    }


def views() -> list[tuple[int, str]]:
    """What a screen shows of the land from far and from near, and of New York."""
    middle = (WEST + SIDE * STEP / 2, SOUTH_EDGE + SIDE * STEP / 2)
    return [
        (zoom, f"{lon - half:.6f},{lat - half:.6f},{lon + half:.6f},{lat + half:.6f}")
        for lon, lat in (middle, (-73.95, 40.7))
        for zoom in (9, 11, 13, 14, 15, 16, 18)
        for half in (360 * 3 / 2**zoom,)
    ]


def together(ask: Callable[[], Any]) -> None:
    """The same question from several clients at once."""
    threads = [threading.Thread(target=ask) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--reports", type=int, default=2000)
    parser.add_argument("--json")
    options = parser.parse_args()
    root = Path(tempfile.mkdtemp())
    kinds = ["sqlite"] + (["postgres"] if SERVER else [])
    try:
        found: dict[str, Any] = {kind: measure(kind, root, options.reports) for kind in kinds}
    finally:
        shutil.rmtree(root, ignore_errors=True)
    found["grids"] = {"leaves": SIDE * SIDE, "nyc": NYC.is_dir()}
    text = json.dumps(found, indent=1, ensure_ascii=False)
    print(text)
    if options.json:
        Path(options.json).write_text(text)


if __name__ == "__main__":
    main()
