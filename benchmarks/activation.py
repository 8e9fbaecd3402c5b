"""A change of ten grids among ten thousand under a million matters: what is touched, who waits.

    ./dev bench activation [--grids N] [--incidents N] [--open N] [--hot N] [--json OUT]

`looked` are the rows of matters that the move read, `had_to_look` the open matters of the changed
ground; `written` and `had_to_move` likewise of those that changed hands. On PostgreSQL the server's
own counters are told as well (`server_read`, `server_written`; a row that is moved is read twice,
the second time under its lock). `report_ms_most` is the longest that a report took which was sent
while the edition was put in force and the matters were moved, beside `report_ms_median_before`.
Both databases where a PostGIS server is named.
"""

import argparse
import itertools
import json
import math
import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import shapely
from sqlalchemy import event, func, select, text, update

from benchmarks._fill import NOW, fill, fresh_site, rows, settle
from gridtrack.accounts.tables import Person, Post
from gridtrack.db.sql import table_of
from gridtrack.grids import store as grids
from gridtrack.grids.store import GRID
from gridtrack.grids.tables import Edition
from gridtrack.incidents import moving
from gridtrack.incidents.numbers import tile
from gridtrack.incidents.store import EVENT, INCIDENT
from gridtrack.jobs.mover import Mover
from gridtrack.jobs.warmer import Warmer, warm
from gridtrack.usecases.activate_edition import activate_edition
from gridtrack.usecases.copy_edition import copy_edition
from tests.builders import LAMP, NO_PASSWORD, Site

SERVER = os.environ.get("GRIDTRACK_TEST_POSTGRES", "")
WEST, NORTH, STEP = 119.5, 27.5, 0.003
CHANGED = 10


