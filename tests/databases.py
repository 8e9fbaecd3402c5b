"""Databases made by the migrations, so that tables and migrations cannot drift apart."""

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
    plain = server.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(plain, autocommit=True) as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        admin.execute(f'CREATE DATABASE "{name}"')
    engine = make_engine(f"{server.rsplit('/', 1)[0]}/{name}")
    migrate.upgrade(engine)
    engine.dispose()
    return name
