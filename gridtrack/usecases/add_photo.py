"""A photo is added to an incident: cleaned, stored under its own fingerprint, written down."""

import threading
from pathlib import Path
from zoneinfo import ZoneInfo

from gridtrack.access import require_anyone
from gridtrack.errors import Invalid, NotFound
from gridtrack.incidents import store as incidents
from gridtrack.incidents.rules import Action, Happening
from gridtrack.incidents.tables import Photo
from gridtrack.photos.files import put
from gridtrack.photos.rules import Photo as Cleaned
from gridtrack.photos.rules import PhotoLimits, process
from gridtrack.queries.standing import take_up
from gridtrack.settings import Settings
from gridtrack.work import Work

STAGES = ("report", "before", "after")
MOST = 20
_DECODING = threading.Lock()


def photo_folder(work: Work) -> Path:
    """Where the photos of this deployment lie."""
    return work.settings.instance / "photos"


def clean_photo(settings: Settings, data: bytes) -> Cleaned:
    """A sent photo made safe to keep, before any transaction: decoding takes up to seconds.

    One at a time in a process: a large photo takes hundreds of megabytes while it is decoded.
    Raises Invalid for what is no photo, is too large or too small.
    """
    limits = PhotoLimits(
        max_bytes=settings.photo_max_bytes,
        max_pixels=settings.photo_max_pixels,
        zone=ZoneInfo(settings.timezone),
    )
    with _DECODING:
        return process(data, limits)


def add_photo(work: Work, incident_id: int, photo: Cleaned, stage: str = "report") -> str:
    """Add a photo by somebody who works on the incident; returns its name.

    The same photo twice is one; raises Invalid when the incident has as many as it may.
    """
    incident = take_up(work, incident_id, Action.NOTE, None)
    if stage not in STAGES:
        raise Invalid("bad-stage", field="stage", value=stage)
    name = _keep(work, incident_id, photo, stage)
    if name is None:
        raise Invalid("photos-full", field="photo", value=MOST)
    happening = Happening("photo", work.now, {}, {"name": name, "stage": stage})
    incidents.change(work.session, incident, [happening], work.actor, work.now)
    return name


def add_report_photo(work: Work, incident_id: int, photo: Cleaned, stage: str = "report") -> str:
    """Add a photo in the same work that took in the report; nobody else may use this door."""
    require_anyone(work.actor)
    incident = incidents.get(work.session, incident_id)
    if incident.reported_at != work.now or incident.reported_by != work.actor.person_id:
        raise NotFound("incident-not-found", id=incident_id)
    name = _keep(work, incident_id, photo, stage)
    if name is None:
        raise Invalid("photos-full", field="photo", value=MOST)
    return name


def _keep(work: Work, incident_id: int, photo: Cleaned, stage: str) -> str | None:
    already = incidents.photos(work.session, incident_id)
    if len(already) >= MOST:
        return None
    # The file first: a name in the database must never point at nothing.
    name = put(photo_folder(work), photo)
    if any(one.name == name for one in already):
        return name
    work.session.add(
        Photo(
            incident_id=incident_id,
            name=name,
            width=photo.width,
            height=photo.height,
            stage=stage,
            added_by=work.actor.person_id,
            added_at=work.now,
        )
    )
    work.session.flush()  # the limit is counted by a statement that does not autoflush
    return name
