"""Everything that is held of whoever reported a matter: what they may ask to see (PIPL art. 45)."""

from typing import Any

from sqlalchemy import select

from gridtrack.access import Permission, require
from gridtrack.errors import NotFound
from gridtrack.incidents.contact_tables import Question
from gridtrack.incidents.reporters import CONTACT, NAME, bound
from gridtrack.incidents.tables import Incident, Reporter
from gridtrack.queries.names import number_of
from gridtrack.usecases.note import note
from gridtrack.work import Work


def reporter_held(work: Work, incident_id: int) -> dict[str, Any]:
    """Name, contact, words, place and answers as JSON values; raises NotFound.

    For the machine's administrator, who gives it to the person after seeing who asks; the reading
    is audited.
    """
    require(work.actor, Permission.ENGINE)
    incident = work.session.get(Incident, incident_id)
    reporter = work.session.get(Reporter, incident_id)
    if incident is None or reporter is None:
        raise NotFound("incident-not-found", id=incident_id)
    questions = work.session.scalars(
        select(Question).where(Question.incident_id == incident_id).order_by(Question.id)
    )
    note(work, "reporter-held", f"incident:{incident_id}")
    return {
        "number": number_of(work, incident.id, incident.reported_at),
        "reported_at": incident.reported_at.isoformat(),
        "category": incident.category,
        "name": work.keys.open(reporter.sealed_name, bound(incident_id, NAME)),
        "contact": work.keys.open(reporter.sealed_contact, bound(incident_id, CONTACT)),
        "choice": reporter.choice,
        "description": incident.description,
        "address": incident.address,
        "lon": incident.lon,
        "lat": incident.lat,
        "questions": [
            {"asked_at": one.asked_at.isoformat(), "question": one.text, "answer": one.answer}
            for one in questions
        ],
    }
