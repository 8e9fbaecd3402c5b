"""Checking an edition from a page: at once where it is small, by the worker where it is not."""

from flask import redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from gridtrack.errors import Conflict
from gridtrack.http.context import look, work
from gridtrack.usecases.check_edition import keep_check, read_edition
from gridtrack.usecases.start_task import start_task

AT_ONCE = 3000  # grids: about a second; whoever asks for more finds the task's page


def check_now(edition_id: int) -> AnyResponse | None:
    """Check it as it is now: None when that is done, else where its progress is shown.

    Looking through takes long and keeps nobody waiting; keeping is short. Raises NotFound,
    Conflict where it was changed meanwhile.
    """
    with look() as unit:
        read = read_edition(unit, edition_id)
    if len(read.grids) > AT_ONCE:
        with work() as unit:
            task = start_task(unit, "check-edition", {"edition_id": edition_id})
        return redirect(url_for("web.task", task_id=task.id), code=303)
    examined = read.examined()
    with work() as unit:
        keep_check(unit, examined)
    return None


def require_shown(edition_id: int, planned: int, shown: str) -> None:
    """Raise Conflict where the revision `planned` on is not the one that the person agreed to."""
    if shown != str(planned):
        raise Conflict("edition-other-revision", id=edition_id, revision=planned)
