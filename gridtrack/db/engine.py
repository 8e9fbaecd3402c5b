"""Engines for the two databases, set up so that a commit is durable and writers queue fairly."""

import json
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from gridtrack.db.fixed import direct
from gridtrack.errors import Invalid

WRITE = "gridtrack_write"
SEALS = "gridtrack_seals"  # what a migration seals and opens with, on the engine of a deployment
_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_POSTGRES_OPTIONS = "-c timezone=UTC -c lock_timeout=5s -c idle_in_transaction_session_timeout=60s"


class Gate:
    """Lets one writer of this process in at a time, in the order they came.

    SQLite's own busy handler polls and is unfair: without the gate a writer waited over a second
    behind a sweep, with it 34 ms at most (measured-escalation.md §3).
    """

    def __init__(self) -> None:
        """An open gate."""
        self._mutex = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._busy = False

    @property
    def wanted(self) -> bool:
        """True while somebody waits."""
        return bool(self._waiting)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Hold the gate for the length of one write transaction."""
        with self._mutex:
            mine = None
            if self._busy:
                mine = threading.Lock()
                mine.acquire()
                self._waiting.append(mine)
            self._busy = True
        if mine is not None:
            mine.acquire()
        try:
            yield
        finally:
            with self._mutex:
                if self._waiting:
                    self._waiting.popleft().release()
                else:
                    self._busy = False


def make_engine(url: str, **options: Any) -> Engine:
    """An engine for `url` (sqlite or postgresql+psycopg); raises Invalid for any other."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        # What cannot even be read may hold a password anywhere: only its beginning is shown.
        raise _bad_url(url.partition("://")[0].partition("@")[0]) from error
    options.setdefault("json_serializer", _ENCODE)
    # What people wrote must not get into a log by the way of an error's text.
    options.setdefault("hide_parameters", True)
    if parsed.get_backend_name() == "sqlite":
        options.setdefault("connect_args", {"timeout": 30})
        # The last connection back goes out first: a connection throws its page cache away when
        # another one has written, and writers, who take turns, thus keep to one and the same.
        options.setdefault("pool_use_lifo", True)
        engine = create_engine(parsed, **options)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    if parsed.get_backend_name() == "postgresql":
        options.setdefault("connect_args", {"options": _POSTGRES_OPTIONS})
        options.setdefault("pool_pre_ping", True)
        return create_engine(parsed.set(drivername="postgresql+psycopg"), **options)
    raise _bad_url(parsed.render_as_string(hide_password=True))


def _bad_url(shown: str) -> Invalid:
    return Invalid("bad-database-url", field="GRIDTRACK_DATABASE_URL", value=shown)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, see below
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    # An accepted report must survive a power cut; costs about a third of the rate.
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA busy_timeout=30000")
    cursor.execute("PRAGMA cache_size=-32000")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """A transaction that will write says so first, else two readers deadlock when both upgrade."""
    write = connection.get_execution_options().get(WRITE, False)
    direct(connection, "BEGIN IMMEDIATE" if write else "BEGIN")
