"""Which dates are worked: notices of the State Council, local days, and a rule where none is. Pure.

Local days go before the notice, the notice before the rule. The rule for a year without a notice:
Saturdays and Sundays are off, and the statutory days whose date never moves (1 January, 1 and 2
May, 1 to 3 October); no festival of the lunar calendar, no swapped day, no make-up workday. What it
says is `provisional`. It errs towards working, so a limit comes rather too early than too late.
"""

import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from gridtrack.deadlines.calendar import Day, Opening, Window, read_hours
from gridtrack.errors import Invalid, Rejected

NOTICE_YEARS = range(1950, 2101)
NEEDED = ("24x7", "workdays")  # what is always there to be named
_FIXED = {(1, 1): "元旦", (5, 1): "劳动节", (5, 2): "劳动节"} | {
    (10, day): "国庆节" for day in (1, 2, 3)
}
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class NoticeDay:
    """One date that a notice names."""

    date: date
    name: str
    is_workday: bool


@dataclass(frozen=True, slots=True)
class Notice:
    """What one year's notice says; a date in December may be of the year before."""

    year: int
    paper: str
    days: tuple[NoticeDay, ...]


@dataclass(frozen=True, slots=True)
class LocalDay:
    """A day of this deployment alone: its own feast, a flood, a half-day with `hours`."""

    date: date
    name: str
    is_workday: bool
    hours: tuple[Window, ...] | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """A calendar as it is written: code, names by language, opening."""

    code: str
    names: Mapping[str, str]
    opening: Opening


class DayTable:
    """What every date is, from notices and local days; never an error for a year it lacks."""

    def __init__(
        self, noticed: Iterable[NoticeDay], local: Iterable[LocalDay], years: Iterable[int]
    ) -> None:
        """`years` are those whose notice is known."""
        self._noticed = {one.date: one for one in noticed}
        self._local = {one.date: one for one in local}
        self.years = frozenset(years)

    def at(self, day: date) -> Day:
        """What `day` is, by the first of local day, notice, rule that says anything."""
        local = self._local.get(day)
        if local is not None:
            return Day(day, local.is_workday, local.name, "official", local.hours)
        noticed = self._noticed.get(day)
        if noticed is not None:
            return Day(day, noticed.is_workday, noticed.name)
        weekend = day.weekday() >= _SATURDAY
        if day.year in self.years:
            return Day(day, not weekend)
        name = _FIXED.get((day.month, day.day), "")
        return Day(day, not weekend and not name, name, "provisional")

    def is_local(self, day: date) -> bool:
        """True where this deployment says itself what the day is."""
        return day in self._local

    def missing(self, today: date) -> tuple[int, ...]:
        """Years whose notice ought to be here: this one, from 1 December the next as well."""
        due = (today.year, today.year + 1) if today.month == 12 else (today.year,)
        return tuple(year for year in due if year not in self.years)


def days_of(table: DayTable, first: date, last: date) -> list[Day]:
    """Every day from `first` to `last`, both included; raises Invalid where they are swapped."""
    if last < first:
        raise Invalid("days-swapped", field="to", value=last.isoformat())
    if (last - first).days > 366 * 100:
        raise Invalid("days-too-many", field="to", value=last.isoformat(), years=100)
    return [table.at(first + timedelta(days=n)) for n in range((last - first).days + 1)]


def read_notice(text: str, field: str, named: int | None = None) -> Notice:
    """A notice in the JSON of holiday-cn (`year`, `papers`, `days`: `name`, `date`, `isOffDay`).

    `field` is what the file is called and `named` the year in its name. A file with neither papers
    nor days is holiday-cn's way of saying that the notice is not out: a notice without days. Raises
    Rejected with every fault: not readable, of another year, the same date twice, no day off.
    """
    try:
        body = json.loads(text)
    except ValueError as error:
        raise Invalid("holiday-file-bad", field=field, reason=str(error)) from error
    if not isinstance(body, dict) or not isinstance(body.get("days"), list):
        raise Invalid("holiday-file-bad", field=field, reason="no list of days")
    year = body.get("year")
    if not isinstance(year, int) or year not in NOTICE_YEARS:
        raise Invalid("holiday-year-bad", field=field, value=year)
    if named is not None and named != year:
        raise Invalid("holiday-other-year", field=field, value=year, named=named)
    faults: list[Invalid] = []
    days = [d for n, row in enumerate(body["days"]) if (d := _day(row, f"{field}#{n}", faults))]
    papers = body.get("papers") if isinstance(body.get("papers"), list) else []
    notice = Notice(year, " ".join(str(one) for one in papers or ())[:500], tuple(days))
    if body["days"] or papers:
        _check(notice, field, faults)
    return notice


def _day(row: Any, field: str, faults: list[Invalid]) -> NoticeDay | None:
    given = row if isinstance(row, dict) else {}
    try:
        day = date.fromisoformat(str(given.get("date")))
    except ValueError:
        day = None
    off = given.get("isOffDay")
    if day is None or not isinstance(off, bool):
        faults.append(Invalid("holiday-day-bad", field=field, value=row))
        return None
    return NoticeDay(day, str(given.get("name") or "")[:80], not off)


def _check(notice: Notice, field: str, faults: list[Invalid]) -> None:
    seen: set[date] = set()
    for one in notice.days:
        if one.date in seen:
            faults.append(Invalid("holiday-day-twice", field=field, value=one.date.isoformat()))
        seen.add(one.date)
        if not date(notice.year - 1, 12, 1) <= one.date <= date(notice.year, 12, 31):
            fault = Invalid(
                "holiday-wrong-year", field=field, value=one.date.isoformat(), year=notice.year
            )
            faults.append(fault)
    if not any(not one.is_workday and one.date.year == notice.year for one in notice.days):
        faults.append(Invalid("holiday-file-empty", field=field, value=notice.year))
    if faults:
        raise Rejected(faults)


def read_shipped(text: str) -> tuple[Notice, ...]:
    """The notices in `holidays.toml`."""
    notices = []
    for given in tomllib.loads(text)["notice"]:
        days = [day for one in given["holidays"] for day in _span(one)]
        notices.append(Notice(given["year"], given["paper"], tuple(days)))
    return tuple(notices)


def _span(given: Mapping[str, Any]) -> Iterable[NoticeDay]:
    first, _, last = given["off"].partition("..")
    begin, end = date.fromisoformat(first), date.fromisoformat(last or first)
    for n in range((end - begin).days + 1):
        yield NoticeDay(begin + timedelta(days=n), given["name"], is_workday=False)
    for text in given["work"]:
        yield NoticeDay(date.fromisoformat(text), given["name"], is_workday=True)


def read_calendars(text: str, field: str = "calendars.toml") -> tuple[Named, ...]:
    """The calendars in a TOML text; raises Invalid for one without a working minute or a code."""
    try:
        body = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Invalid("bad-toml", field=field, value=str(error)) from error
    found: dict[str, Named] = {}
    for given in body.get("calendar", []):
        code = str(given.get("code") or "")
        where = f"{field}: calendar.{code}"
        if not code or len(code) > 20 or code in found:
            raise Invalid("calendar-code-bad", field=where, value=code)
        names = given.get("name")
        names = {k: str(v)[:80] for k, v in names.items()} if isinstance(names, dict) else {}
        opening = Opening(read_hours(given.get("hours", []), where), bool(given.get("workdays")))
        found[code] = Named(code, names, opening)
    for code in NEEDED:
        if code not in found:
            raise Invalid("calendar-missing", field=field, value=code)
    return tuple(found.values())
