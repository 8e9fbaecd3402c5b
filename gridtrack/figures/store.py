"""Saving and loading facts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from gridtrack.db.sql import run, table_of, upsert
from gridtrack.figures.tables import Fact, FactMark

FACT, MARK = table_of(Fact), table_of(FactMark)
LOG = "log"


@dataclass(frozen=True, slots=True)
class Mark:
    """How far the log was read, and when that was; None: never."""

    event_id: int = 0
    at: datetime | None = None


def mark(session: Session) -> Mark:
    """How far the log has been read for figures."""
    row = session.execute(select(MARK.c.event_id, MARK.c.at).where(MARK.c.name == LOG)).first()
    return Mark() if row is None else Mark(row.event_id, row.at)


def set_mark(session: Session, found: Mark) -> None:
    """Write down how far the log has been read."""
    row = {"name": LOG, "event_id": found.event_id, "at": found.at}
    upsert(session, MARK, row, key="name")


def replace(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Let these be the facts of their matters."""
    if not rows:
        return
    ids = [row["incident_id"] for row in rows]
    run(session, delete(FACT).where(FACT.c.incident_id.in_(ids)))
    run(session, FACT.insert(), list(rows))


def forget_all(session: Session) -> None:
    """Throw every fact away: the worker makes them again from the record."""
    run(session, delete(FACT))
    set_mark(session, Mark())