class Land:
    """A square of base grids, ten by ten of them in a grid above, ten of those in a community."""

    def __init__(self, count: int) -> None:
        self.side = math.isqrt(count)
        assert self.side % 10 == 0

    def code(self, column: int, row: int) -> str:
        above = f"{row // 10 * (self.side // 10) + column // 10:04d}"
        return f"C{row // 10:02d}/B{above}/G{row:03d}{column:03d}"

    def box(self, west: float, row: float, east: float, below: float) -> shapely.Polygon:
        return shapely.box(
            WEST + west * STEP, NORTH - below * STEP, WEST + east * STEP, NORTH - row * STEP
        )

    def rows(self) -> Iterator[dict[str, Any]]:
        for row in range(self.side):
            for column in range(self.side):
                shape = self.box(column, row, column + 1, row + 1)
                yield grid_row(self.code(column, row), 3, shape)
        for row in range(0, self.side, 10):
            for column in range(0, self.side, 10):
                path = self.code(column, row).rpartition("/")[0]
                yield grid_row(path, 2, self.box(column, row, column + 10, row + 10))
            path = self.code(0, row).partition("/")[0]
            yield grid_row(path, 1, self.box(0, row, self.side, row + 10))

    def pairs(self) -> list[tuple[int, int]]:
        """The western grids of pairs that move their border: ten grids changed in all."""
        return [(10 * n + 4, 10 * n + 4) for n in range(CHANGED // 2)]


def grid_row(path: str, level: int, shape: shapely.Polygon) -> dict[str, Any]:
    west, south, east, north = shape.bounds
    above, _, code = path.rpartition("/")
    return {
        "code": code, "level": level, "parent": above.rpartition("/")[2], "name": code,
        "name_en": "", "path": path, "shape": shape, "area_m2": 90_000.0, "households": None,
        "min_lon": west, "min_lat": south, "max_lon": east, "max_lat": north,
    }  # fmt: skip


def draw(site: Site, land: Land) -> int:
    """The land as the edition in force, with a gridworker for each base grid."""
    long_ago = NOW - timedelta(days=300)
    with site.runtime.work(now=long_ago) as work:
        edition = Edition(
            name="land", state="draft", created_at=long_ago, created_by="bench", tolerance_m=1.0,
            source={}, accepted=[], note="", checked_revision=0,
        )  # fmt: skip
        grids.save_edition(work.session, edition, list(land.rows()))
        grids.activate(work.session, edition.id, long_ago)
        people = [
            {
                "id": 1000 + n, "login": f"g{n}", "name": f"网格员{n}", "phone": "",
                "password_hash": NO_PASSWORD, "locale": "zh", "active": True,
                "created_at": long_ago,
            }
            for n in range(land.side**2)
        ]  # fmt: skip
        posts = [
            {
                "person_id": 1000 + n, "role": "gridworker", "zone": None, "deputy": False,
                "scope": land.code(n % land.side, n // land.side), "from_at": long_ago,
            }
            for n in range(land.side**2)
        ]  # fmt: skip
        work.session.execute(table_of(Person).insert(), people)
        work.session.execute(table_of(Post).insert(), posts)
        return edition.id


def matters(site: Site, land: Land, edition: int, options: Any) -> Iterator[dict[str, Any]]:
    """The record: most of it closed and all over, `hot` open ones in each grid that changes."""
    hot = [spot for column, row in land.pairs() for spot in ((column, row), (column + 1, row))]
    far = NOW + timedelta(days=2)
    total, opened = options.incidents, options.open
    given = rows(1, total, is_open=False, due_at=lambda _n: None, site=site)
    for n, row in enumerate(given):
        is_open = n < opened
        if n < options.hot * len(hot):
            column, line = hot[n % len(hot)]
        else:
            spread = n * 7919
            column, line = spread % land.side, spread // land.side % land.side
            if is_open and (column, line) in hot:
                column += 2
        lon = WEST + (column + (n * 37 % 100 + 0.5) / 101) * STEP
        lat = NORTH - (line + (n * 53 % 100 + 0.5) / 101) * STEP
        path = land.code(column, line)
        due = far + timedelta(milliseconds=n) if is_open else None
        yield {
            **row, "lon": lon, "lat": lat, "given_lon": lon, "given_lat": lat,
            "tile": tile(lon, lat), "grid_path": path, "grid_code": path.rpartition("/")[2],
            "edition_id": edition, "is_open": is_open,
            "state": "assigned" if is_open else "closed", "due_at": due, "next_due_at": due,
            "deadline_state": "armed" if due else "none",
            "handler_id": 1000 + line * land.side + column,
        }  # fmt: skip


def a_draft(site: Site, land: Land, edition: int) -> int:
    """A copy in which five grids give their east half to their neighbours."""
    with site.work("admin") as work:
        draft = copy_edition(work, edition, "the next").id
    with site.work() as work:
        for column, row in land.pairs():
            for path, shape in (
                (land.code(column, row), land.box(column, row, column + 0.5, row + 1)),
                (land.code(column + 1, row), land.box(column + 0.5, row, column + 2, row + 1)),
            ):
                work.session.execute(
                    update(GRID)
                    .where(GRID.c.edition_id == draft, GRID.c.path == path)
                    .values(shape=shape)
                )
    return draft


class Reporters:
    """Reports one after another, by `count` threads, each with the milliseconds that it took."""

    def __init__(self, site: Site, land: Land, count: int) -> None:
        self.site, self.land, self.over = site, land, threading.Event()
        self.took: list[tuple[float, float]] = []
        self.threads = [threading.Thread(target=self.run, args=(n,)) for n in range(count)]

    def run(self, thread: int) -> None:
        for n in itertools.count():
            if self.over.is_set():
                return
            spot = (n * 7919 + thread * 31) % self.land.side**2
            lon = WEST + (spot % self.land.side + 0.3) * STEP
            lat = NORTH - (spot // self.land.side + 0.3) * STEP
            began = time.perf_counter()
            self.site.report(LAMP, at=(lon, lat))
            self.took.append((began, (time.perf_counter() - began) * 1000))
            time.sleep(0.005)

    def __enter__(self) -> Self:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join()

    def between(self, begin: float, end: float) -> list[float]:
        return [ms for began, ms in self.took if began + ms / 1000 >= begin and began <= end]


def counters(site: Site) -> dict[str, int]:
    """What PostgreSQL counted of the table of matters so far."""
    with site.runtime.engine.connect() as connection:
        row = connection.execute(
            text(
                "SELECT coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) AS read, "
                "n_tup_upd AS written FROM pg_stat_user_tables WHERE relname = 'incident'"
            )
        ).one()
        return {"read": row.read, "written": row.written}


def flushed(site: Site) -> dict[str, int]:
    """The counters after every connection has handed in what it counted."""
    site.runtime.engine.dispose()
    time.sleep(1.5)
    return counters(site)


def truth(site: Site, land: Land) -> dict[str, int]:
    """What had to be looked at and moved, from the places of the matters alone."""
    west, east = (
        {land.code(column + more, row) for column, row in land.pairs()} for more in (0, 1)
    )
    with site.look() as work:
        wanted = select(INCIDENT.c.lon, INCIDENT.c.grid_path).where(
            INCIDENT.c.is_open, INCIDENT.c.grid_path.in_(west | east)
        )
        found = work.session.execute(wanted).all()
    moves = sum(path in west and (lon - WEST) / STEP % 1 > 0.5 for lon, path in found)
    return {"had_to_look": len(found), "had_to_move": moves}


def plan(site: Site, said: list[tuple[str, Any]]) -> list[str]:
    """How SQLite found the matters that were read: by which index, with what in it."""
    if site.runtime.engine.dialect.name != "sqlite":
        return []
    lines = []
    with site.runtime.engine.connect() as connection:
        for statement, given in said:
            rows_ = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)
            lines += [row[3] for row in rows_ if "incident" in row[3]]
    return sorted(set(lines))


def moved(site: Site, land: Land, draft: int, options: Any) -> dict[str, Any]:
    """Put the draft in force and move, with reports coming in all the time."""
    said: list[tuple[str, Any]] = []

    def before(_c: Any, _cursor: Any, statement: str, given: Any, *_rest: Any) -> None:
        if threading.current_thread() is mover_thread and "FROM incident" in statement:
            said.append((statement, given))

    mover = Mover(site.runtime)
    mover_thread = threading.current_thread()
    warm(site.runtime)
    warmer = Warmer(site.runtime)  # as every process of a server has it
    warmer.start()
    event.listen(site.runtime.engine, "before_cursor_execute", before)
    with Reporters(site, land, options.reporters) as reporters:
        time.sleep(options.before)
        begin = time.perf_counter()
        with site.work("admin") as work:
            activate_edition(work, draft, reason="bench")
        in_force = time.perf_counter()
        done = mover.follow()
        end = time.perf_counter()
        time.sleep(0.3)
    event.remove(site.runtime.engine, "before_cursor_execute", before)
    warmer.stop()
    early = reporters.between(0, begin)
    during = reporters.between(begin, end)
    return {
        "went": done.went,
        "activate_ms": round((in_force - begin) * 1000, 1),
        "move_ms": round((end - in_force) * 1000, 1),
        "reports_before": len(early),
        "reports_meanwhile": len(during),
        "report_ms_median_before": round(statistics.median(early), 1),
        "report_ms_most_before": round(max(early), 1),
        "report_ms_median_meanwhile": round(statistics.median(during), 1),
        "report_ms_most": round(max(during), 1),
        "plan": plan(site, said),
    }


@contextmanager
def counting() -> Iterator[dict[str, int]]:
    """How many rows of matters the move was given, those locked again left out."""
    seen = {"rows": 0, "locked": 0}
    plain = moving._rows  # noqa: SLF001 - the one place through which rows are read

    def counted(session: Any, statement: Any, given: Any) -> list[Any]:
        found = plain(session, statement, given)
        seen["locked" if "ids" in given else "rows"] += len(found)
        return found

    moving._rows = counted  # noqa: SLF001
    try:
        yield seen
    finally:
        moving._rows = plain  # noqa: SLF001


def quiet(site: Site, edition: int, wanted: dict[str, int]) -> dict[str, Any]:
    """The borders back again, with nobody reporting, by the server's own counters."""
    with site.work("admin") as work:
        draft = copy_edition(work, edition, "back again").id
    site.clock.advance(minutes=3)
    Mover(site.runtime).follow()  # the first change has settled
    before = flushed(site)
    with site.work("admin") as work:
        activate_edition(work, draft, reason="bench")
    done = Mover(site.runtime).follow()
    after = flushed(site)
    read, written = (after[name] - before[name] for name in ("read", "written"))
    # Each that moves is read again under its lock, by the statement that writes it, and by the
    # foreign keys of its event and its two messages.
    had_to_read = wanted["had_to_look"] + 5 * done.went
    return {
        "server_read": read,
        "server_written": written,
        "server_read_ratio": round(read / had_to_read, 3),
        "server_written_ratio": round(written / done.went, 3),
    }


def measure(kind: str, root: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Every figure on one kind of database."""
    site = fresh_site(kind, root / f"{kind}-activation", SERVER)
    land = Land(options.grids)
    edition = draw(site, land)
    fill(site.runtime, matters(site, land, edition, options))
    settle(site.runtime)
    if kind == "postgres":
        with site.runtime.work() as work:
            work.session.execute(text("SELECT setval('incident_id_seq', max(id)) FROM incident"))
    draft = a_draft(site, land, edition)
    wanted = truth(site, land)
    with counting() as looked:
        found = moved(site, land, draft, options)
    with site.look() as work:
        written = work.session.scalar(
            select(func.count()).select_from(EVENT).where(EVENT.c.kind == "rerouted")
        )
    server = quiet(site, edition, wanted) if kind == "postgres" else {}
    site.runtime.engine.dispose()
    return {
        **wanted,
        "looked": looked["rows"],
        "written": written,
        "look_ratio": round(looked["rows"] / wanted["had_to_look"], 3),
        "write_ratio": round((written or 0) / wanted["had_to_move"], 3),
        **found,
        **server,
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--grids", type=int, default=10_000)
    parser.add_argument("--incidents", type=int, default=1_000_000)
    parser.add_argument("--open", type=int, default=100_000)
    parser.add_argument("--hot", type=int, default=200, help="open ones in each grid that changes")
    parser.add_argument("--reporters", type=int, default=2)
    parser.add_argument("--before", type=float, default=3.0, help="seconds of reports beforehand")
    parser.add_argument("--json")
    options = parser.parse_args()
    kinds = ["sqlite"] + (["postgres"] if SERVER else [])
    with tempfile.TemporaryDirectory() as folder:
        found = {kind: measure(kind, Path(folder), options) for kind in kinds}
    print(json.dumps(found, indent=1))
    if options.json:
        Path(options.json).write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
