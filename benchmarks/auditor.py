"""The auditor over a long log: the whole of it, and what is new since the last look.

    ./dev bench auditor [--events N] [--json OUT]

The log is made of what the product itself wrote for some matters (answered in time, climbed by one
rung, climbed to the end), copied under new ids. `linear` is the time for an event of the whole log
/ that of a tenth of it; 1 is linear. Both databases where a PostGIS server is named.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sqlalchemy import func, insert, select, text

from benchmarks._fill import fresh_site, settle
from gridtrack.analytics.auditor import Audit, audit
from gridtrack.deadlines import audit_store
from gridtrack.deadlines.store import CLOCK
from gridtrack.incidents.store import EVENT, INCIDENT
from gridtrack.jobs.auditing import audit_news
from tests.builders import Site

SERVER = os.environ.get("GRIDTRACK_TEST_POSTGRES", "")
_DRAW_ON = "SELECT setval(pg_get_serial_sequence('incident', 'id'), (SELECT max(id) FROM incident))"
NEWS = 60  # matters in a minute: one a second
COPIED = 500  # matters a statement


def originals(site: Site) -> None:
    """Twenty matters as the product writes them: most answered, some climbed, one to the end."""
    for n in range(20):
        made = site.report()
        if n < 16:
            site.clock.advance(minutes=2)
            site.acknowledge(made.incident_id, "worker-a11")
        elif n < 19:
            site.sweep(minutes=5)
            site.acknowledge(made.incident_id, "deputy-a11")
    for _ in range(200):
        site.sweep(minutes=1)


def rows_of(site: Site, table: Any) -> list[dict[str, Any]]:
    with site.look() as work:
        found = work.session.execute(select(table)).mappings()
        return [dict(row) for row in found]


def copied(site: Site, events: int) -> None:
    """Copy the matters of the site until the log has so many events."""
    incidents, log, clocks = (rows_of(site, t) for t in (INCIDENT, EVENT, CLOCK))
    copies = max(1, events // len(log))
    for low in range(1, copies, COPIED // len(incidents)):
        numbers = range(low, min(copies, low + COPIED // len(incidents)))
        with site.runtime.work() as work:
            for table, rows in ((INCIDENT, incidents), (EVENT, log), (CLOCK, clocks)):
                moved = [moved_row(row, n * len(incidents)) for n in numbers for row in rows]
                work.session.connection().execute(insert(table), moved)
    if site.runtime.engine.dialect.name == "postgresql":  # numbers were given, not drawn
        with site.runtime.work() as work:
            work.session.execute(text(_DRAW_ON))


def moved_row(row: dict[str, Any], by: int) -> dict[str, Any]:
    """A row of the same matter under another id."""
    new = dict(row)
    if "client_id" in new:
        new |= {"id": row["id"] + by, "client_id": f"{row['id'] + by:036d}"}
    else:
        new["incident_id"] = row["incident_id"] + by
        if "id" in new:
            del new["id"]
            new["key"] = None
    return new


def counted(site: Site) -> int:
    with site.look() as work:
        return work.session.scalar(select(func.count()).select_from(EVENT)) or 0


def whole(site: Site) -> tuple[float, Audit]:
    began = time.perf_counter()
    with site.look() as work:
        found = audit(work)
    return time.perf_counter() - began, found


def incremental(site: Site, said: Audit) -> dict[str, Any]:
    """Milliseconds of a look at nothing new, and at a minute in which NEWS matters came in."""
    began = time.perf_counter()
    audit_news(site.runtime, budget_s=3600)  # from the beginning, with a row kept for each promise
    found: dict[str, Any] = {"first_look_s": round(time.perf_counter() - began, 2)}
    with site.look() as work:
        assert audit_store.since(work.session, date(2000, 1, 1)).promises == said.promises
    for name, news in (("nothing_new_ms", 0), ("news_ms", NEWS)):
        times = []
        for _ in range(5):
            for _ in range(news):
                site.report()
            site.clock.advance(minutes=3)
            began = time.perf_counter()
            assert audit_news(site.runtime)
            times.append((time.perf_counter() - began) * 1000)
        found[name] = round(statistics.median(times), 1)
    return found


def measure(kind: str, folder: Path, events: int) -> dict[str, Any]:
    """The figures of one kind of database."""
    found: dict[str, Any] = {}
    each: list[float] = []
    for size in (events // 10, events):
        site = fresh_site(kind, folder / f"{kind}-{size}", SERVER)
        originals(site)
        copied(site, size)
        settle(site.runtime)
        took, said = whole(site)
        assert not said.faults, said.faults[:3]
        count = counted(site)
        each.append(took / count)
        found |= {"events": count, "promises": said.promises, "whole_s": round(took, 2)}
        if size == events:
            found |= incremental(site, said)
        site.runtime.engine.dispose()
    return {**found, "us_an_event": round(each[1] * 1e6, 1), "linear": round(each[1] / each[0], 2)}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--json")
    options = parser.parse_args()
    kinds = ["sqlite"] + (["postgres"] if SERVER else [])
    with tempfile.TemporaryDirectory() as folder:
        found = {kind: measure(kind, Path(folder), options.events) for kind in kinds}
    text = json.dumps(found, indent=1)
    print(text)
    if options.json:
        Path(options.json).write_text(text)


if __name__ == "__main__":
    main()
