"""Thirty made-up days by dice on both databases: the same log on each, and the auditor agrees.

    ./dev bench month [--days 30] [--matters 3000] [--seed 1] [--json OUT]

People report, answer, begin, hold, go on, hand over and resolve at random; now and then the machine
is away for minutes or hours and catches up. The dice never look at what a database says first,
so both databases must end with the same events, word for word. The auditor, which climbs every
ladder again from the log, must find nothing. Exit 1 where that is not so.
"""

import argparse
import hashlib
import json
import os
import random
import sys
import tempfile
import time
import uuid
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sqlalchemy import select

from benchmarks._crowd import faultless, verdict
from benchmarks._fill import LEAVES, NOW, fresh_site
from gridtrack.db.relaxed import relax
from gridtrack.errors import GridtrackError
from gridtrack.incidents.rules import Action
from gridtrack.incidents.tables import Event
from gridtrack.jobs.sweeper import tick
from gridtrack.usecases.assign import assign
from gridtrack.usecases.handle import handle
from tests.builders import BUILDING, DISPUTE, LAMP, PARKING, PEOPLE, Site, middle

SERVER = os.environ.get("GRIDTRACK_TEST_POSTGRES", "")
STEP_S = 300
CATEGORIES = (LAMP, BUILDING, DISPUTE, PARKING)
ACTS = (
    (Action.START, {}),
    (Action.HOLD, {"reason": "waits"}),
    (Action.RESUME, {}),
    (Action.NOTE, {"text": "seen"}),
    (Action.HAND_BACK, {"reason": "not mine"}),
    (Action.RESOLVE, {"result": "done"}),
)


class Month:
    """A site and the dice; every draw is made whether or not the act is allowed."""

    def __init__(self, site: Site, seed: int) -> None:
        self.site, self.dice = site, random.Random(seed)
        self.open: list[int] = []
        self.seen = Counter[str]()
        self.actors = {one[0]: site.actor(one[0]) for one in PEOPLE}

    def report(self) -> None:
        leaf, category = (
            self.dice.choice(LEAVES),
            self.dice.choice((LAMP, BUILDING, DISPUTE, PARKING)),
        )
        client = str(uuid.UUID(int=self.dice.getrandbits(128), version=4))
        made = self.site.report(category, at=middle(leaf), client_id=client)
        self.open.append(made.incident_id)

    def act(self) -> None:
        """Somebody does something to some matter; what is refused is refused on both databases."""
        one, who = self.dice.choice(self.open[-40:]), self.dice.choice(sorted(self.actors))
        kind, roll = self.dice.random(), self.dice.random()
        action, said = self.dice.choice(ACTS)
        try:
            if kind < 0.5:
                self.site.acknowledge(one, self.actors[who])
                self.seen["acknowledge"] += 1
            elif kind < 0.6:
                to = self.site.people[sorted(self.site.people)[int(roll * len(self.site.people))]]
                with self.site.work(self.actors[who]) as work:
                    assign(work, one, to)
                self.seen["assign"] += 1
            else:
                with self.site.work(self.actors[who]) as work:
                    handle(work, one, action, said)
                self.seen[action.value] += 1
        except GridtrackError as error:
            self.seen[f"refused {error.code}"] += 1

    def live(self, days: float, matters: int) -> None:
        steps, asleep = int(days * 86_400) // STEP_S, 0
        for n in range(steps):
            self.site.clock.advance(seconds=STEP_S + self.dice.randrange(0, 60))
            if asleep == 0 and self.dice.random() < 0.002:
                asleep = self.dice.randrange(2, 60)  # steps in which the machine is away
            asleep = max(0, asleep - 1)
            if not asleep:
                self.step(matters * (n + 1) // steps)
            if n % 1000 == 999:
                print(f"{n + 1} of {steps}: {len(self.open)}", file=sys.stderr, flush=True)
        self.sweep()

    def step(self, matters: int) -> None:
        """What is due climbs, then people report and act."""
        self.sweep()
        while len(self.open) < matters:
            self.report()
        for _ in range(self.dice.randrange(4) if self.open else 0):
            self.act()

    def sweep(self) -> None:
        while tick(self.site.runtime).claimed:
            pass


def log_of(site: Site) -> tuple[int, str]:
    """How many events, and one hash over all of them in the order of each matter."""
    total, count = hashlib.sha256(), 0
    columns = (Event.incident_id, Event.seq, Event.kind, Event.at, Event.actor_name, Event.data)
    with site.look() as work:
        rows = work.session.execute(
            select(*columns)
            .order_by(Event.incident_id, Event.seq)
            .execution_options(yield_per=1000)
        )
        for row in rows:
            words = [row[0], row[1], row[2], row[3].isoformat(), row[4], row[5]]
            total.update(json.dumps(words, sort_keys=True).encode())
            count += 1
    return count, total.hexdigest()


def measure(kind: str, folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    site = fresh_site(kind, folder / f"{kind}-month", SERVER)
    relax(site.runtime.engine)
    site.clock.set(NOW)
    month, began = Month(site, options.seed), time.perf_counter()
    with suppress(KeyboardInterrupt):
        month.live(options.days, options.matters)
    took_s = time.perf_counter() - began
    events, digest = log_of(site)
    found = verdict(site)
    site.runtime.engine.dispose()
    return {"seconds": round(took_s, 1), "matters": len(month.open), "events": events,
            "log": digest, "acts": dict(month.seen.most_common()), **found,
            "well": faultless(found)}  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--matters", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json")
    options = parser.parse_args()
    kinds = ["sqlite"] + (["postgres"] if SERVER else [])
    with tempfile.TemporaryDirectory() as folder:
        found = {kind: measure(kind, Path(folder), options) for kind in kinds}
    same = len({one["log"] for one in found.values()}) == 1
    words = json.dumps({"same_log": same, **found}, indent=1)
    print(words)
    if options.json:
        Path(options.json).write_text(words)
    return 0 if same and all(one["well"] for one in found.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
