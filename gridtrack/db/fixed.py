"""Fixed statements: compiled once for each database, then handed to the driver as text.

For the few that every report runs: SQLAlchemy's own way (its cache key, its bind and its result
machinery each time) costs as much as the database does. The column types are asked just the same.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import Connection, Dialect, Engine, Float, Insert, Select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import ReturningInsert

CONNECTION = "gridtrack_connection"


class Joined(Session):
    """A session that joins the transaction of the unit of work that it is used in.

    A session that begins and commits by itself costs as much again as the whole transaction, and a
    report needs none: `work` commits the connection, and asks the session only where it was used.
    """

    def get_bind(self, *args: Any, **kwargs: Any) -> Engine | Connection:
        """The connection of the unit of work, else what a session would use."""
        here: Connection | None = self.info.get(CONNECTION)
        return super().get_bind(*args, **kwargs) if here is None else here


V = TypeVar("V")
_FLOAT8 = 701  # how PostgreSQL names the only kind of float we have
Statement = Select[Any] | Insert | ReturningInsert[Any]
Convert = Callable[[Any], Any] | None


@dataclass(frozen=True, slots=True)
class _Text:
    """A statement as the driver takes it, with what turns values into the driver's."""

    sql: str
    given: tuple[tuple[str, Convert], ...]
    own: Mapping[str, Any]  # values that the statement brings along, such as the 0 of an OFFSET
    positional: bool

    def bound(self, values: Mapping[str, Any]) -> Any:
        """The parameters as the driver takes them; raises KeyError for one that is missing."""
        values = {**self.own, **values} if self.own else values
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
    own = {name: bind.value for name, bind in compiled.binds.items() if not bind.required}
    return _Text(str(compiled), given, own, compiled.positional)


@lru_cache(maxsize=256)
def _readers(statement: Statement, dialect: Dialect) -> tuple[Convert, ...]:
    """What turns the driver's values back. Not asked of a statement that returns nothing.

    SQLAlchemy remembers the answer, and would hand it on to a RETURNING made from that statement.
    """
    return tuple(
        column.type.dialect_impl(dialect).result_processor(
            dialect, _FLOAT8 if isinstance(column.type, Float) else None
        )
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
    direct(connection, text.sql, bound if len(bound) > 1 else bound[0])


def fetch(session: Session, statement: Statement, given: Mapping[str, Any]) -> list[Sequence[Any]]:
    """The rows that a SELECT finds, or that an INSERT ... RETURNING made."""
    connection = connection_of(session)
    text = _text(statement, connection.dialect, tuple(given))
    readers = _readers(statement, connection.dialect)
    return [
        [read(value) if read else value for value, read in zip(row, readers, strict=True)]
        for row in direct(connection, text.sql, text.bound(given), answers=True)
    ]


def direct(
    connection: Connection, sql: str, bound: Any = (), *, answers: bool = False
) -> Sequence[Any]:
    """Say it to the driver, and give every row of the answer where one is expected.

    SQLAlchemy would wrap the cursor in a result: more work than most statements are. Where somebody
    listens to statements it does, and what the driver refuses is told as SQLAlchemy tells it.
    """
    if connection.dispatch.before_cursor_execute:
        result = connection.exec_driver_sql(sql, bound)
        return result.all() if answers else ()
    try:
        with closing(connection.connection.cursor()) as cursor:
            if isinstance(bound, list):
                cursor.executemany(sql, bound)
            else:
                cursor.execute(sql, bound)
            return cursor.fetchall() if answers else ()
    except connection.dialect.loaded_dbapi.Error as error:
        raise _refused(connection, sql, bound, error) from error


def _refused(connection: Connection, sql: str, bound: Any, error: Exception) -> BaseException:
    """The driver's error as SQLAlchemy raises it; a connection that is gone is not used again."""
    dialect = connection.dialect
    gone = dialect.is_disconnect(error, connection.connection.dbapi_connection, None)  # type: ignore[arg-type]
    if gone:
        connection.invalidate(error)
    return DBAPIError.instance(
        sql, bound, error, dialect.loaded_dbapi.Error, connection_invalidated=gone, dialect=dialect
    )


def numbered(name: str, values: Sequence[V]) -> dict[str, V | None]:
    """Values as parameters, a power of two of them: few statements then serve for any number.

    Those without a value are NULL, which equals nothing.
    """
    size = 1 << max(len(values) - 1, 0).bit_length()
    filled = [*values, *[None] * (size - len(values))]
    return {f"{name}{n}": value for n, value in enumerate(filled)}
