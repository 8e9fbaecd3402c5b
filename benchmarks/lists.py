"""What people look at all day, over a million incidents and over ten thousand.

    ./dev bench lists [--small N] [--large N] [--open N] [--json OUT]

A made-up city of 1,000 leaves in 50 communities. Both sizes hold the same open incidents: those of
one gridworker (`MINE`), those of one leaf's map box (`IN_BOX`) and those of one community; the rest
is closed. `ratio` is the time of a page at the large size over that at the small one (aim for inbox
and map box: at most 2). The third column is the large size with a tenth of it open elsewhere in the
city. A time is the median of the whole query function, its Python included, `TIMES` calls each,
taken in turns so that a disturbance meets all columns. Both databases where a PostGIS server is
named.
"""

import argparse
import itertools
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks._fill import CHUNK, NOW, fresh_site, settle
from gridtrack.access import Role
from gridtrack.accounts.store import NewPost, add_person
from gridtrack.accounts.tables import Person
from gridtrack.incidents.numbers import tile
from gridtrack.incidents.store import INCIDENT
from gridtrack.notifications.store import MESSAGE
from gridtrack.queries.board import board
from gridtrack.queries.inbox import inbox
from gridtrack.queries.listed import Wanted, listed
from gridtrack.queries.maps import Box, incidents_in
from gridtrack.work import Work
from tests.builders import NO_PASSWORD, Site

SERVER = os.environ.get("GRIDTRACK_TEST_POSTGRES", "")
WEST, SOUTH, STEP, ACROSS, DOWN = 119.0, 27.0, 0.003, 40, 25  # leaves of 300 m, 12 x 7.5 km
LEAVES = [(column, row) for row in range(DOWN) for column in range(ACROSS)]
HERE = LEAVES[407]  # the leaf whose gridworker, map box and community are looked at
MINE, IN_BOX, AROUND = 40, 200, 1000
WAITING = 0.5  # the share of open incidents that wait for an acknowledgement
TIMES = 60
HANDLERS = 300
STAFF = {
    "worker": Role.GRIDWORKER,
    "leader": Role.LEADER,
    "secretary": Role.SECRETARY,
    "quiet": Role.SECRETARY,  # of a community in which nothing ever happened
    "over": Role.STREET,
}


def path_of(leaf: tuple[int, int]) -> str:
    """Communities of 4 x 5 leaves, level-2 grids of 2 x 5."""
    column, row = leaf
    community = row // 5 * 10 + column // 4
    return f"C{community:02d}/C{community:02d}D{column % 4 // 2}/L{column:02d}{row:02d}"


def peopled(kind: str, folder: Path) -> Site:
    """An empty street with a gridworker, a secretary and a street post of the made-up city."""
    site = fresh_site(kind, folder, SERVER)
    community, above, _leaf = path_of(HERE).split("/")
    scopes = {"worker": path_of(HERE), "leader": f"{community}/{above}", "secretary": community,
              "quiet": "Q", "over": ""}  # fmt: skip
    with site.work() as work:
        for login, role in STAFF.items():
            person = Person(login=login, name=login, password_hash=NO_PASSWORD, phone="",
                            locale="zh", active=True, created_at=NOW)  # fmt: skip
            add_person(work.session, person, (NewPost(role, scopes[login]),), NOW)
            site.people[login] = person.id
        for number in range(HANDLERS):
            person = Person(login=f"h{number}", name=f"h{number}", password_hash=NO_PASSWORD,
                            phone="", locale="zh", active=True, created_at=NOW)  # fmt: skip
            site.people[person.login] = add_person(work.session, person, (), NOW).id
    return site


@dataclass(frozen=True)
class Spot:
    """Where an incident lies, whose it is, and whether it is open."""

    number: int
    leaf: tuple[int, int]
    handler: int
    is_open: bool


def spots(site: Site, total: int, open_elsewhere: int) -> Iterator[Spot]:
    """`total` incidents in random order of places; the open ones where the figures want them."""
    rng = random.Random(7)
    community = path_of(HERE).split("/")[0]
    near = [leaf for leaf in LEAVES if path_of(leaf).startswith(community) and leaf != HERE]
    far = [leaf for leaf in LEAVES if not path_of(leaf).startswith(community)]
    mine, other = site.people["worker"], site.people["worker-b11"]
    others = [site.people[f"h{number}"] for number in range(HANDLERS)]
    wanted = [(HERE, mine)] * MINE + [(HERE, other)] * (IN_BOX - MINE)
    wanted += [(rng.choice(near), other) for _ in range(AROUND)]
    wanted += [(rng.choice(far), other) for _ in range(open_elsewhere)]
    opened = dict(zip(rng.sample(range(1, total + 1), len(wanted)), wanted, strict=True))
    for number in range(1, total + 1):
        leaf, handler = opened.get(number) or (rng.choice(LEAVES), rng.choice(others))
        yield Spot(number, leaf, handler, number in opened)


