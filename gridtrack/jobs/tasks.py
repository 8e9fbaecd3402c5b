"""The worker's side of long work: takes a task up, starts its process, keeps its lease.

One at a time for each worker, in a thread that nothing else waits for.
"""

import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Protocol

import structlog
from sqlalchemy.exc import OperationalError

from gridtrack.clock import monotonic
from gridtrack.errors import Conflict
from gridtrack.jobs.task_process import order
from gridtrack.settings import Settings
from gridtrack.tasks import files
from gridtrack.tasks.rules import KEPT
from gridtrack.usecases.grid_imports import forget_imports
from gridtrack.usecases.run_task import (
    Taken,
    forget_tasks,
    hold_task,
    let_task_go,
    take_task,
    task_waits,
)
from gridtrack.work import Runtime

LOOK_EVERY_S = 1.0
HOLD_EVERY_S = 5.0
TIDY_EVERY_S = 600.0
_POLL_S = 0.1
_PATIENCE_S = 5.0
log = structlog.get_logger()


class Running(Protocol):
    """A process that does a task."""

    def poll(self) -> int | None:
        """Its exit code, None while it runs."""
        ...

    def kill(self) -> None:
        """End it at once."""
        ...

    def communicate(self) -> object:
        """Wait until it has ended, and close what leads to it."""
        ...


Launch = Callable[[Settings, Taken], Running]


def launch(settings: Settings, taken: Taken) -> Running:
    """Start the process of a task; it ends when this one does."""
    process = subprocess.Popen(
        [sys.executable, "-m", "gridtrack.jobs.task_process"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )
    assert process.stdin is not None
    process.stdin.write(order(settings, taken))
    process.stdin.flush()
    return process


class TaskRunner:
    """Takes up what waits, one task after the other, until it is stopped."""

    def __init__(self, runtime: Runtime, start: Launch = launch) -> None:
        """A runner that has not begun."""
        self._runtime = runtime
        self._start = start
        self._stopped = threading.Event()
        self._tidied: float | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin in a thread of its own, which does not keep the process from ending."""
        self._thread = threading.Thread(target=self._run, name="tasks", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Take nothing up any more; what runs is put back, to be taken up again."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join(_PATIENCE_S)

    def run_waiting(self) -> int:
        """Do everything that waits; returns how many tasks that were."""
        done = 0
        while not self._stopped.is_set():
            with self._runtime.look() as work:
                if not task_waits(work):
                    break
            with self._runtime.work() as work:
                taken = take_task(work)
            if taken is None:
                break
            self._follow(taken)
            done += 1
        return done

    def tidy(self) -> None:
        """Forget what ended a day ago, with the files that nobody touched since."""
        with self._runtime.work() as work:
            forget_tasks(work)
            forget_imports(work)
            before = work.now - KEPT
        for name in files.left_since(self._runtime.settings.instance, before):
            files.drop(self._runtime.settings.instance, name)

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                self.run_waiting()
                if self._tidied is None or monotonic() - self._tidied > TIDY_EVERY_S:
                    self.tidy()
                    self._tidied = monotonic()
            except OperationalError as error:
                log.warning("database-away", error=type(error.orig).__name__)
            except Exception as error:  # noqa: BLE001 - the thread must outlive anything
                log.warning("tasks-failed", error=repr(error))
            self._stopped.wait(LOOK_EVERY_S)

    def _follow(self, taken: Taken) -> None:
        """Start the process of a task and keep its lease until it ends."""
        process = self._start(self._runtime.settings, taken)
        try:
            self._hold(process, taken)
        except Conflict:
            log.warning("task-lost", task=taken.id)
        finally:
            process.kill()
            process.communicate()
        code = process.poll()
        if code:
            log.warning("task-process-ended", task=taken.id, code=code)
        # What is settled already is not ours any more, and stays what it is.
        with self._runtime.work() as work:
            let_task_go(work, taken.turn)

    def _hold(self, process: Running, taken: Taken) -> None:
        held, asked = monotonic(), False
        while process.poll() is None and not self._stopped.wait(_POLL_S):
            if monotonic() - held < HOLD_EVERY_S:
                continue
            if asked:
                return  # it was told to end, and is in a step too long to listen
            with self._runtime.work() as work:
                asked = hold_task(work, taken.turn)
            held = monotonic()
