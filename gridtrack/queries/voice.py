"""A voice note for somebody who may see its matter."""

from gridtrack.errors import NotFound
from gridtrack.incidents import store as incidents
from gridtrack.queries.standing import may_see
from gridtrack.voices import store as voices
from gridtrack.work import Work


def voice_sound(work: Work, incident_id: int, note_id: int) -> tuple[bytes, str]:
    """The sound of a note and its type; NotFound where there is none to hear."""
    if not may_see(work, incidents.get(work.session, incident_id)):
        raise NotFound("voice-not-found", id=note_id)
    return voices.sound(work.session, incident_id, note_id)
