"""A person's in-app inbox of notices, in words."""

from dataclasses import dataclass
from datetime import datetime

from gridtrack.errors import Unauthenticated
from gridtrack.notifications import store as notifications
from gridtrack.queries.wording import wording
from gridtrack.work import Work


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice; sealed matters show number and class group only."""

    id: int
    title: str
    text: str
    incident_id: int | None
    at: datetime
    read: bool


def notices(work: Work, locale: str) -> tuple[Notice, ...]:
    """The newest notices of the actor."""
    me = work.actor.person_id
    if me is None:
        raise Unauthenticated("login-required")
    found = []
    for message in notifications.notices(work.session, me):
        title, text = wording(work, message.kind, message.facts, locale)
        read = message.read_at is not None
        found.append(Notice(message.id, title, text, message.incident_id, message.created_at, read))
    return tuple(found)
