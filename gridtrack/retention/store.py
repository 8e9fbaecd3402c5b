"""The rules a deployment keeps by, the register, and taking rows away."""

from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from sqlalchemy import TableClause, inspect
from sqlalchemy.orm import Session
from sqlalchemy.sql import column, delete, table

from gridtrack.db.fixed import connection_of
from gridtrack.db.memo import Memo
from gridtrack.db.sql import run, table_of
from gridtrack.retention.rules import Schedule, parse_schedule
from gridtrack.retention.tables import PurgeLeave, PurgeLine

LINE, LEAVE = table_of(PurgeLine), table_of(PurgeLeave)
OWN_FILE = "retention.toml"
# These stay: counts that name nobody, the register itself, and what search takes away by itself.
STAYS = frozenset({"matter_fact", "purge_line", "purge_leave", "search_words", "search_pairs"})


def schedule(memo: Memo, instance: Path) -> Schedule:
    """The deployment's own file, else the shipped one; raises Invalid or Rejected."""

    def load() -> Schedule:
        own = instance / OWN_FILE
        shipped = files("gridtrack.retention") / OWN_FILE
        return parse_schedule(
            own.read_text("utf-8") if own.exists() else shipped.read_text("utf-8")
        )

    return memo.get("retention", load)


def register(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write down what was removed."""
    if rows:
        run(session, LINE.insert(), list(rows))


def belonging(session: Session, memo: Memo) -> tuple[str, ...]:
    """Every table with rows of a matter, read from the database itself: none can be forgotten."""

    def load() -> tuple[str, ...]:
        found = inspect(connection_of(session))
        return tuple(
            name
            for name in found.get_table_names()
            if name not in STAYS
            and any(one["name"] == "incident_id" for one in found.get_columns(name))
        )

    return memo.get("purge-tables", load)


def rows_of(name: str) -> TableClause:
    """A table as far as a purge needs to know it."""
    return table(name, column("incident_id"))


def remove_rows(session: Session, names: Iterable[str], incident_ids: Sequence[int]) -> int:
    """Delete what these tables hold of these matters; returns how many rows that were."""
    gone = 0
    for name in names:
        rows = rows_of(name)
        gone += run(session, delete(rows).where(rows.c.incident_id.in_(incident_ids))).rowcount
    return gone


def give_leave(session: Session, incident_ids: Sequence[int]) -> None:
    """Let the events of these matters be deleted, until `take_leave_back`."""
    run(session, LEAVE.insert(), [{"incident_id": one} for one in incident_ids])


def take_leave_back(session: Session, incident_ids: Sequence[int]) -> None:
    """From here on events are only ever appended again."""
    run(session, delete(LEAVE).where(LEAVE.c.incident_id.in_(incident_ids)))
