"""Versions of the policy as people read them: which is in force, who made it, what it changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gridtrack.access import Permission, Role, require
from gridtrack.deadlines import policy_store as store
from gridtrack.deadlines.policy import parse
from gridtrack.deadlines.policy_diff import Change, differences
from gridtrack.deadlines.policy_parts import DEFAULT, SEALED, UNROUTED, Policy
from gridtrack.deadlines.policy_write import toml
from gridtrack.deadlines.rules import Kind
from gridtrack.deadlines.tables import PolicyDraft, PolicyVersion
from gridtrack.errors import NotFound
from gridtrack.queries.policy_scopes import StrangeScope, strange_scopes
from gridtrack.queries.policy_words import PolicyWords
from gridtrack.work import Work

MADE_FOR = (DEFAULT, SEALED, UNROUTED)
# Administrators keep the machine, not the matters.
_STAND = tuple(role for role in Role if role not in {Role.SYSTEM, Role.SECURITY, Role.AUDIT})


@dataclass(frozen=True, slots=True)
class Version:
    """One version in the list. `state`: in-force, scheduled, followed or withdrawn.

    `until_at` is when another follows it; `changes` is what it says otherwise than the one before.
    """

    version: int
    name: str
    state: str
    from_at: datetime
    until_at: datetime | None
    recorded_at: datetime | None
    author: str
    why: str
    withdrawn_at: datetime | None
    withdrawn_by: str
    withdrawn_why: str
    follows: int | None
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PoliciesPage:
    """Every version, the newest to begin first, and the drafts."""

    versions: tuple[Version, ...]
    drafts: tuple[PolicyDraft, ...]


@dataclass(frozen=True, slots=True)
class VersionPage:
    """One version whole: what it changed, and its document as it can be taken along."""

    one: Version
    document: str


@dataclass(frozen=True, slots=True)
class LadderLine:
    """A ladder in the list of a draft: what it is for and who stands on it, in words."""

    code: str
    made_for: str
    rungs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DraftPage:
    """A draft: what it says otherwise than the version it began as, and its ladders."""

    id: int
    rev: int
    base: int
    name: str
    author: str
    changed_at: datetime
    body: Mapping[str, Any]
    changes: tuple[str, ...]
    ladders: tuple[LadderLine, ...]
    strange: tuple[StrangeScope, ...]  # places that are no grid, with what is near


@dataclass(frozen=True, slots=True)
class Choices:
    """What the fields of an editor may be, code and word."""

    calendars: tuple[tuple[str, str], ...]
    categories: tuple[tuple[str, str], ...]
    conditions: tuple[tuple[str, str], ...]
    clocks: tuple[tuple[str, str], ...]
    made_for: tuple[tuple[str, str], ...]
    roles: tuple[tuple[str, str], ...]


def policies_page(work: Work, locale: str) -> PoliciesPage:
    """The list of versions with what each changed, in words."""
    require(work.actor, Permission.RULES_EDIT)
    rows = store.versions(work.session)
    return PoliciesPage(_listed(work, rows, locale), tuple(store.drafts(work.session)))


def version_page(work: Work, version: int, locale: str) -> VersionPage:
    """One version; raises NotFound."""
    require(work.actor, Permission.RULES_EDIT)
    row = row_of(work, version)
    listed = _listed(work, store.versions(work.session), locale)
    return VersionPage(next(o for o in listed if o.version == version), toml(row.body))


def draft_page(work: Work, draft_id: int, locale: str) -> DraftPage:
    """A draft; raises NotFound."""
    require(work.actor, Permission.RULES_EDIT)
    draft = store.draft(work.session, draft_id)
    if draft is None:
        raise NotFound("policy-draft-not-found", value=draft_id)
    words = PolicyWords.of(work, locale)
    policy = parse(draft.body, 0)
    changes = words.changes(differences(_policy(row_of(work, draft.base)), policy))
    return DraftPage(
        id=draft.id,
        rev=draft.rev,
        base=draft.base,
        name=str(draft.body.get("name", "")),
        author=draft.author_name,
        changed_at=draft.changed_at,
        body=draft.body,
        changes=tuple(changes),
        ladders=tuple(
            LadderLine(one.code, words.ladder_for(one), tuple(words.rung(r) for r in one.rungs))
            for one in policy.ladders.values()
        ),
        strange=strange_scopes(work, policy, locale),
    )


def choices(work: Work, locale: str) -> Choices:
    """What an editor offers, in the reader's words."""
    require(work.actor, Permission.RULES_EDIT)
    words = PolicyWords.of(work, locale)
    tree = words.tree
    codes = sorted([*tree.groups, *tree.categories])
    return Choices(
        calendars=tuple(words.calendars.items()),
        categories=tuple((code, words.category(code)) for code in codes),
        conditions=tuple(
            (one.code, f"{one.code} {one.name(locale)} ({category.name(locale)})")
            for category in tree.categories.values()
            for one in category.conditions
        ),
        clocks=tuple((kind.value, words.clock(kind.value)) for kind in Kind),
        made_for=tuple((one, words.say(f"policy-for-{one}")) for one in MADE_FOR),
        roles=tuple((role.value, words.who(role.value, deputy=False)) for role in _STAND),
    )


