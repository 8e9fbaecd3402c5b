"""Saving and loading calendars and their days."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from gridtrack.db.memo import Memo
from gridtrack.db.sql import table_of
from gridtrack.deadlines.calendar import Opening, WorkingTime, read_hours, written
from gridtrack.deadlines.calendar_days import DayTable, LocalDay, Named, Notice, NoticeDay
from gridtrack.deadlines.calendar_tables import (
    LOCAL,
    NOTICE,
    CalendarChange,
    CalendarDay,
    CalendarRow,
)
from gridtrack.errors import NotFound

_CALENDAR, _DAY, _CHANGE = (table_of(t) for t in (CalendarRow, CalendarDay, CalendarChange))
_MAX_AGE_S = 1.0


@dataclass(frozen=True, slots=True)
class Change:
    """What is written down with a change of the calendars."""

    at: datetime
    actor_id: int | None
    actor_name: str
    kind: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Calendars:
    """Everything at one revision: days, and the calendars with their working time."""

    rev: int
    days: DayTable
    named: Mapping[str, Named]
    working: Mapping[str, WorkingTime]


def calendars(session: Session, memo: Memo, zone: str) -> Calendars:
    """The calendars in force; another process's change is seen within a second."""

    def newest() -> int:
        return session.scalar(select(func.max(_CHANGE.c.rev))) or 0

    rev = memo.get("calendar-rev", newest, _MAX_AGE_S)
    known: Calendars | None = memo.get(("calendars", zone), lambda: _load(session, rev, zone))
    if known is None or known.rev != rev:
        memo.forget(("calendars", zone))
        known = memo.get(("calendars", zone), lambda: _load(session, rev, zone))
    return known


def forget(memo: Memo) -> None:
    """Read again: this process has changed something."""
    memo.forget("calendar-rev")


def _load(session: Session, rev: int, zone: str) -> Calendars:
    table = day_table(session)
    named = {row.code: _named(row) for row in session.execute(select(_CALENDAR))}
    place = ZoneInfo(zone)
    working = {code: WorkingTime(place, one.opening, table.at) for code, one in named.items()}
    return Calendars(rev, table, named, working)


def _named(row: Any) -> Named:
    opening = Opening(read_hours(row.hours, f"calendar.{row.code}"), row.workdays)
    return Named(row.code, row.names, opening)


def working(found: Calendars, code: str) -> WorkingTime:
    """The working time of a calendar by code; raises NotFound naming those there are."""
    one = found.working.get(code)
    if one is None:
        raise NotFound("calendar-not-found", value=code, known=sorted(found.working))
    return one


def day_table(session: Session) -> DayTable:
    """What the database says about days."""
    noticed, local, years = [], [], set()
    for row in session.execute(select(_DAY)):
        if row.source == NOTICE:
            noticed.append(NoticeDay(row.date, row.name, row.is_workday))
            years.add(row.notice)
        else:
            hours = None if row.hours is None else read_hours(row.hours, "hours")
            local.append(LocalDay(row.date, row.name, row.is_workday, hours))
    return DayTable(noticed, local, years)


def append(session: Session, change: Change) -> int:
    """Write down a change; returns the revision that it makes."""
    row = {"at": change.at, "actor_id": change.actor_id, "actor_name": change.actor_name[:80]}
    statement = _CHANGE.insert().values(**row, kind=change.kind, data=dict(change.data))
    rev: int = session.execute(statement.returning(_CHANGE.c.rev)).scalar_one()
    return rev


def save_notice(session: Session, notice: Notice, rev: int) -> None:
    """Replace whatever an earlier notice of that year, or the same dates of another, said."""
    dates = [one.date for one in notice.days]
    session.execute(
        delete(_DAY).where(
            _DAY.c.source == NOTICE, (_DAY.c.notice == notice.year) | _DAY.c.date.in_(dates)
        )
    )
    rows = [
        {"date": one.date, "source": NOTICE, "is_workday": one.is_workday, "name": one.name,
         "hours": None, "notice": notice.year, "rev": rev}
        for one in notice.days
    ]  # fmt: skip
    session.execute(_DAY.insert(), rows)


def noticed(session: Session, year: int) -> Sequence[NoticeDay]:
    """What the notice of a year says, in order."""
    rows = session.execute(
        select(_DAY.c.date, _DAY.c.name, _DAY.c.is_workday)
        .where(_DAY.c.source == NOTICE, _DAY.c.notice == year)
        .order_by(_DAY.c.date)
    )
    return [NoticeDay(*row) for row in rows]


def save_local(session: Session, day: LocalDay, rev: int) -> None:
    """Say what a date is here, in place of what was said here before."""
    remove_local(session, day.date)
    hours = None if day.hours is None else written(day.hours)
    row = {"date": day.date, "source": LOCAL, "is_workday": day.is_workday, "name": day.name}
    session.execute(_DAY.insert().values(**row, hours=hours, notice=None, rev=rev))


def remove_local(session: Session, day: date) -> bool:
    """Say nothing about a date any more; False where nothing was said."""
    gone = session.execute(delete(_DAY).where(_DAY.c.date == day, _DAY.c.source == LOCAL))
    return bool(gone.rowcount)  # type: ignore[attr-defined]


def save_calendars(session: Session, named: Iterable[Named], rev: int) -> None:
    """Make the calendars exactly these."""
    session.execute(delete(_CALENDAR))
    rows = [
        {"code": one.code, "names": dict(one.names), "hours": written(one.opening.hours),
         "workdays": one.opening.workdays, "rev": rev}
        for one in named
    ]  # fmt: skip
    session.execute(_CALENDAR.insert(), rows)


def named(session: Session) -> dict[str, Named]:
    """The calendars by code."""
    return {row.code: _named(row) for row in session.execute(select(_CALENDAR))}


def changes(session: Session, limit: int = 20) -> Sequence[CalendarChange]:
    """The newest changes."""
    return session.scalars(
        select(CalendarChange).order_by(CalendarChange.rev.desc()).limit(limit)
    ).all()
