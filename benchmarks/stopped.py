"""The only worker is stopped (SIGSTOP), later let go on: who tells, who takes over, is all well?

    ./dev bench stopped [--due 500] [--json OUT]

A server without a worker inside and one `gridtrack worker`. The worker is stopped while matters
come due. `told_after_s`: until /healthz/engine says 503 (at most 15); `taken_over_after_s`: until
the server has swept what was due (at most 45 after the stop); afterwards the worker goes on, and
the auditor finds nothing double. Exit 1 where that is not so.
"""

import argparse
import http.client
import os
import signal
import sys
import time
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks._crowd import due_at_once, faultless, still_due, verdict
from benchmarks._fill import fresh_site
from benchmarks._proof import prove
from benchmarks._serving import Serving
from benchmarks.kills import Worker
from gridtrack.clock import SystemClock
from tests.jobs.test_kill import own_process

SERVER = os.environ.get("GRIDTRACK_TEST_POSTGRES", "")
TELL_S, TAKE_OVER_S, PATIENCE_S = 15.0, 45.0, 120.0


def status(port: int) -> int:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        link.request("GET", "/healthz/engine")
        return link.getresponse().status
    finally:
        link.close()


def seconds_until(true: Any) -> float:
    began = time.monotonic()
    while not true() and time.monotonic() - began < PATIENCE_S:
        time.sleep(0.1)
    return round(time.monotonic() - began, 1)


def measure(kind: str, folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    site = fresh_site(kind, folder / f"{kind}-stopped", SERVER)
    site.runtime = replace(site.runtime, clock=SystemClock())
    with ExitStack() as stack:
        stack.callback(site.runtime.engine.dispose)
        worker = Worker(
            stack.enter_context(own_process("gridtrack", site.runtime.settings, "worker"))
        )
        serving = Serving(site.runtime.settings)
        stack.callback(serving.stop)
        if not worker.awake.wait(PATIENCE_S):
            raise SystemExit("the worker did not come up")
        fine_s = seconds_until(lambda: status(serving.port) == 200)
        due_at_once(site, options.due, SystemClock().now() + timedelta(seconds=5))
        worker.process.send_signal(signal.SIGSTOP)
        stopped = time.monotonic()
        told_s = seconds_until(lambda: status(serving.port) == 503)
        seconds_until(lambda: SystemClock().now() and time.monotonic() - stopped > 6)
        seconds_until(lambda: not still_due(site))
        taken_s = round(time.monotonic() - stopped, 1)
        worker.process.send_signal(signal.SIGCONT)
        well_again_s = seconds_until(lambda: status(serving.port) == 200)
        time.sleep(5)
        found = verdict(site)
    well = told_s <= TELL_S and taken_s <= TAKE_OVER_S and faultless(found)
    return {"well_before_s": fine_s, "told_after_s": told_s, "taken_over_after_s": taken_s,
            "well_again_after_s": well_again_s, **found, "well": well}  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--due", type=int, default=500)
    return prove(parser, measure)


if __name__ == "__main__":
    sys.exit(main())
