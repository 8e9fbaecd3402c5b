"""Starting and stopping the acknowledge clock. One step of several verbs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gridtrack.categories.rules import Category
from gridtrack.deadlines import rules, store
from gridtrack.deadlines.rules import ClockState, Kind
from gridtrack.work import Work


@dataclass(frozen=True, slots=True)
class Promise:
    """An acknowledge clock about to start: the incident columns it sets, and its own row."""

    due_at: datetime
    next_due_at: datetime
    row: dict[str, Any]

    def changes(self) -> dict[str, object]:
        """The incident columns of a matter whose clock runs."""
        return {
            "due_at": self.due_at,
            "next_due_at": self.next_due_at,
            "deadline_state": "armed",
            "rung": None,
        }

    def said(self) -> dict[str, object]:
        """What the event that starts the clock says of it: what was promised, by which ladder."""
        return {"due_at": self.due_at.isoformat(), "ladder": self.row["ladder"]}


UNARMED: dict[str, object] = {"due_at": None, "next_due_at": None, "deadline_state": "none"}


def promise(
    work: Work, category: Category, *, sensitivity: int, routed: bool, cycle: int = 1
) -> Promise:
    """The acknowledge clock of a matter, from now, under the policy in force now."""
    policy = store.policy_at(work.session, work.memo, work.now)
    own = category.acknowledge.span if category.acknowledge else None
    limit = own or policy.acknowledge_default.span
    assert limit is not None
    ladder = policy.ladder(Kind.ACKNOWLEDGE, sensitivity=sensitivity, routed=routed)
    assert ladder is not None
    due_at = rules.due(work.now, limit)
    first = due_at + ladder.rungs[0].after
    row = {
        "kind": Kind.ACKNOWLEDGE.value,
        "cycle": cycle,
        "state": ClockState.RUNNING.value,
        "policy_version": policy.version,
        "ladder": ladder.code,
        "started_at": work.now,
        "due_at": due_at,
        "step": 0,
        "repeat": 0,
        "next_fire_at": first,
    }
    return Promise(due_at, first, row)


def keep_promise(work: Work, incident_id: int, at: datetime) -> None:
    """The clock was answered by a human at `at`; a late answer is a breach whoever wrote it."""
    store.meet(work.session, incident_id, at)


def drop_promise(work: Work, incident_id: int) -> int:
    """Cancel a running clock (refused, merged, given to somebody else); returns the next cycle."""
    clock = store.latest(work.session, incident_id)
    if clock is None:
        return 1
    if clock.state == ClockState.RUNNING.value:
        breached_at = clock.due_at if work.now > clock.due_at else None
        store.stop(work.session, incident_id, ClockState.CANCELLED, breached_at=breached_at)
    return clock.cycle + 1
