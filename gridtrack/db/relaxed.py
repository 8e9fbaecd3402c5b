"""Commits that do not wait for the disk, for runs that can simply be made again."""

from typing import Any

from sqlalchemy import Engine, event


def relax(engine: Engine) -> None:
    """Let every later connection of `engine` commit without waiting for the disk.

    A power cut may then lose the last commits, whole ones and never a part of one: the database
    stays consistent. Not for a product that people report to.
    """
    sqlite = engine.dialect.name == "sqlite"
    statement = "PRAGMA synchronous=NORMAL" if sqlite else "SET synchronous_commit TO off"

    def prepare(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute(statement)
        cursor.close()
        if not sqlite:
            connection.commit()

    event.listen(engine, "connect", prepare)
    engine.dispose()
