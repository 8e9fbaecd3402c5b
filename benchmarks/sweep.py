"""The sweep against the same changes as plain SQL batches, and the idle sweep at two sizes.

    ./dev bench sweep [--due N] [--open N] [--idle N] [--workers N] [--json OUT]

`ratio` is sweep time / plain time in one run (at most 6): the plain driver gets the very statements
and values that a real sweep sent, ready-made, on a database as large. `idle_ratio` is the database
time of an idle sweep over `--idle` open incidents / over 10,000 (at most 2). `workers_ratio` is the
time of `--workers` processes / the time of one. Both databases where a PostGIS server is named.
Exit 1 where a figure is missed.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sqlalchemy import event, func, select

from benchmarks._fill import NOW, fill, fresh_site, rows, settle
from gridtrack.incidents.store import INCIDENT
from gridtrack.usecases.sweep import BATCH, sweep
from tests.builders import Site
from tests.jobs.test_kill import own_process

MOST_RATIO, MOST_IDLE = 6.0, 2.0
MOST_WORKERS = 1.15  # "not slower", on two cores that others use too
SERVER = os.environ.get("GRIDTRACK_TEST_POSTGRES", "")


def populated(kind: str, folder: Path, due: int, others: int) -> Site:
    """A street where `due` clocks are due at one second among `others` that are due much later."""
    site = fresh_site(kind, folder, SERVER)
    fill(site.runtime, rows(1, due, is_open=True, due_at=lambda _n: NOW, site=site), clocks=True)
    later = NOW + timedelta(days=2)
    far = rows(
        due + 1, others, is_open=True, due_at=lambda n: later + timedelta(seconds=n), site=site
    )
    fill(site.runtime, far, clocks=True)
    settle(site.runtime)
    return site


def recorded(site: Site) -> list[list[tuple[str, Any]]]:
    """What the real sweep writes, batch by batch, as statements for the plain driver."""
    batches: list[list[tuple[str, Any]]] = []

    def keep(
        _c: Any, _cursor: Any, statement: str, parameters: Any, _ctx: Any, _many: object
    ) -> None:
        if statement.lstrip()[:6].upper() in ("INSERT", "UPDATE") and batches:
            batches[-1].append((statement, parameters))

    event.listen(site.runtime.engine, "before_cursor_execute", keep)
    while True:
        batches.append([])
        with site.runtime.work() as work:
            swept = sweep(work, BATCH)
        if swept.claimed < BATCH:
            break
    event.remove(site.runtime.engine, "before_cursor_execute", keep)
    return [batch for batch in batches if batch]


def plain(site: Site, batches: list[list[tuple[str, Any]]]) -> float:
    """Seconds for the same rows with the plain driver, one transaction a batch."""
    raw = site.runtime.engine.raw_connection()
    cursor = raw.cursor()
    sqlite = site.runtime.engine.dialect.name == "sqlite"
    began = time.perf_counter()
    for batch in batches:
        if sqlite:
            cursor.execute("BEGIN IMMEDIATE")
        for statement, parameters in batch:
            many = (
                isinstance(parameters, list)
                and parameters
                and isinstance(parameters[0], dict | tuple)
            )
            (cursor.executemany if many else cursor.execute)(statement, parameters)
        raw.commit() if not sqlite else cursor.execute("COMMIT")
    took = time.perf_counter() - began
    raw.close()
    return took


def swept_in(site: Site, workers: int) -> tuple[float, int]:
    """Seconds until `workers` processes have cleared everything that is due, and the steps."""
    with ExitStack() as stack:
        words = ("benchmarks._ticking", site.runtime.settings, NOW.isoformat())
        every = [stack.enter_context(own_process(*words)) for _ in range(workers)]
        for one in every:
            assert said(one) == "ready"
        began = time.perf_counter()
        for one in every:
            assert one.stdin is not None
            print(file=one.stdin, flush=True)
        fired = sum(int(said(one)) for one in every)
        return time.perf_counter() - began, fired


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def idle_ms(site: Site, times: int = 300) -> dict[str, float]:
    """Median milliseconds of a sweep that finds nothing due: of database time, and in all.

    Database time is that of every statement between BEGIN and COMMIT; `wall` is the whole unit of
    work with its connection, transaction and Python.
    """
    taken: list[float] = []
    wall: list[float] = []
    started = 0.0

    def before(*_: Any) -> None:
        nonlocal started
        started = time.perf_counter()

    def after(*_: Any) -> None:
        taken[-1] += (time.perf_counter() - started) * 1000

    event.listen(site.runtime.engine, "before_cursor_execute", before)
    event.listen(site.runtime.engine, "after_cursor_execute", after)
    for _ in range(times):
        taken.append(0.0)
        began = time.perf_counter()
        with site.runtime.work(now=NOW - timedelta(days=3)) as work:
            assert sweep(work, BATCH).claimed == 0
        wall.append((time.perf_counter() - began) * 1000)
    event.remove(site.runtime.engine, "before_cursor_execute", before)
    event.remove(site.runtime.engine, "after_cursor_execute", after)
    return {"db": statistics.median(taken), "wall": statistics.median(wall)}


def idle_site(kind: str, folder: Path, count: int) -> Site:
    """A street with so many open incidents, all due in some days."""
    site = fresh_site(kind, folder, SERVER)
    later = NOW + timedelta(days=2)
    due = rows(1, count, is_open=True, due_at=lambda n: later + timedelta(seconds=n), site=site)
    fill(site.runtime, due)
    settle(site.runtime)
    return site


def climbed(site: Site) -> int:
    """How many incidents stand on a rung: the same after both ways, or they did not do the same."""
    with site.look() as work:
        found = work.session.scalar(
            select(func.count()).select_from(INCIDENT).where(INCIDENT.c.rung.is_not(None))
        )
    return found or 0


def swept(kind: str, folder: Path, options: argparse.Namespace, workers: int) -> tuple[float, int]:
    """`swept_in` on a street of its own, where everything must have climbed."""
    site = populated(kind, folder, options.due, options.open)
    took_s, fired = swept_in(site, workers)
    assert climbed(site) == options.due == fired
    site.runtime.engine.dispose()
    return took_s, fired


def measure(kind: str, root: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Every figure on one kind of database."""
    seen = populated(kind, root / f"{kind}-seen", options.due, 100)
    batches = recorded(seen)
    target = populated(kind, root / f"{kind}-plain", options.due, options.open)
    plain_s = plain(target, batches)
    assert climbed(target) == options.due
    real_s, fired = swept(kind, root / f"{kind}-real", options, 1)
    many_s = real_s
    if options.workers > 1:
        many_s, _ = swept(kind, root / f"{kind}-many", options, options.workers)
    small = idle_site(kind, root / f"{kind}-small", 10_000)
    large = idle_site(kind, root / f"{kind}-large", options.idle)
    idle_ms(small, 20), idle_ms(large, 20)
    # In turns, so that what disturbs the machine meets both.
    turns = [(idle_ms(small), idle_ms(large)) for _ in range(3)]
    small_ms, large_ms = (
        {part: min(turn[place][part] for turn in turns) for part in ("db", "wall")}
        for place in (0, 1)
    )
    return {
        "due": options.due,
        "open": options.open,
        "fired": fired,
        "plain_s": round(plain_s, 3),
        "sweep_s": round(real_s, 3),
        "ratio": round(real_s / plain_s, 2),
        "workers": options.workers,
        "workers_s": round(many_s, 3),
        "workers_ratio": round(many_s / real_s, 2),
        "idle_db_ms_10k": round(small_ms["db"], 3),
        f"idle_db_ms_{options.idle}": round(large_ms["db"], 3),
        "idle_wall_ms_10k": round(small_ms["wall"], 3),
        f"idle_wall_ms_{options.idle}": round(large_ms["wall"], 3),
        "idle_ratio": round(large_ms["db"] / small_ms["db"], 2),
    }


def well(one: dict[str, Any]) -> bool:
    """Whether the figures that are promised are kept; four workers may be as slow as one."""
    kept = one["ratio"] <= MOST_RATIO and one["idle_ratio"] <= MOST_IDLE
    return bool(kept and one["workers_ratio"] <= MOST_WORKERS)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--due", type=int, default=10_000)
    parser.add_argument("--open", type=int, default=100_000)
    parser.add_argument("--idle", type=int, default=1_000_000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--json")
    options = parser.parse_args()
    kinds = ["sqlite"] + (["postgres"] if SERVER else [])
    with tempfile.TemporaryDirectory() as folder:
        found = {kind: measure(kind, Path(folder), options) for kind in kinds}
    text = json.dumps(found, indent=1)
    print(text)
    if options.json:
        Path(options.json).write_text(text)
    return 0 if all(well(one) for one in found.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
