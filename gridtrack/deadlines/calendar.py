"""Working time: how long is open between two instants, and when an amount of it is used up. Pure.

A calendar is a zone, the hours of an ordinary day, and which days count. Its open windows are laid
out once as UTC microseconds with prefix sums, so that an answer is two look-ups however long the
span is. Amounts are whole microseconds: pausing and resuming loses none.
"""

import threading
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from gridtrack.errors import Invalid

MOST_YEARS = 100  # a limit that ends later is a slip of the pen, not a promise
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_US = timedelta(microseconds=1)
_ONE_DAY = timedelta(days=1)
_DAY_MINUTES = 24 * 60
_LONGEST = timedelta(days=366 * MOST_YEARS)
YEARS = range(1900, 9001)  # far inside what a date can hold


@dataclass(frozen=True, slots=True)
class Window:
    """An open part of a day, in minutes after local midnight; `end` may be 1440."""

    begin: int
    end: int

    def __str__(self) -> str:
        """As it is written: `09:00-12:00`."""
        return "-".join(f"{m // 60:02d}:{m % 60:02d}" for m in (self.begin, self.end))


@dataclass(frozen=True, slots=True)
class Opening:
    """When a calendar is open: hours of an ordinary day, on `workdays` only or on every day."""

    hours: tuple[Window, ...]
    workdays: bool

    @property
    def day_minutes(self) -> int:
        """The working minutes of one whole ordinary day: what one workday is worth."""
        return sum(window.end - window.begin for window in self.hours)


@dataclass(frozen=True, slots=True)
class Day:
    """What one date is. `hours` are its own where they differ from the ordinary: a half-day."""

    date: date
    is_workday: bool
    name: str = ""
    status: str = "official"  # or provisional: no notice has said so yet
    hours: tuple[Window, ...] | None = None


def read_hours(given: object, field: str) -> tuple[Window, ...]:
    """Windows written as `["09:00-12:00", "13:30-17:30"]`; raises Invalid naming `field`."""
    texts = given if isinstance(given, list | tuple) else str(given).replace(",", " ").split()
    windows = sorted((_window(text, field) for text in texts), key=lambda one: one.begin)
    if not windows:
        raise Invalid("calendar-empty", field=field)
    for before, after in pairwise(windows):
        if after.begin < before.end:
            raise Invalid("hours-overlap", field=field, value=f"{before}, {after}")
    return tuple(windows)


def written(hours: Iterable[Window]) -> str:
    """Hours as `read_hours` reads them, in one line."""
    return " ".join(map(str, hours))


def _window(text: object, field: str) -> Window:
    begin, _, end = str(text).strip().partition("-")
    window = Window(_minutes(begin, text, field), _minutes(end, text, field))
    if window.end <= window.begin:
        raise Invalid("hours-bad", field=field, value=text)
    return window


def _minutes(clock: str, text: object, field: str) -> int:
    hours, _, minutes = clock.strip().partition(":")
    if not (hours.isdecimal() and minutes.isdecimal() and len(minutes) == 2):
        raise Invalid("hours-bad", field=field, value=text)
    found = int(hours) * 60 + int(minutes)
    if int(minutes) > 59 or found > _DAY_MINUTES:
        raise Invalid("hours-bad", field=field, value=text)
    return found


@dataclass(frozen=True, slots=True)
class _Table:
    """Windows of whole local years: begins and ends as UTC microseconds, open time before each."""

    years: range
    begins: list[int]
    ends: list[int]
    before: list[int]  # one more than there are windows: the last is all of it


