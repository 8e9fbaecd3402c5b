"""Ctrl-C as a wish: what is at hand is finished first."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

PATIENCE = 3  # who presses it this often means at once; `timeout` sends it twice by itself


@contextmanager
def asked_to_stop() -> Iterator[Callable[[], bool]]:
    """Gives a question that is True after Ctrl-C; pressed a third time it interrupts as ever."""
    presses = 0

    def ask(_number: int, _frame: object) -> None:
        nonlocal presses
        presses += 1
        if presses >= PATIENCE:
            raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield lambda: presses > 0
    finally:
        signal.signal(signal.SIGINT, before)
