"""Tokens of machines: issued once in the open, kept as a digest, narrow, ending, revocable."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from gridtrack.access import Permission, permits, require
from gridtrack.accounts.rules import new_token, token_digest
from gridtrack.accounts.tables import ApiToken, Person
from gridtrack.audit.rules import REFUSED
from gridtrack.errors import Forbidden, Invalid, NotFound, Unauthenticated
from gridtrack.usecases.note import note
from gridtrack.work import Work

LONGEST = timedelta(days=366)
NAME_LIMIT = 80
# A token for these is asked for by the person themselves: an administrator who issues tokens must
# not read what is sealed by way of somebody else's rights.
PERSONAL = frozenset({Permission.SEE_SEALED, Permission.SEE_REPORTER})
NEVER = frozenset({Permission.ENGINE})
_EDIT = Permission.TOKENS_EDIT


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token to be issued: it can do what the person may, and of that only `permissions`."""

    person_id: int
    name: str
    permissions: Collection[Permission]
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Issued:
    """A token just made; `secret` is shown now and never again."""

    id: int
    secret: str


@dataclass(frozen=True, slots=True)
class TokenLine:
    """A token as a list shows it."""

    id: int
    name: str
    person_id: int
    person_name: str
    permissions: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


def issue_token(work: Work, given: NewToken) -> Issued:
    """Issue a token for oneself, or for anybody with `tokens-edit`.

    Raises Invalid for an empty name or list, a permission no token may have, or a span that is over
    or longer than a year; NotFound for an unknown or closed person.
    """
    own = _may(work, given.person_id)
    name = _name(given.name)
    permissions = _permissions(given.permissions, own=own)
    if not work.now < given.expires_at <= work.now + LONGEST:
        until = given.expires_at.isoformat()
        raise Invalid("token-span", field="expires_at", value=until, days=LONGEST.days)
    person = work.session.get(Person, given.person_id)
    if person is None or not person.active:
        raise NotFound("person-not-found", id=given.person_id)
    secret = new_token()
    row = ApiToken(
        name=name,
        person_id=given.person_id,
        digest=token_digest(secret),
        permissions=permissions,
        created_at=work.now,
        expires_at=given.expires_at,
    )
    work.session.add(row)
    work.session.flush()  # its id is part of the answer
    return Issued(row.id, secret)


def refuse_token(work: Work, secret: str) -> None:
    """Write down that a token came which was ours once: over, revoked, or of a left post.

    What was never a token leaves nothing: whoever guesses would fill the audit.
    """
    require(work.actor, Permission.ENGINE)
    row = work.session.scalar(select(ApiToken).where(ApiToken.digest == token_digest(secret)))
    if row is not None:
        note(work, "token-dead", f"token:{row.id}", REFUSED, person=row.person_id)


def revoke_token(work: Work, token_id: int) -> None:
    """End a token, one's own or with `tokens-edit` any; revoking it again changes nothing.

    It dies at once in this process and within a second in the others (`http.guard`).
    """
    if not work.actor.known:
        raise Unauthenticated("login-required")
    row = work.session.get(ApiToken, token_id)
    if row is None or not (_is_own(work, row.person_id) or permits(work.actor, _EDIT)):
        raise NotFound("token-not-found", id=token_id)
    if row.revoked_at is None:
        row.revoked_at = work.now
        work.session.flush()
    work.memo.forget(("token", row.digest))


def tokens_of(work: Work, person_id: int | None = None) -> tuple[TokenLine, ...]:
    """The tokens of a person, oldest first; of everybody with `tokens-edit` where none is named."""
    if person_id is None:
        require(work.actor, _EDIT)
    else:
        _may(work, person_id)
    wanted = select(ApiToken, Person.name).join(Person, Person.id == ApiToken.person_id)
    if person_id is not None:
        wanted = wanted.where(ApiToken.person_id == person_id)
    return tuple(
        TokenLine(
            token.id,
            token.name,
            token.person_id,
            person_name,
            tuple(token.permissions),
            token.created_at,
            token.expires_at,
            token.revoked_at,
        )
        for token, person_name in work.session.execute(wanted.order_by(ApiToken.id))
    )


def _is_own(work: Work, person_id: int) -> bool:
    """True for one's own tokens; a token never stands for its person here, or it could widen."""
    return work.actor.person_id == person_id and work.actor.limited_to is None


def _may(work: Work, person_id: int) -> bool:
    """True for one's own, False with `tokens-edit` for another's; raises else."""
    if _is_own(work, person_id):
        return True
    require(work.actor, _EDIT)
    return work.actor.engine  # at the console of the machine itself everything can be issued


def _name(text: str) -> str:
    name = text.strip()
    if not name:
        raise Invalid("required", field="name")
    if len(name) > NAME_LIMIT:
        raise Invalid("too-long", field="name", value=len(name), limit=NAME_LIMIT)
    return name


def _permissions(wanted: Collection[Permission], *, own: bool) -> list[str]:
    if not wanted:
        raise Invalid("required", field="permissions")
    for permission in sorted(wanted):
        if permission in NEVER:
            raise Invalid("token-permission", field="permissions", value=permission.value)
        if permission in PERSONAL and not own:
            raise Forbidden("token-personal", permission=permission.value)
    return [permission.value for permission in Permission if permission in wanted]
