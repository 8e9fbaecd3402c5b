"""The board with 100,000 open matters against the board with 1,000, and what an open one costs.

    ./dev bench board [--small N] [--large N] [--only KIND] [--json OUT]

Everything is open and lies in one made-up city; the street's post sees all of it. CPU of this
process, in which the application answers, and of the PostgreSQL server; through the test client, so
no network. `first` is the page with its list, then the marks of a map of everything; the aim is at
most twice at the large size. `poll` is the request of an open page to which nothing happened (aim:
at most 3 ms) and `poll_elsewhere` one after something happened to a matter not its reader's.
`crowd` is what 200 people who ask every five seconds take of one core by these figures (aim: half).

`search`: words that fit a thousandth of the matters and words that fit a third, by the index and by
reading every text; `index_ms` is the worker's CPU for each matter that it takes in.
"""

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sqlalchemy import func, select

from benchmarks._fill import CHUNK, settle
from benchmarks._proof import SERVER, prove
from benchmarks._serving import Postgres
from benchmarks.lists import HANDLERS, LEAVES, Spot, incident, path_of, peopled
from gridtrack.incidents.store import EVENT, INCIDENT
from gridtrack.jobs.indexer import index_news
from gridtrack.queries.matters import Wish, matters
from tests.builders import Site
from tests.web.visitor import Visitor, a_visitor

TIMES = 15
PEOPLE, EVERY_S = 200, 5
WORLD = "118.9,26.9,119.3,27.2"
THINGS = ("路灯", "井盖", "消防通道", "下水道", "垃圾桶", "电动车", "围墙", "窗户", "楼梯", "花坛")
FAULTS = ("坏了没人修", "松动了很危险", "被堵住了", "漏水好几天", "堆满了有味道")


def filled(kind: str, folder: Path, total: int) -> Site:
    """A city in which so many matters are open, half of them waiting, its index of words made."""
    site = peopled(kind, folder)
    rng, words = random.Random(8), random.Random(9)
    others = [site.people[f"h{number}"] for number in range(HANDLERS)]
    for start in range(1, total + 1, CHUNK):
        numbers = range(start, min(start + CHUNK, total + 1))
        rows = [
            incident(Spot(n, words.choice(LEAVES), words.choice(others), is_open=True), rng, total)
            for n in numbers
        ]
        for row in rows:
            said = f"{words.choice(THINGS)}{words.choice(FAULTS)}"
            rare = "，旁边是老槐树" if row["id"] % 1000 == 7 else ""
            row["description"] = f"{words.randint(1, 99)}号楼{said}{rare}"
        with site.runtime.work() as work:
            work.session.execute(INCIDENT.insert(), rows)
            work.session.execute(EVENT.insert(), [_reported(row) for row in rows])
    return site


def _reported(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "incident_id": row["id"], "seq": 1, "kind": "reported", "at": row["reported_at"],
        "recorded_at": row["reported_at"], "actor_id": None, "actor_name": "resident",
        "data": {"set": {}}, "key": None,
    }  # fmt: skip


class Cpu:
    """CPU seconds of this process and of the database's."""

    def __init__(self, kind: str) -> None:
        """Watch this process, and the server where there is one."""
        self._database = Postgres(SERVER) if kind == "postgres" else None

    def ms(self, ask: Callable[[], Any], times: int = TIMES) -> float:
        """Milliseconds of a call, over `times` calls; the first fills caches."""
        ask()
        began = self.now()
        for _ in range(times):
            ask()
        return (self.now() - began) * 1000 / times

    def now(self) -> float:
        """CPU seconds so far."""
        return time.process_time() + (self._database.cpu_s() if self._database else 0)


