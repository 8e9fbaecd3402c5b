"""Somebody says who they are: with a password, and from when on in which browser.

The password is checked outside any transaction, for that takes as long as it is meant to take. What
is answered, and after how long, is the same for a name that nobody has.
"""

from dataclasses import dataclass
from datetime import timedelta

from gridtrack.access import require_anyone
from gridtrack.accounts import sessions
from gridtrack.accounts import store as accounts
from gridtrack.accounts.log_in_rules import Device, tried_keys
from gridtrack.accounts.rules import NO_PASSWORD, NOBODY_HASH, password_fits, renewed
from gridtrack.accounts.tables import Person
from gridtrack.audit.rules import LOG_IN, REFUSED
from gridtrack.usecases.note import note
from gridtrack.work import Work

KEPT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is said to be there, and what the password must fit; `wait_s`: too many tries."""

    login: str
    person_id: int | None
    stored: str
    wait_s: int


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """What came of it: the key of the session, or none."""

    key: str | None
    wait_s: int = 0


def ask_to_log_in(work: Work, login: str, device: Device) -> Asked:
    """What there is to check; for an unknown name a hash that fits nothing."""
    require_anyone(work.actor)
    wait_s = sessions.waits(work.session, tried_keys(login, device.address), work.now)
    person = accounts.by_login(work.session, login.strip())
    if person is None or person.password_hash == NO_PASSWORD:
        return Asked(login, None, NOBODY_HASH, wait_s)
    return Asked(login, person.id, person.password_hash, wait_s)


def is_right(asked: Asked, password: str) -> bool:
    """True for the right password; while there is a wait nothing is tried."""
    return asked.wait_s == 0 and password_fits(asked.stored, password)


def log_in(work: Work, asked: Asked, device: Device, *, right: bool, password: str) -> LoggedIn:
    """Open a session, or count the failure; both are in the audit."""
    require_anyone(work.actor)
    person = work.session.get(Person, asked.person_id) if asked.person_id is not None else None
    known = f"person:{person.id}" if person is not None else ""
    if person is None or not right or not person.active:
        if not asked.wait_s:
            sessions.failed(work.session, tried_keys(asked.login, device.address), work.now)
        note(work, LOG_IN, known, REFUSED, waited=bool(asked.wait_s))
        return LoggedIn(None, asked.wait_s)
    sessions.succeeded(work.session, tried_keys(asked.login, device.address)[0][1])
    sessions.forget(work.session, person.id, work.now - KEPT)
    if work.settings.one_session:
        sessions.end_all(work.session, person.id, "elsewhere", work.now)
    person.password_hash = renewed(person.password_hash, password)
    note(work, LOG_IN, known)
    return LoggedIn(sessions.begin(work.session, person.id, device, work.now))
