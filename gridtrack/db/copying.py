"""A whole database copied into one SQLite file, and out of it, from one snapshot.

The file is the same whichever database it came from: what was taken from one fits the other.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, insert, select, text

from gridtrack.db import migrate
from gridtrack.db.base import Base
from gridtrack.db.carriers import carriers
from gridtrack.db.engine import WRITE, make_engine
from gridtrack.db.pairs import DERIVED
from gridtrack.errors import Conflict

PAGES = 1024  # 4 MB between two signs of life
_BATCH = 500

Tell = Callable[[int, int], None]  # so much of so much is done
Pinned = Callable[[], None]  # called when the snapshot stands


@dataclass(frozen=True, slots=True)
class Content:
    """What is in a database: its revision, rows of each table, the last line of the record."""

    schema: str
    rows: dict[str, int]
    last_event: int | None


def take(engine: Engine, target: Path, pinned: Pinned, tell: Tell) -> Content:
    """Copy the database of `engine` to the new file `target` while others go on writing.

    `pinned` is called when the snapshot stands: what was committed before is in it. Raises
    Conflict where there is no schema, or (PostgreSQL) another one than this code knows.
    """
    if engine.dialect.name == "sqlite":
        return _take_sqlite(Path(engine.url.database or ""), target, pinned, tell)
    return _take_postgres(engine, target, pinned, tell)


def _take_sqlite(source: Path, target: Path, pinned: Pinned, tell: Tell) -> Content:
    """By SQLite's own backup, in one read transaction: in WAL mode that keeps no writer waiting.

    Without the transaction each write of another process would make the backup begin anew.
    """
    if not source.is_file():
        raise Conflict("backup-nothing", value=str(source))
    with closing(_connect(source, "mode=rw")) as here, closing(sqlite3.connect(target)) as there:
        here.execute("BEGIN")
        content = content_of(here)
        pinned()
        here.backup(there, pages=PAGES, progress=lambda _, left, of: tell(of - left, of))
        here.execute("ROLLBACK")
        there.execute("PRAGMA journal_mode=DELETE")
    return content


def _take_postgres(engine: Engine, target: Path, pinned: Pinned, tell: Tell) -> Content:
    found, head = migrate.current(engine), migrate.head()
    if found != head:
        raise Conflict("backup-schema-differs", found=found or "-", head=head)
    lite = make_engine(f"sqlite:///{target}")
    migrate.upgrade(lite)
    snapshot = engine.connect().execution_options(
        isolation_level="REPEATABLE READ", postgresql_readonly=True
    )
    with snapshot as source, source.begin():
        source.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        rows = {one.name: _count(source, one.name) for one in carriers("postgresql")}
        pinned()
        with lite.connect().execution_options(**{WRITE: True}) as out, out.begin():
            _pour(source, out, sum(rows.values()), tell)
        last = source.execute(text("SELECT max(id) FROM event")).scalar()
    with lite.connect() as out:
        out.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    lite.dispose()
    with closing(sqlite3.connect(target)) as there:
        there.execute("PRAGMA journal_mode=DELETE")
    return Content(str(head), rows, last)


def load(source: Path, target: Connection, tell: Tell) -> None:
    """Bring every row of the file `source` into the empty tables of a PostgreSQL database.

    Both must be at the newest revision. Whoever calls owns the transaction.
    """
    lite = make_engine(f"sqlite:///{source}")
    with lite.connect() as here:
        total = sum(_count(here, one.name) for one in carriers("sqlite"))
        _pour(here, target, total, tell)
    lite.dispose()
    for table in Base.metadata.sorted_tables:
        if table.autoincrement_column is not None:
            _number_on(target, table.name, table.autoincrement_column.name)


def _number_on(connection: Connection, table: str, key: str) -> None:
    """Let PostgreSQL number on behind the last row; a key that nobody numbers has no sequence."""
    connection.execute(
        text(
            f"SELECT setval(pg_get_serial_sequence('{table}', '{key}'), max({key})) "  # noqa: S608
            f"FROM {table} HAVING max({key}) IS NOT NULL"
        )
    )


def _pour(source: Connection, target: Connection, total: int, tell: Tell) -> None:
    """Read every table of one database and write it to the other, batch by batch."""
    done = 0
    stream = source.execution_options(stream_results=True, yield_per=_BATCH)
    for here, there in zip(
        carriers(source.dialect.name), carriers(target.dialect.name), strict=True
    ):
        for some in stream.execute(select(here)).mappings().partitions(_BATCH):
            target.execute(insert(there), [dict(row) for row in some])
            done += len(some)
            tell(done, total)


def _count(connection: Connection, table: str) -> int:
    return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())  # noqa: S608


def counted(connection: Connection) -> dict[str, int]:
    """Rows of every table that this code knows."""
    return {one.name: _count(connection, one.name) for one in carriers(connection.dialect.name)}


def content_of(connection: sqlite3.Connection) -> Content:
    """What a SQLite file holds, of whatever revision; raises Conflict where it has no schema."""
    found = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    )
    names = sorted(name for (name,) in found)
    schema = None
    if "alembic_version" in names:
        schema = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    if schema is None:
        raise Conflict("backup-nothing", value="")
    names.remove("alembic_version")
    # Made from the matters and made again by the worker: a copy from PostgreSQL has none of it.
    names = [name for name in names if not name.startswith(DERIVED)]
    rows = {n: connection.execute(f'SELECT count(*) FROM "{n}"').fetchone()[0] for n in names}  # noqa: S608
    (last,) = connection.execute("SELECT max(id) FROM event").fetchone()
    return Content(schema[0], rows, last)


def inspect(path: Path) -> tuple[Content, list[str]]:
    """Read a file that nobody writes to from end to end: what it holds, and what is broken."""
    with closing(_connect(path, "mode=ro&immutable=1")) as connection:
        broken = [str(row[0]) for row in connection.execute("PRAGMA integrity_check")]
        loose = connection.execute("PRAGMA foreign_key_check").fetchmany(20)
        faults = [line for line in broken if line != "ok"]
        faults += [f"{table} {row} without its {owner}" for table, row, owner, _ in loose]
        return content_of(connection), faults


def _connect(path: Path, options: str) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?{options}", uri=True, isolation_level=None)


@contextmanager
def reading(path: Path) -> Iterator[Engine]:
    """An engine that reads a file which nobody writes to, and leaves every bit of it as it is."""
    engine = create_engine("sqlite://", creator=lambda: _connect(path, "mode=ro&immutable=1"))
    try:
        yield engine
    finally:
        engine.dispose()
