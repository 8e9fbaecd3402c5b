"""CPU of one accepted report over HTTP against the same rows written by the plain driver.

    ./dev bench report [--reports N] [--leaves N] [--database sqlite|postgres] [--json OUT]

Server = `gridtrack serve` (gunicorn, JSON over HTTP, bearer token, every row of the real path) with
its embedded worker off, so that only the report is measured. CPU is user + system time of the
server process, and of the PostgreSQL server where that is the database; the client is left out.
The plain driver writes copies of the very rows one real report wrote, in one transaction each.
"""

import argparse
import http.client
import json
import os
import secrets
import shutil
import sys
import tempfile
import threading
import time
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import psycopg.types.json
import shapely

from benchmarks._serving import Postgres, Serving
from gridtrack.access import Role
from gridtrack.accounts.rules import token_digest
from gridtrack.accounts.store import NewPost, add_person
from gridtrack.accounts.tables import ApiToken, Person
from gridtrack.clock import SystemClock
from gridtrack.grids import store as grids
from gridtrack.grids.tables import Edition
from gridtrack.settings import Settings
from gridtrack.usecases.initialise import keep_policy
from gridtrack.work import Runtime, make_runtime
from tests.databases import migrated_sqlite, template_of

SERVER = os.environ.get("GRIDTRACK_TEST_POSTGRES", "")
WEST, SOUTH, SIDE = 119.0, 27.0, 0.003
TABLES = ("incident", "event", "clock", "message", "reporter", "audit_line")
OF_FIRST = {"incident": "id = 1", "audit_line": "subject = 'incident:1'"}
FIRST = 10_000_000  # numbers from here on no real report of the run has
TURNS = 6
WARM = 50  # reports before each turn that do not count: the other one emptied the page cache
Tables = dict[str, tuple[list[str], list[dict[str, Any]]]]


def prepared(kind: str, folder: Path, leaves: int) -> tuple[Settings, str]:
    """A database with `leaves` square leaves, a gridworker over each, and an API token."""
    folder.mkdir(parents=True)
    if kind == "sqlite":
        url = f"sqlite:///{migrated_sqlite(folder / 'bench.sqlite')}"
    else:
        url = f"{SERVER.rsplit('/', 1)[0]}/{template_of(SERVER, 'bench_report')}"
    settings = Settings(instance=folder, database_url=url, embedded_worker=False)
    runtime = make_runtime(settings, SystemClock())
    token = "gt_" + secrets.token_urlsafe(32)
    long_ago = SystemClock().now() - timedelta(days=30)
    side = int(leaves**0.5) + 1
    with runtime.work(now=long_ago) as work:
        keep_policy(work)
        edition = Edition(name="bench", state="draft", created_at=long_ago, created_by="bench",
                          tolerance_m=1.0, source={}, accepted=[], note="")  # fmt: skip
        grids.save_edition(work.session, edition, [*_grid_rows(leaves, side)])
        grids.activate(work.session, edition.id, long_ago)
        for n in range(leaves):
            person = Person(login=f"w{n}", name=f"worker {n}", password_hash="!", phone="",
                            locale="zh", active=True, created_at=long_ago)  # fmt: skip
            add_person(work.session, person, (NewPost(Role.GRIDWORKER, f"C/D/L{n:05d}"),), long_ago)
        desk = Person(login="api", name="api", password_hash="!", phone="", locale="zh",
                      active=True, created_at=long_ago)  # fmt: skip
        add_person(work.session, desk, (NewPost(Role.DESK),), long_ago)
        work.session.add(ApiToken(name="bench", person_id=desk.id, digest=token_digest(token),
                                  permissions=["report", "see"], created_at=long_ago,
                                  expires_at=long_ago + timedelta(days=365)))  # fmt: skip
    runtime.engine.dispose()
    return settings, token


def _grid_rows(leaves: int, side: int) -> Any:
    for n in range(leaves):
        west, south = WEST + n % side * SIDE, SOUTH + n // side * SIDE
        shape = shapely.box(west, south, west + SIDE, south + SIDE)
        yield _row(f"L{n:05d}", 3, "D", "C/D/", shape)
    whole = shapely.box(WEST, SOUTH, WEST + side * SIDE, SOUTH + side * SIDE)
    yield _row("D", 2, "C", "C/", whole)
    yield _row("C", 1, "", "", whole)


def _row(code: str, level: int, parent: str, above: str, shape: Any) -> dict[str, Any]:
    west, south, east, north = shape.bounds
    return {"code": code, "level": level, "parent": parent, "name": code, "name_en": "",
            "path": above + code, "shape": shape, "area_m2": 1.0, "households": None,
            "min_lon": west, "min_lat": south, "max_lon": east, "max_lat": north}  # fmt: skip


