"""What a view of the map costs at 100,000 grids: bytes on the line and CPU of the server, cold.

    ./dev bench maps [--leaves N] [--json OUT]

A made-up land of leaves with bent borders, two levels above, and a secretary's screen (1440 x 900)
at several zooms over it, each as the map asks for it: three levels, one request each. `kb` is what
the three answers weigh together, gzipped (aim: at most 300), `cold_ms` the CPU time to make them,
that of the database server included, with a new connection and nothing remembered (aim: at most
150), `bare` that over the CPU time of Shapely and gzip alone for the same grids from memory,
without a database (levels that are left out on both sides not counted), `same_ms` the CPU time of
the three requests of a reader who holds the answers already. Drafts that were changed since their
check are measured too: they have no pieces (`draft`). `cut_s` is what the worker needs to cut the
pieces, once for an edition, `cut_mb` how much larger the database becomes.
"""

import argparse
import gzip
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
import psycopg
import shapely

from benchmarks._serving import Postgres
from benchmarks.routing import SOUTH, STEP, WEST, land
from gridtrack.app import create_app
from gridtrack.clock import SystemClock
from gridtrack.geo.thin import detail_at
from gridtrack.grids import store as grids
from gridtrack.grids.rules import Grid
from gridtrack.grids.tables import Edition
from gridtrack.jobs.mapper import cut_maps
from gridtrack.settings import Settings
from gridtrack.usecases.initialise import keep_policy
from gridtrack.work import Runtime, make_runtime
from tests.databases import migrated_sqlite, template_of

SERVER = os.environ.get("GRIDTRACK_TEST_POSTGRES", "")
ZOOMS = (8, 10, 11, 12, 13, 14, 15, 16, 18)
SCREEN = (1440, 900)
LEVELS = (1, 2, 3)
ROUNDS = 5


def settings_of(kind: str, folder: Path) -> Settings:
    folder.mkdir(parents=True)
    if kind == "sqlite":
        url = f"sqlite:///{migrated_sqlite(folder / 'bench.sqlite')}"
    else:
        url = f"{SERVER.rsplit('/', 1)[0]}/{template_of(SERVER, 'bench_maps')}"
    return Settings(instance=folder, database_url=url)


def filled(settings: Settings, found: list[Grid]) -> Runtime:
    runtime = make_runtime(settings, SystemClock())
    long_ago = SystemClock().now() - timedelta(days=30)
    with runtime.work(now=long_ago) as work:
        keep_policy(work)
        edition = Edition(name="bench", state="draft", created_at=long_ago, created_by="bench",
                          tolerance_m=1.0, source={}, accepted=[], note="")  # fmt: skip
        grids.save_edition(work.session, edition, [_row(grid) for grid in found])
        grids.activate(work.session, edition.id, long_ago)
    return runtime


def _row(grid: Grid) -> dict[str, Any]:
    west, south, east, north = grid.shape.bounds
    return {"code": grid.code, "level": grid.level, "parent": grid.parent, "name": grid.code,
            "name_en": "", "path": grid.path, "shape": grid.shape, "area_m2": 1.0,
            "households": None, "min_lon": west, "min_lat": south, "max_lon": east,
            "max_lat": north}  # fmt: skip


def box_at(zoom: int, side: int) -> tuple[float, float, float, float]:
    """The screen over the middle of the land, grown to whole tiles as `map/levels.ts` does."""
    tile = 360 / 2**zoom
    middle = (WEST + side * STEP / 2, SOUTH + side * STEP / 2)
    half = [size / 2 * 360 / 256 / 2**zoom for size in SCREEN]
    half[1] *= np.cos(np.radians(middle[1]))
    low = [np.floor((m - h) / tile) * tile for m, h in zip(middle, half, strict=True)]
    high = [np.ceil((m + h) / tile) * tile for m, h in zip(middle, half, strict=True)]
    return (low[0], low[1], high[0], high[1])


def cpu(call: Callable[[], Any]) -> tuple[float, Any]:
    began = time.process_time()
    value = call()
    return (time.process_time() - began) * 1000, value


