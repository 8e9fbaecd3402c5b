"""The incident, its events, its photos and, apart and sealed, who reported it."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from gridtrack.db.base import Base
from gridtrack.db.types import BigKey, Instant, Json, PathText

ARMED = text("next_due_at IS NOT NULL")
DUE = text("due_at IS NOT NULL")
ASSISTED = text("co_handler_id IS NOT NULL")
OPEN = text("is_open")
REPEATS = text("duplicate_of IS NOT NULL")
TRIAGE = text("handler_id IS NULL AND is_open")
# SQLite uses a partial index only where a query says its condition word by word, and SQLAlchemy
# says `is_open = 1` there.
OPEN_LITE = text("is_open = 1")
TRIAGE_LITE = text("handler_id IS NULL AND is_open = 1")


class Incident(Base):
    """One matter; every column from `state` on is the sum of the incident's events."""

    __tablename__ = "incident"
    __table_args__ = (
        # The sweep reads this index and nothing else: idle costs under a millisecond at a million.
        Index("ix_incident_next_due_at", "next_due_at", "id", postgresql_where=ARMED,
              sqlite_where=ARMED),
        # The inbox asks for the open ones, lists also for those that are long closed.
        Index("ix_incident_handler", "handler_id", "is_open", "due_at", "id"),
        Index("ix_incident_co_handler", "co_handler_id", "is_open", "due_at", "id",
              postgresql_where=ASSISTED, sqlite_where=ASSISTED),
        # The board is read from this index alone: every column it looks over is in it (SQLite asks
        # for the one of the condition too).
        Index("ix_incident_open_path", "grid_path", "sensitivity", "state", "due_at", "rung", "id",
              "is_open", postgresql_where=OPEN, sqlite_where=OPEN_LITE),
        Index("ix_incident_open_tile", "tile", postgresql_where=OPEN, sqlite_where=OPEN_LITE),
        Index("ix_incident_due_at", "due_at", "id", postgresql_where=DUE, sqlite_where=DUE),
        Index("ix_incident_triage", "id", postgresql_where=TRIAGE, sqlite_where=TRIAGE_LITE),
        Index("ix_incident_path", "grid_path", "reported_at", "id"),
        Index("ix_incident_duplicate", "duplicate_of", "id", postgresql_where=REPEATS,
              sqlite_where=REPEATS),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    client_id: Mapped[str] = mapped_column(String(36), unique=True)
    content_digest: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(String(20))
    reported_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    occurred_at: Mapped[datetime] = mapped_column(Instant)
    reported_at: Mapped[datetime] = mapped_column(Instant)
    description: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(String(300), default="")
    address_id: Mapped[int | None] = mapped_column(BigInteger)  # the door plate it was reported by
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    given_lon: Mapped[float | None]
    given_lat: Mapped[float | None]
    datum: Mapped[str | None] = mapped_column(String(10))
    accuracy_m: Mapped[float | None]
    tile: Mapped[int | None] = mapped_column(BigInteger)
    # --- the sum of the events ---
    state: Mapped[str] = mapped_column(String(16))
    is_open: Mapped[bool]
    version: Mapped[int]
    category: Mapped[str] = mapped_column(String(8))
    # The filing condition, a code of the category's; "" where none is known.
    condition: Mapped[str] = mapped_column(String(20), default="", server_default="")
    sensitivity: Mapped[int]
    edition_id: Mapped[int | None] = mapped_column(BigInteger)
    grid_code: Mapped[str | None] = mapped_column(String(64))
    grid_path: Mapped[str] = mapped_column(PathText, default="")
    outcome: Mapped[str] = mapped_column(String(10))
    border_distance_m: Mapped[float | None]
    neighbour_code: Mapped[str | None] = mapped_column(String(64))
    zone: Mapped[str | None] = mapped_column(String(64))
    handler_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    handler_role: Mapped[str | None] = mapped_column(String(20))
    co_handler_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    next_due_at: Mapped[datetime | None] = mapped_column(Instant)
    held_until: Mapped[datetime | None] = mapped_column(Instant)  # then it goes on by itself
    deadline_state: Mapped[str] = mapped_column(String(12))
    rung: Mapped[str | None] = mapped_column(String(20))
    acknowledged_at: Mapped[datetime | None] = mapped_column(Instant)
    resolved_at: Mapped[datetime | None] = mapped_column(Instant)
    resolved_by: Mapped[int | None] = mapped_column(BigInteger)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    duplicate_of: Mapped[int | None] = mapped_column(BigInteger)
    updated_at: Mapped[datetime] = mapped_column(Instant)


class Event(Base):
    """One appended line: what happened, when it did, when we heard, who did it.

    `data["set"]` holds the incident columns it changed; the rest of `data` is for readers.
    Order is `seq`, never the clock.
    """

    __tablename__ = "event"
    __table_args__ = (UniqueConstraint("incident_id", "seq"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"))
    seq: Mapped[int]
    kind: Mapped[str] = mapped_column(String(24))
    at: Mapped[datetime] = mapped_column(Instant)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    actor_id: Mapped[int | None] = mapped_column(BigInteger)
    actor_name: Mapped[str] = mapped_column(String(80))
    data: Mapped[dict[str, Any]] = mapped_column(Json)
    key: Mapped[str | None] = mapped_column(String(120), unique=True)


class Reporter(Base):
    """Who told us: name and contact are sealed under a key that is not in the database."""

    __tablename__ = "reporter"

    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), primary_key=True)
    sealed_name: Mapped[str] = mapped_column(Text, default="", server_default="")
    sealed_contact: Mapped[str] = mapped_column(Text, default="", server_default="")
    choice: Mapped[str] = mapped_column(String(10))  # named, hidden, anonymous
    code_hash: Mapped[str] = mapped_column(String(64))


class Photo(Base):
    """A photo of an incident; the picture lies in the instance folder under `name`."""

    __tablename__ = "photo"
    __table_args__ = (UniqueConstraint("incident_id", "name"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"))
    name: Mapped[str] = mapped_column(String(80))
    width: Mapped[int]
    height: Mapped[int]
    stage: Mapped[str] = mapped_column(String(10))  # report, before, after
    added_by: Mapped[int | None] = mapped_column(BigInteger)
    added_at: Mapped[datetime] = mapped_column(Instant)
