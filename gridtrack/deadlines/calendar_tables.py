"""Calendars that limits are counted in, the days that a notice or somebody named, their record."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Date, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from gridtrack.db.base import Base
from gridtrack.db.types import BigKey, Instant, Json

NOTICE, LOCAL = "notice", "local"


class CalendarRow(Base):
    """A calendar: its hours, and whether it follows workdays."""

    __tablename__ = "calendar"

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    names: Mapped[dict[str, Any]] = mapped_column(Json)
    hours: Mapped[str] = mapped_column(String(120))  # 09:00-12:00 13:30-17:30
    workdays: Mapped[bool]
    rev: Mapped[int]


class CalendarDay(Base):
    """One date as a notice (of the year `notice`) or this deployment says; local goes first."""

    __tablename__ = "calendar_day"
    __table_args__ = (Index("ix_calendar_day_notice", "notice"),)

    date: Mapped[date] = mapped_column(Date, primary_key=True)
    source: Mapped[str] = mapped_column(String(10), primary_key=True)  # notice, local
    is_workday: Mapped[bool]
    name: Mapped[str] = mapped_column(String(80), default="")
    hours: Mapped[str | None] = mapped_column(String(120))
    notice: Mapped[int | None]
    rev: Mapped[int]


class CalendarChange(Base):
    """One change of days or calendars, only ever appended; `rev` is the state after it."""

    __tablename__ = "calendar_change"

    rev: Mapped[int] = mapped_column(BigKey, primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    actor_id: Mapped[int | None] = mapped_column(BigInteger)
    actor_name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(20))  # notice, day, day-removed, calendars
    data: Mapped[dict[str, Any]] = mapped_column(Json)
