"""The numbered line of revisions, applied and checked on both databases."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from gridtrack.db.base import Base
from gridtrack.db.engine import WRITE
from gridtrack.db.migrations import script_location
from gridtrack.db.pairs import DERIVED

# Two processes that start together must not both migrate; any number will do, this one is ours.
_LOCK = 7_243_001
_POSTGRES_ONLY = {"ix_grid_shape"}
_NOT_OURS = ("spatial_ref_sys", DERIVED, f"ix_{DERIVED}")


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(script_location()))
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the schema up to `revision` in one transaction, once, however many start together."""
    with _moving(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        command.upgrade(_config(connection), revision)


def upgrade_on(connection: Connection) -> None:
    """The same in a PostgreSQL transaction of the caller's."""
    command.upgrade(_config(connection), "head")


def downgrade(engine: Engine, revision: str) -> None:
    """Take the schema down to `revision` (`base`: empty)."""
    with _moving(engine) as connection:
        command.downgrade(_config(connection), revision)


@contextmanager
def _moving(engine: Engine) -> Iterator[Connection]:
    """One transaction in which tables may be made anew.

    SQLite changes a column by copying the table and dropping the old one, which foreign keys would
    refuse: they rest meanwhile and are all looked at again before the commit
    (https://sqlite.org/lang_altertable.html#otheralter).
    """
    with engine.connect().execution_options(**{WRITE: True}) as connection:
        if engine.dialect.name != "sqlite":
            with connection.begin():
                yield connection
            return
        _foreign_keys(connection, on=False)
        try:
            with connection.begin():
                yield connection
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                if broken:
                    raise RuntimeError(f"the migration would leave rows without owners: {broken}")
        finally:
            _foreign_keys(connection, on=True)


def _foreign_keys(connection: Connection, *, on: bool) -> None:
    """Past SQLAlchemy, which would begin a transaction first; inside one this does nothing."""
    raw = connection.connection.driver_connection
    assert raw is not None
    raw.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")


def current(engine: Engine) -> str | None:
    """The revision the database is at, None when it is empty."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str | None:
    """The newest revision there is."""
    config = Config()
    config.set_main_option("script_location", str(script_location()))
    return ScriptDirectory.from_config(config).get_current_head()


def knows(revision: str) -> bool:
    """True for a revision of this code's line; those of newer code are not."""
    config = Config()
    config.set_main_option("script_location", str(script_location()))
    return revision in {
        one.revision for one in ScriptDirectory.from_config(config).walk_revisions()
    }


def differences(engine: Engine) -> list[str]:
    """Where the tables of the code and those of the database differ; empty when they agree."""

    def ours(thing: Any, name: str | None, kind: str, reflected: Any, _to: object) -> bool:
        """Leave out PostGIS's table, the index of words, and what only the other one has."""
        elsewhere = kind == "index" and engine.dialect.name == "sqlite" and name in _POSTGRES_ONLY
        not_ours = reflected and name is not None and name.startswith(_NOT_OURS)
        return thing is not None and not elsewhere and not not_ours

    with engine.connect() as connection:
        options = {"compare_type": False, "include_object": ours}
        context = MigrationContext.configure(connection, opts=options)
        return [str(diff) for diff in compare_metadata(context, Base.metadata)]
