"""Ask that long work ends: at once where nobody took it up yet, else at its next step."""

from gridtrack.queries.tasks import own_task
from gridtrack.tasks.rules import State
from gridtrack.tasks.tables import Task
from gridtrack.work import Work


def cancel_task(work: Work, task_id: int) -> Task:
    """Cancel a task; by whoever asked for it, or a system administrator. Cancelling twice is well.

    One that is over stays what it is. Raises NotFound.
    """
    task = own_task(work, task_id, changing=True)
    if task.finished_at is not None:
        return task
    task.cancel_asked = True
    if task.state == State.WAITING.value:
        task.state, task.finished_at = State.CANCELLED.value, work.now
    work.session.flush()
    return task
