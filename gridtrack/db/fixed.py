"""Fixed statements: compiled once for each database, then handed to the driver as text.

For the few that every report runs: SQLAlchemy's own way (its cache key, its bind and its result
machinery each time) costs as much as the database does. The column types are asked just the same.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, Insert, Select
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import ReturningInsert

CONNECTION = "gridtrack_connection"
Statement = Select[Any] | Insert | ReturningInsert[Any]
Convert = Callable[[Any], Any] | None


@dataclass(frozen=True, slots=True)
class _Text:
    """A statement as the driver takes it, with what turns values into the driver's."""

    sql: str
    given: tuple[tuple[str, Convert], ...]
    positional: bool

    def bound(self, values: Mapping[str, Any]) -> Any:
        """The parameters as the driver takes them; raises KeyError for one that is missing."""
        if self.positional:
            return tuple([c(values[n]) if c else values[n] for n, c in self.given])
        return {n: c(values[n]) if c else values[n] for n, c in self.given}


@lru_cache(maxsize=256)
def _text(statement: Statement, dialect: Dialect, names: tuple[str, ...]) -> _Text:
    if isinstance(statement, Select):
        compiled = statement.compile(dialect=dialect)
    else:  # inline: nobody asks for the keys that the database gave
        compiled = statement.inline().compile(dialect=dialect, column_keys=names)
    assert isinstance(compiled, SQLCompiler)
    order = compiled.positiontup if compiled.positional else list(compiled.binds)
    given = tuple(
        (name, compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect))
        for name in order or ()
    )
    return _Text(str(compiled), given, compiled.positional)


@lru_cache(maxsize=256)
def _readers(statement: Statement, dialect: Dialect) -> tuple[Convert, ...]:
    """What turns the driver's values back. Not asked of a statement that returns nothing.

    SQLAlchemy remembers the answer, and would hand it on to a RETURNING made from that statement.
    """
    return tuple(
        column.type.dialect_impl(dialect).result_processor(dialect, None)
        for column in statement.exported_columns
    )


def connection_of(session: Session) -> Connection:
    """The connection that the session's transaction runs on; asking the session costs ten times it.

    `work` leaves it there for as long as the transaction lasts.
    """
    found: Connection | None = session.info.get(CONNECTION)
    return session.connection() if found is None else found


def write(session: Session, statement: Insert, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert `rows`, at least one; all name the same columns."""
    connection = connection_of(session)
    text = _text(statement, connection.dialect, tuple(rows[0]))
    bound = [text.bound(row) for row in rows]
    connection.exec_driver_sql(text.sql, bound if len(bound) > 1 else bound[0])


def fetch(session: Session, statement: Statement, given: Mapping[str, Any]) -> list[Sequence[Any]]:
    """The rows that a SELECT finds, or that an INSERT ... RETURNING made."""
    connection = connection_of(session)
    text = _text(statement, connection.dialect, tuple(given))
    readers = _readers(statement, connection.dialect)
    return [
        [read(value) if read else value for value, read in zip(row, readers, strict=True)]
        for row in connection.exec_driver_sql(text.sql, text.bound(given))
    ]
