"""Taking away matters that are no longer kept, while people report: who waits, and for how long.

    ./dev bench purge [--matters N] [--only KIND] [--json OUT]

Closed matters with two events and a clock each, all beyond every rule. A thread purges them, this
one reports all the while. `report_ms` are the slowest and the median report meanwhile and alone;
`well`: nobody waited more than 100 ms longer than the slowest alone, and nothing is left.
"""

import argparse
import statistics
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks._fill import NOW, fill, fresh_site, rows, settle
from benchmarks._proof import SERVER, prove
from gridtrack.incidents.store import INCIDENT
from gridtrack.jobs.purging import purge_all
from tests.builders import Site

WAIT_MS = 100
FIRST = 10_000_000  # behind what new reports are numbered with on PostgreSQL


def measure(kind: str, folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Fill, report alone, then beside the purge."""
    site = fresh_site(kind, folder / kind, SERVER)
    closed = rows(FIRST, options.matters, is_open=False, due_at=lambda _: NOW, site=site)
    fill(site.runtime, closed, clocks=True)
    settle(site.runtime)
    site.clock.advance(days=4000)
    alone = [report(site) for _ in range(40)]
    gone: list[int] = []
    purging = threading.Thread(target=lambda: gone.append(purge_all(site.runtime)))
    began = time.perf_counter()
    purging.start()
    meanwhile = []
    while purging.is_alive():
        meanwhile.append(report(site))
        time.sleep(0.01)
    took_s = time.perf_counter() - began
    with site.look() as work:
        old = INCIDENT.c.reported_at < NOW + timedelta(days=1)
        left = work.session.scalar(select(func.count()).select_from(INCIDENT).where(old))
    site.runtime.engine.dispose()
    waited = max(meanwhile) - max(alone)
    return {
        "matters": options.matters,
        "purged_s": round(took_s, 1),
        "matters_per_s": round(options.matters / took_s),
        "reports_meanwhile": len(meanwhile),
        "report_ms": {
            "alone": [round(statistics.median(alone), 1), round(max(alone), 1)],
            "meanwhile": [round(statistics.median(meanwhile), 1), round(max(meanwhile), 1)],
        },
        "left": left,
        "well": waited <= WAIT_MS and not left,
    }


def report(site: Site) -> float:
    """How long one report takes, in ms."""
    began = time.perf_counter()
    site.report()
    return (time.perf_counter() - began) * 1000


def main() -> int:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--matters", type=int, default=100_000)
    return prove(parser, measure)


if __name__ == "__main__":
    raise SystemExit(main())
