"""Clocks that are due soon: found by a due index, up to where one has looked before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from gridtrack.db.sql import table_of, upsert
from gridtrack.deadlines.rules import Kind
from gridtrack.deadlines.store import CLOCK
from gridtrack.deadlines.tables import RUNNING, ReminderMark

_AFTER_ALL = 2**62
_DUE = CLOCK.c.due_at.type
_SOON = (
    select(
        CLOCK.c.incident_id, CLOCK.c.kind, CLOCK.c.cycle, CLOCK.c.started_at, CLOCK.c.due_at,
    )
    .where(
        RUNNING,
        CLOCK.c.kind == bindparam("kind"),
        CLOCK.c.due_at >= bindparam("begin", type_=_DUE),
        CLOCK.c.due_at <= bindparam("end", type_=_DUE),
        or_(
            CLOCK.c.due_at > bindparam("begin", type_=_DUE),
            CLOCK.c.incident_id > bindparam("last_id"),
        ),
    )
    .order_by(CLOCK.c.due_at, CLOCK.c.incident_id)
    .limit(bindparam("most"))
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mark:
    """Up to which due instant, and within it which incident, one reminder has been looked after."""

    until_at: datetime
    last_id: int

    @classmethod
    def all_of(cls, until_at: datetime) -> "Mark":
        """Everything that is due by then."""
        return cls(until_at, _AFTER_ALL)


def mark(session: Session, reminder: str) -> Mark | None:
    """How far a reminder has come; None where it was never looked after."""
    row = session.get(ReminderMark, reminder)
    return None if row is None else Mark(row.until_at, row.last_id)


def keep_mark(session: Session, reminder: str, to: Mark) -> None:
    """A reminder has come so far."""
    row = {"reminder": reminder, "until_at": to.until_at, "last_id": to.last_id}
    upsert(session, table_of(ReminderMark), row, key="reminder")


def due_between(
    session: Session, kind: Kind, begin: Mark, end: datetime, most: int
) -> Sequence[Any]:
    """Running clocks that are due after `begin` and by `end`, the first due first."""
    given = {"kind": kind.value, "begin": begin.until_at, "last_id": begin.last_id}
    return session.execute(_SOON, {**given, "end": end, "most": most}).all()
