"""What names grids by their paths follows where an edition only gave them others. A step.

Posts have dates and follow at the very instant (accounts/carrying.py). Rosters, channels of groups
and the limits of the policy have none: they follow when the edition is written down as in force.
"""

from collections.abc import Mapping
from typing import Any

from gridtrack.deadlines import policy_follow
from gridtrack.duty import following as duty
from gridtrack.duty import store as rosters
from gridtrack.duty.store import Change
from gridtrack.notifications import following as channels
from gridtrack.work import Work

WHY = "grids renumbered, edition {id}"  # stands with the versions, in every language


def follow_grids(work: Work, edition_id: int, moves: Mapping[str, str]) -> dict[str, Any]:
    """Let them follow; what the record of the edition says of it, nothing where none did."""
    if not moves:
        return {}
    session, actor = work.session, work.actor
    change = Change(work.now, actor.person_id, actor.name, "followed", None, {})
    found = duty.follow(session, moves, change)
    groups = channels.follow(session, moves)
    policy = policy_follow.follow(session, moves, work.now, WHY.format(id=edition_id))
    rosters.forget(work.memo)
    work.memo.forget("subscriptions")
    work.memo.forget("policies")
    said = {
        "rosters": found,
        "channels": groups,
        "limits": policy.scopes,
        "versions": [list(one) for one in policy.versions],
        "drafts": list(policy.drafts),
    }
    return {name: value for name, value in said.items() if value}
