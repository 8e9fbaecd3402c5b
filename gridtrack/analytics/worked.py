"""Working time a second time, day by day, with nothing of the code that promises by it.

It is read off the record of the calendars alone, as they stood at a revision: what was counted in
spring is counted again by the days of spring. Slow and plain: only the auditor asks.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from gridtrack.limits import Limit, Unit

Hours = Sequence[tuple[int, int]]  # minutes after midnight
Stretch = tuple[datetime, datetime]
_DAY = timedelta(days=1)
_ALWAYS: Hours = ((0, 1440),)
_LONGEST_DAYS = 366 * 30
# Days off that never move, where the notice of a year is not known.
_FIXED = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})


@dataclass(frozen=True, slots=True)
class Noted:
    """One change on record: the revision it made, what it was, what it said."""

    rev: int
    kind: str  # notice, day, day-removed, calendars
    data: Mapping[str, Any]


@dataclass(slots=True)
class _State:
    """What was known at a revision."""

    hours: dict[str, Hours] = field(default_factory=dict)
    by_workdays: dict[str, bool] = field(default_factory=dict)
    years: set[int] = field(default_factory=set)
    noticed: dict[date, tuple[int, bool]] = field(default_factory=dict)
    local: dict[date, tuple[bool, Hours | None]] = field(default_factory=dict)

    def copy(self) -> "_State":
        """One to go on from."""
        return _State(dict(self.hours), dict(self.by_workdays), set(self.years),
                      dict(self.noticed), dict(self.local))  # fmt: skip

    def take(self, one: Noted) -> None:
        """Let a change have happened."""
        data = one.data
        if one.kind == "calendars":
            self.hours = {code: _read(text) for code, text in data["hours"].items()}
            self.by_workdays = dict(data["workdays"])
        elif one.kind == "notice":
            year, days = data["year"], {date.fromisoformat(d): w for d, w in data["days"]}
            kept = {d: was for d, was in self.noticed.items() if was[0] != year and d not in days}
            self.noticed = kept | {d: (year, worked) for d, worked in days.items()}
            self.years = {owner for owner, _ in self.noticed.values()}
        elif one.kind == "day":
            hours = _read(data["hours"]) if data.get("hours") else None
            self.local[date.fromisoformat(data["date"])] = (data["is_workday"], hours)
        elif one.kind == "day-removed":
            self.local.pop(date.fromisoformat(data["date"]), None)

    def open(self, code: str, day: date) -> Hours:
        """When a date is open on a calendar."""
        usual = self.hours.get(code, _ALWAYS)
        if not self.by_workdays.get(code, False):
            return usual
        if day in self.local:
            worked, hours = self.local[day]
            return (usual if hours is None else hours) if worked else ()
        if day in self.noticed:
            worked = self.noticed[day][1]
        else:
            known = day.year in self.years
            worked = day.weekday() < 5 and (known or (day.month, day.day) not in _FIXED)
        return usual if worked else ()


def _read(text: str) -> Hours:
    found = []
    for part in text.split():
        begin, end = (int(at[:-3]) * 60 + int(at[-2:]) for at in part.split("-"))
        found.append((begin, end))
    return tuple(found)


class Worked:
    """What was worked when, by calendar and revision; calendar None: day and night."""

    def __init__(self, record: Iterable[Noted], zone: ZoneInfo) -> None:
        """From the whole record, in order."""
        self._zone = zone
        self._states: dict[int, _State] = {}
        state = _State()
        for one in record:
            state = state.copy()
            state.take(one)
            self._states[one.rev] = state
        self._days: dict[tuple[int, str, date], list[Stretch]] = {}

    def knows(self, rev: int | None) -> bool:
        """True for a revision that is on record."""
        return rev in self._states

    def between(self, code: str | None, rev: int, start: datetime, end: datetime) -> timedelta:
        """What is worked from one instant to another."""
        if code is None:
            return max(end - start, timedelta(0))
        found = timedelta(0)
        for begin, close in self._from(code, rev, start):
            if begin >= end:
                break
            found += min(close, end) - begin
        return found

    def add(self, code: str | None, rev: int, start: datetime, span: timedelta) -> datetime:
        """When a span is used up."""
        if code is None:
            return start + span
        left = span
        for begin, close in self._from(code, rev, start):
            if close - begin >= left:
                return begin + left
            left -= close - begin
        raise ArithmeticError  # thirty years without work: no calendar of ours is like that

    def counted(self, code: str | None, rev: int, limit: Limit, start: datetime) -> datetime:
        """When a limit is used up."""
        if limit.unit is Unit.SAME_DAY:
            day = start.astimezone(self._zone).date()
            stretches = (self._stretches(code, rev, day + n * _DAY) for n in range(_LONGEST_DAYS))
            return next(one[-1][1] for one in stretches if one and one[-1][1] > start)
        worth = timedelta(minutes=limit.amount)
        if limit.unit in (Unit.HOUR, Unit.WORK_HOUR):
            worth = timedelta(hours=limit.amount)
        elif limit.unit in (Unit.DAY, Unit.WORKDAY):
            usual = self._states[rev].hours.get(code, _ALWAYS) if code else _ALWAYS
            worth = timedelta(minutes=sum(end - begin for begin, end in usual) * limit.amount)
        return self.add(code, rev, start, worth)

    def _from(self, code: str, rev: int, start: datetime) -> Iterator[Stretch]:
        day = start.astimezone(self._zone).date() - _DAY
        for n in range(_LONGEST_DAYS):
            for begin, end in self._stretches(code, rev, day + n * _DAY):
                if end > start:
                    yield max(begin, start), end

    def _stretches(self, code: str | None, rev: int, day: date) -> list[Stretch]:
        key = (rev, code or "", day)
        if key not in self._days:
            hours = self._states[rev].open(code, day) if code else _ALWAYS
            self._days[key] = [(self._at(day, b), self._at(day, e)) for b, e in hours]
        return self._days[key]

    def _at(self, day: date, minute: int) -> datetime:
        local = datetime.combine(day, time(0), self._zone) + timedelta(minutes=minute)
        return local.astimezone(UTC)