def asked(runtime: Runtime, zoom: int, side: int) -> dict[str, Any]:
    """The three requests of a view, by an application that has answered nothing before.

    The engine is disposed of first, so that neither connection nor page cache is warm.
    """
    box = ",".join(f"{edge:.6f}" for edge in box_at(zoom, side))
    addresses = [f"/map/grids/{level}?bbox={box}&zoom={zoom}" for level in LEVELS]
    times, again = [], []
    answers: list[Any] = []
    postgres = Postgres(runtime.settings.url) if runtime.settings.database_url[0] == "p" else None
    before = postgres.cpu_s() if postgres else 0.0
    for _ in range(ROUNDS):
        runtime.engine.dispose()
        app = create_app(runtime.settings, runtime.clock, runtime, limited=False)
        took, answers = cpu(partial(fetched, app.test_client(), addresses, [""] * len(addresses)))
        times.append(took)
        marks = [answer.headers["ETag"] for answer in answers]
        took, same = cpu(partial(fetched, app.test_client(), addresses, marks))
        again.append(took)
        assert {one.status_code for one in same} == {304}
    database = (postgres.cpu_s() - before) * 1000 / ROUNDS if postgres else 0.0
    bodies = [json.loads(gzip.decompress(answer.data)) for answer in answers]
    sizes = [len(answer.data) for answer in answers]
    return {
        "kb": round(sum(sizes) / 1000, 1),
        "largest_kb": round(max(sizes) / 1000, 1),
        "cold_ms": round(min(times) + database, 1),
        "database_ms": round(database, 1),
        "same_ms": round(min(again), 1),
        "grids": [len(body["features"]) for body in bodies],
        "left_out": [body["left_out"] for body in bodies],
    }


def fetched(client: Any, addresses: list[str], marks: list[str]) -> list[Any]:
    """The answers, to somebody who may hold what the marks stand for."""
    headers = [{"Accept-Encoding": "gzip", "If-None-Match": mark} for mark in marks]
    return [client.get(a, headers=h) for a, h in zip(addresses, headers, strict=True)]


def bare_ms(found: list[Grid], zoom: int, side: int, shown: list[int]) -> float:
    """Shapely and gzip alone, for the grids of the levels that are shown."""
    view = shapely.box(*box_at(zoom, side))
    total = 0.0
    for level, count in zip(LEVELS, shown, strict=True):
        if not count:
            continue
        shapes = np.array([g.shape for g in found if g.level == level], dtype=object)
        shapes = shapes[shapely.intersects(shapes, view)]
        detail = detail_at(zoom)

        def make(shapes: Any = shapes, detail: Any = detail) -> bytes:
            thin = shapely.coverage_simplify(shapes, detail.pixel_deg)
            thin = shapely.transform(thin, lambda xy: np.round(xy, detail.digits))
            return gzip.compress(",".join(shapely.to_geojson(thin)).encode(), 5)

        total += min(cpu(make)[0] for _ in range(ROUNDS))
    return total


def measure(kind: str, root: Path, found: list[Grid], side: int) -> dict[str, Any]:
    settings = settings_of(kind, root / kind)
    runtime = filled(settings, found)
    before = size_mb(kind, settings)
    draft = {zoom: asked(runtime, zoom, side) for zoom in (11, 13, 15)}
    cut_s = cpu(lambda: cut_maps(runtime))[0] / 1000
    views = {}
    for zoom in ZOOMS:
        view = asked(runtime, zoom, side)
        bare = bare_ms(found, zoom, side, view["grids"])
        views[zoom] = {**view, "bare": round(view["cold_ms"] / bare, 2) if bare else None}
    cut_mb = size_mb(kind, settings) - before
    runtime.engine.dispose()
    return {
        "kb": max(view["kb"] for view in views.values()),
        "cold_ms": max(view["cold_ms"] for view in views.values()),
        "views": views,
        "draft": draft,
        "cut_s": round(cut_s, 1),
        "cut_mb": round(cut_mb, 1),
    }


def size_mb(kind: str, settings: Settings) -> float:
    if kind == "sqlite":
        files = Path(settings.url.removeprefix("sqlite:///")).parent.glob("bench.sqlite*")
        return sum(file.stat().st_size for file in files) / 1e6
    with psycopg.connect(settings.url.replace("postgresql+psycopg://", "postgresql://")) as link:
        row = link.execute("SELECT pg_database_size(current_database())").fetchone()
    assert row is not None
    return float(row[0]) / 1e6


def main() -> None:
    """Measure and print JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leaves", type=int, default=100_000)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    side = round(options.leaves**0.5)
    found, root = land(side), Path(tempfile.mkdtemp())
    try:
        kinds = ["sqlite", *(["postgres"] if SERVER else [])]
        result = {kind: measure(kind, root, found, side) for kind in kinds}
    finally:
        shutil.rmtree(root, ignore_errors=True)
    text = json.dumps({"leaves": side * side, **result}, indent=1)
    print(text)
    if options.json:
        options.json.write_text(text + "\n")


if __name__ == "__main__":
    main()
