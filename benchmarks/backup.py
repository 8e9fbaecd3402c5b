"""A backup while people report, and the way back: how long, how large, what the reports feel of it.

    ./dev bench backup [--matters N] [--seconds S] [--json OUT]

`slower` is the reports of a second without a backup / with one, in one run; `worst_ms` the longest
that a report took meanwhile. The backup is a process of its own, as it is in life. Both databases
where a PostGIS server is named.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks._fill import NOW, fill, fresh_site, rows, settle
from tests.builders import Site

SERVER = os.environ.get("GRIDTRACK_TEST_POSTGRES", "")


def command(site: Site, *words: str, **more: str) -> subprocess.Popen[str]:
    """`gridtrack` on the database of the site."""
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith("GRIDTRACK_")},
        "GRIDTRACK_INSTANCE": str(site.runtime.settings.instance),
        "GRIDTRACK_DATABASE_URL": site.runtime.settings.url,
        **more,
    }
    line = [sys.executable, "-m", "gridtrack", *words]
    return subprocess.Popen(line, env=environ, text=True, stdout=subprocess.PIPE)


def reporting(site: Site, until: Callable[[], bool]) -> list[float]:
    """Report one after the other; how long each took in ms."""
    taken = []
    while not until():
        begun = time.perf_counter()
        site.report()
        taken.append((time.perf_counter() - begun) * 1000)
    return taken


def figures(taken: list[float]) -> dict[str, float]:
    ordered = sorted(taken)
    return {
        "reports_per_s": round(1000 * len(taken) / sum(taken), 1),
        "median_ms": round(statistics.median(taken), 1),
        "p99_ms": round(ordered[int(len(ordered) * 0.99)], 1),
        "worst_ms": round(ordered[-1], 1),
    }


def measure(kind: str, folder: Path, matters: int, seconds: float) -> dict[str, Any]:
    site = fresh_site(kind, folder, SERVER)
    later = NOW + timedelta(days=2)
    first = 10_000_001  # far from the numbers that PostgreSQL gives to the reports
    made = rows(
        first, matters, is_open=True, due_at=lambda n: later + timedelta(seconds=n), site=site
    )
    fill(site.runtime, made, clocks=True)
    settle(site.runtime)
    end = time.perf_counter() + seconds
    alone = reporting(site, lambda: time.perf_counter() > end)
    store, out = folder / "store", folder / "made.json"
    process = command(site, "backup", "make", str(store), "--json", str(out))
    beside = reporting(site, lambda: process.poll() is not None)
    assert process.returncode == 0
    told = json.loads(out.read_text())
    size = sum(path.stat().st_size for path in store.rglob("*.sqlite"))
    count = sum(told["rows"].values())
    site.runtime.engine.dispose()
    back_out = folder / "back.json"
    back = command(site, "restore", str(store), "--replace", "--json", str(back_out))
    back.communicate()
    assert back.returncode == 0
    return {
        "database": kind, "matters": matters, "rows": count, "mb": round(size / 1e6, 1),
        "backup_s": told["seconds"], "rows_per_s": round(count / told["seconds"]),
        "restore_s": json.loads(back_out.read_text())["seconds"],
        "alone": figures(alone), "beside": figures(beside),
        "slower": round(figures(alone)["reports_per_s"] / figures(beside)["reports_per_s"], 2),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--matters", type=int, default=20_000)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    found = []
    for kind in ("sqlite", "postgres") if SERVER else ("sqlite",):
        with tempfile.TemporaryDirectory(prefix="gridtrack-bench-") as folder:
            found.append(measure(kind, Path(folder) / kind, given.matters, given.seconds))
            print(json.dumps(found[-1], indent=1), flush=True)
    if given.json:
        given.json.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
