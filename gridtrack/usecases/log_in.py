"""Somebody says who they are."""

from gridtrack.access import require_anyone
from gridtrack.accounts import store as accounts
from gridtrack.accounts.rules import NOBODY_HASH, password_fits
from gridtrack.errors import Unauthenticated
from gridtrack.work import Work


def log_in(work: Work, login: str, password: str) -> int:
    """The id of the person; one and the same error, in the same time, whatever was wrong."""
    require_anyone(work.actor)
    person = accounts.by_login(work.session, login.strip())
    stored = person.password_hash if person is not None else NOBODY_HASH
    fits = password_fits(stored, password)
    if person is None or not fits or not person.active:
        raise Unauthenticated("login-wrong")
    return person.id
