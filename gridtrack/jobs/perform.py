"""Doing one task from its beginning to the line that says how it ended."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import structlog
from sqlalchemy.exc import OperationalError

from gridtrack.audit.rules import Origin
from gridtrack.errors import Conflict, GridtrackError, Invalid, Rejected
from gridtrack.jobs.kinds import HANDLERS, Handler
from gridtrack.jobs.progress import Cancelled, Progress
from gridtrack.tasks import files
from gridtrack.tasks.rules import State
from gridtrack.usecases.run_task import Taken, settle_task
from gridtrack.work import Runtime

UPLOAD = "upload"  # the name in `params` of a folder that goes with the task
_PLAIN = (str, int, float, bool, type(None))
log = structlog.get_logger()


def perform(runtime: Runtime, taken: Taken) -> State | None:
    """Do a task that was taken up; gives how it ended, None where it is another worker's by now.

    A database that is away raises: the lease runs out, and the task is taken up again by its rule.
    """
    handler = HANDLERS.get(taken.kind)
    origin = Origin("job", f"task-{taken.kind}", f"task:{taken.id}")
    try:
        return _performed(replace(runtime, origin=origin), taken, handler)
    except OperationalError:
        raise
    except GridtrackError as error:
        if error.code == "task-lost":
            log.warning("task-lost", task=taken.id)
            return None
        return _end(runtime, taken, handler, State.FAILED, error=told(error))
    except Exception as error:
        log.exception("task-broken", task=taken.id, kind=taken.kind)
        reason = type(error).__name__
        broken = {"code": "task-broken", "params": {"reason": reason}, "faults": []}
        return _end(runtime, taken, handler, State.FAILED, error=broken)


def _performed(runtime: Runtime, taken: Taken, handler: Handler | None) -> State:
    if handler is None:
        raise Invalid("task-kind-unknown", field="kind", value=taken.kind, known="")
    if not taken.go_on:
        if taken.cancelled:
            return _end(runtime, taken, handler, State.CANCELLED)
        raise Conflict("task-worker-died", id=taken.id)
    if taken.attempt > 1:
        handler.tidy(runtime, taken)  # of the run before, which was cut short
    try:
        result = handler.run(runtime, taken, Progress(runtime, taken))
    except Cancelled:
        return _end(runtime, taken, handler, State.CANCELLED)
    return _end(runtime, taken, None, State.DONE, result=result)


def _end(
    runtime: Runtime,
    taken: Taken,
    handler: Handler | None,
    state: State,
    **kept: Mapping[str, Any],
) -> State:
    """Tidy with the handler given, write the end down, remove the folder that came with it."""
    if handler is not None:
        handler.tidy(runtime, taken)
    with runtime.work() as work:
        settle_task(work, taken.turn, state, **kept)
    if isinstance(taken.params.get(UPLOAD), str):
        files.drop(runtime.settings.instance, taken.params[UPLOAD])
    return state


def told(error: GridtrackError) -> dict[str, Any]:
    """An error as it is kept with a task: codes and values, to be told in the reader's language."""
    faults = error.faults if isinstance(error, Rejected) else ()
    return {
        "code": error.code,
        "params": {name: _plain(value) for name, value in error.params.items()},
        "faults": [told(fault) for fault in faults],
    }


def _plain(value: object) -> object:
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value if isinstance(value, _PLAIN) else str(value)
