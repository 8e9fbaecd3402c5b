"""Rosters, swaps, handover notes, and what was changed of them by whom."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from gridtrack.db.base import Base
from gridtrack.db.types import BigKey, Instant, Json, PathText


class RosterRow(Base):
    """A roster; `body` holds its shifts, repeating and dated, by the ids of people."""

    __tablename__ = "roster"
    __table_args__ = (Index("ix_roster_scope", "scope"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    role: Mapped[str] = mapped_column(String(20))
    scope: Mapped[str] = mapped_column(PathText, default="")
    zone: Mapped[str | None] = mapped_column(String(64))
    start: Mapped[date]
    until: Mapped[date | None]
    outside: Mapped[str] = mapped_column(String(8))
    kind: Mapped[str] = mapped_column(String(8))
    place: Mapped[str] = mapped_column(String(120), default="")
    public: Mapped[bool] = mapped_column(default=False)
    phone: Mapped[str] = mapped_column(String(40), default="")
    approval: Mapped[bool] = mapped_column(default=False)
    body: Mapped[dict[str, Any]] = mapped_column(Json)
    version: Mapped[int] = mapped_column(default=1)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)  # taken away; its record stays


class SwapRow(Base):
    """One shift that somebody asked another to take; `state` is asked, taken or ended otherwise."""

    __tablename__ = "shift_swap"
    __table_args__ = (Index("ix_shift_swap_roster_id", "roster_id"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    roster_id: Mapped[int] = mapped_column(ForeignKey("roster.id"))
    date: Mapped[date]
    begin: Mapped[int]  # minutes after local midnight of `date`
    giver_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    taker_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[str] = mapped_column(String(10))  # asked waiting done declined refused withdrawn
    reason: Mapped[str] = mapped_column(String(200), default="")
    asked_at: Mapped[datetime] = mapped_column(Instant)
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_by: Mapped[int | None] = mapped_column(BigInteger)


class HandoverNote(Base):
    """What one shift leaves for the next; `seen_at` once somebody of a later shift has read it."""

    __tablename__ = "handover_note"
    __table_args__ = (Index("ix_handover_note_roster_id", "roster_id", "id"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    roster_id: Mapped[int] = mapped_column(ForeignKey("roster.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime] = mapped_column(Instant)
    text: Mapped[str] = mapped_column(String(1000))
    seen_by: Mapped[int | None] = mapped_column(BigInteger)
    seen_at: Mapped[datetime | None] = mapped_column(Instant)


class DutyChange(Base):
    """What was changed: `rev` numbers all changes, so that a process knows when to read again."""

    __tablename__ = "duty_change"
    __table_args__ = (Index("ix_duty_change_roster_id", "roster_id", "rev"),)

    rev: Mapped[int] = mapped_column(BigKey, primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    actor_id: Mapped[int | None] = mapped_column(BigInteger)
    actor_name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(20))
    roster_id: Mapped[int | None] = mapped_column(BigInteger)
    data: Mapped[dict[str, Any]] = mapped_column(Json)
