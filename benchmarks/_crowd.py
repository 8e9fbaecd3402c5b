"""Many matters due at one second, for the runs that kill: some are reported, the rest are copies.

A copy is every row that the report of the first one wrote, under another id, whatever tables those
are: what sweeps and what audits cannot tell it apart from a matter that somebody reported.
"""

import re
import sys
import uuid
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sqlalchemy import Table, func, insert, select, text

from gridtrack.analytics.auditor import audit
from gridtrack.db.base import Base
from gridtrack.deadlines.tables import Quarantine
from gridtrack.incidents.tables import Incident
from gridtrack.notifications.tables import Message
from gridtrack.usecases.report import report_incident
from gridtrack.work import Work
from tests.builders import LAMP, Site, a_report, middle

LIMIT = timedelta(minutes=5)  # what the shipped policy promises
PLACES = ("A11",) * 99 + ("B11",)  # B11 has a subscription: see kills.py
INCIDENT: Table = Base.metadata.tables["incident"]
CHUNK = 2000


def due_at_once(site: Site, count: int, at: datetime) -> list[int]:
    """`count` matters whose first step is due at `at`; their ids."""
    places = PLACES[: max(1, min(count, len(PLACES)))]
    with site.runtime.work(now=at - LIMIT) as work:
        ids = [
            report_incident(work, a_report(LAMP, at=middle(place))).incident_id for place in places
        ]
        patterns = rows_of(work, ids)  # as they are before anybody sends what they say
    made = list(ids)
    pairs = [(ids[n % len(ids)], max(ids) + 1 + n) for n in range(count - len(ids))]
    for n in range(0, len(pairs), CHUNK):
        with site.runtime.work() as work:
            copy(work, patterns, pairs[n : n + CHUNK])
        made += [new for _, new in pairs[n : n + CHUNK]]
    if site.runtime.engine.dialect.name == "postgresql":
        with site.runtime.work() as work:
            work.session.execute(
                text("SELECT setval(pg_get_serial_sequence('incident', 'id'), :last)"),
                {"last": max(made)},
            )
    return made


def rows_of(work: Work, ids: list[int]) -> dict[Table, dict[int, list[dict[str, Any]]]]:
    """Every row about some matters, by table and matter, what they refer to first."""
    found: dict[Table, dict[int, list[dict[str, Any]]]] = {}
    for table in Base.metadata.sorted_tables:
        of = INCIDENT.c.id if table is INCIDENT else table.c.get("incident_id")
        if of is not None:
            for row in work.session.execute(select(table).where(of.in_(ids))).mappings():
                found.setdefault(table, {}).setdefault(row[of.name], []).append(dict(row))
    return found


def copy(
    work: Work,
    patterns: dict[Table, dict[int, list[dict[str, Any]]]],
    pairs: list[tuple[int, int]],
) -> None:
    """Every row about the first of each pair once more, about the second."""
    for table, known in patterns.items():
        rows = [another(table, row, old, new) for old, new in pairs for row in known.get(old, ())]
        if rows:
            work.session.connection().execute(insert(table), rows)


def another(table: Table, row: dict[str, Any], old: int, new: int) -> dict[str, Any]:
    """A row about the matter `new` like that about `old`."""
    if table is INCIDENT:
        return {**row, "id": new, "client_id": str(uuid.uuid4())}
    made = {**row, "incident_id": new}
    made.pop("id", None)
    if made.get("key"):
        made["key"] = re.sub(rf"(?<=:){old}(?=:|$)", str(new), made["key"])
        if made["key"] == row["key"]:
            raise LookupError(f"no id in the key {row['key']}")
    return made


def still_due(site: Site) -> int:
    """How many matters wait for a step whose instant has come."""
    with site.look() as work:
        due = select(func.count()).select_from(INCIDENT).where(INCIDENT.c.next_due_at <= work.now)
        return work.session.scalar(due) or 0


def verdict(site: Site) -> dict[str, int]:
    """What the auditor finds, what is told twice or to nobody, and what is stuck."""
    with site.look() as work:
        found = audit(work)
        keys = Counter(work.session.scalars(select(Message.key).where(Message.kind == "escalated")))
        told = set(
            work.session.scalars(
                select(Message.incident_id).where(
                    Message.kind == "escalated", Message.channel == "inbox"
                )
            )
        )
        risen = set(work.session.scalars(select(Incident.id).where(Incident.rung.is_not(None))))
        apart = work.session.scalar(select(func.count()).select_from(Quarantine)) or 0
    return {
        "promises": found.promises,
        "fired": found.fired,
        "missing": found.missing,
        "double": found.double,
        "early": found.early,
        "worst_late_ms": found.worst_late_ms,
        "told_twice": sum(count - 1 for count in keys.values()),
        "risen_but_not_told": len(risen - told),
        "quarantined": apart,
        "still_due": still_due(site),
    }


def faultless(found: dict[str, int]) -> bool:
    """Nothing missing, double or early, nobody forgotten, nothing stuck."""
    wrong = ("missing", "double", "early", "told_twice", "risen_but_not_told", "quarantined",
             "still_due")  # fmt: skip
    return not any(found[name] for name in wrong)
