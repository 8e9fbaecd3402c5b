"""Filling a database with many incidents fast: plain rows, not the real path; to measure reads."""

import itertools
import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from gridtrack.deadlines.store import CLOCK
from gridtrack.incidents.numbers import tile
from gridtrack.incidents.store import EVENT, INCIDENT
from gridtrack.work import Runtime
from tests.builders import SOUTH, STEP, WEST, Site, a_site
from tests.databases import migrated_sqlite, template_of

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
LEAVES = ("A11", "A12", "A21", "A22", "B11", "B12", "B21", "B22")
CHUNK = 5000


def fresh_site(kind: str, folder: Path, server: str) -> Site:
    """An empty street on a new database of `kind` (sqlite or postgres)."""
    folder.mkdir(parents=True, exist_ok=True)
    if kind == "sqlite":
        url = f"sqlite:///{migrated_sqlite(folder / 'bench.sqlite')}"
    else:
        url = f"{server.rsplit('/', 1)[0]}/{template_of(server, folder.name.replace('-', '_'))}"
    return a_site(url, folder / "instance", NOW)


def rows(
    first: int, count: int, *, is_open: bool, due_at: Any, site: Site
) -> Iterator[dict[str, Any]]:
    """Incident rows from id `first` on; `due_at(n)` is the due instant of the n-th, or None."""
    rng = random.Random(first)
    worker = site.people["worker-a11"]
    for n in range(count):
        number = first + n
        leaf = LEAVES[number % len(LEAVES)]
        lon, lat = WEST + rng.random() * STEP * 4, SOUTH - rng.random() * STEP * 2
        due = due_at(n)
        yield {
            "id": number, "client_id": f"{number:036d}", "content_digest": "0" * 64,
            "source": "api", "reported_by": None, "occurred_at": NOW,
            "reported_at": NOW - timedelta(seconds=count - n), "description": "路灯坏了",
            "address": "", "lon": lon, "lat": lat, "given_lon": lon, "given_lat": lat,
            "datum": "wgs84", "accuracy_m": None, "tile": tile(lon, lat),
            "state": "assigned" if is_open else "closed", "is_open": is_open, "version": 2,
            "category": "0601", "sensitivity": 0, "edition_id": 1, "grid_code": leaf,
            "grid_path": f"{leaf[0]}/{leaf[:2]}/{leaf}", "outcome": "inside",
            "border_distance_m": None, "neighbour_code": None, "zone": None,
            "handler_id": worker if number % 997 == 0 else site.people["worker-b11"],
            "handler_role": "gridworker",
            "co_handler_id": None, "due_at": due, "next_due_at": due,
            "deadline_state": "armed" if due else "none", "rung": None, "acknowledged_at": None,
            "resolved_at": None, "resolved_by": None, "closed_at": None, "duplicate_of": None,
            "updated_at": NOW,
        }  # fmt: skip


def fill(runtime: Runtime, made: Iterator[dict[str, Any]], *, clocks: bool = False) -> None:
    """Insert incident rows in large transactions; `clocks` adds a running clock and two events."""
    while chunk := list(itertools.islice(made, CHUNK)):
        with runtime.work() as work:
            work.session.execute(INCIDENT.insert(), chunk)
            if clocks:
                work.session.execute(CLOCK.insert(), [_clock(row) for row in chunk])
                work.session.execute(EVENT.insert(), [e for row in chunk for e in _events(row)])


def _clock(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "incident_id": row["id"], "kind": "acknowledge", "cycle": 1, "state": "running",
        "policy_version": 1, "ladder": "standard",
        "started_at": row["due_at"] - timedelta(minutes=5),
        "due_at": row["due_at"], "met_at": None, "breached_at": None, "step": 0, "repeat": 0,
        "next_fire_at": row["next_due_at"],
    }  # fmt: skip


def _events(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for seq, kind in ((1, "reported"), (2, "assigned")):
        yield {
            "incident_id": row["id"], "seq": seq, "kind": kind, "at": NOW, "recorded_at": NOW,
            "actor_id": None, "actor_name": "resident", "data": {"set": {}}, "key": None,
        }  # fmt: skip


def settle(runtime: Runtime) -> None:
    """Give the planner its figures."""
    with runtime.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()
