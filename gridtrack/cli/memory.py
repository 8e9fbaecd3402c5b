"""How the C library hands memory out: for processes with many threads that run for months."""

import ctypes
from contextlib import suppress

# The names are glibc's, from malloc.h.
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
_LARGE = 256 * 1024
_ARENAS = 2


def keep_memory_flat() -> None:
    """Give memory back when it is free; call it before threads are started. Only glibc listens.

    By itself each thread gets an arena of its own, and what was large once is kept for ever: a
    server with 10,000 grids loaded grew to 450 MB instead of 240 (benchmarks/memory.py).
    """
    with suppress(OSError, AttributeError):
        library = ctypes.CDLL(None)
        library.mallopt(_ARENA_MAX, _ARENAS)
        library.mallopt(_MMAP_THRESHOLD, _LARGE)
        library.mallopt(_TRIM_THRESHOLD, _LARGE)
