"""Saving and loading versions of the policy, and the drafts of the next ones."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from gridtrack.db.sql import table_of
from gridtrack.deadlines.tables import PolicyDraft, PolicyVersion

_VERSION, _DRAFT = table_of(PolicyVersion), table_of(PolicyDraft)


@dataclass(frozen=True, slots=True)
class Author:
    """Who publishes, withdraws or edits, as it stays on record."""

    id: int | None
    name: str


def digest(body: Mapping[str, Any], again: int = 0) -> str:
    """What a document is told by; `again` makes one of its own where it is published anew."""
    text = json.dumps(body, sort_keys=True) + (f"#{again}" if again else "")
    return hashlib.sha256(text.encode()).hexdigest()


def versions(session: Session) -> Sequence[PolicyVersion]:
    """Every version, in the order in which they come into force; withdrawn ones too."""
    return session.scalars(
        select(PolicyVersion).order_by(PolicyVersion.from_at, PolicyVersion.version)
    ).all()


def version(session: Session, number: int) -> PolicyVersion | None:
    """A version by its number."""
    return session.get(PolicyVersion, number)


@dataclass(frozen=True, slots=True)
class Publication:
    """A document that a person makes the policy: from when, by whom and why."""

    body: Mapping[str, Any]
    from_at: datetime
    author: Author
    why: str


def publish(session: Session, one: Publication, at: datetime) -> int:
    """Store what is published; returns its version. The caller keeps everybody else out."""
    print_of = digest(one.body)
    if known(session, one.body):
        print_of = digest(one.body, again=len(versions(session)))
    statement = _VERSION.insert().values(
        digest=print_of,
        from_at=one.from_at,
        body=dict(one.body),
        recorded_at=at,
        author_id=one.author.id,
        author_name=one.author.name[:80],
        why=one.why,
    )
    number: int = session.execute(statement.returning(_VERSION.c.version)).scalar_one()
    return number


def withdraw(session: Session, number: int, at: datetime, by: Author, why: str) -> None:
    """Let a version never come into force."""
    session.execute(
        update(_VERSION)
        .where(_VERSION.c.version == number)
        .values(withdrawn_at=at, withdrawn_by=by.name[:80], withdrawn_why=why)
    )


def published_by_people(session: Session) -> bool:
    """True when somebody has published a version: then the file is the first one and no more."""
    found = select(_VERSION.c.version).where(_VERSION.c.author_name != "").limit(1)
    return session.scalar(found) is not None


def known(session: Session, body: Mapping[str, Any]) -> bool:
    """True when this very document is a version."""
    found = select(_VERSION.c.version).where(_VERSION.c.digest == digest(body))
    return session.scalar(found) is not None


def drafts(session: Session) -> Sequence[PolicyDraft]:
    """Every draft, the last changed first."""
    return session.scalars(
        select(PolicyDraft).order_by(PolicyDraft.changed_at.desc(), PolicyDraft.id.desc())
    ).all()


def draft(session: Session, number: int) -> PolicyDraft | None:
    """A draft by its id."""
    return session.get(PolicyDraft, number)


def start_draft(
    session: Session, body: Mapping[str, Any], base: int, at: datetime, by: Author
) -> int:
    """Begin a draft from a version; returns its id."""
    statement = _DRAFT.insert().values(
        base=base, body=dict(body), rev=1, author_name=by.name[:80], made_at=at, changed_at=at
    )
    number: int = session.execute(statement.returning(_DRAFT.c.id)).scalar_one()
    return number


def save_draft(
    session: Session, draft: PolicyDraft, body: Mapping[str, Any], at: datetime, by: Author
) -> bool:
    """Keep a draft as changed from its revision; False where somebody changed it since."""
    done = session.execute(
        update(_DRAFT)
        .where(_DRAFT.c.id == draft.id, _DRAFT.c.rev == draft.rev)
        .values(body=dict(body), rev=draft.rev + 1, changed_at=at, author_name=by.name[:80])
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]


def drop_draft(session: Session, number: int) -> None:
    """Throw a draft away."""
    session.execute(delete(_DRAFT).where(_DRAFT.c.id == number))


def count_drafts(session: Session) -> int:
    """How many drafts there are."""
    return session.scalar(select(func.count()).select_from(_DRAFT)) or 0
