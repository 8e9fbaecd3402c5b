"""Promises that an act answered which arrived later than it was made."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from gridtrack.deadlines.rules import ClockState, Kind
from gridtrack.deadlines.store import CLOCK
from gridtrack.deadlines.tables import ClockRow


def promise_at(
    session: Session, incident_id: int, at: datetime, kind: Kind = Kind.ACKNOWLEDGE
) -> ClockRow | None:
    """The promise of `kind` that stood at `at`: the newest that had begun by then."""
    return session.scalar(
        select(ClockRow)
        .where(
            ClockRow.incident_id == incident_id,
            ClockRow.kind == kind.value,
            ClockRow.started_at <= at,
        )
        .order_by(ClockRow.cycle.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )


def answered_at(session: Session, clock: ClockRow, at: datetime) -> datetime | None:
    """Write down that a promise was answered at `at`, earlier than was known until now.

    A breach is a fact of timestamps: one that had been written down and was none is taken back and
    returned, for the record. A promise that had ended before stays as it was.
    """
    breached_at = clock.breached_at
    changes: dict[str, object] = {}
    if clock.state == ClockState.MET.value and clock.met_at is not None and at < clock.met_at:
        changes["met_at"] = at
    withdrawn = breached_at if at <= clock.due_at else None
    if withdrawn is not None:
        changes["breached_at"] = None
    if changes:
        session.execute(
            update(CLOCK)
            .where(
                CLOCK.c.incident_id == clock.incident_id,
                CLOCK.c.kind == clock.kind,
                CLOCK.c.cycle == clock.cycle,
            )
            .values(**changes)
        )
        session.expire(clock)
    return withdrawn