class WorkingTime:
    """The working time of one calendar; safe to share between threads."""

    def __init__(self, zone: ZoneInfo, opening: Opening, day_at: Callable[[date], Day]) -> None:
        """Open as `opening` says on the days of `day_at`, in `zone`.

        Raises Invalid for a calendar without a working minute.
        """
        if not opening.day_minutes:
            raise Invalid("calendar-empty", field="hours")
        self.opening = opening
        self.zone = zone
        self._day_at = day_at
        self._always = opening.hours == (Window(0, _DAY_MINUTES),) and not opening.workdays
        self._lock = threading.Lock()
        self._table = _Table(range(0), [], [], [0])

    def add(self, start: datetime, amount: timedelta) -> datetime:
        """The first instant at which `amount` of working time has passed since `start`.

        That is the end of a window, never the beginning of the next. Raises Invalid for an amount
        that is not positive, or that ends more than a hundred years later.
        """
        if amount <= timedelta(0):
            raise Invalid("limit-not-positive", field="amount", value=amount)
        _check_year(start)
        if self._always and amount < _LONGEST:
            return start.astimezone(UTC) + amount
        left, begin = amount // _US, (start - _EPOCH) // _US
        last, until = start.year + MOST_YEARS, start.year + 1
        while True:
            table = self._reaching(start.year, until)
            goal = _passed(table, begin) + left
            if goal <= table.before[-1]:
                at = bisect_left(table.before, goal) - 1
                return _EPOCH + _US * (table.begins[at] + goal - table.before[at])
            if amount > _LONGEST or until >= last:
                raise Invalid("limit-too-long", field="amount", value=amount, years=MOST_YEARS)
            until = min(last, 2 * until - start.year)

    def add_workdays(self, start: datetime, days: float) -> datetime:
        """The instant at which `days` whole days' worth of working time has passed.

        A day is worth the hours of an ordinary one, so a half-day counts half. Raises Invalid.
        """
        if not days > 0:
            raise Invalid("limit-not-positive", field="amount", value=days)
        if days > _LONGEST.days:
            raise Invalid("limit-too-long", field="amount", value=days, years=MOST_YEARS)
        return self.add(start, timedelta(minutes=self.opening.day_minutes * days))

    @property
    def always(self) -> bool:
        """True where it is open day and night: then no change of days moves anything."""
        return self._always

    def end_of_day(self, start: datetime) -> datetime:
        """When the first day closes that is still open after `start`: that very day, or the next.

        Raises Invalid where nothing opens for a hundred years.
        """
        _check_year(start)
        day = start.astimezone(self.zone).date()
        for _ in range(_LONGEST.days):
            windows = self.windows(day)
            if windows:
                end = _EPOCH + _US * self._instant(day, windows[-1].end)
                if end > start:
                    return end
            day += _ONE_DAY
        raise Invalid("limit-too-long", field="amount", value="same-day", years=MOST_YEARS)

    def between(self, start: datetime, end: datetime) -> timedelta:
        """The working time from `start` to `end`: what a pause keeps; zero where `end` is first."""
        _check_year(start)
        _check_year(end)
        if end <= start:
            return timedelta(0)
        if self._always:
            return end - start
        table = self._reaching(start.year, end.year)
        return _US * (
            _passed(table, (end - _EPOCH) // _US) - _passed(table, (start - _EPOCH) // _US)
        )

    def windows(self, day: date) -> tuple[Window, ...]:
        """When `day` is open."""
        if not self.opening.workdays:
            return self.opening.hours  # duty goes on day for day, half-days of offices included
        found = self._day_at(day)
        if not found.is_workday:
            return ()
        return self.opening.hours if found.hours is None else found.hours

    def _reaching(self, first: int, last: int) -> _Table:
        """A table that holds the UTC years `first` to `last`.

        A UTC year and a local one differ by hours, so one local year more on each side is in it.
        """
        wanted, table = range(first - 1, last + 2), self._table
        if wanted.start in table.years and last + 1 in table.years:
            return table
        with self._lock:
            had = self._table.years or wanted
            years = range(min(wanted.start, had.start), max(wanted.stop, had.stop))
            self._table = self._laid_out(years)
            return self._table

    def _laid_out(self, years: range) -> _Table:
        begins, ends, before, total = [], [], [0], 0
        day, stop = date(years.start, 1, 1), date(years.stop, 1, 1)
        while day < stop:
            for window in self.windows(day):
                begin, end = self._instant(day, window.begin), self._instant(day, window.end)
                if end <= begin:
                    continue  # the hour that a change of clocks left out
                begins.append(begin)
                ends.append(end)
                total += end - begin
                before.append(total)
            day += _ONE_DAY
        return _Table(years, begins, ends, before)

    def _instant(self, day: date, minute: int) -> int:
        local = datetime.combine(day, time(0), self.zone) + timedelta(minutes=minute)
        return (local.astimezone(UTC) - _EPOCH) // _US


def _passed(table: _Table, at: int) -> int:
    """Open microseconds of the table before `at`."""
    n = bisect_right(table.begins, at)
    if not n:
        return 0
    return table.before[n - 1] + min(at, table.ends[n - 1]) - table.begins[n - 1]


def _check_year(instant: datetime) -> None:
    if instant.year not in YEARS:
        least, most = YEARS.start, YEARS.stop - 1
        raise Invalid("out-of-range", field="start", value=instant.year, least=least, most=most)
