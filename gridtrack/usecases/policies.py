"""Versions of the policy: publish one from an instant, withdraw one that is not in force yet.

A published version is never edited: who wants it otherwise publishes another. What was promised
stays as it was promised, whatever is published later.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from gridtrack.access import Permission, require
from gridtrack.db.sql import one_at_a_time
from gridtrack.deadlines import policy_store as store
from gridtrack.deadlines.policy import check, load, parse
from gridtrack.deadlines.policy_diff import differences
from gridtrack.deadlines.policy_parts import Policy
from gridtrack.deadlines.policy_store import Author, Publication
from gridtrack.deadlines.tables import PolicyVersion
from gridtrack.errors import Conflict, Invalid, NotFound
from gridtrack.usecases.initialise import known
from gridtrack.work import Work

# Another process may know the versions as they were a second ago.
SETTLED = timedelta(seconds=2)
_WHY = 500


def check_text(work: Work, text: str) -> dict[str, Any]:
    """The document in a TOML text; raises Invalid, or Rejected with every fault."""
    require(work.actor, Permission.RULES_EDIT)
    return load(text, known(work))


def publish(work: Work, body: Mapping[str, Any], from_at: datetime | None, why: str) -> int:
    """Make a document the policy from `from_at`, from now where that is None; returns its version.

    Raises Invalid for a fault in it, an instant in the past or one another version begins at, a
    document that changes nothing, or a missing reason.
    """
    require(work.actor, Permission.RULES_EDIT)
    check(body, known(work))
    why = _reason(why)
    one_at_a_time(work.session, "policies")
    begin = work.now if from_at is None else from_at
    if begin < work.now:
        raise Invalid("policy-from-past", field="from", value=begin.isoformat(timespec="minutes"))
    standing = [one for one in store.versions(work.session) if one.withdrawn_at is None]
    for one in standing:
        if one.from_at == begin:
            value = begin.isoformat(timespec="minutes")
            raise Invalid("policy-same-instant", field="from", value=value, version=one.version)
    before = [one for one in standing if one.from_at < begin]
    if before and not differences(_policy(before[-1]), parse(body, 0)):
        raise Invalid("policy-unchanged", field="policy", value=before[-1].version)
    number = store.publish(work.session, Publication(body, begin, _author(work), why), work.now)
    work.memo.forget("policies")
    return number


def withdraw(work: Work, version: int, why: str) -> None:
    """Let a version that is not in force yet never come into force.

    Raises NotFound, Conflict where it is in force or withdrawn already, Invalid without a reason.
    """
    require(work.actor, Permission.RULES_EDIT)
    why = _reason(why)
    one_at_a_time(work.session, "policies")
    found = store.version(work.session, version)
    if found is None:
        raise NotFound("policy-not-found", value=version)
    if found.withdrawn_at is not None:
        raise Conflict("policy-withdrawn", version=version)
    if found.from_at <= work.now + SETTLED:
        raise Conflict("policy-in-force", version=version)
    store.withdraw(work.session, version, work.now, _author(work), why)
    work.memo.forget("policies")


def _policy(row: PolicyVersion) -> Policy:
    return parse(row.body, row.version)


def _author(work: Work) -> Author:
    return Author(work.actor.person_id, work.actor.name or "gridtrack")


def _reason(why: str) -> str:
    if not why.strip():
        raise Invalid("required", field="why")
    return " ".join(why.split())[:_WHY]
