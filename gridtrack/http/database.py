"""Flask-SQLAlchemy's session for requests, on the engine that the whole process shares.

The extension is wrapped in this one module, so that a later swap touches one file.
"""

from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy import Engine

from gridtrack.db.base import Base
from gridtrack.db.fixed import Joined
from gridtrack.work import SESSION_OPTIONS


class _Session(Joined, Session):
    """Flask-SQLAlchemy's session, in the transaction of the unit of work."""


class Database(SQLAlchemy):
    """Flask-SQLAlchemy with the engine made by `db.engine`, not one of its own."""

    def __init__(self, engine: Engine) -> None:
        """Bind the extension to `engine`."""
        self._shared = engine
        super().__init__(model_class=Base, session_options={**SESSION_OPTIONS, "class_": _Session})

    def _make_engine(self, _key: str | None, _options: dict[str, Any], _app: Flask) -> Engine:
        return self._shared
