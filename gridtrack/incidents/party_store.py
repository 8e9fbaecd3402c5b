"""Load and save whom matters are about."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from gridtrack.db.sql import table_of
from gridtrack.incidents.party_tables import Party

PARTY = table_of(Party)


def add(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep that matters are about somebody."""
    if rows:
        session.execute(PARTY.insert(), list(rows))


def of(session: Session, incident_ids: Iterable[int]) -> list[tuple[int, int | None, str | None]]:
    """Matter, person and estate of every mark on these matters."""
    ids = list(incident_ids)
    if not ids:
        return []
    wanted = select(PARTY.c.incident_id, PARTY.c.person_id, PARTY.c.zone)
    return [tuple(row) for row in session.execute(wanted.where(PARTY.c.incident_id.in_(ids)))]