def incident(spot: Spot, rng: random.Random, total: int) -> dict[str, Any]:
    """The row of an incident: half of the open ones wait, some overdue, some escalated."""
    lon = WEST + (spot.leaf[0] + rng.random()) * STEP
    lat = SOUTH + (spot.leaf[1] + rng.random()) * STEP
    waits = spot.is_open and rng.random() < WAITING
    due = NOW + timedelta(seconds=rng.randint(-600, 300)) if waits else None
    handled = "in_progress" if spot.is_open else "closed"
    return {
        "id": spot.number, "client_id": f"{spot.number:036d}", "content_digest": "0" * 64,
        "source": "api", "reported_by": None, "occurred_at": NOW,
        "description": "楼下的路灯坏了, 晚上看不见路", "address": "",
        "reported_at": NOW - timedelta(seconds=30 * (total - spot.number)),
        "lon": lon, "lat": lat, "given_lon": lon, "given_lat": lat, "datum": "wgs84",
        "accuracy_m": 10.0, "tile": tile(lon, lat), "state": "assigned" if waits else handled,
        "is_open": spot.is_open, "version": 2, "category": "0601", "sensitivity": 0,
        "edition_id": 1, "grid_code": path_of(spot.leaf)[-5:], "grid_path": path_of(spot.leaf),
        "outcome": "inside", "border_distance_m": None, "neighbour_code": None, "zone": None,
        "handler_id": spot.handler, "handler_role": "gridworker", "co_handler_id": None,
        "due_at": due, "next_due_at": due, "deadline_state": "armed" if due else "none",
        "rung": "leader" if due and due < NOW - timedelta(minutes=5) else None,
        "acknowledged_at": None, "resolved_at": None, "resolved_by": None,
        "closed_at": None if spot.is_open else NOW, "duplicate_of": None, "updated_at": NOW,
    }  # fmt: skip


def message(spot: Spot) -> dict[str, Any]:
    """The notice its handler got; read where the matter is closed."""
    return {
        "key": f"assigned:{spot.number}:1:p{spot.handler}:inbox", "incident_id": spot.number,
        "recipient_id": spot.handler, "channel": "inbox", "subscription_id": None,
        "kind": "assigned", "facts": {"number": f"261120-{spot.number:05d}"}, "state": "sent",
        "attempts": 0, "created_at": NOW, "next_attempt_at": None, "lease_until": None,
        "sent_at": NOW, "read_at": None if spot.is_open else NOW, "error": None,
    }  # fmt: skip


def filled(kind: str, folder: Path, total: int, open_elsewhere: int) -> Site:
    """A city with so many incidents, its planner's figures up to date."""
    site = peopled(kind, folder)
    rng, made = random.Random(8), spots(site, total, open_elsewhere)
    while chunk := list(itertools.islice(made, CHUNK)):
        with site.runtime.work() as work:
            incidents = [incident(spot, rng, total) for spot in chunk]
            work.session.execute(INCIDENT.insert(), incidents)
            work.session.execute(MESSAGE.insert(), [message(spot) for spot in chunk])
    settle(site.runtime)
    return site


def box() -> Box:
    """The box of the leaf that is looked at."""
    west, south = WEST + HERE[0] * STEP, SOUTH + HERE[1] * STEP
    return Box(west, south, west + STEP, south + STEP)


def pages() -> dict[str, tuple[str, Callable[[Work], int]]]:
    """Every page by name: who looks, and what is asked; the answer is how many lines it has."""
    mine, scope = box(), path_of(HERE)
    return {
        "inbox": ("worker", lambda w: len(inbox(w, "zh").waiting)),
        "map_box": ("worker", lambda w: len(incidents_in(w, mine)["features"])),
        "map_box_street": ("over", lambda w: len(incidents_in(w, mine)["features"])),
        "map_wide": ("over", lambda w: len(incidents_in(w, Box(118, 26, 121, 28))["features"])),
        "board_leader": ("leader", lambda w: len(board(w, "zh").recent)),
        "board_secretary": ("secretary", lambda w: len(board(w, "zh").recent)),
        "board_quiet": ("quiet", lambda w: len(board(w, "zh").recent)),
        "board_street": ("over", lambda w: len(board(w, "zh").recent)),
        "listed": ("worker", lambda w: len(listed(w, Wanted(), "zh").incidents)),
        "listed_leaf": ("worker", lambda w: len(listed(w, Wanted(scope=scope), "zh").incidents)),
    }  # fmt: skip


def timed(site: Site, who: str, ask: Callable[[Work], int]) -> tuple[float, int]:
    """Milliseconds of one call in a transaction of its own, and what it found."""
    with site.runtime.look(site.actor(who)) as work:
        began = time.perf_counter()
        found = ask(work)
        return (time.perf_counter() - began) * 1000, found


def measure(kind: str, root: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Every page at every size on one kind of database."""
    sites = {
        "small": filled(kind, root / f"{kind}-small", options.small, 0),
        "large": filled(kind, root / f"{kind}-large", options.large, 0),
        "large_open": filled(kind, root / f"{kind}-open", options.large, options.open),
    }
    found: dict[str, Any] = {}
    for name, (who, ask) in pages().items():
        taken: dict[str, list[float]] = {size: [] for size in sites}
        lines = {}
        for turn in range(TIMES + 5):
            for size, site in sites.items():
                ms, lines[size] = timed(site, who, ask)
                if turn >= 5:  # the first calls fill caches
                    taken[size].append(ms)
        ms = {size: statistics.median(times) for size, times in taken.items()}
        found[name] = {
            **{f"{size}_ms": round(value, 2) for size, value in ms.items()},
            "ratio": round(ms["large"] / ms["small"], 2),
            "ratio_open": round(ms["large_open"] / ms["small"], 2),
            "lines": lines,
        }
    for site in sites.values():
        site.runtime.engine.dispose()
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--small", type=int, default=10_000)
    parser.add_argument("--large", type=int, default=1_000_000)
    parser.add_argument("--open", type=int, default=100_000)
    parser.add_argument("--json")
    options = parser.parse_args()
    kinds = ["sqlite"] + (["postgres"] if SERVER else [])
    with tempfile.TemporaryDirectory() as folder:
        found = {kind: measure(kind, Path(folder), options) for kind in kinds}
    text = json.dumps({"sizes": vars(options), **found}, indent=1)
    print(text)
    if options.json:
        Path(options.json).write_text(text)


if __name__ == "__main__":
    main()