def versions(work: Work, locale: str) -> tuple[Version, ...]:
    """Every version, the first to begin first."""
    require(work.actor, Permission.RULES_EDIT)
    return _listed(work, store.versions(work.session), locale)[::-1]


def body_of(work: Work, version: int | None = None) -> Mapping[str, Any]:
    """The document of a version, of the one in force where none is named; raises NotFound."""
    require(work.actor, Permission.RULES_EDIT)
    return row_of(work, version).body


def row_of(work: Work, version: int | None = None) -> PolicyVersion:
    """A version, the one in force where none is named; raises NotFound."""
    require(work.actor, Permission.RULES_EDIT)
    if version is not None:
        found = store.version(work.session, version)
    else:
        begun = [
            one
            for one in store.versions(work.session)
            if one.withdrawn_at is None and one.from_at <= work.now
        ]
        found = begun[-1] if begun else None
    if found is None:
        raise NotFound("policy-not-found", value=version)
    return found


def compared(work: Work, one: int, other: int) -> list[Change]:
    """What version `other` says otherwise than `one`; raises NotFound."""
    require(work.actor, Permission.RULES_EDIT)
    return differences(_policy(row_of(work, one)), _policy(row_of(work, other)))


def _policy(row: PolicyVersion) -> Policy:
    return parse(row.body, row.version)


def _listed(work: Work, rows: Sequence[PolicyVersion], locale: str) -> tuple[Version, ...]:
    words = PolicyWords.of(work, locale)
    standing = [one for one in rows if one.withdrawn_at is None]
    parsed = {one.version: _policy(one) for one in rows}
    found = []
    for row in rows:
        before = [one for one in standing if _begins(one) < _begins(row)]
        after = [one for one in standing if _begins(one) > _begins(row)]
        changes: list[str] = []
        if before:
            changed = differences(parsed[before[-1].version], parsed[row.version])
            changes = words.changes(changed)
        found.append(
            Version(
                version=row.version,
                name=str(row.body.get("name", "")),
                state=_state(row, after[0] if after else None, work.now),
                from_at=row.from_at,
                until_at=after[0].from_at if after and row.withdrawn_at is None else None,
                recorded_at=row.recorded_at,
                author=row.author_name,
                why=row.why,
                withdrawn_at=row.withdrawn_at,
                withdrawn_by=row.withdrawn_by,
                withdrawn_why=row.withdrawn_why,
                follows=before[-1].version if before else None,
                changes=tuple(changes),
            )
        )
    return tuple(reversed(found))


def _begins(row: PolicyVersion) -> tuple[datetime, int]:
    return (row.from_at, row.version)


def _state(row: PolicyVersion, after: PolicyVersion | None, now: datetime) -> str:
    if row.withdrawn_at is not None:
        return "withdrawn"
    if row.from_at > now:
        return "scheduled"
    return "in-force" if after is None or after.from_at > now else "followed"
