"""Invitations: a link, good once and for three days, by which somebody sets a password."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from gridtrack.access import Permission, require, require_anyone
from gridtrack.accounts import sessions
from gridtrack.accounts.rules import hash_password, new_token, token_digest
from gridtrack.accounts.tables import Invitation, Person
from gridtrack.audit.rules import LOG_IN
from gridtrack.errors import Conflict, NotFound
from gridtrack.usecases.note import note
from gridtrack.work import Work

GOOD_FOR = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation just made; `secret` is shown now and never again."""

    secret: str
    expires_at: datetime


def invite(work: Work, person_id: int) -> Invited:
    """Make a link for somebody; those made before are worth nothing from now on."""
    require(work.actor, Permission.PEOPLE_EDIT)
    person = work.session.get(Person, person_id)
    if person is None:
        raise NotFound("no-such-person", field="person", value=person_id)
    if not person.active:
        raise Conflict("person-locked")
    waiting = (Invitation.person_id == person_id) & Invitation.used_at.is_(None)
    work.session.execute(update(Invitation).where(waiting).values(used_at=work.now))
    secret = new_token()
    until = work.now + GOOD_FOR
    work.session.add(
        Invitation(
            person_id=person_id,
            digest=token_digest(secret),
            made_at=work.now,
            expires_at=until,
            used_at=None,
        )
    )
    note(work, "invitation", f"person:{person_id}")
    return Invited(secret, until)


def who_is_invited(work: Work, secret: str) -> str:
    """The login that an invitation is for; raises NotFound once it is used or over."""
    require_anyone(work.actor)
    return _good(work, secret)[1].login


def accept_invitation(work: Work, secret: str, password: str) -> None:
    """Set the password; the link is used up, and what was logged in with the old one is over.

    Raises NotFound for a link that is used or over, Invalid for a weak password.
    """
    require_anyone(work.actor)
    row, person = _good(work, secret, locked=True)
    person.password_hash = hash_password(password, (person.login, person.name, person.phone))
    row.used_at = work.now
    sessions.end_all(work.session, person.id, "invitation", work.now)
    work.session.flush()
    note(work, f"{LOG_IN}-invitation", f"person:{person.id}")


def _good(work: Work, secret: str, *, locked: bool = False) -> tuple[Invitation, Person]:
    wanted = select(Invitation).where(Invitation.digest == token_digest(secret))
    row = work.session.scalar(wanted.with_for_update() if locked else wanted)
    if row is None or row.used_at is not None or row.expires_at <= work.now:
        raise NotFound("invitation-gone")
    person = work.session.get(Person, row.person_id)
    if person is None or not person.active:
        raise NotFound("invitation-gone")
    return row, person
