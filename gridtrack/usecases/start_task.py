"""Ask for long work: a row that a worker takes up, so that no request waits for it."""

from collections.abc import Mapping
from typing import Any

from gridtrack.access import require
from gridtrack.errors import Invalid
from gridtrack.tasks import store as tasks
from gridtrack.tasks.rules import KINDS
from gridtrack.tasks.tables import Task
from gridtrack.work import Work


def start_task(work: Work, kind: str, params: Mapping[str, Any]) -> Task:
    """Write down a task of a known kind for the worker; `params` are JSON values.

    A folder of `tasks.files` that is named under "upload" goes when the task ends. Raises
    Forbidden, Invalid("task-kind-unknown").
    """
    known = KINDS.get(kind)
    if known is None:
        raise Invalid("task-kind-unknown", field="kind", value=kind, known=", ".join(KINDS))
    require(work.actor, known.permission)
    return tasks.add(work.session, kind, params, work.actor.person_id, work.now)
