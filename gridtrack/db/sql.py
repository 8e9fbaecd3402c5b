"""Statements that the two databases spell differently, behind names that say what they do."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import CursorResult, Executable, FromClause, Insert, Table, and_, func, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

from gridtrack.db.fixed import connection_of, fetch, write


def table_of(entity: Any) -> Table:
    """The Core table of a mapped class: inserts through it cost half of the unit of work."""
    table: FromClause = entity.__table__
    assert isinstance(table, Table)
    return table


def run(
    session: Session,
    statement: Executable,
    parameters: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
) -> CursorResult[Any]:
    """Run a Core statement in the session's transaction, past the session's ORM machinery.

    Each costs half as much this way. Not for statements over mapped classes.
    """
    return connection_of(session).execute(statement, parameters)


# Made once: building and re-compiling a statement costs more than running it.
@lru_cache(maxsize=64)
def _insert_missing(table: Table, dialect: str, *key: str) -> Insert:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(table).on_conflict_do_nothing(index_elements=[table.c[name] for name in key])


@lru_cache(maxsize=64)
def _insert_new(table: Table, dialect: str, key: str, returned: str) -> ReturningInsert[Any]:
    return _insert_missing(table, dialect, key).returning(table.c[returned])


def insert_new(
    session: Session, table: Table, row: Mapping[str, Any], *, key: str, returned: str = "id"
) -> Any:
    """Insert `row` and return its `returned` column, or None where `key` is already taken."""
    statement = _insert_new(table, connection_of(session).dialect.name, key, returned)
    found = fetch(session, statement, row)
    return found[0][0] if found else None


def insert_missing(
    session: Session, table: Table, rows: Sequence[Mapping[str, Any]], *, key: str | Sequence[str]
) -> None:
    """Insert those of `rows` whose `key` is not taken; the others are left as they are."""
    if not rows:
        return
    names = (key,) if isinstance(key, str) else key
    write(session, _insert_missing(table, connection_of(session).dialect.name, *names), rows)


def upsert(session: Session, table: Table, row: Mapping[str, Any], *, key: str) -> None:
    """Insert `row`, or overwrite the one with the same `key`."""
    insert = postgresql.insert if _is_postgres(session) else sqlite.insert
    statement = insert(table).values(**row)
    changes = {name: statement.excluded[name] for name in row if name != key}
    session.execute(statement.on_conflict_do_update(index_elements=[table.c[key]], set_=changes))


def touching(session: Session, table: Table, box: tuple[float, float, float, float]) -> Any:
    """The condition that the box of a row's shape touches west, south, east, north."""
    west, south, east, north = box
    edges = and_(
        table.c.min_lon <= east,
        table.c.max_lon >= west,
        table.c.min_lat <= north,
        table.c.max_lat >= south,
    )
    if not _is_postgres(session):
        return edges
    # The edges alone would walk through half of the level: only GiST knows both axes at once.
    envelope = func.ST_MakeEnvelope(west, south, east, north, 4326)
    return and_(table.c.shape.bool_op("&&")(envelope), edges)


def forget_pages(session: Session) -> None:
    """Let go of what the database's pages take in this process, after much was read once."""
    if not _is_postgres(session):
        run(session, text("PRAGMA shrink_memory"))


_SHORT = text(
    "SELECT set_config('lock_timeout', '2s', true), set_config('statement_timeout', '10s', true), "
    "set_config('idle_in_transaction_session_timeout', '5s', true)"
)


def guard_long_work(session: Session) -> None:
    """Give a batch of the engine short limits, so that a stuck worker lets go of its locks."""
    if _is_postgres(session):
        run(session, _SHORT)


# Any number will do, this one is ours (`db.migrate` has another).
_TURN = text("SELECT pg_advisory_xact_lock(7243002, hashtext(:name))")


def one_at_a_time(session: Session, name: str) -> None:
    """Wait until nobody else is in a transaction that asked for `name`; held to its end.

    On SQLite whoever writes is alone already.
    """
    if _is_postgres(session):
        run(session, _TURN, {"name": name})


def _is_postgres(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
