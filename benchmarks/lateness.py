"""How late steps are in ordinary life: 20 reports a second among 100,000 open matters.

    ./dev bench lateness [--seconds 60] [--rate 20] [--open 100000] [--only KIND] [--json OUT]

A real `gridtrack worker` sweeps; each report's promise is missed some seconds later, spread evenly.
`within_1s` must be 0.999 of the steps. Exit 1 where it is not. The load average of the machine is
told beside: a busy one is late by itself.
"""

import argparse
import os
import random
import sys
import time
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sqlalchemy import select

from benchmarks._crowd import LIMIT, due_at_once, faultless, still_due, verdict
from benchmarks._fill import fresh_site, settle
from benchmarks._proof import prove
from benchmarks.kills import Worker
from gridtrack.clock import SystemClock
from gridtrack.incidents.tables import Event
from gridtrack.usecases.report import report_incident
from tests.builders import LAMP, Site, a_report
from tests.jobs.test_kill import own_process

SERVER = os.environ.get("GRIDTRACK_TEST_POSTGRES", "")
WANTED = 0.999


def report_all(site: Site, seconds: float, rate: float) -> int:
    """Report at the rate; each is due three to eight seconds later."""
    chance, made, began = random.Random(1), 0, time.monotonic()
    with suppress(KeyboardInterrupt):
        while (passed := time.monotonic() - began) < seconds:
            if made > passed * rate:
                time.sleep(0.005)
                continue
            at = SystemClock().now() - LIMIT + timedelta(seconds=chance.uniform(3, 8))
            with site.runtime.work(now=at) as work:
                report_incident(work, a_report(LAMP))
            made += 1
    return made


def lateness(site: Site) -> list[int]:
    with site.look() as work:
        rows = work.session.scalars(select(Event.data).where(Event.kind == "escalated"))
        return sorted(data["late_ms"] for data in rows)


def measure(kind: str, folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    site = fresh_site(kind, folder / f"{kind}-late", SERVER)
    site.runtime = replace(site.runtime, clock=SystemClock())
    due_at_once(site, options.open, SystemClock().now() + timedelta(hours=5))
    settle(site.runtime)
    with ExitStack() as stack:
        stack.callback(site.runtime.engine.dispose)
        worker = Worker(
            stack.enter_context(own_process("gridtrack", site.runtime.settings, "worker"))
        )
        worker.awake.wait(120)
        made = report_all(site, options.seconds, options.rate)
        time.sleep(10)
        late = time.monotonic() + 60
        while still_due(site) and time.monotonic() < late:
            time.sleep(0.5)
        found, taken = verdict(site), lateness(site)
    share = sum(one <= 1000 for one in taken) / len(taken) if taken else 0.0
    return {
        "open": options.open,
        "reports": made,
        "reports_a_second": round(made / options.seconds, 1),
        "steps": len(taken),
        "within_1s": round(share, 4),
        "p50_ms": taken[len(taken) // 2],
        "p99_ms": taken[int(len(taken) * 0.99)],
        "max_ms": taken[-1],
        "load_average": os.getloadavg(),
        **found,
        "well": share >= WANTED and faultless(found),
    }


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--rate", type=float, default=20.0)
    parser.add_argument("--open", type=int, default=100_000)
    return prove(parser, measure)


if __name__ == "__main__":
    sys.exit(main())
