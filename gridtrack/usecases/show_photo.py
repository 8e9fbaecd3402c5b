"""Whoever checks a matter decides which of its photos its reporter may see. None by default."""

from gridtrack.errors import NotFound
from gridtrack.incidents import store as incidents
from gridtrack.incidents.rules import Action, Happening
from gridtrack.queries.shown import shown_photos
from gridtrack.queries.standing import take_up
from gridtrack.work import Work


def show_photo(work: Work, incident_id: int, name: str, *, shown: bool) -> int:
    """Let the reporter see a photo, or no longer; returns the version.

    For the one who may close it, whatever state it is in: to look at a picture before others do is
    part of checking.
    """
    incident = take_up(work, incident_id, Action.CLOSE, None)
    names = {one.name for one in incidents.photos(work.session, incident_id)}
    if name not in names:
        raise NotFound("photo-not-found", name=name)
    if (name in shown_photos(incidents.events(work.session, incident_id))) == shown:
        return incident.version
    kind = "photo-shown" if shown else "photo-hidden"
    happening = Happening(kind, work.now, {}, {"name": name})
    return incidents.change(work.session, incident, [happening], work.actor, work.now)
