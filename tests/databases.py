"""Databases made by the migrations, so that tables and migrations cannot drift apart."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from gridtrack.db import migrate
from gridtrack.db.engine import make_engine


def migrated_sqlite(path: Path) -> Path:
    """A file at the newest revision, with nothing left in a write-ahead log."""
    engine = make_engine(f"sqlite:///{path}")
    migrate.upgrade(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.rollback()
    engine.dispose()
    return path


def template_of(server: str, worker: str) -> str:
    """The name of an empty database at the newest revision on `server`, one for each worker."""
    name = f"gridtrack_template_{worker}"
    with psycopg.connect(_plain(server), autocommit=True) as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        admin.execute(f'CREATE DATABASE "{name}"')
    engine = make_engine(f"{server.rsplit('/', 1)[0]}/{name}")
    migrate.upgrade(engine)
    engine.dispose()
    return name


def copy_of(server: str, template: str, name: str) -> str:
    """The address of a database of this name, made anew out of `template`."""
    with psycopg.connect(_plain(server), autocommit=True) as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
    return f"{server.rsplit('/', 1)[0]}/{name}"


@contextmanager
def copied(server: str, template: str) -> Iterator[str]:
    """The address of a copy of `template` that is gone afterwards."""
    name = f"t_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(_plain(server), autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
    yield f"{server.rsplit('/', 1)[0]}/{name}"
    with psycopg.connect(_plain(server), autocommit=True) as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _plain(server: str) -> str:
    return server.replace("postgresql+psycopg://", "postgresql://")
