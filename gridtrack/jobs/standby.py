"""A web process that does not sweep watches whether anybody does, and sweeps where nobody has.

It takes the same locks as any worker, so it may be wrong about that (measured-escalation.md §4).
"""

import threading
from dataclasses import replace

import structlog
from sqlalchemy.exc import OperationalError

from gridtrack.clock import monotonic
from gridtrack.jobs.guard import ClockGuard
from gridtrack.jobs.sweeper import tick
from gridtrack.usecases.heartbeat import health
from gridtrack.work import Runtime

LOOK_EVERY_S = 5.0
PATIENCE_S = 30.0
log = structlog.get_logger()


class Standby:
    """Looks every few seconds; after half a minute in which nothing swept it does so itself."""

    def __init__(self, runtime: Runtime) -> None:
        """A stand-in that has not looked yet."""
        # Where nothing was swept for so long, whoever has the turn does not get on.
        self._runtime = replace(runtime, sweeping=None)
        self._guard = ClockGuard(runtime)
        self._stopped = threading.Event()
        self._well = monotonic()

    def start(self) -> None:
        """Begin in a thread of its own, which does not keep the process from ending."""
        threading.Thread(target=self._run, name="standby", daemon=True).start()

    def stop(self) -> None:
        """Look no more."""
        self._stopped.set()

    def look(self) -> int:
        """Look once; how many steps were fired in the workers' stead."""
        with self._runtime.look() as work:
            sweeping = health(work).sweeping
        if sweeping:
            self._well = monotonic()
        # Also while the workers are well: a clock is judged by how it was before.
        if not self._guard.may_sweep() or monotonic() - self._well < PATIENCE_S:
            return 0
        fired = len(tick(self._runtime).rungs)
        log.error("swept-for-the-workers", fired=fired)
        return fired

    def _run(self) -> None:
        while not self._stopped.wait(LOOK_EVERY_S):
            try:
                self.look()
            except OperationalError as error:
                log.warning("database-away", error=type(error.orig).__name__)
            except Exception as error:  # noqa: BLE001 - the thread must outlive anything
                log.warning("standby-failed", error=repr(error))
