"""Drafts of the next version: begun from one, changed section by section, published or dropped.

A draft is a document that could be published as it stands: what cannot be used is never kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gridtrack.access import Permission, require
from gridtrack.deadlines import policy_store as store
from gridtrack.deadlines.policy import check
from gridtrack.deadlines.policy_store import Author
from gridtrack.deadlines.tables import PolicyDraft
from gridtrack.errors import Conflict, NotFound
from gridtrack.queries.policies import row_of
from gridtrack.usecases.initialise import known
from gridtrack.usecases.policies import publish
from gridtrack.work import Work

MOST = 20


@dataclass(frozen=True, slots=True)
class Seen:
    """The draft that somebody has before them: its id and the revision they looked at."""

    id: int
    rev: int


def start_draft(work: Work, base: int | None) -> int:
    """Begin a draft from version `base`, from the one in force where none is named; its id."""
    require(work.actor, Permission.RULES_EDIT)
    if store.count_drafts(work.session) >= MOST:
        raise Conflict("policy-drafts-many", limit=MOST)
    row = row_of(work, base)
    return store.start_draft(work.session, row.body, row.version, work.now, _author(work))


def save_draft(work: Work, seen: Seen, body: Mapping[str, Any]) -> None:
    """Keep a draft as `body`.

    Raises Invalid or Rejected for its faults, Conflict where somebody changed it since, NotFound.
    """
    require(work.actor, Permission.RULES_EDIT)
    draft = _seen(work, seen)
    check(body, known(work))
    if not store.save_draft(work.session, draft, body, work.now, _author(work)):
        raise Conflict("policy-draft-changed")


def publish_draft(work: Work, seen: Seen, from_at: datetime | None, why: str) -> int:
    """Make a draft the policy from an instant, as it was looked at; returns its version."""
    require(work.actor, Permission.RULES_EDIT)
    draft = _seen(work, seen)
    version = publish(work, draft.body, from_at, why)
    store.drop_draft(work.session, draft.id)
    return version


def drop_draft(work: Work, draft_id: int) -> None:
    """Throw a draft away; raises NotFound."""
    require(work.actor, Permission.RULES_EDIT)
    store.drop_draft(work.session, draft_of(work, draft_id).id)


def draft_of(work: Work, draft_id: int) -> PolicyDraft:
    """A draft; raises NotFound."""
    require(work.actor, Permission.RULES_EDIT)
    found = store.draft(work.session, draft_id)
    if found is None:
        raise NotFound("policy-draft-not-found", value=draft_id)
    return found


def _seen(work: Work, seen: Seen) -> PolicyDraft:
    draft = draft_of(work, seen.id)
    if draft.rev != seen.rev:
        raise Conflict("policy-draft-changed")
    return draft


def _author(work: Work) -> Author:
    return Author(work.actor.person_id, work.actor.name)
