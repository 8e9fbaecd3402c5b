"""Loading and saving which matter is part of which, and which repeat one."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from gridtrack.incidents.family_tables import Parent
from gridtrack.incidents.tables import Incident

MOST = 200


def parent_of(session: Session, incident_id: int) -> int | None:
    """The matter that this one is part of."""
    return session.scalar(select(Parent.parent_id).where(Parent.incident_id == incident_id))


def children_of(session: Session, incident_id: int) -> Sequence[int]:
    """The matters that are part of this one."""
    wanted = select(Parent.incident_id).where(Parent.parent_id == incident_id)
    return session.scalars(wanted.order_by(Parent.incident_id).limit(MOST)).all()


def repeats_of(session: Session, incident_id: int) -> Sequence[int]:
    """The duplicates that were merged into this one."""
    wanted = select(Incident.id).where(Incident.duplicate_of == incident_id)
    return session.scalars(wanted.order_by(Incident.id).limit(MOST)).all()


def put(session: Session, incident_id: int, parent_id: int, now: datetime) -> None:
    """Make a matter part of another; it must be part of none."""
    session.add(Parent(incident_id=incident_id, parent_id=parent_id, set_at=now))
    session.flush()


def drop(session: Session, incident_id: int) -> None:
    """Make a matter part of none."""
    session.execute(delete(Parent).where(Parent.incident_id == incident_id))
