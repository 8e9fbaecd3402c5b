"""What the auditor has said, day by day, and which promises it found fault with."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from gridtrack.access import Permission, permits, require
from gridtrack.deadlines import audit_store as store
from gridtrack.deadlines.audit_store import PROMISE, Verdict
from gridtrack.deadlines.audit_tables import FAULTY
from gridtrack.incidents.numbers import number
from gridtrack.incidents.store import INCIDENT
from gridtrack.work import Work

DAYS = 14
MOST = 50


@dataclass(frozen=True, slots=True)
class FaultyPromise:
    """A promise that something is wrong with; its matter by number only, never by content."""

    incident_id: int
    number: str
    made_at: datetime
    missing: int
    double: int
    early: int
    misjudged: int


@dataclass(frozen=True, slots=True)
class AuditDays:
    """The verdicts of the newest days, and the newest promises with a fault."""

    days: tuple[Any, ...]
    faulty: tuple[FaultyPromise, ...]


def audit_days(work: Work) -> AuditDays:
    """What the auditor has said of the last days."""
    require(work.actor, Permission.HEALTH)
    zone = ZoneInfo(work.settings.timezone)
    rows = work.session.execute(
        select(
            PROMISE.c.incident_id, INCIDENT.c.reported_at, PROMISE.c.made_at,
            PROMISE.c.missing, PROMISE.c.double, PROMISE.c.early, PROMISE.c.misjudged,
        )
        .join_from(PROMISE, INCIDENT, INCIDENT.c.id == PROMISE.c.incident_id)
        .where(FAULTY)
        .order_by(PROMISE.c.made_at.desc())
        .limit(MOST)
    )  # fmt: skip
    faulty = tuple(
        FaultyPromise(one, number(one, reported_at.astimezone(zone).date()), *rest)
        for one, reported_at, *rest in rows
    )
    return AuditDays(tuple(store.verdicts(work.session, DAYS)), faulty)


def verdict_now(work: Work) -> Verdict | None:
    """The verdict on the promises of today and yesterday; None for who may not know."""
    if not permits(work.actor, Permission.HEALTH):
        return None
    return store.since(work.session, _today(work) - timedelta(days=1))


def _today(work: Work) -> date:
    return work.now.astimezone(ZoneInfo(work.settings.timezone)).date()
