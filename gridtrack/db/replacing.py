"""One database in the place of another: nobody may be at work in it, the old one stays aside."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DatabaseError

from gridtrack.db import migrate
from gridtrack.db.copying import Tell, load
from gridtrack.errors import Conflict

_TELLING = ("person", "incident", "edition")  # a place where somebody has begun has one of these
_SIDECARS = ("-wal", "-shm", "-journal")


def holds_something(engine: Engine) -> bool:
    """True where people, matters or grids are in the database, or where it cannot be read."""
    if engine.dialect.name == "sqlite" and not Path(engine.url.database or "").exists():
        return False
    try:
        with engine.connect() as connection:
            there = set(inspect(connection).get_table_names()) & set(_TELLING)
            return any(
                connection.execute(text(f"SELECT 1 FROM {name} LIMIT 1")).first()  # noqa: S608
                for name in sorted(there)
            )
    except DatabaseError:
        if engine.dialect.name == "sqlite":
            return True
        raise


def aside_of(path: Path, at: datetime) -> Path:
    """Where a file goes that was in the place."""
    return path.with_name(f"{path.name}.before-{at:%Y%m%dT%H%M%SZ}")


def seal(path: Path) -> None:
    """Bring all of a SQLite file into the one file; raises Conflict where somebody has it open."""
    with closing(sqlite3.connect(path, timeout=1, isolation_level=None)) as connection:
        try:
            connection.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.OperationalError as error:
            raise Conflict("restore-in-use", value=str(path)) from error


@contextmanager
def replaced(
    engine: Engine, stage: Path, at: datetime, tell: Tell
) -> Iterator[tuple[Connection, list[str]]]:
    """The data of the file `stage` in the database of `engine`: for whoever wants to try it.

    Gives a connection to it and where the old one is. It stands when the body ends, on any error
    the old one does. Raises Conflict where somebody is at work there.
    """
    if engine.dialect.name == "sqlite":
        with _file(engine, stage, at) as found:
            yield found
        return
    with engine.connect() as connection, connection.begin():
        _nobody_there(connection)
        aside = _schema_aside(connection, at)
        migrate.upgrade_on(connection)
        load(stage, connection, tell)
        yield connection, aside


@contextmanager
def _file(engine: Engine, stage: Path, at: datetime) -> Iterator[tuple[Connection, list[str]]]:
    path = Path(engine.url.database or "")
    engine.dispose()
    aside = []
    with ExitStack() as undo:
        if path.exists():
            with suppress(sqlite3.DatabaseError):  # damaged: moved as it is, with all beside it
                seal(path)
            old = aside_of(path, at)
            for end in _SIDECARS:
                here, there = path.with_name(path.name + end), old.with_name(old.name + end)
                if here.exists():
                    here.rename(there)
                    undo.callback(there.rename, here)
            # Two names for a moment: there is a database at every instant, whoever pulls the plug.
            old.hardlink_to(path)
            undo.callback(old.replace, path)
            aside.append(str(old))
        else:
            undo.callback(path.unlink, missing_ok=True)
        undo.callback(engine.dispose)  # first: what lies beside the file goes with the last reader
        stage.replace(path)
        _settle(path.parent)
        with engine.connect() as connection:
            yield connection, aside
        undo.pop_all()


def _settle(folder: Path) -> None:
    """Let the new name survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)


def _nobody_there(connection: Connection) -> None:
    others = connection.execute(
        text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
    ).scalar_one()
    if others:
        raise Conflict("restore-in-use", value=str(connection.engine.url.database), count=others)


# What an extension brought (PostGIS) is not ours to move.
_TABLES = text(
    "SELECT quote_ident(o.relname) FROM pg_class o WHERE o.relnamespace = "
    "current_schema()::regnamespace AND o.relkind IN ('r', 'p') AND NOT EXISTS (SELECT 1 FROM "
    "pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = o.oid AND d.deptype = 'e')"
)
_FUNCTIONS = text(
    "SELECT o.oid::regprocedure::text FROM pg_proc o WHERE o.pronamespace = "
    "current_schema()::regnamespace AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE "
    "d.classid = 'pg_proc'::regclass AND d.objid = o.oid AND d.deptype = 'e')"
)


def _schema_aside(connection: Connection, at: datetime) -> list[str]:
    """Move every table and function into a schema of its own, in this very transaction."""
    tables = connection.execute(_TABLES).scalars().all()
    if not tables:
        return []
    schema = f"before_{at:%Y%m%dt%H%M%Sz}"
    connection.execute(text(f"CREATE SCHEMA {schema}"))
    for table in tables:
        connection.execute(text(f"ALTER TABLE {table} SET SCHEMA {schema}"))
    for function in connection.execute(_FUNCTIONS).scalars().all():
        connection.execute(text(f"ALTER FUNCTION {function} SET SCHEMA {schema}"))
    return [f"schema {schema}"]
