"""Somebody changes their own password: the old one is asked, other sessions are over."""

from gridtrack.accounts import sessions
from gridtrack.accounts.rules import hash_password
from gridtrack.accounts.tables import Person
from gridtrack.audit.rules import REFUSED
from gridtrack.errors import TooMany, Unauthenticated
from gridtrack.usecases.note import note
from gridtrack.work import Work

ACT = "password-own"


def stored_password(work: Work) -> str:
    """The hash that the old password must fit; raises TooMany after too many wrong ones."""
    me = _me(work)
    wait_s = sessions.waits(work.session, [_key(me)], work.now)
    if wait_s:
        raise TooMany("login-slow", retry_after_s=wait_s)
    person = work.session.get(Person, me)
    assert person is not None
    return person.password_hash


def change_own_password(work: Work, password: str, *, right: bool, session_id: int | None) -> bool:
    """Set a new password where the old one was right; False, and a failure counted, where not.

    Raises Invalid for a weak one.
    """
    me = _me(work)
    if not right:
        sessions.failed(work.session, [_key(me)], work.now)
        note(work, ACT, f"person:{me}", REFUSED)
        return False
    person = work.session.get(Person, me)
    assert person is not None
    person.password_hash = hash_password(password, (person.login, person.name, person.phone))
    sessions.end_all(work.session, me, "password", work.now, but=session_id)
    sessions.succeeded(work.session, _key(me)[1])
    work.session.flush()
    note(work, ACT, f"person:{me}")
    return True


def _key(me: int) -> tuple[str, str]:
    return "account", f"own:{me}"


def _me(work: Work) -> int:
    if work.actor.person_id is None or work.actor.limited_to is not None:
        raise Unauthenticated("login-required")
    return work.actor.person_id
