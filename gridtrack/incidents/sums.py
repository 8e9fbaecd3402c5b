"""Is each incident the sum of its events? Asked of a sample where a database was brought back."""

from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from gridtrack.errors import Conflict
from gridtrack.incidents.rules import replay
from gridtrack.incidents.tables import Event, Incident

SAMPLE = 200


def unequal(session: Session, most: int = SAMPLE) -> list[int]:
    """Ids of those incidents of a sample (the newest, and others evenly) that are not."""
    ids = session.scalars(select(Incident.id).order_by(Incident.id.desc())).all()
    step = max(1, 2 * len(ids) // most)
    asked = sorted({*ids[: most // 2], *ids[::step]})
    rows = {row.id: row for row in session.scalars(select(Incident).where(Incident.id.in_(asked)))}
    found = session.scalars(
        select(Event).where(Event.incident_id.in_(asked)).order_by(Event.incident_id, Event.seq)
    )
    told = {one: list(some) for one, some in groupby(found, key=lambda event: event.incident_id)}
    return [one for one, row in rows.items() if not _sums_up(row, told.get(one, []))]


def _sums_up(row: Incident, events: list[Event]) -> bool:
    try:
        summed = replay((event.seq, event.data) for event in events)
    except Conflict:
        return False
    return all(getattr(row, name) == value for name, value in summed.items())
