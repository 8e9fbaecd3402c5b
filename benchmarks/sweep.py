"""The sweep against the same changes as plain SQL batches, and the idle sweep at two sizes.

    ./dev bench sweep [--due N] [--open N] [--idle N] [--workers N] [--json OUT]

`ratio` is sweep time / plain time in one run. `idle_ratio` is the idle sweep over `--idle` open
incidents / over 10,000. Both databases where a PostGIS server is named.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sqlalchemy import event

from benchmarks.fill import NOW, fill, fresh_site, rows, settle
from gridtrack.incidents.store import claim_due
from gridtrack.jobs.sweeper import tick
from gridtrack.usecases.sweep import BATCH, sweep
from tests.builders import Site

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


def swept_in(site: Site, workers: int) -> tuple[float, list[int]]:
    """Seconds until `workers` threads have cleared everything that is due, and each lateness."""
    late: list[int] = []
    began = time.perf_counter()

    def run() -> None:
        done = tick(site.runtime, budget_s=600)
        late.extend(done.late_ms)

    threads = [threading.Thread(target=run) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - began, late


def idle_ms(site: Site, times: int = 200) -> float:
    """Median milliseconds of database time of a sweep that finds nothing due."""
    taken: list[float] = []
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
        with site.runtime.look(now=NOW - timedelta(days=3)) as work:
            claim_due(work.session, work.now, BATCH)
    event.remove(site.runtime.engine, "before_cursor_execute", before)
    event.remove(site.runtime.engine, "after_cursor_execute", after)
    return statistics.median(taken)


def measure(kind: str, root: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Every figure on one kind of database."""
    seen = populated(kind, root / f"{kind}-seen", options.due, 100)
    batches = recorded(seen)
    target = populated(kind, root / f"{kind}-plain", options.due, options.open)
    plain_s = plain(target, batches)
    real = populated(kind, root / f"{kind}-real", options.due, options.open)
    real.clock.set(NOW)
    real_s, late = swept_in(real, options.workers)
    small = fresh_site(kind, root / f"{kind}-small", SERVER)
    later = NOW + timedelta(days=2)
    fill(small.runtime, rows(1, 10_000, is_open=True, due_at=lambda _n: later, site=small))
    settle(small.runtime)
    large = fresh_site(kind, root / f"{kind}-large", SERVER)
    fill(large.runtime, rows(1, options.idle, is_open=True, due_at=lambda _n: later, site=large))
    settle(large.runtime)
    small_ms, large_ms = idle_ms(small), idle_ms(large)
    return {
        "due": options.due,
        "open": options.open,
        "fired": len(late),
        "plain_s": round(plain_s, 3),
        "sweep_s": round(real_s, 3),
        "ratio": round(real_s / plain_s, 2),
        "idle_ms_10k": round(small_ms, 3),
        f"idle_ms_{options.idle}": round(large_ms, 3),
        "idle_ratio": round(large_ms / small_ms, 2),
    }


def main() -> None:
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


if __name__ == "__main__":
    main()
