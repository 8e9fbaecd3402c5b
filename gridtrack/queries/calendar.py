"""The calendars as people read them: a year as a table, days as a list, a due instant."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from gridtrack.access import Permission, require
from gridtrack.deadlines import calendar_store as store
from gridtrack.deadlines.calendar import Day, WorkingTime, written
from gridtrack.deadlines.calendar_days import Named, days_of
from gridtrack.deadlines.calendar_store import Calendars
from gridtrack.errors import Invalid
from gridtrack.work import Work


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of the year's table. `kind`: work, off, makeup (a weekend that is worked), part."""

    date: date
    kind: str
    name: str
    hours: str
    local: bool


@dataclass(frozen=True, slots=True)
class Month:
    """A month as weeks from Monday; None where a week reaches into another month."""

    number: int
    weeks: tuple[tuple[Cell | None, ...], ...]
    workdays: int


@dataclass(frozen=True, slots=True)
class CalendarPage:
    """A year of days with what the administrator must know about it."""

    year: int
    official: bool
    missing: tuple[int, ...]
    months: tuple[Month, ...]
    workdays: int
    special: tuple[Cell, ...]
    calendars: tuple[Named, ...]
    changes: tuple[Any, ...]
    years: tuple[int, ...]
    today: date


def calendars(work: Work) -> Calendars:
    """The calendars in force; whoever sees how the machine is doing may know them."""
    require(work.actor, Permission.HEALTH)
    return _read(work)


def calendar_page(work: Work, year: int | None = None) -> CalendarPage:
    """The table of a year, this one where none is asked for; raises Invalid for one far away."""
    require(work.actor, Permission.RULES_EDIT)
    found, today = _read(work), _today(work)
    year = today.year if year is None else year
    if not 2000 <= year <= 2100:
        raise Invalid("out-of-range", field="year", value=year, least=2000, most=2100)
    cells = [_cell(found, day) for day in days_of(found.days, date(year, 1, 1), _last(year))]
    months = tuple(_month(n, [c for c in cells if c.date.month == n]) for n in range(1, 13))
    return CalendarPage(
        year=year,
        official=year in found.days.years,
        missing=found.days.missing(today),
        months=months,
        workdays=sum(month.workdays for month in months),
        special=tuple(cell for cell in cells if cell.name or cell.local),
        calendars=tuple(found.named.values()),
        changes=tuple(store.changes(work.session)),
        years=tuple(sorted(found.days.years | {today.year, today.year + 1, year})),
        today=today,
    )


def days(work: Work, first: date, last: date) -> list[Day]:
    """Every day from `first` to `last`, both included."""
    require(work.actor, Permission.RULES_EDIT)
    return days_of(_read(work).days, first, last)


def missing_years(work: Work) -> tuple[int, ...]:
    """Years whose notice should be here and is not: an alarm, while the written rule goes on."""
    require(work.actor, Permission.HEALTH)
    return _read(work).days.missing(_today(work))


def working_time(work: Work, code: str, zone: str | None = None) -> WorkingTime:
    """The working time of a calendar, in the deployment's zone or in `zone`.

    Raises NotFound for an unknown calendar and Invalid for an unknown zone.
    """
    require(work.actor, Permission.RULES_EDIT)
    try:
        ZoneInfo(zone or work.settings.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Invalid("zone-unknown", field="tz", value=zone) from error
    found = store.calendars(work.session, work.memo, zone or work.settings.timezone)
    return store.working(found, code)


def _read(work: Work) -> Calendars:
    return store.calendars(work.session, work.memo, work.settings.timezone)


def _today(work: Work) -> date:
    return work.now.astimezone(ZoneInfo(work.settings.timezone)).date()


def _last(year: int) -> date:
    return date(year, 12, 31)


def _cell(found: Calendars, day: Day) -> Cell:
    weekend = day.date.weekday() >= 5
    kind = ("makeup" if weekend else "work") if day.is_workday else "off"
    if day.hours is not None:
        kind = "part"
    hours = written(day.hours) if day.hours is not None else ""
    return Cell(day.date, kind, day.name, hours, found.days.is_local(day.date))


def _month(number: int, cells: list[Cell]) -> Month:
    workdays = sum(cell.kind != "off" for cell in cells)
    return Month(number, tuple(_weeks(cells)), workdays)


def _weeks(cells: list[Cell]) -> Iterator[tuple[Cell | None, ...]]:
    by_date = {cell.date: cell for cell in cells}
    monday = cells[0].date - timedelta(days=cells[0].date.weekday())
    while monday <= cells[-1].date:
        yield tuple(by_date.get(monday + timedelta(days=n)) for n in range(7))
        monday += timedelta(days=7)
