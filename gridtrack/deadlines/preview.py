"""When clocks that run would have been due under another version of the policy. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from gridtrack.deadlines.calendar import WorkingTime
from gridtrack.deadlines.counting import count
from gridtrack.deadlines.policy_parts import Policy
from gridtrack.deadlines.rules import Kind
from gridtrack.limits import Limit


@dataclass(frozen=True, slots=True)
class Promised:
    """What was promised of a matter, and what the promise was made from.

    `usual` are the limits that stand with its category and filing condition.
    """

    kind: Kind
    started_at: datetime
    category: str
    path: str
    sensitivity: int
    usual: Mapping[Kind, Limit | None]
    condition: str = ""


def limit_under(policy: Policy, one: Promised) -> Limit | None:
    """The limit of a clock under a version: its own, else the category's, else the default."""
    own = policy.limit(one.kind, one.category, one.path, one.condition)
    default = policy.acknowledge_default if one.kind is Kind.ACKNOWLEDGE else None
    return own or one.usual.get(one.kind) or default


def due_under(policy: Policy, one: Promised, working: Mapping[str, WorkingTime]) -> datetime | None:
    """When a clock that began then is due under a version; None: that keeps no such clock."""
    limit = limit_under(policy, one)
    ladder = policy.ladder(
        one.kind, sensitivity=one.sensitivity, category=one.category, path=one.path
    )
    if limit is None or ladder is None:
        return None
    code = policy.calendar(one.kind, limit.unit)
    return count(limit, one.started_at, code, working).due_at
