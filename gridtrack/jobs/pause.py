"""Pauses between short writes, so that whoever else writes gets a turn."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_LEAST_S = 0.02
_SHARE = 2  # a pause is so many times as long as the write before it


class Pauses:
    """After each write a pause twice as long: at most a third of the time is ours.

    SQLite has one writer and its waiters poll; without a pause one that writes again and again
    keeps the others out for as long as it likes.
    """

    def __init__(self, ticks: Callable[[], float]) -> None:
        """Pauses measured by a clock of seconds."""
        self._ticks = ticks
        self._sleep = threading.Event()

    @contextmanager
    def after(self) -> Iterator[None]:
        """Pause after what is done inside."""
        began = self._ticks()
        yield
        self._sleep.wait(max(_LEAST_S, _SHARE * (self._ticks() - began)))
