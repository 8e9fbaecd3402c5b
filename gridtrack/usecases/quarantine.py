"""An incident whose step fails is set apart, seen by everybody, and tried again each minute."""

from datetime import timedelta

from sqlalchemy import select, update

from gridtrack.access import Permission, require
from gridtrack.deadlines.store import QUARANTINE
from gridtrack.incidents.store import INCIDENT, claim_due
from gridtrack.work import Work

AGAIN = timedelta(minutes=1)


def due_ids(work: Work, limit: int) -> list[int]:
    """The incidents that are due now, oldest first."""
    require(work.actor, Permission.ENGINE)
    return [row.id for row in claim_due(work.session, work.now, limit)]


def set_apart(work: Work, incident_id: int, error: Exception) -> None:
    """Note what went wrong and try again in a minute; it never holds up the others."""
    require(work.actor, Permission.ENGINE)
    known = work.session.execute(
        select(QUARANTINE.c.tries).where(QUARANTINE.c.incident_id == incident_id)
    ).scalar_one_or_none()
    text = f"{type(error).__name__}: {error}"[:500]
    if known is None:
        row = {"incident_id": incident_id, "error": text, "tries": 1, "since_at": work.now}
        work.session.execute(QUARANTINE.insert(), row)
    else:
        work.session.execute(
            update(QUARANTINE)
            .where(QUARANTINE.c.incident_id == incident_id)
            .values(tries=known + 1, error=text)
        )
    work.session.execute(
        update(INCIDENT)
        # Somebody may have answered since: what nothing waits for is not armed again.
        .where(INCIDENT.c.id == incident_id, INCIDENT.c.next_due_at.is_not(None))
        .values(next_due_at=work.now + AGAIN)
    )
