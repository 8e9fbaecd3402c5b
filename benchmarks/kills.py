"""Workers killed with SIGKILL in the middle of a batch, again and again, with more coming due.

    ./dev bench kills [--minutes 2] [--due 10000] [--workers 4] [--only KIND] [--json OUT]

Rounds of `--due` matters due at one second; while they are worked off one of `--workers` processes
of `gridtrack worker` after the other is killed and replaced. A webhook that writes down the keys it
is called with is the provider of the messages. Afterwards the auditor must find nothing missing,
nothing double, nothing early; every climbed matter was told; every message that was sent arrived,
and twice only what was on its way when its sender died. Exit 1 where that is not so. Ctrl-C ends
the rounds and judges what there is.
"""

import argparse
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sqlalchemy import func, select

from benchmarks._crowd import due_at_once, faultless, still_due, verdict
from benchmarks._fill import fresh_site
from benchmarks._proof import prove
from gridtrack.clock import SystemClock
from gridtrack.notifications.tables import Message, Subscription
from tests.builders import Site, path
from tests.jobs.test_kill import own_process
from tests.servers import a_hook

SERVER = os.environ.get("GRIDTRACK_TEST_POSTGRES", "")
PATIENCE_S = 120.0  # a round that takes longer is stuck


def say(words: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {words}", file=sys.stderr, flush=True)


class Worker:
    """A process of `gridtrack worker`; `awake` once it sweeps."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.awake = threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stderr is not None
        with suppress(ValueError):  # closed under its reader
            for line in self.process.stderr:
                if "sweeps every second" in line:
                    self.awake.set()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


class Workers:
    """So many workers; one that is killed is replaced at once."""

    def __init__(self, site: Site, count: int, stack: ExitStack) -> None:
        self._site, self._stack = site, stack
        self.running = [self._start() for _ in range(count)]
        self.killed = 0
        for one in self.running:
            if not one.awake.wait(PATIENCE_S):
                raise SystemExit("a worker did not come up")

    def _start(self) -> Worker:
        settings = self._site.runtime.settings
        return Worker(self._stack.enter_context(own_process("gridtrack", settings, "worker")))

    def kill_one(self, chance: random.Random) -> None:
        """Kill one that sweeps, unless it is the last that does."""
        awake = [n for n, one in enumerate(self.running) if one.awake.is_set()]
        if len(awake) < min(2, len(self.running)):
            return
        place = chance.choice(awake)
        gone, self.running[place] = self.running[place], self._start()
        gone.kill()
        self.killed += 1


def street(kind: str, folder: Path, hook_url: str) -> Site:
    """A street on the computer's clock; one leaf tells a webhook."""
    site = fresh_site(kind, folder / f"{kind}-kills", SERVER)
    site.runtime = replace(site.runtime, clock=SystemClock())
    with site.work() as work:
        work.session.add(Subscription(scope=path("B11"), channel="webhook", target=hook_url,
                                      secret="s", locale="zh", active=True))  # fmt: skip
        work.session.flush()
    return site


def one_round(site: Site, workers: Workers, due: int, chance: random.Random) -> dict[str, Any]:
    """`due` matters at one second, and kills until all have climbed."""
    at = (SystemClock().now() + timedelta(seconds=2 + due / 1500)).replace(microsecond=0)
    due_at_once(site, due, at)
    while SystemClock().now() < at:
        time.sleep(0.01)
    began, before = time.monotonic(), workers.killed
    while left := still_due(site):
        if time.monotonic() - began > PATIENCE_S:
            break
        time.sleep(chance.uniform(0.02, 0.5))
        workers.kill_one(chance)
    return {
        "seconds": round(time.monotonic() - began, 2),
        "kills": workers.killed - before,
        "left": left,
    }


def waiting(site: Site) -> int:
    with site.look() as work:
        open_states = Message.state.in_(("pending", "leased"))
        return work.session.scalar(select(func.count()).where(open_states)) or 0


def messages(site: Site, calls: Counter[str], killed: int) -> dict[str, Any]:
    """The outbox against what the provider was called with."""
    with site.look() as work:
        rows = work.session.execute(
            select(Message.key, Message.state).where(Message.channel == "webhook")
        ).all()
    sent = {key for key, state in rows if state == "sent"}
    twice = sum(count - 1 for count in calls.values())
    return {
        "messages": len(rows),
        "states": dict(Counter(state for _, state in rows)),
        "never_arrived": len(sent - set(calls)),
        "unknown_to_us": len(set(calls) - {key for key, _ in rows}),
        "arrived_twice": twice,
        "lost": sum(state not in ("sent", "superseded") for _, state in rows),
        "well": not (sent - set(calls)) and twice <= killed,
    }


def measure(kind: str, folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    chance = random.Random(options.seed)
    rounds: list[dict[str, Any]] = []
    with a_hook() as hook, ExitStack() as stack:
        site = street(kind, folder, hook.url)
        stack.callback(site.runtime.engine.dispose)
        workers = Workers(site, options.workers, stack)
        over = time.monotonic() + options.minutes * 60
        with suppress(KeyboardInterrupt):
            while time.monotonic() < over:
                rounds.append(one_round(site, workers, options.due, chance))
                say(f"{kind}: round {len(rounds)}: {rounds[-1]}, {workers.killed} killed in all")
        # Leases of the dead run out after a minute; then the living send what is left.
        late = time.monotonic() + 240
        while (left := waiting(site)) and time.monotonic() < late:
            say(f"{kind}: {left} messages wait")
            time.sleep(5)
        calls = Counter(call.headers["X-Gridtrack-Key"] for call in hook.calls)
        found = verdict(site)
        told = messages(site, calls, workers.killed)
    return {
        "due_in_a_second": options.due,
        "workers": options.workers,
        "rounds": len(rounds),
        "kills": workers.killed,
        "slowest_round_s": max((one["seconds"] for one in rounds), default=0.0),
        **found,
        "provider": told,
        "well": faultless(found) and told["well"] and not told["lost"] and bool(rounds),
    }


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--due", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    return prove(parser, measure)


if __name__ == "__main__":
    sys.exit(main())
