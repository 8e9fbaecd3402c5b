"""How long work says how far it is, and learns that it is to end."""

from collections.abc import Callable
from typing import Any

from gridtrack.clock import monotonic
from gridtrack.tasks.rules import KINDS
from gridtrack.usecases.run_task import Taken, tell_task
from gridtrack.work import Runtime

# A row a tick would be a commit a tick: people read no faster, and reports want the database too.
EVERY_S = 0.5


class Cancelled(Exception):
    """Somebody asked that the work ends; what it made so far is tidied away."""


class Progress:
    """What a handler is given; call it as `progress(done, total)` as often as you like.

    Every call may raise Cancelled, so none belongs inside a transaction of one's own.
    """

    def __init__(
        self, runtime: Runtime, taken: Taken, ticks: Callable[[], float] = monotonic
    ) -> None:
        """Progress of a task that was taken up."""
        self._runtime = runtime
        self._taken = taken
        self._ticks = ticks
        self._told = ticks() - EVERY_S
        self._phase = ""

    def phase(self, name: str, total: int = 0) -> None:
        """Begin a phase of the kind's list; `total` 0 where it cannot be counted."""
        assert name in KINDS[self._taken.kind].phases, name
        self._phase = name
        now = self._runtime.clock.now()
        self._tell({"phase": name, "done": 0, "total": total, "phase_at": now})

    def __call__(self, done: int, total: int) -> None:
        """So much of the phase is done; written twice a second at most."""
        if self._ticks() - self._told >= EVERY_S:
            self._tell({"done": done, "total": total})

    def _tell(self, values: dict[str, Any]) -> None:
        with self._runtime.work() as work:
            asked = tell_task(work, self._taken.turn, values)
        self._told = self._ticks()
        if asked:
            raise Cancelled(self._phase)
