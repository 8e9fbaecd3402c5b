"""The scopes in a policy document follow grids that got other paths. Pure, and then the store."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from gridtrack.db.sql import one_at_a_time
from gridtrack.deadlines import policy_store as store
from gridtrack.deadlines.policy_store import Author, Publication
from gridtrack.deadlines.tables import PolicyVersion

SCOPED = ("limit", "ladder")
NOBODY = Author(None, "")


@dataclass(frozen=True, slots=True)
class Followed:
    """What was published in the place of what, and how many limits and ladders it was about."""

    versions: tuple[tuple[int, int], ...] = ()  # the one before, the one after
    scopes: int = 0
    drafts: tuple[int, ...] = ()


def renamed(body: Mapping[str, Any], moves: Mapping[str, str]) -> tuple[dict[str, Any], int]:
    """The document with its scopes by their new paths, and how many have one."""
    new = deepcopy(dict(body))
    count = 0
    for name in SCOPED:
        for one in new.get(name, ()):
            if one.get("scope") in moves:
                one["scope"] = moves[one["scope"]]
                count += 1
    return new, count


def follow(session: Session, moves: Mapping[str, str], at: datetime, why: str) -> Followed:
    """Publish the version in force anew from `at` with the new paths, and each that is to come.

    A published version is never edited: what was promised under it stays as it was promised.
    """
    one_at_a_time(session, "policies")
    standing = [one for one in store.versions(session) if one.withdrawn_at is None]
    begun = [one for one in standing if one.from_at <= at][-1:]
    to_come = [one for one in standing if one.from_at > at]
    done, scopes = [], 0
    for one in (*begun, *to_come):
        body, count = renamed(one.body, moves)
        if not count:
            continue
        scopes += count
        done.append((one.version, _again(session, one, Publication(body, at, NOBODY, why), at)))
    return Followed(tuple(done), scopes, _drafts(session, moves, at))


def _again(session: Session, one: PolicyVersion, made: Publication, at: datetime) -> int:
    """Publish in the place of `one`; what had not begun is withdrawn and begins when it would."""
    author = Author(one.author_id, one.author_name)
    if one.from_at > at:
        store.withdraw(session, one.version, at, author, made.why)
        return store.publish(session, replace(made, from_at=one.from_at, author=author), at)
    return store.publish(session, replace(made, author=author), at)


def _drafts(session: Session, moves: Mapping[str, str], at: datetime) -> tuple[int, ...]:
    done = []
    for draft in store.drafts(session):
        body, count = renamed(draft.body, moves)
        author = Author(None, draft.author_name)
        if count and store.save_draft(session, draft, body, at, author):
            done.append(draft.id)
    return tuple(done)
