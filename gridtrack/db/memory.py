"""How the C library hands memory out: for processes with many threads that run for months.

Only glibc listens. Left alone each of its threads gets an arena of its own, and what was large once
is kept for ever: a server with 10,000 grids grew to 450 MB and keeps to 240 (benchmarks/memory.py).
"""

import ctypes
from contextlib import suppress

# The names are glibc's, from malloc.h.
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
_LARGE = 256 * 1024
_ARENAS = 2


def keep_memory_flat() -> None:
    """Share few arenas and give large pieces back at once; call it before threads are started."""
    with suppress(OSError, AttributeError):
        library = ctypes.CDLL(None)
        library.mallopt(_ARENA_MAX, _ARENAS)
        library.mallopt(_MMAP_THRESHOLD, _LARGE)
        library.mallopt(_TRIM_THRESHOLD, _LARGE)


def give_memory_back() -> None:
    """Give back what is free now, the holes between what is used included."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
