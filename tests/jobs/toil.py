"""Kinds of long work for tests, put into the two tables for as long as a test lasts."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from gridtrack.access import Permission
from gridtrack.jobs import kinds, perform
from gridtrack.jobs.kinds import Handler
from gridtrack.tasks import rules
from gridtrack.tasks.rules import Kind, State
from gridtrack.tasks.tables import Task
from gridtrack.usecases.cancel_task import cancel_task
from gridtrack.usecases.run_task import take_task
from gridtrack.usecases.start_task import start_task
from tests.builders import Site

TOIL = "toil"


@contextmanager
def a_kind(
    run: Callable[..., dict[str, Any]], *, again: bool = True, **tidy: Any
) -> Iterator[None]:
    """A kind of work `toil` with the phases `read` and `store`, for secretaries."""
    known = {TOIL: Kind(Permission.GRIDS_DRAW, ("read", "store"), again)}
    handlers = {TOIL: Handler(run, **tidy)}
    with (
        mock.patch.dict(rules.KINDS, known),
        mock.patch.dict(kinds.HANDLERS, handlers),
    ):
        yield


def ask(site: Site, who: str = "secretary-a", **params: Any) -> int:
    with site.work(who) as work:
        return start_task(work, TOIL, params).id


def cancel(site: Site, task_id: int, who: str = "secretary-a") -> None:
    with site.work(who) as work:
        cancel_task(work, task_id)


def do_next(site: Site) -> State | None:
    """Take up the next task and do it, here."""
    with site.work() as work:
        taken = take_task(work)
    assert taken is not None
    return perform.perform(site.runtime, taken)


def task(site: Site, task_id: int) -> Task:
    with site.look() as work:
        found = work.session.get(Task, task_id)
    assert found is not None
    return found
