"""Long work on the page: how far it is, how it ended, and a way to end it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from gridtrack.http.context import look, work
from gridtrack.http.guard import may
from gridtrack.queries.tasks import TaskPage, own_tasks, task_page
from gridtrack.usecases.cancel_task import cancel_task
from gridtrack.web.asked import ours
from gridtrack.web.door import reader
from gridtrack.web.forms import next_page
from gridtrack.web.fresh import if_changed
from gridtrack.web.gettext import gettext
from gridtrack.web.stories import say


@dataclass(frozen=True, slots=True)
class Way:
    """Where one goes when a task is done."""

    url: str
    word: str


# Kind: what its result leads to. Kinds that are not here end on their own page.
LEADS: Mapping[str, Callable[[Mapping[str, Any]], Way]] = {
    "check-edition": lambda result: Way(
        url_for("web.edition_findings", edition_id=result["edition_id"]),
        gettext("Map and findings"),
    ),
    "matters-out": lambda result: Way(
        url_for("web.table_file", task_id=result["task"]), gettext("Get the file")
    ),
    "doors-import": lambda result: Way(
        url_for("web.doors_imported", task_id=result["task"]), gettext("See what came in")
    ),
}


@may()
def tasks() -> str:
    """What the reader asked for lately."""
    with look() as unit:
        found = own_tasks(unit)
    return render_template("tasks.html", tasks=found, say=say)


@may()
def task(task_id: int) -> str:
    """The page of one task."""
    with look() as unit:
        page = task_page(unit, task_id)
    return render_template("task.html", **shown(page))


@may()
def task_live(task_id: int) -> AnyResponse:
    """Its progress alone, for polling; `next` is where the page goes on when it is over."""
    with look() as unit:
        page = task_page(unit, task_id)
    onward = ours(request.args.get("next", ""))
    return if_changed(
        f"{reader()}:{page!r}:{onward}",
        lambda: render_template("partials/task_live.html", **shown(page, onward)),
    )


@may()
def task_cancel(task_id: int) -> AnyResponse:
    """Ask that it ends, and go back to where it was asked."""
    with work() as unit:
        found = cancel_task(unit, task_id)
        over = found.state not in ("cancelled", "running")
    flash(gettext("It had ended already.") if over else gettext("It will end at its next step."))
    return redirect(next_page(url_for("web.task", task_id=task_id)), code=303)


def shown(page: TaskPage, onward: str = "") -> dict[str, Any]:
    """What the progress of a task is shown with; `onward` is where to go when it is over."""
    done = page.state == "done" and not onward and page.kind in LEADS
    return {
        "task": page,
        "title": say(f"task-{page.kind}"),
        "phase": say(f"phase-{page.phase}") if page.phase else "",
        "faults": told(page.error),
        "way": LEADS[page.kind](page.result) if done else None,
        "onward": onward,
    }


def told(error: Mapping[str, Any] | None) -> list[str]:
    """What went wrong, every fault of it, in the reader's language."""
    if error is None:
        return []
    faults = error.get("faults") or [error]
    return [say(fault["code"], **fault["params"]) for fault in faults]
