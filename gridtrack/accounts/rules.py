"""Passwords, tokens and who counts as present. Pure, but for the argon2 hashing itself."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from gridtrack.accounts.passwords import check_password

NO_PASSWORD = "!"  # noqa: S105 - of who was invited and has not come yet: fits nothing
TOKEN_PREFIX = "gt_"  # noqa: S105 - marks a token in a log scanner, is none
# 19 MiB and two passes: OWASP's floor for argon2id, bearable on a two-core village server.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who holds a post now; `present` is False on leave or with the account closed.

    Where a roster governs: `off_shift` is who is not on shift, `until` the begin of the next shift,
    or the end of the one that runs.
    """

    person_id: int
    name: str
    role: str
    scope: str
    deputy: bool
    present: bool
    zone: str | None
    off_shift: bool = False
    until: datetime | None = None
    barred: bool = False  # a matter is about them, or about whose post they share


def hash_password(password: str, known: Sequence[str] = ()) -> str:
    """An argon2id hash; raises Invalid for a password that is easily guessed by `known` or at all.

    `known` are login, name and telephone.
    """
    check_password(password, known)
    return _HASHER.hash(password)


def renewed(stored: str, password: str) -> str:
    """The hash of a password that fits, made anew where the one stored is of weaker settings."""
    return _HASHER.hash(password) if _HASHER.check_needs_rehash(stored) else stored


def password_fits(stored: str, password: str) -> bool:
    """True when `password` is the one hashed as `stored`."""
    try:
        return _HASHER.verify(stored, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


NOBODY_HASH = _HASHER.hash(secrets.token_hex(16))
"""A hash to check against when the login is unknown, so that both answers take the same time."""


def new_token() -> str:
    """A token to show once: 32 random bytes behind a recognisable prefix."""
    return TOKEN_PREFIX + secrets.token_urlsafe(32)


def token_digest(token: str) -> str:
    """What is stored of a token; plain SHA-256 is enough for 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()
