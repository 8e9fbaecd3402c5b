"""What a process may remember between requests: polygons, the category tree, policies.

Values are immutable and keyed by the version they were made from; only the answer to "which version
is in force" ages, so that a change made by another process is seen within `max_age_s`.
"""

import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import TypeVar, cast

from gridtrack.clock import monotonic
from gridtrack.db.memory import give_memory_back

T = TypeVar("T")

_LONG_S = 0.2  # what takes this long to make is large


@dataclass(slots=True)
class Memo:
    """A small thread-safe store of derived values with an age."""

    clock: Callable[[], float] = monotonic
    # Held while something large is made for one answer: eight at once take eight times as much.
    alone: threading.Lock = field(default_factory=threading.Lock)
    # Something makes large values ready beside the answers: until then older ones may be given.
    kept_warm: bool = False
    _values: dict[Hashable, tuple[float, object]] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _loading: dict[Hashable, threading.RLock] = field(default_factory=dict)

    def get(self, key: Hashable, load: Callable[[], T], max_age_s: float | None = None) -> T:
        """The remembered value of `key`; loads it when absent or older than `max_age_s`."""
        found = self._values.get(key)
        if found is not None and (max_age_s is None or self.clock() - found[0] < max_age_s):
            return cast("T", found[1])
        with self._lock:
            alone = self._loading.setdefault(key, threading.RLock())
        with alone:  # one loads, who wants the same waits: polygons are large
            found = self._values.get(key)
            if found is not None and (max_age_s is None or self.clock() - found[0] < max_age_s):
                return cast("T", found[1])
            began = self.clock()
            value = load()
            self._values[key] = (self.clock(), value)
        if self.clock() - began > _LONG_S:
            give_memory_back()  # polygons are made from rows that nobody needs any more
        return value

    def has(self, key: Hashable) -> bool:
        """True when `key` is remembered, at whatever age."""
        return key in self._values

    def forget(self, *keys: Hashable) -> None:
        """Drop `keys`, or everything when none is named."""
        with self._lock:
            if not keys:
                self._values.clear()
            for key in keys:
                self._values.pop(key, None)
