"""A few numbers changed in the policy in force, as the page for forecasts offers them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from gridtrack.access import Permission, require
from gridtrack.categories import store as categories
from gridtrack.deadlines import store as deadlines
from gridtrack.deadlines.policy import check, parse
from gridtrack.deadlines.policy_parts import OwnLimit, Policy
from gridtrack.deadlines.rules import Kind, Ladder
from gridtrack.errors import Invalid
from gridtrack.limits import AMOUNT_MAX, Limit, Unit
from gridtrack.queries import policies
from gridtrack.usecases.initialise import known
from gridtrack.work import Work

WAIT_MOST = 1440  # minutes that a rung may wait on the page


@dataclass(frozen=True, slots=True)
class Change:
    """Minutes to acknowledge, minutes that each rung waits, and rungs left out."""

    limit: int | None = None
    waits: Mapping[str, int] = field(default_factory=dict)
    without: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Step:
    """A rung of the ordinary ladder as it is now."""

    code: str
    role: str
    wait: int


@dataclass(frozen=True, slots=True)
class Present:
    """What the page can change: the usual limit, for how many kinds of matter, and the rungs.

    `other` where the document is not the one in force.
    """

    policy: Policy
    other: bool
    limit: Limit
    kinds: int
    steps: tuple[Step, ...]


def document(work: Work, version: int | None, draft_id: int | None) -> Policy | None:
    """The policy of a version or a draft; None where neither is named.

    Raises NotFound, and Rejected with the faults of a draft that could not be published.
    """
    if draft_id is not None:
        return check(policies.draft_page(work, draft_id, "en").body, known(work))
    return None if version is None else parse(policies.body_of(work, version), version)


def present(work: Work, other: Policy | None = None) -> Present:
    """The numbers of the policy in force, or of another document."""
    require(work.actor, Permission.FORECAST)
    policy = other or deadlines.policy_at(work.session, work.memo, work.now)
    steps = tuple(
        Step(rung.code, rung.role, int(rung.after / timedelta(minutes=1)))
        for rung in _ordinary(policy).rungs
    )
    usual = policy.acknowledge_default
    return Present(policy, other is not None, usual, len(_usual(work, policy)), steps)


def changed(work: Work, now: Present, change: Change) -> Policy | None:
    """The document with these numbers; None where that is what is in force already.

    The limit is for the kinds of matter that have the usual one now. Raises Invalid.
    """
    require(work.actor, Permission.FORECAST)
    ladder = _ladder(_ordinary(now.policy), change)
    limits = now.policy.limits
    if change.limit is not None and Limit(change.limit, Unit.MINUTE) != now.limit:
        if not 0 < change.limit <= AMOUNT_MAX:
            raise Invalid(
                "category-limit-range", field="limit", value=change.limit, limit=AMOUNT_MAX
            )
        limit = Limit(change.limit, Unit.MINUTE)
        # Before the policy's own: of two lines that fit alike the first counts.
        own = [OwnLimit(Kind.ACKNOWLEDGE, limit, code) for code in _usual(work, now.policy)]
        limits = (*own, *limits)
    if ladder == _ordinary(now.policy) and limits == now.policy.limits:
        return now.policy if now.other else None
    ladders = {**now.policy.ladders, ladder.code: ladder}
    return replace(now.policy, version=0, ladders=ladders, limits=limits)


def _ordinary(policy: Policy) -> Ladder:
    found = policy.ladder(Kind.ACKNOWLEDGE)
    assert found is not None  # a policy without one is refused
    return found


def _usual(work: Work, policy: Policy) -> list[str]:
    """The categories that have the usual limit now."""
    tree = categories.tree(work.memo, work.settings.instance)
    usual = policy.acknowledge_default
    return [
        code
        for code, one in tree.categories.items()
        if (policy.limit(Kind.ACKNOWLEDGE, code, "") or one.acknowledge or usual) == usual
    ]


def _ladder(ladder: Ladder, change: Change) -> Ladder:
    for code, wait in change.waits.items():
        if not 0 <= wait <= WAIT_MOST:
            raise Invalid("out-of-range", field=f"wait-{code}", value=wait, least=0, most=WAIT_MOST)
    rungs = tuple(
        replace(rung, after=timedelta(minutes=change.waits[rung.code]))
        if rung.code in change.waits
        else rung
        for rung in ladder.rungs
        if rung.code not in change.without
    )
    if not rungs:
        raise Invalid("ladder-empty", field="without")
    return replace(ladder, rungs=rungs)
