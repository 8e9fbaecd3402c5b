"""Somebody has looked at their notices. That stops no clock: only acknowledging does."""

from gridtrack.errors import Unauthenticated
from gridtrack.notifications import store as notifications
from gridtrack.work import Work


def read_notices(work: Work) -> None:
    """Mark the actor's notices as read."""
    if work.actor.person_id is None:
        raise Unauthenticated("login-required")
    notifications.mark_read(work.session, work.actor.person_id, work.now)
