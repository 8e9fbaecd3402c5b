"""Saving and finding voice notes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gridtrack.db.sql import table_of
from gridtrack.errors import NotFound
from gridtrack.voices.rules import Voice
from gridtrack.voices.tables import VoiceNote

NOTE = table_of(VoiceNote)


@dataclass(frozen=True, slots=True)
class Recording:
    """A voice note without its sound."""

    id: int
    mime: str
    seconds: int
    added_at: datetime


def count(session: Session, incident_id: int) -> int:
    """How many voice notes a matter has."""
    wanted = select(func.count()).where(NOTE.c.incident_id == incident_id)
    return session.scalar(wanted) or 0


def add(session: Session, incident_id: int, voice: Voice, *, by: int | None, at: datetime) -> None:
    """Keep a voice note; the same sound twice is one."""
    there = (NOTE.c.incident_id == incident_id, NOTE.c.sha256 == voice.sha256)
    if session.scalar(select(NOTE.c.id).where(*there)) is not None:
        return
    row = {"incident_id": incident_id, "mime": voice.mime, "seconds": voice.seconds}
    kept = {"sha256": voice.sha256, "body": voice.data, "added_by": by, "added_at": at}
    session.execute(NOTE.insert(), {**row, **kept})


def notes(session: Session, incident_id: int) -> Sequence[Recording]:
    """The voice notes of a matter, oldest first."""
    columns = (NOTE.c.id, NOTE.c.mime, NOTE.c.seconds, NOTE.c.added_at)
    wanted = select(*columns).where(NOTE.c.incident_id == incident_id).order_by(NOTE.c.id)
    return [Recording(*row) for row in session.execute(wanted)]


def sound(session: Session, incident_id: int, note_id: int) -> tuple[bytes, str]:
    """The sound of a note and its type; raises NotFound."""
    wanted = select(NOTE.c.body, NOTE.c.mime)
    where = (NOTE.c.id == note_id, NOTE.c.incident_id == incident_id)
    found = session.execute(wanted.where(*where)).one_or_none()
    if found is None:
        raise NotFound("voice-not-found", id=note_id)
    return bytes(found.body), found.mime
