"""Two `gridtrack serve` on one SQLite file: reports, answers and sweeps of both at once.

    ./dev bench two_serves [--seconds 60] [--due 2000] [--json OUT]

Residents report through both servers' API while both sweep what comes due and this process answers
some of it. No request may fail, and the auditor must find nothing. Exit 1 where that is not so.
"""

import argparse
import http.client
import json
import secrets
import signal
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks._crowd import due_at_once, faultless, still_due, verdict
from benchmarks._fill import fresh_site
from benchmarks._serving import Serving
from gridtrack.accounts.rules import token_digest
from gridtrack.accounts.tables import ApiToken
from gridtrack.clock import SystemClock
from gridtrack.errors import GridtrackError
from tests.builders import Site, middle


def a_token(site: Site) -> str:
    """A token of the desk's that may report."""
    token, now = "gt_" + secrets.token_urlsafe(32), SystemClock().now()
    with site.work() as work:
        work.session.add(ApiToken(name="bench", person_id=site.people["desk"],
                                  digest=token_digest(token), permissions=["report", "see"],
                                  created_at=now, expires_at=now + timedelta(days=1)))  # fmt: skip
        work.session.flush()
    return token


def report(port: int, token: str) -> str:
    """Send one report; its status, or the error of the line."""
    lon, lat = middle("A11")
    body = {"client_id": str(uuid.uuid4()), "category": "0601", "source": "api",
            "description": "路灯坏了",
            "location": {"lon": lon, "lat": lat, "datum": "wgs84"}}  # fmt: skip
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        link.request("POST", "/api/v1/incidents", json.dumps(body),
                     {"Content-Type": "application/json",
                      "Authorization": f"Bearer {token}"})  # fmt: skip
        return str(link.getresponse().status)
    except OSError as error:
        return type(error).__name__
    finally:
        link.close()


class Crowd:
    """Residents at both servers and a gridworker who answers, until the time is up."""

    def __init__(self, site: Site, token: str, seconds: float) -> None:
        self.seen = Counter[str]()
        self._site, self._token, self._lock = site, token, threading.Lock()
        self._over = time.monotonic() + seconds
        self._who = site.actor("worker-a11")

    def _count(self, what: str) -> None:
        with self._lock:
            self.seen[what] += 1

    def _residents(self, port: int) -> None:
        while time.monotonic() < self._over:
            self._count(f"report {report(port, self._token)}")
            time.sleep(0.1)

    def _answers(self, ids: list[int]) -> None:
        for one in ids:
            if time.monotonic() > self._over:
                return
            try:
                self._site.acknowledge(one, self._who)
                self._count("answer")
            except GridtrackError as error:
                self._count(f"answer {error.code}")
            time.sleep(0.02)

    def run(self, ports: list[int], ids: list[int]) -> None:
        """All at once."""
        threads = [threading.Thread(target=self._residents, args=(port,)) for port in ports]
        threads += [threading.Thread(target=self._answers, args=(ids[n::20],)) for n in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # the processes go with us
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--due", type=int, default=2000)
    parser.add_argument("--json")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        site = fresh_site("sqlite", Path(folder) / "two", "")
        site.runtime = replace(site.runtime, clock=SystemClock())
        stack.callback(site.runtime.engine.dispose)
        both = [Serving(site.runtime.settings, worker=True) for _ in range(2)]
        for one in both:
            stack.callback(one.stop)
        ids = due_at_once(site, options.due, SystemClock().now() + timedelta(seconds=5))
        crowd = Crowd(site, a_token(site), options.seconds)
        crowd.run([one.port for one in both], ids)
        late = time.monotonic() + 60
        while still_due(site) and time.monotonic() < late:
            time.sleep(0.5)
        found: dict[str, Any] = verdict(site)
    refused = {what: n for what, n in crowd.seen.items() if what not in ("report 201", "answer")}
    told = {"seen": dict(crowd.seen), "refused": refused, **found,
            "well": faultless(found) and not refused and crowd.seen["report 201"] > 0}  # fmt: skip
    words = json.dumps(told, indent=1)
    print(words)
    if options.json:
        Path(options.json).write_text(words)
    return 0 if told["well"] else 1


if __name__ == "__main__":
    sys.exit(main())
