"""Long work as whoever asked for it sees it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from gridtrack.access import Permission, permits
from gridtrack.errors import NotFound, Unauthenticated
from gridtrack.tasks import store as tasks
from gridtrack.tasks.rules import State, pace
from gridtrack.tasks.tables import Task
from gridtrack.work import Work


@dataclass(frozen=True, slots=True)
class TaskPage:
    """A task with its progress; `left` is what it will still take, None while nobody can say."""

    id: int
    kind: str
    state: str
    phase: str
    done: int
    total: int
    per_s: float | None
    left: timedelta | None
    cancel_asked: bool
    attempts: int
    created_at: datetime
    finished_at: datetime | None
    result: Mapping[str, Any]
    error: Mapping[str, Any] | None

    @property
    def over(self) -> bool:
        """True when nothing more will come of it."""
        return self.finished_at is not None

    @property
    def share(self) -> float | None:
        """How much of the phase is done, 0 to 1; None where it cannot be counted."""
        return min(self.done / self.total, 1.0) if self.total else None


def own_task(work: Work, task_id: int, *, changing: bool = False) -> Task:
    """The task, for whoever asked for it and for a system administrator; raises NotFound.

    To everybody else it is not there. `changing` locks it against the worker.
    """
    if not work.actor.known:
        raise Unauthenticated("login-required")
    task = tasks.get(work.session, task_id)
    mine = task.created_by is not None and task.created_by == work.actor.person_id
    if not mine and not permits(work.actor, Permission.GRIDS_EDIT):
        raise NotFound("task-not-found", id=task_id)
    if changing:
        work.session.refresh(task, with_for_update=True)
    return task


def task_page(work: Work, task_id: int) -> TaskPage:
    """What the page of a task shows; raises NotFound."""
    return _page(own_task(work, task_id))


def own_tasks(work: Work) -> Sequence[TaskPage]:
    """What the actor asked for lately, newest first."""
    if work.actor.person_id is None:
        raise Unauthenticated("login-required")
    return [_page(task) for task in tasks.of_person(work.session, work.actor.person_id)]


def _page(task: Task) -> TaskPage:
    running = task.state == State.RUNNING.value
    now = pace(task.done, task.total, task.phase_at, task.told_at) if running else None
    return TaskPage(
        id=task.id,
        kind=task.kind,
        state=task.state,
        phase=task.phase,
        done=task.done,
        total=task.total,
        per_s=None if now is None else now.per_s,
        left=None if now is None else now.left,
        cancel_asked=task.cancel_asked,
        attempts=task.attempts,
        created_at=task.created_at,
        finished_at=task.finished_at,
        result=task.result or {},
        error=task.error,
    )
