"""What this process remembers of the lists that are open in browsers, so that a poll costs little.

A list is put together anew when something happened that its reader sees, when time alone changes
it, and at the latest after half a minute.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from gridtrack.queries.changes import Seen, seen_now, touched
from gridtrack.work import Work

MOST_OPEN = 1000  # lists; what was not asked for longest is forgotten
LONGEST = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Content:
    """What a list stands for, the matters in it, and when it changes though nothing happens."""

    mark: str
    shown: frozenset[int]
    turns_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Known:
    mark: str
    shown: frozenset[int]
    seen: Seen
    until: datetime


@dataclass(slots=True)
class Watch:
    """The lists that are open, by who reads and what they ask for."""

    _known: OrderedDict[Hashable, _Known] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def mark(self, work: Work, key: Hashable, read: Callable[[], Content]) -> str:
        """The mark of a list; `read` puts it together, which is only done where it must be."""
        with self._lock:
            known = self._known.get(key)
        # A clock that was set back makes what was read lie in the future: then it is read again.
        fresh = known is not None and timedelta(0) < known.until - work.now <= LONGEST
        if known is not None and fresh and not touched(work, known.seen, known.shown):
            return known.mark
        seen = seen_now(work)
        content = read()
        until = work.now + LONGEST
        if content.turns_at is not None:
            until = min(until, content.turns_at)
        with self._lock:
            self._known[key] = _Known(content.mark, content.shown, seen, until)
            self._known.move_to_end(key)
            while len(self._known) > MOST_OPEN:
                self._known.popitem(last=False)
        return content.mark
