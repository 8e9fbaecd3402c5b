"""What the worker writes about long work: taken up, how far, how it ended. Short works, each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gridtrack.access import ENGINE, Actor, Permission, require
from gridtrack.accounts import store as accounts
from gridtrack.errors import Forbidden
from gridtrack.tasks import store as tasks
from gridtrack.tasks.rules import KEPT, KINDS, State, may_go_on
from gridtrack.tasks.store import Turn
from gridtrack.work import Work


@dataclass(frozen=True, slots=True)
class Taken:
    """A task as its worker has it; nothing of it changes while the work goes on."""

    id: int
    kind: str
    params: Mapping[str, Any]
    person_id: int | None
    attempt: int
    go_on: bool  # False: it lost its worker and may not begin anew, or was told to end meanwhile
    cancelled: bool = False

    @property
    def turn(self) -> Turn:
        """What the worker's writes name."""
        return Turn(self.id, self.attempt)


def task_waits(work: Work) -> bool:
    """True where a task waits for a worker; costs one look at an index of what is left."""
    require(work.actor, Permission.ENGINE)
    return tasks.waits(work.session, work.now)


def take_task(work: Work) -> Taken | None:
    """Take up the oldest task that waits or lost its worker."""
    require(work.actor, Permission.ENGINE)
    task = tasks.claim(work.session, work.now)
    if task is None:
        return None
    first = task.attempts == 1
    go_on = (first and task.kind in KINDS) or may_go_on(task.kind, task.attempts - 1)
    return Taken(
        task.id,
        task.kind,
        task.params,
        task.created_by,
        task.attempts,
        go_on and not task.cancel_asked,
        task.cancel_asked,
    )


def hold_task(work: Work, turn: Turn) -> bool:
    """Keep a task that gives no sign of its own; True where its end was asked for."""
    require(work.actor, Permission.ENGINE)
    return tasks.hold(work.session, turn, work.now)


def let_task_go(work: Work, turn: Turn) -> None:
    """Give a task back whose process ended without a word; one that is settled stays as it is."""
    require(work.actor, Permission.ENGINE)
    tasks.let_go(work.session, turn, work.now)


def tell_task(work: Work, turn: Turn, values: Mapping[str, Any]) -> bool:
    """Write down how far a task is; True where its end was asked for."""
    require(work.actor, Permission.ENGINE)
    return tasks.tell(work.session, turn, work.now, values)


def settle_task(
    work: Work,
    turn: Turn,
    state: State,
    *,
    result: Mapping[str, Any] | None = None,
    error: Mapping[str, Any] | None = None,
) -> None:
    """Write down how a task ended."""
    require(work.actor, Permission.ENGINE)
    tasks.settle(work.session, turn, work.now, state, result=result, error=error)


def forget_tasks(work: Work) -> int:
    """Forget what ended more than a day ago."""
    require(work.actor, Permission.ENGINE)
    return tasks.drop_before(work.session, work.now - KEPT)


def asker(work: Work, taken: Taken) -> Actor:
    """Who asked for a task, with the posts of now; the engine where no person did.

    Raises Forbidden where that person has left or may no longer ask for it.
    """
    if taken.person_id is None:
        return ENGINE
    found = accounts.actor(work.session, taken.person_id, work.now)
    if found is None:
        raise Forbidden("forbidden", permission=KINDS[taken.kind].permission.value, scope=None)
    require(found, KINDS[taken.kind].permission)
    return found
