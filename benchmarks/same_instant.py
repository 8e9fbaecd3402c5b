"""A person acknowledges in the very millisecond of the sweep, thousands of times.

    ./dev bench same_instant [--tries 2000] [--json OUT]

Each try lets one answer and one sweep go at a barrier. Either the answer is first and nothing
climbs, or the step is first and the answer counts after it: never a step after the answer, never
both halves. Both orders must have been seen. Exit 1 where that is not so.
"""

import argparse
import os
import random
import sys
import threading
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks._crowd import faultless, verdict
from benchmarks._fill import fresh_site
from benchmarks._proof import prove
from gridtrack.jobs.sweeper import tick
from gridtrack.work import make_runtime
from tests.builders import LAMP, Site

SERVER = os.environ.get("GRIDTRACK_TEST_POSTGRES", "")
SPREAD_S = 0.003


def one_try(site: Site, other: Any, chance: random.Random) -> str:
    """How it came out: `answer` or `step` first, or what is wrong."""
    one = site.report(LAMP).incident_id
    who = site.actor("worker-a11")
    site.clock.advance(minutes=5)
    start, errors = threading.Barrier(2), []
    waits = [chance.uniform(0, SPREAD_S), chance.uniform(0, SPREAD_S)]

    def run(act: Any, wait: float) -> None:
        start.wait()
        threading.Event().wait(wait)
        try:
            act()
        except Exception as error:  # noqa: BLE001 - it is told
            errors.append(repr(error))

    acts = (lambda: site.acknowledge(one, who), lambda: tick(other))
    threads = [threading.Thread(target=run, args=pair) for pair in zip(acts, waits, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        return f"error: {errors[0][:80]}"
    kinds = site.kinds(one)
    row = site.incident(one)
    if row.state != "acknowledged" or (row.next_due_at is not None and row.rung is None):
        return f"state {row.state}"
    after = kinds[kinds.index("acknowledged") + 1 :]
    if "escalated" in after or kinds.count("escalated") > 1 or not site.sums_up(one):
        return f"story {kinds}"
    return "step" if "escalated" in kinds else "answer"


def measure(kind: str, folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    site = fresh_site(kind, folder / f"{kind}-instant", SERVER)
    other = make_runtime(site.runtime.settings, site.clock)  # as another process has it
    chance, seen = random.Random(options.tries), Counter[str]()
    try:
        for n in range(options.tries):
            seen[one_try(site, other, chance)] += 1
            if n % 500 == 499:
                print(f"{kind}: {n + 1} {dict(seen)}", file=sys.stderr, flush=True)
    except KeyboardInterrupt:
        pass
    other.engine.dispose()
    found = verdict(site)
    site.runtime.engine.dispose()
    well = set(seen) == {"answer", "step"} and faultless(found)
    return {"tries": seen.total(), "first": dict(seen), **found, "well": well}


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--tries", type=int, default=2000)
    return prove(parser, measure)


if __name__ == "__main__":
    sys.exit(main())