def opened(site: Site, cpu: Cpu) -> dict[str, float]:
    """The first page and map, and the polls of the page that stays open."""
    visitor = a_visitor(site, "over", "zh")
    found = {
        "board": cpu.ms(lambda: visitor.page("/board")),
        "map": cpu.ms(lambda: visitor.page(f"/map/incidents?bbox={WORLD}")),
    }
    etag = visitor.get("/board/lists").headers["ETag"]

    def poll() -> None:
        status = visitor.get("/board/lists", **{"If-None-Match": etag}).status_code
        assert status == 304, status

    found["poll"] = cpu.ms(poll, TIMES * 10)
    found["poll_elsewhere"] = _elsewhere(site, cpu)
    return found


def _elsewhere(site: Site, cpu: Cpu) -> float:
    """A community's secretary polls while matters of other communities change."""
    visitor = a_visitor(site, "secretary", "zh")
    etag = visitor.get("/board/lists").headers["ETag"]
    mine = path_of(LEAVES[407]).split("/")[0]
    with site.look() as work:
        path = INCIDENT.c.grid_path
        asked = select(INCIDENT.c.id).where(path.not_like(f"{mine}/%")).limit(TIMES + 2)
        ids = iter(work.session.scalars(asked).all())
    spent = []
    for _ in range(TIMES):
        with site.work("over") as work:
            row = {"id": 0, "reported_at": work.now}
            happened = _reported(row) | {"incident_id": next(ids), "seq": 2, "kind": "noted"}
            work.session.execute(EVENT.insert(), [happened])
        spent.append(cpu.ms(lambda: _asked(visitor, etag), 1))
    return statistics.median(spent)


def _asked(visitor: Visitor, etag: str) -> None:
    status = visitor.get("/board/lists", **{"If-None-Match": etag}).status_code
    assert status == 304, status


def searched(site: Site, cpu: Cpu) -> dict[str, float]:
    """Rare and common words by the index, and what reading every text costs."""

    def ask(words: str) -> Callable[[], Any]:
        def call() -> Any:
            with site.look("over") as work:
                return matters(work, Wish(text=words), "zh").lines

        return call

    def read() -> Any:
        with site.look("over") as work:
            text = INCIDENT.c.description
            return work.session.scalar(
                select(func.count()).select_from(INCIDENT).where(text.like("%老槐树%"))
            )

    return {
        "rare": cpu.ms(ask("老槐树")),
        "common": cpu.ms(ask("路灯坏")),
        "none": cpu.ms(ask("金丝猴")),
        "one_sign": cpu.ms(ask("槐")),
        "reading_all": cpu.ms(read),
    }


def measure(kind: str, root: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Both sizes on one kind of database."""
    cpu, found = Cpu(kind), dict[str, Any]()
    for size, total in (("small", options.small), ("large", options.large)):
        site = filled(kind, root / f"{kind}-{size}", total)
        site.clock.advance(minutes=3)
        began = cpu.now()
        index_news(site.runtime, budget_s=3600)
        took = (cpu.now() - began) * 1000 / total
        settle(site.runtime)
        found[size] = {**opened(site, cpu), "search": searched(site, cpu), "index_ms": took}
        site.runtime.engine.dispose()
    small, large = found["small"], found["large"]
    first = (large["board"] + large["map"]) / (small["board"] + small["map"])
    crowd = large["poll"] * PEOPLE / EVERY_S / 1000
    return {
        "well": first <= 2 and large["poll"] <= 3 and crowd < 0.5,
        "first_ratio": round(first, 2),
        "poll_ms": round(large["poll"], 2),
        "crowd_of_a_core": round(crowd, 3),
        **{size: _rounded(found[size]) for size in ("small", "large")},
    }


def _rounded(found: dict[str, Any]) -> dict[str, Any]:
    return {
        name: _rounded(value) if isinstance(value, dict) else round(value, 3)
        for name, value in found.items()
    }


if __name__ == "__main__":
    options = argparse.ArgumentParser(description="The board with very many open matters.")
    options.add_argument("--small", type=int, default=1000)
    options.add_argument("--large", type=int, default=100_000)
    sys.exit(prove(options, measure))
