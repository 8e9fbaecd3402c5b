"""Work: one instant, one actor, one transaction. Only this module commits.

So this module keeps the audit too: no use case, and no door, can forget it (ADR 28).
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from gridtrack.access import ENGINE, Actor
from gridtrack.audit.ledger import Ledger
from gridtrack.audit.rules import INSIDE, Key, Line, Note, Origin, line_of, lines_of, refusals_of
from gridtrack.clock import Clock
from gridtrack.db.engine import SEALS, WRITE, Gate, make_engine
from gridtrack.db.fixed import CONNECTION, Joined
from gridtrack.db.memo import Memo
from gridtrack.db.said import said
from gridtrack.db.turn import Turn
from gridtrack.errors import GridtrackError
from gridtrack.sealing.keys import Keys, keys_of
from gridtrack.settings import Settings, secret_key

# Objects stay readable after the commit; nothing is written behind a reader's back.
SESSION_OPTIONS: dict[str, Any] = {
    "class_": Joined,
    "expire_on_commit": False,
    "autoflush": False,
}
log = structlog.get_logger()


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
    origin: Origin = INSIDE
    notes: list[Note] = field(default_factory=list)

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
    ledger: Ledger
    memo: Memo = field(default_factory=Memo)
    origin: Origin = INSIDE
    sweeping: Turn | None = None  # of the processes on one SQLite file, which has one writer

    @property
    def wanted(self) -> bool:
        """True where somebody of this process waits to write."""
        return self.gate is not None and self.gate.wanted

    @contextmanager
    def work(
        self, actor: Actor = ENGINE, now: datetime | None = None, origin: Origin | None = None
    ) -> Iterator[Work]:
        """A unit of writing: commits at the end, rolls back on any error.

        A person's leaves at least one line in the audit, within the same transaction; what was
        refused leaves one of its own.
        """
        told = self._told(actor, now, origin)
        try:
            with ExitStack() as turn:
                if self.gate is not None:
                    turn.enter_context(self.gate.turn())
                with self._transaction(told, write=True) as work:
                    yield work
        except GridtrackError as error:
            self._keep_refusal(told, error)
            raise

    @contextmanager
    def look(
        self, actor: Actor = ENGINE, now: datetime | None = None, origin: Origin | None = None
    ) -> Iterator[Work]:
        """A unit of reading: one snapshot, nothing is kept but what it noted for the audit.

        That is kept before anybody is shown what was read: where it cannot be, nobody is.
        """
        told = self._told(actor, now, origin)
        try:
            with self._transaction(told, write=False) as work:
                yield work
        except GridtrackError as error:
            self._keep_refusal(told, error)
            raise
        if told.notes:
            self._keep([line_of(one, actor, told.origin, told.now) for one in told.notes])

    def _told(self, actor: Actor, now: datetime | None, origin: Origin | None) -> "_Told":
        instant = now if now is not None else self.clock.now()
        return _Told(actor, instant, origin or self.origin)

    @contextmanager
    def _transaction(self, told: "_Told", *, write: bool) -> Iterator[Work]:
        with self.engine.connect() as connection:
            connection.execution_options(**{WRITE: write})
            connection.begin()
            session = self.sessions()
            session.info[CONNECTION] = connection
            try:
                yield Work(
                    session, told.now, told.actor, self.settings, self.memo, self.secret, self.keys,
                    told.origin, told.notes,
                )  # fmt: skip
                if write:
                    with self.ledger.keeping(session, told.all(said(session))):
                        if session.in_transaction():
                            session.commit()  # writes what it holds, into the same transaction
                        connection.commit()
            finally:
                said(session)
                session.close()  # what was read stays readable
                session.info.pop(CONNECTION, None)

    def _keep(self, lines: Sequence[Line]) -> None:
        """Append lines in a transaction of their own."""
        told = _Told(ENGINE, self.clock.now(), INSIDE, lines=lines)
        with ExitStack() as turn:
            if self.gate is not None:
                turn.enter_context(self.gate.turn())
            turn.enter_context(self._transaction(told, write=True))

    def _keep_refusal(self, told: "_Told", error: GridtrackError) -> None:
        lines = refusals_of(told.notes, error, told.actor, told.origin, told.now)
        if not lines:
            return
        try:
            self._keep(lines)
        except SQLAlchemyError as broken:  # the refusal itself is what its door must hear of
            log.error("audit-not-kept", act=lines[0].act, error=type(broken).__name__)  # noqa: TRY400


@dataclass(frozen=True, slots=True)
class _Told:
    """Who is at work since when and from where, and what was noted meanwhile."""

    actor: Actor
    now: datetime
    origin: Origin
    notes: list[Note] = field(default_factory=list)
    lines: Sequence[Line] = ()  # where these are all there is to write

    def all(self, befell: Sequence[tuple[str, str]]) -> Sequence[Line]:
        """The lines to write, where this befell some subjects."""
        return self.lines or lines_of(self.notes, befell, self.actor, self.origin, self.now)


def make_runtime(settings: Settings, clock: Clock) -> Runtime:
    """Wire settings and clock to a database; opens nothing yet, makes the instance folder."""
    settings.instance.mkdir(parents=True, exist_ok=True)
    keys = keys_of(settings)
    engine = make_engine(settings.url, execution_options={SEALS: keys})
    sessions = sessionmaker(engine, **SESSION_OPTIONS)
    sqlite = engine.dialect.name == "sqlite"
    secret = secret_key(settings)
    ledger = Ledger(Key.of(secret, settings.audit_digest))
    file = engine.url.database if sqlite else None
    turn = Turn(Path(f"{file}.sweep")) if file and file != ":memory:" else None
    gate = Gate() if sqlite else None
    return Runtime(settings, clock, engine, sessions, gate, secret, keys, ledger, sweeping=turn)
