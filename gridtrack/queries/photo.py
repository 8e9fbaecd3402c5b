"""A photo for somebody who may see its incident."""

from pathlib import Path

from sqlalchemy import select

from gridtrack.audit.rules import Note
from gridtrack.errors import NotFound
from gridtrack.incidents import store as incidents
from gridtrack.incidents.tables import Photo
from gridtrack.photos.files import path_of
from gridtrack.queries.standing import may_see
from gridtrack.queries.who_sees import SEALED
from gridtrack.work import Work


def photo_path(work: Work, incident_id: int, name: str, *, thumb: bool = False) -> Path:
    """The file of a photo of this incident; NotFound where there is none to see."""
    incident = incidents.get(work.session, incident_id)
    known = work.session.scalar(
        select(Photo.id).where(Photo.incident_id == incident_id, Photo.name == name)
    )
    if known is None or not may_see(work, incident):
        raise NotFound("photo-not-found", name=name)
    if incident.sensitivity >= SEALED and not thumb:
        work.notes.append(Note("read-sealed", f"incident:{incident_id}", details={"photo": True}))
    return path_of(work.settings.instance / "photos", name, thumb=thumb)
