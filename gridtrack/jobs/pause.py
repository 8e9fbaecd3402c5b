"""Pauses between short writes, so that whoever else writes gets a turn."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_LEAST_S = 0.01


class Pauses:
    """After each write as long a pause as it took: at most half of the time is ours.

    SQLite has one writer and its waiters poll; without a pause one that writes again and again
    keeps the others out for as long as it likes.
    """

    def __init__(self, ticks: Callable[[], float]) -> None:
        """Pauses measured by a clock of seconds."""
        self._ticks = ticks
        self._sleep = threading.Event()

    @contextmanager
    def after(self) -> Iterator[None]:
        """Pause after what is done inside, as long as that took."""
        began = self._ticks()
        yield
        self._sleep.wait(max(_LEAST_S, self._ticks() - began))
