"""Work: one instant, one actor, one transaction. Only this module commits."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from gridtrack.access import ENGINE, Actor
from gridtrack.clock import Clock
from gridtrack.db.engine import SEALS, WRITE, Gate, make_engine
from gridtrack.db.fixed import CONNECTION
from gridtrack.db.memo import Memo
from gridtrack.sealing.keys import Keys, keys_of
from gridtrack.settings import Settings, secret_key

# Objects stay readable after the commit; nothing is written behind a reader's back.
SESSION_OPTIONS: dict[str, Any] = {"expire_on_commit": False, "autoflush": False}


@dataclass(frozen=True, slots=True)
class Work:
    """What a use case is given: nothing in it may be replaced while the work goes on."""

    session: Session
    now: datetime
    actor: Actor
    settings: Settings
    memo: Memo
    secret: str
    keys: Keys

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`; only stores may care."""
        return self.session.get_bind().dialect.name


class OpenSession(Protocol):
    """How a door opens a session: Flask-SQLAlchemy's in a request, a plain one elsewhere."""

    def __call__(self) -> Session:
        """A session that is not in a transaction."""
        ...


@dataclass(frozen=True, slots=True)
class Runtime:
    """The wired-up product without any door: made once per process by `app.make_runtime`."""

    settings: Settings
    clock: Clock
    engine: Engine
    sessions: OpenSession
    gate: Gate | None
    secret: str
    keys: Keys
    memo: Memo = field(default_factory=Memo)

    @contextmanager
    def work(self, actor: Actor = ENGINE, now: datetime | None = None) -> Iterator[Work]:
        """A unit of writing: commits at the end, rolls back on any error."""
        if self.gate is None:
            with self._transaction(actor, now, write=True) as work:
                yield work
            return
        with self.gate.turn(), self._transaction(actor, now, write=True) as work:
            yield work

    @contextmanager
    def look(self, actor: Actor = ENGINE, now: datetime | None = None) -> Iterator[Work]:
        """A unit of reading: one snapshot, nothing is kept."""
        with self._transaction(actor, now, write=False) as work:
            yield work

    @contextmanager
    def _transaction(self, actor: Actor, now: datetime | None, *, write: bool) -> Iterator[Work]:
        session = self.sessions()
        try:
            session.info[CONNECTION] = session.connection(execution_options={WRITE: write})
            instant = now if now is not None else self.clock.now()
            yield Work(session, instant, actor, self.settings, self.memo, self.secret, self.keys)
            if write:
                session.commit()  # what was only read is let go by close(), and stays readable
        finally:
            session.info.pop(CONNECTION, None)
            session.close()  # undoes what was not committed, whatever ended it


def make_runtime(settings: Settings, clock: Clock) -> Runtime:
    """Wire settings and clock to a database; opens nothing yet, makes the instance folder."""
    settings.instance.mkdir(parents=True, exist_ok=True)
    keys = keys_of(settings)
    engine = make_engine(settings.url, execution_options={SEALS: keys})
    sessions = sessionmaker(engine, **SESSION_OPTIONS)
    gate = Gate() if engine.dialect.name == "sqlite" else None
    return Runtime(settings, clock, engine, sessions, gate, secret_key(settings), keys)
