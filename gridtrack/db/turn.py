"""One process at a time, where several would only be in each other's way."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from gridtrack.clock import monotonic

PATIENCE_S = 5.0


class Turn:
    """A turn that processes on one machine take, by a lock on a file that dies with its process.

    It keeps nothing right, it only keeps others from waiting in vain: whoever is refused for
    `PATIENCE_S` goes on without it, so that a holder who was stopped holds nobody up.
    """

    def __init__(self, path: Path, clock: Callable[[], float] = monotonic) -> None:
        """A turn at the lock file `path`, which is made where it is missing."""
        self._path = path
        self._clock = clock
        self._refused: float | None = None  # since when

    @contextmanager
    def taken(self) -> Iterator[bool]:
        """Have the turn meanwhile; False where another has it, and should be left to it."""
        file = self._lock()
        try:
            yield file is not None or self._waited_enough()
        finally:
            if file is not None:
                os.close(file)

    def _lock(self) -> int | None:
        """The lock file, locked; None where another has it, or where no file can be kept."""
        with suppress(OSError):
            file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                os.close(file)
                raise
            self._refused = None
            return file
        return None

    def _waited_enough(self) -> bool:
        now = self._clock()
        self._refused = now if self._refused is None else self._refused
        return now - self._refused >= PATIENCE_S
