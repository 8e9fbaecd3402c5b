"""Writing lines, each thread in a lane of its own: nobody waits for anybody to append."""

import os
import secrets
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields

from sqlalchemy.orm import Session

from gridtrack.audit.rules import Key, Line
from gridtrack.audit.tables import AuditLine
from gridtrack.db.fixed import write
from gridtrack.db.sql import table_of

LINE = table_of(AuditLine)
_APPEND = LINE.insert()
_NAMES = tuple(one.name for one in fields(Line))  # `asdict` copies deeply, and cost the most of all


@dataclass(slots=True)
class _End:
    """How far a lane has come."""

    lane: str
    pid: int
    seq: int = 0
    digest: str = ""


class Ledger:
    """The audit as one process writes it; shared by its threads."""

    def __init__(self, key: Key) -> None:
        """A ledger that has written nothing."""
        self.key = key
        self._mine = threading.local()

    @contextmanager
    def keeping(self, session: Session, lines: Sequence[Line]) -> Iterator[None]:
        """Append `lines` to the transaction of `session`, which the body commits.

        A lane goes on only where the commit is known to have worked; after any doubt the next line
        begins a new one, so that no number is given twice.
        """
        if not lines:
            yield
            return
        end = self._end()
        self._mine.end = None
        rows = []
        for line in lines:
            end.seq += 1
            end.digest = self.key.sealed(end.lane, end.seq, end.digest or end.lane, line)
            place = {"lane": end.lane, "seq": end.seq, "key": self.key.name, "digest": end.digest}
            rows.append({**{name: getattr(line, name) for name in _NAMES}, **place})
        write(session, _APPEND, rows)
        yield
        self._mine.end = end

    def _end(self) -> _End:
        """Where this thread's lane stands; a new one for a new thread, and after a fork."""
        found: _End | None = getattr(self._mine, "end", None)
        if found is None or found.pid != os.getpid():
            return _End(secrets.token_hex(8), os.getpid())
        return found
