"""Saving tasks, handing them to one worker at a time, and telling how far they are.

Everything a worker writes names its attempt: one that lost its lease to another writes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from gridtrack.db.sql import run, table_of
from gridtrack.errors import Conflict, NotFound
from gridtrack.tasks.rules import LEASE, State
from gridtrack.tasks.tables import Task

TASK = table_of(Task)
_LEFT = TASK.c.finished_at.is_(None)


@dataclass(frozen=True, slots=True)
class Turn:
    """A task in the hands of a worker: the attempt is its word that nobody else has it."""

    task_id: int
    attempt: int


def add(
    session: Session, kind: str, params: Mapping[str, Any], person_id: int | None, at: datetime
) -> Task:
    """Write down that something is to be done."""
    task = Task(
        kind=kind,
        state=State.WAITING.value,
        created_at=at,
        created_by=person_id,
        params=dict(params),
        phase="",
        done=0,
        total=0,
        cancel_asked=False,
        attempts=0,
    )
    session.add(task)
    session.flush()  # its id is what is handed out
    return task


def get(session: Session, task_id: int) -> Task:
    """The task; raises NotFound."""
    found = session.get(Task, task_id)
    if found is None:
        raise NotFound("task-not-found", id=task_id)
    return found


def of_person(session: Session, person_id: int, limit: int = 20) -> Sequence[Task]:
    """What a person asked for, newest first."""
    return session.scalars(
        select(Task).where(Task.created_by == person_id).order_by(Task.id.desc()).limit(limit)
    ).all()


def waits(session: Session, now: datetime) -> bool:
    """True where a task waits for a worker, or lost its own."""
    return run(session, select(TASK.c.id).where(_LEFT, _free(now)).limit(1)).first() is not None


def claim(session: Session, now: datetime) -> Task | None:
    """Take the oldest task that waits, or whose worker died; nobody else gets it."""
    task = session.scalar(
        select(Task)
        .where(_LEFT, _free(now))
        .order_by(Task.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if task is None:
        return None
    task.state = State.RUNNING.value
    task.lease_until = now + LEASE
    task.attempts += 1
    task.started_at = now
    task.phase, task.done, task.total, task.phase_at, task.told_at = "", 0, 0, now, now
    session.flush()  # the lease must be in the transaction that found it
    return task


def hold(session: Session, turn: Turn, now: datetime) -> bool:
    """Keep the lease of a task; returns whether its end was asked for. Raises Conflict."""
    return _write(session, turn, {"lease_until": now + LEASE})


def tell(session: Session, turn: Turn, now: datetime, values: Mapping[str, Any]) -> bool:
    """Write down how far a task is, and keep its lease; as `hold`."""
    return _write(session, turn, {**values, "told_at": now, "lease_until": now + LEASE})


def let_go(session: Session, turn: Turn, now: datetime) -> None:
    """End the lease of a task at once, where it is still this worker's."""
    run(session, update(TASK).where(_mine(turn)).values(lease_until=now))


def settle(
    session: Session,
    turn: Turn,
    now: datetime,
    state: State,
    *,
    result: Mapping[str, Any] | None = None,
    error: Mapping[str, Any] | None = None,
) -> None:
    """Write down how a task ended; raises Conflict where it is another worker's by now."""
    ended = {"state": state.value, "finished_at": now, "told_at": now, "lease_until": None}
    kept = {
        "result": None if result is None else dict(result),
        "error": None if error is None else dict(error),
    }
    _write(session, turn, {**ended, **kept})


def drop_before(session: Session, at: datetime) -> int:
    """Forget what ended before `at`; returns how many tasks that were."""
    return run(session, TASK.delete().where(TASK.c.finished_at < at)).rowcount


def _free(now: datetime) -> Any:
    lost = (TASK.c.state == State.RUNNING.value) & (TASK.c.lease_until <= now)
    return or_(TASK.c.state == State.WAITING.value, lost)


def _write(session: Session, turn: Turn, values: Mapping[str, Any]) -> bool:
    changed = update(TASK).where(_mine(turn)).values(**values).returning(TASK.c.cancel_asked)
    asked = run(session, changed).scalar_one_or_none()
    if asked is None:
        raise Conflict("task-lost", id=turn.task_id)
    return bool(asked)


def _mine(turn: Turn) -> Any:
    named = (TASK.c.id == turn.task_id) & (TASK.c.attempts == turn.attempt)
    return named & (TASK.c.state == State.RUNNING.value)