def post(port: int, token: str, count: int, leaves: int, clients: int = 4) -> None:
    """Send `count` reports over keep-alive connections; any answer but 201 ends the run."""
    side = int(leaves**0.5) + 1
    failures: list[int] = []

    def client(first: int) -> None:
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        for n in range(first, count, clients):
            leaf = n * 7919 % leaves
            body = {
                "client_id": str(uuid.uuid4()), "category": "0601",
                "location": {"lon": WEST + (leaf % side + 0.5) * SIDE,
                             "lat": SOUTH + (leaf // side + 0.5) * SIDE,
                             "datum": "wgs84", "accuracy_m": 10},
                "description": "楼下的路灯坏了, 晚上看不见路", "source": "api",
                "reporter": {"name": "林某", "contact": "13800000000", "choice": "hidden"},
            }  # fmt: skip
            headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
            link.request("POST", "/api/v1/incidents", json.dumps(body), headers)
            answer = link.getresponse()
            answer.read()
            if answer.status != 201:
                failures.append(answer.status)

    threads = [threading.Thread(target=client, args=(n,)) for n in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise SystemExit(f"{len(failures)} answers were not 201: {sorted(set(failures))}")


class Plain:
    """The plain driver, writing copies of the rows of one report, one transaction each."""

    def __init__(self, runtime: Runtime, database: Postgres | None) -> None:
        """A writer of copies of the rows that the first report left."""
        self._raw = runtime.engine.raw_connection()
        self._database = database
        self._tables: Tables = {}
        self._statements: dict[str, str] = {}
        cursor = self._raw.cursor()
        for table in TABLES:
            cursor.execute(f"SELECT * FROM {table} WHERE {OF_FIRST.get(table, 'incident_id = 1')}")
            names = [column[0] for column in cursor.description]
            rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
            kept = [name for name in names if not (name == "id" and table != "incident")]
            marks = ", ".join(["?" if database is None else "%s"] * len(kept))
            columns = ", ".join(f'"{name}"' for name in kept)
            self._statements[table] = f"INSERT INTO {table} ({columns}) VALUES ({marks})"
            self._tables[table] = (kept, rows)
        self._raw.rollback()

    def rows(self) -> dict[str, int]:
        """How many rows a report writes, by table."""
        return {table: len(rows) for table, (_, rows) in self._tables.items()}

    def write(self, count: int, first: int) -> float:
        """CPU seconds that `count` reports cost, numbered on from `first`.

        What is written is made before the clock starts: only the driver and the database count.
        """
        made = [_copies(self._tables, first + n) for n in range(count)]
        cursor = self._raw.cursor()
        began = self._cpu_s()
        for copies in made:
            if self._database is None:
                cursor.execute("BEGIN IMMEDIATE")
            for table, values in copies.items():
                cursor.executemany(self._statements[table], values)
            if self._database is None:
                cursor.execute("COMMIT")
            else:
                self._raw.commit()
        return self._cpu_s() - began

    def _cpu_s(self) -> float:
        return time.process_time() + (self._database.cpu_s() if self._database else 0)


def _copies(tables: Tables, incident: int) -> dict[str, list[list[Any]]]:
    """The rows of one report as those of another incident, by table."""
    return {
        table: [_copy(dict(row), table, incident, kept) for row in rows]
        for table, (kept, rows) in tables.items()
        if rows
    }


def _copy(row: dict[str, Any], table: str, incident: int, kept: list[str]) -> list[Any]:
    if table == "incident":
        row |= {"id": incident, "client_id": str(uuid.uuid4())}
    elif table == "audit_line":
        row |= {"subject": f"incident:{incident}", "seq": incident}
    else:
        row["incident_id"] = incident
    if row.get("key") and table != "audit_line":  # there it names what sealed the line
        row["key"] = f"{row['key']}:{incident}"
    return [
        psycopg.types.json.Jsonb(row[name]) if isinstance(row[name], dict | list) else row[name]
        for name in kept
    ]


def measure(kind: str, root: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Real reports and plain copies by turns, so that a busy machine slows both down alike."""
    settings, token = prepared(kind, root / kind, options.leaves)
    database = Postgres(SERVER) if kind == "postgres" else None
    serving = Serving(settings)
    each = options.reports // TURNS
    real_s = wall_s = plain_s = 0.0

    def cpu_s() -> float:
        return serving.cpu_s() + (database.cpu_s() if database else 0)

    try:
        post(serving.port, token, 200, options.leaves)
        runtime = make_runtime(settings, SystemClock())
        plain = Plain(runtime, database)
        plain.write(200, FIRST)
        for turn in range(1, TURNS + 1):
            post(serving.port, token, WARM, options.leaves)
            before, began = cpu_s(), time.perf_counter()
            post(serving.port, token, each, options.leaves)
            wall_s += time.perf_counter() - began
            real_s += cpu_s() - before
            plain.write(WARM, FIRST * turn * 2)
            plain_s += plain.write(each, FIRST * (turn * 2 + 1))
    finally:
        serving.stop()
    runtime.engine.dispose()
    rows = plain.rows()
    return {
        "leaves": options.leaves, "reports": each * TURNS,
        "reports_per_s": round(each * TURNS / wall_s, 1),
        "cpu_ms_per_report": round(real_s / each / TURNS * 1000, 2),
        "plain_cpu_ms": round(plain_s / each / TURNS * 1000, 3),
        "ratio": round(real_s / plain_s, 2), "rows": rows, "rows_total": sum(rows.values()),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--reports", type=int, default=3000)
    parser.add_argument("--leaves", type=int, default=5000)
    parser.add_argument("--database", choices=("sqlite", "postgres"), help="only this one")
    parser.add_argument("--json")
    options = parser.parse_args()
    root = Path(tempfile.mkdtemp())
    kinds = ["sqlite"] + (["postgres"] if SERVER else [])
    kinds = [kind for kind in kinds if options.database in (None, kind)]
    try:
        found = {kind: measure(kind, root, options) for kind in kinds}
    finally:
        shutil.rmtree(root, ignore_errors=True)
    print(json.dumps(found, indent=1))
    if options.json:
        Path(options.json).write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
