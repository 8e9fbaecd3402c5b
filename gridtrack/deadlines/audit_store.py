"""Saving and loading what the auditor found."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import case, delete, func, select, update
from sqlalchemy.orm import Session

from gridtrack.db.sql import insert_missing, run, table_of, upsert
from gridtrack.deadlines.audit_tables import (
    EXPECTED,
    AuditedPromise,
    AuditMark,
    AuditVerdict,
)

PROMISE, VERDICT, MARK = (table_of(t) for t in (AuditedPromise, AuditVerdict, AuditMark))
LOG = "log"


@dataclass(frozen=True, slots=True)
class Mark:
    """How far the log was read, and when that was."""

    event_id: int = 0
    at: datetime | None = None
    took_ms: float = 0.0


def mark(session: Session) -> Mark:
    """How far the log has been read; from the beginning where it never was."""
    row = session.execute(
        select(MARK.c.event_id, MARK.c.at, MARK.c.took_ms).where(MARK.c.name == LOG)
    ).one_or_none()
    return Mark() if row is None else Mark(*row)


def take_turn(session: Session) -> None:
    """Let one worker write at a time: two that correct the same day would count it twice."""
    first = {"name": LOG, "event_id": 0, "at": None, "took_ms": 0.0}
    insert_missing(session, MARK, [first], key="name")
    run(session, select(MARK.c.name).where(MARK.c.name == LOG).with_for_update())


def set_mark(session: Session, found: Mark) -> None:
    """Write down how far the log has been read."""
    row = {"name": LOG, "event_id": found.event_id, "at": found.at, "took_ms": found.took_ms}
    upsert(session, MARK, row, key="name")


def overdue(session: Session, before: datetime) -> Sequence[int]:
    """Incidents whose next step should have fired before `before`."""
    found = session.scalars(
        select(PROMISE.c.incident_id).where(EXPECTED, PROMISE.c.expected_at < before).distinct()
    )
    return found.all()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be said of the promises of a day, or of several together."""

    promises: int = 0
    on_time: int = 0
    fired: int = 0
    late: int = 0
    worst_late_ms: int = 0
    missing: int = 0
    double: int = 0
    early: int = 0
    misjudged: int = 0

    @property
    def clean(self) -> bool:
        """True when nothing is missing, double, early or misjudged."""
        return not (self.missing or self.double or self.early or self.misjudged)


NAMES = tuple(one.name for one in fields(Verdict))
_SUMS = ("fired", "late", "missing", "double", "early", "misjudged")


def sums(rows: Iterable[Mapping[str, Any]]) -> dict[date, Verdict]:
    """What rows of promises come to, by day."""
    found: dict[date, dict[str, int]] = {}
    for row in rows:
        of_day = found.setdefault(row["day"], dict.fromkeys(NAMES, 0))
        of_day["promises"] += 1
        of_day["on_time"] += not row["late"] and not row["faults"]
        of_day["worst_late_ms"] = max(of_day["worst_late_ms"], row["worst_late_ms"])
        for name in _SUMS:
            of_day[name] += row[name]
    return {day: Verdict(**values) for day, values in found.items()}


def replace_promises(
    session: Session, incident_ids: Sequence[int], rows: Sequence[Mapping[str, Any]]
) -> None:
    """Let `rows` be all that is known of these incidents, and put the verdicts of their days right.

    The cost is that of the incidents, however many promises a day has.
    """
    mine = PROMISE.c.incident_id.in_(list(incident_ids))
    before = sums(dict(row) for row in run(session, select(PROMISE).where(mine)).mappings())
    run(session, delete(PROMISE).where(mine))
    if rows:
        run(session, PROMISE.insert(), list(rows))
    after = sums(rows)
    for day in before.keys() | after.keys():
        old, new = before.get(day, Verdict()), after.get(day, Verdict())
        if old != new:
            _correct(session, day, old, new)


def _correct(session: Session, day: date, old: Verdict, new: Verdict) -> None:
    insert_missing(session, VERDICT, [{"day": day, **dict.fromkeys(NAMES, 0)}], key="day")
    changes: dict[str, Any] = {
        name: VERDICT.c[name] + getattr(new, name) - getattr(old, name)
        for name in ("promises", "on_time", *_SUMS)
    }
    worst = VERDICT.c.worst_late_ms
    # A lateness that was seen does not go away again.
    changes["worst_late_ms"] = case((worst < new.worst_late_ms, new.worst_late_ms), else_=worst)
    run(session, update(VERDICT).where(VERDICT.c.day == day).values(**changes))


def make_final(session: Session, day: date, at: datetime) -> None:
    """The whole day was walked anew."""
    insert_missing(session, VERDICT, [{"day": day, **dict.fromkeys(NAMES, 0)}], key="day")
    run(session, update(VERDICT).where(VERDICT.c.day == day).values(final_at=at))


def is_final(session: Session, day: date) -> bool:
    """True where the whole day was walked anew already."""
    found = session.scalar(select(VERDICT.c.final_at).where(VERDICT.c.day == day))
    return found is not None


def promised_on(session: Session, day: date) -> Sequence[int]:
    """The incidents of which a promise of this day is known."""
    return session.scalars(
        select(PROMISE.c.incident_id).where(PROMISE.c.day == day).distinct()
    ).all()


def verdicts(session: Session, days: int) -> Sequence[AuditVerdict]:
    """The newest days, newest first."""
    return session.scalars(select(AuditVerdict).order_by(AuditVerdict.day.desc()).limit(days)).all()


def since(session: Session, day: date) -> Verdict:
    """The verdict over every day from `day` on."""
    columns = [
        func.coalesce((func.max if name == "worst_late_ms" else func.sum)(VERDICT.c[name]), 0)
        for name in NAMES
    ]
    row = session.execute(select(*columns).where(VERDICT.c.day >= day)).one()
    return Verdict(*map(int, row))
