"""Making the grids ready that are or will be in force, beside the answers of a process.

Ten thousand polygons take a second to read and index. Without this, the first report after a change
of the grids would wait for it, in every process.
"""

import gc
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from gridtrack.grids import store as grids
from gridtrack.work import Runtime

EVERY_S = 0.5
TURN_S = 0.0005
AHEAD = timedelta(minutes=5)
log = structlog.get_logger()


def warm(runtime: Runtime) -> None:
    """Make ready what is in force now, and what comes into force within five minutes."""
    with runtime.look() as work:
        for row in grids.known_editions(work.session, work.memo):
            begun = row.valid_from <= work.now + AHEAD
            over = row.valid_to is not None and row.valid_to <= work.now
            if begun and not over and not work.memo.has(("partition", row.id, row.revision)):
                with _politely():
                    grids.partition_of(work.session, work.memo, row.id, row.revision)


@contextmanager
def _politely() -> Iterator[None]:
    """Let other threads in: no collection of garbage, which stops all, and turns that are short.

    A report gives up its turn at every statement and waits for one as often.
    """
    collects, turn = gc.isenabled(), sys.getswitchinterval()
    gc.disable()
    sys.setswitchinterval(TURN_S)
    try:
        yield
    finally:
        sys.setswitchinterval(turn)
        if collects:
            gc.enable()


class Warmer:
    """Warms the memory of one process in a thread of its own until it is stopped."""

    def __init__(self, runtime: Runtime) -> None:
        """A warmer that has not begun."""
        self._runtime = runtime
        self._stopped = threading.Event()

    def start(self) -> None:
        """Begin; call it after a fork, never before."""
        self._runtime.memo.kept_warm = True
        threading.Thread(target=self._run, name="warmer", daemon=True).start()

    def stop(self) -> None:
        """End after the round that is under way."""
        self._stopped.set()

    def _run(self) -> None:
        while True:
            try:
                warm(self._runtime)
            except SQLAlchemyError as error:  # the database is away, or not yet made: again soon
                log.warning("grids-not-warm", error=type(error).__name__)
            if self._stopped.wait(EVERY_S):
                return
