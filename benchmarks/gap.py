"""Six hours away: how long the catch-up takes, and how many messages people get for it.

    ./dev bench gap [--due N] [--json OUT]

`--due` matters over three rungs, due while the machine was away (measured-escalation.md §5, no. 9).
`sweep_s` fires their steps, `deliver_s` puts them into words and settles them, with a sender that
answers at once; `…_cpu_s` is what this process itself took of it, which other work on the machine
does not change. `fired` must equal `due`; `most_digests` is the most that one person got on one
channel. Both databases where a PostGIS server is named.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sqlalchemy import func, select, update

from benchmarks._fill import NOW, fill, fresh_site, rows, settle
from gridtrack.deadlines.store import CLOCK
from gridtrack.incidents.store import EVENT
from gridtrack.jobs.deliverer import deliver
from gridtrack.jobs.sweeper import tick
from gridtrack.notifications.channels.fake import FakeSender
from gridtrack.notifications.store import GAP_PAUSE
from gridtrack.notifications.tables import Subscription
from tests.builders import Site

SERVER = os.environ.get("GRIDTRACK_TEST_POSTGRES", "")
TOLD = ("deputy-a11", "leader-a1", "secretary-a", "street")
CHANNELS = ("email", "robot")
RUNGS = 3


def away(kind: str, folder: Path, due: int) -> Site:
    """A street whose matters stand on three rungs and were due six hours ago."""
    site = fresh_site(kind, folder, SERVER)
    made = rows(1, due, is_open=True, due_at=lambda _n: NOW, site=site)
    fill(site.runtime, made, clocks=True)
    with site.runtime.work() as work:
        work.session.execute(update(CLOCK).values(step=CLOCK.c.incident_id % RUNGS))
        for who in TOLD:
            for channel in CHANNELS:
                target = f"wecombot://{who}" if channel == "robot" else f"{who}@x.example"
                row = {"channel": channel, "target": target, "secret": "", "locale": "zh"}
                work.session.add(Subscription(**row, person_id=site.people[who], active=True))
        work.session.flush()
    settle(site.runtime)
    site.runtime.memo.forget("subscriptions")
    site.clock.set(NOW + timedelta(hours=6))
    return site


def timed(again: Callable[[], int]) -> tuple[float, float]:
    """Seconds by the clock and of this process until `again` has nothing left to do."""
    began, cpu = time.perf_counter(), time.process_time()
    while again():
        pass
    return time.perf_counter() - began, time.process_time() - cpu


def measure(kind: str, folder: Path, due: int) -> dict[str, Any]:
    """The figures on one kind of database."""
    site = away(kind, folder, due)
    sweep_s, sweep_cpu_s = timed(lambda: tick(site.runtime).claimed)
    site.clock.advance(seconds=GAP_PAUSE.total_seconds())
    sent = FakeSender()
    senders = dict.fromkeys(CHANNELS, sent)
    deliver_s, deliver_cpu_s = timed(lambda: deliver(site.runtime, senders))
    each = Counter((one.channel, one.target) for one in sent.messages)
    with site.look() as work:
        steps = select(EVENT.c.incident_id, func.count().label("fired")).where(
            EVENT.c.kind == "escalated"
        )
        steps = steps.group_by(EVENT.c.incident_id).subquery()
        fired, most = work.session.execute(
            select(func.sum(steps.c.fired), func.max(steps.c.fired))
        ).one()
    site.runtime.engine.dispose()
    return {
        "due": due,
        "fired": int(fired),
        "most_steps_of_one": int(most),
        "sweep_s": round(sweep_s, 2),
        "sweep_cpu_s": round(sweep_cpu_s, 2),
        "deliver_s": round(deliver_s, 2),
        "deliver_cpu_s": round(deliver_cpu_s, 2),
        "digests": len(sent.messages),
        "most_digests": max(each.values()),
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--due", type=int, default=20_000)
    parser.add_argument("--json")
    options = parser.parse_args()
    kinds = ["sqlite"] + (["postgres"] if SERVER else [])
    with tempfile.TemporaryDirectory() as folder:
        found = {kind: measure(kind, Path(folder) / kind, options.due) for kind in kinds}
    text = json.dumps(found, indent=1)
    print(text)
    if options.json:
        Path(options.json).write_text(text)


if __name__ == "__main__":
    main()
