"""PostgreSQL itself killed with SIGKILL under four sweepers, twenty times, and started anew.

    ./dev bench server_kills [--kills 20] [--due 10000] [--down 0] [--json OUT]

`--down` leaves it away for so long at the last kill. Afterwards nothing is missing, double or
stuck, and everything is through soon after the server is back (`caught_up_s`). Exit 1 where not.
"""

import argparse
import json
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import psycopg

from benchmarks._crowd import due_at_once, faultless, still_due, verdict
from gridtrack.db import migrate
from gridtrack.db.engine import make_engine
from tests.builders import NOW, Site, a_site
from tests.chaos.test_faults import sweep_through
from tests.chaos.test_postgres_killed import kill_server, servers, start_again

SWEEPERS = 4


def a_street(admin: str, folder: Path) -> Site:
    url = f"{admin.rsplit('/', 1)[0]}/killed"
    with psycopg.connect(admin.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("CREATE DATABASE killed")
    engine = make_engine(url)
    migrate.upgrade(engine)
    engine.dispose()
    return a_site(url, folder / "instance")


def measure(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    tools = servers()
    programs = tools.find()
    if programs is None:
        raise SystemExit("no PostgreSQL of our own to kill")
    pause, failures = threading.Event(), []
    with tools.server(programs, "") as admin:  # durable: what was committed must be there again
        site = a_street(admin, folder)
        kills, down = 0, 0.0
        caught_up: list[float] = []
        while kills < options.kills:
            due_at_once(site, options.due, NOW)
            sweepers = [
                threading.Thread(
                    target=lambda: failures.append(sweep_through(site, 600)), daemon=True
                )
                for _ in range(SWEEPERS)
            ]
            for one in sweepers:
                one.start()
            for n in range(min(5, options.kills - kills)):
                pause.wait(0.1 + 0.15 * n)
                place = kill_server(admin)
                kills += 1
                down = options.down if kills == options.kills else 0.3
                pause.wait(down)
                start_again(tools, programs, place)
            began = time.monotonic()
            for one in sweepers:
                one.join()
            caught_up.append(round(time.monotonic() - began, 2))
            print(f"{kills} kills, caught up in {caught_up[-1]} s, {still_due(site)} left",
                  file=sys.stderr, flush=True)  # fmt: skip
        found = verdict(site)
        site.runtime.engine.dispose()
    return {"kills": kills, "due_each_five_kills": options.due, "last_away_s": down,
            "caught_up_s": caught_up, "failed_ticks": sum(failures), **found,
            "well": faultless(found)}  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--due", type=int, default=10_000)
    parser.add_argument("--down", type=float, default=0.3)
    parser.add_argument("--json")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder), options)
    words = json.dumps(found, indent=1)
    print(words)
    if options.json:
        Path(options.json).write_text(words)
    return 0 if found["well"] else 1


if __name__ == "__main__":
    sys.exit(main())
