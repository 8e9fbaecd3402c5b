"""Clocks of incidents, the versions of the policies they were promised under, worker heartbeats."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from gridtrack.db.base import Base
from gridtrack.db.types import BigKey, Instant, Json

# Queries say these very words: with a parameter in them SQLite would not use the index.
USED_UP = text("clock.state = 'running' AND clock.next_fire_at IS NULL")
_USED_UP = text("state = 'running' AND next_fire_at IS NULL")
ON_CALENDAR = text("calendar IS NOT NULL AND state = 'running'")
RUNNING = text("state = 'running'")


class ClockRow(Base):
    """One promise of one incident; `cycle` rises when the promise starts anew.

    `left_us` is the working time, in microseconds of its calendar, that was left at `base_at`: when
    it started, rested (then `state` is paused) or went on. NULL in `calendar`: it never rests.
    """

    __tablename__ = "clock"
    __table_args__ = (
        # Runs, and nothing comes any more: only a person can end it.
        Index("ix_clock_used_up", "due_at", "incident_id", postgresql_where=_USED_UP,
              sqlite_where=_USED_UP),
        # What a change of the calendars has to look at again (usecases/recompute.py).
        Index("ix_clock_calendar_rev", "calendar_rev", "incident_id", postgresql_where=ON_CALENDAR,
              sqlite_where=ON_CALENDAR),
        Index("ix_clock_due", "kind", "due_at", "incident_id", postgresql_where=RUNNING,
              sqlite_where=RUNNING),
    )  # fmt: skip

    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    cycle: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(10))
    policy_version: Mapped[int]
    ladder: Mapped[str] = mapped_column(String(20))
    started_at: Mapped[datetime] = mapped_column(Instant)
    due_at: Mapped[datetime] = mapped_column(Instant)
    met_at: Mapped[datetime | None] = mapped_column(Instant)
    breached_at: Mapped[datetime | None] = mapped_column(Instant)
    step: Mapped[int] = mapped_column(default=0)
    repeat: Mapped[int] = mapped_column(default=0)
    next_fire_at: Mapped[datetime | None] = mapped_column(Instant)
    calendar: Mapped[str | None] = mapped_column(String(20))
    calendar_rev: Mapped[int] = mapped_column(default=0)
    base_at: Mapped[datetime | None] = mapped_column(Instant)
    left_us: Mapped[int | None] = mapped_column(BigInteger)
    paused_us: Mapped[int] = mapped_column(BigInteger, default=0)  # all its pauses, by the wall
    extended: Mapped[int] = mapped_column(default=0)  # how often
    wish_at: Mapped[datetime | None] = mapped_column(Instant)  # asked for, and not decided yet
    wish_by: Mapped[int | None] = mapped_column(BigInteger)


class PolicyVersion(Base):
    """A policy document as it was promised: never edited, only followed by a newer version.

    Without an author the file of the deployment said it; a withdrawn one never came into force.
    """

    __tablename__ = "policy_version"

    version: Mapped[int] = mapped_column(BigKey, primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    from_at: Mapped[datetime] = mapped_column(Instant)
    body: Mapped[dict[str, Any]] = mapped_column(Json)
    recorded_at: Mapped[datetime | None] = mapped_column(Instant)
    author_id: Mapped[int | None] = mapped_column(BigInteger)
    author_name: Mapped[str] = mapped_column(String(80), default="", server_default="")
    why: Mapped[str] = mapped_column(String(500), default="", server_default="")
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    withdrawn_by: Mapped[str] = mapped_column(String(80), default="", server_default="")
    withdrawn_why: Mapped[str] = mapped_column(String(500), default="", server_default="")


class PolicyDraft(Base):
    """A version in the making; `rev` rises with every change, `base` is what it began as."""

    __tablename__ = "policy_draft"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    base: Mapped[int] = mapped_column(BigInteger)
    body: Mapped[dict[str, Any]] = mapped_column(Json)
    rev: Mapped[int]
    author_name: Mapped[str] = mapped_column(String(80))
    made_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)


class ReminderMark(Base):
    """How far a reminder (`resolve:2h`) has come along the due instants of the clocks."""

    __tablename__ = "reminder_mark"

    reminder: Mapped[str] = mapped_column(String(40), primary_key=True)
    until_at: Mapped[datetime] = mapped_column(Instant)
    last_id: Mapped[int] = mapped_column(BigInteger)


class Heartbeat(Base):
    """The last finished tick of a worker."""

    __tablename__ = "heartbeat"

    worker: Mapped[str] = mapped_column(String(80), primary_key=True)
    beat_at: Mapped[datetime] = mapped_column(Instant)
    tick_ms: Mapped[float]
    fired: Mapped[int]


class Quarantine(Base):
    """An incident whose step failed: set apart and retried, so that it never holds up the rest."""

    __tablename__ = "quarantine"

    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), primary_key=True)
    error: Mapped[str] = mapped_column(String(500))
    tries: Mapped[int]
    since_at: Mapped[datetime] = mapped_column(Instant)
