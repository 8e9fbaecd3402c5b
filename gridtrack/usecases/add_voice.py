"""A voice note is added to a matter: with the report, or by somebody who works on it."""

from gridtrack.access import require_anyone
from gridtrack.errors import Invalid, NotFound
from gridtrack.incidents import store as incidents
from gridtrack.incidents.rules import Action, Happening
from gridtrack.queries.standing import take_up
from gridtrack.voices import store as voices
from gridtrack.voices.rules import Voice
from gridtrack.work import Work

MOST = 5


def add_voice(work: Work, incident_id: int, voice: Voice) -> int:
    """Add a voice note by somebody who works on the matter; returns its new version.

    Raises Invalid when the matter has as many as it may.
    """
    incident = take_up(work, incident_id, Action.NOTE, None)
    _keep(work, incident_id, voice)
    happening = Happening("voice", work.now, {}, {"seconds": voice.seconds})
    return incidents.change(work.session, incident, [happening], work.actor, work.now)


def add_report_voice(work: Work, incident_id: int, voice: Voice) -> None:
    """Add a voice note in the same work that took in the report; nobody else may use this door."""
    require_anyone(work.actor)
    incident = incidents.get(work.session, incident_id)
    if incident.reported_at != work.now or incident.reported_by != work.actor.person_id:
        raise NotFound("incident-not-found", id=incident_id)
    _keep(work, incident_id, voice)


def _keep(work: Work, incident_id: int, voice: Voice) -> None:
    if voices.count(work.session, incident_id) >= MOST:
        raise Invalid("voices-full", field="voice", value=MOST)
    voices.add(work.session, incident_id, voice, by=work.actor.person_id, at=work.now)
