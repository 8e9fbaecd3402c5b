"""The numbered line of revisions, applied and checked on both databases."""

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

# Two processes that start together must not both migrate; any number will do, this one is ours.
_LOCK = 7_243_001
_POSTGRES_ONLY = {"ix_grid_shape"}


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(script_location()))
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the schema up to `revision` in one transaction, once, however many start together."""
    with engine.connect().execution_options(**{WRITE: True}) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        command.upgrade(_config(connection), revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Take the schema down to `revision` (`base`: empty)."""
    with engine.connect().execution_options(**{WRITE: True}) as connection, connection.begin():
        command.downgrade(_config(connection), revision)


def current(engine: Engine) -> str | None:
    """The revision the database is at, None when it is empty."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str | None:
    """The newest revision there is."""
    config = Config()
    config.set_main_option("script_location", str(script_location()))
    return ScriptDirectory.from_config(config).get_current_head()


def differences(engine: Engine) -> list[str]:
    """Where the tables of the code and those of the database differ; empty when they agree."""

    def ours(thing: Any, name: str | None, kind: str, reflected: Any, _to: object) -> bool:
        """Leave out PostGIS's own table, and indexes that only the other database has."""
        elsewhere = kind == "index" and engine.dialect.name == "sqlite" and name in _POSTGRES_ONLY
        return thing is not None and not elsewhere and not (reflected and name == "spatial_ref_sys")

    with engine.connect() as connection:
        options = {"compare_type": False, "include_object": ours}
        context = MigrationContext.configure(connection, opts=options)
        return [str(diff) for diff in compare_metadata(context, Base.metadata)]
