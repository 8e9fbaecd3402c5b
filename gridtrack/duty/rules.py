"""Rosters as values: who is on which shift on which date. Pure.

A roster says for one role over one scope (a grid path or a zone) which shifts there are. A shift is
known by its roster, the date on which it begins and the minute of that date; it may end on the day
after. Dated shifts go before repeating ones for the time they cover; a swap puts one person in the
place of another. People are whatever names them: ids in the database, logins in a file.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

DAY_MINUTES = 24 * 60
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EVERY, WORKDAYS, HOLIDAYS = "every", "workdays", "holidays"

P = TypeVar("P")
Team = tuple[P, ...]
IsWorkday = Callable[[date], bool]


class Outside(StrEnum):
    """What holds while no shift of a roster runs."""

    POSTS = "posts"  # whoever holds the post, as without a roster
    OFF = "off"  # nobody at this level: what comes in climbs at once
    HOLE = "hole"  # somebody is needed at every hour: off, and shown as a hole


class RosterKind(StrEnum):
    """What a roster is for."""

    DUTY = "duty"  # matters go to whoever is on shift
    SESSION = "session"  # people are at a place for residents; matters go as ever


class Turn(StrEnum):
    """When the next team of a repeating shift has its turn."""

    EACH = "each"  # at each date the shift falls on
    WEEK = "week"  # each Monday


@dataclass(frozen=True, slots=True)
class Hours:
    """From a minute after local midnight to another; an end above 1440 is on the day after."""

    begin: int
    end: int

    def __str__(self) -> str:
        """As it is written: `18:00-08:00`; a whole day has `+1` behind it."""
        text = "-".join(f"{m // 60 % 24:02d}:{m % 60:02d}" for m in (self.begin, self.end))
        if self.end == DAY_MINUTES:
            return f"{text[:6]}24:00"
        return f"{text}+1" if self.end - self.begin == DAY_MINUTES else text


@dataclass(frozen=True, slots=True)
class Days:
    """On which dates a shift falls: `every`, `workdays`, `holidays`, weekdays, days of the month.

    `listed` holds weekdays (0 is Monday) or days of the month, as `kind` says.
    """

    kind: str = EVERY
    listed: tuple[int, ...] = ()

    def has(self, day: date, is_workday: IsWorkday) -> bool:
        """True where the shift falls on `day`."""
        if self.kind == EVERY:
            return True
        if self.kind == "weekdays":
            return day.weekday() in self.listed
        if self.kind == "monthdays":
            return day.day in self.listed
        return is_workday(day) == (self.kind == WORKDAYS)

    @property
    def by_calendar(self) -> bool:
        """True where the calendar decides."""
        return self.kind in (WORKDAYS, HOLIDAYS)

    def __str__(self) -> str:
        """As it is written."""
        if self.kind == "weekdays":
            return " ".join(WEEKDAYS[n] for n in self.listed)
        return " ".join(map(str, self.listed)) if self.kind == "monthdays" else self.kind


@dataclass(frozen=True, slots=True)
class Shift(Generic[P]):
    """A repeating shift; its teams take turns, the first of a team leads. An empty team: nobody."""

    hours: Hours
    teams: tuple[Team[P], ...]
    days: Days = Days()
    turn: Turn = Turn.EACH
    name: str = ""


@dataclass(frozen=True, slots=True)
class Dated(Generic[P]):
    """One shift on one date; `off`: no shift there at that time."""

    date: date
    hours: Hours
    team: Team[P] = ()
    off: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class Swap(Generic[P]):
    """`taker` stands in `giver`'s place on the shift that begins at minute `begin` of `date`."""

    date: date
    begin: int
    giver: P
    taker: P


@dataclass(frozen=True, slots=True)
class Roster(Generic[P]):
    """Shifts of one role over one scope or zone, from a date on; `until` is its last date."""

    code: str
    name: str
    role: str
    start: date
    scope: str = ""
    zone: str | None = None
    until: date | None = None
    outside: Outside = Outside.POSTS
    kind: RosterKind = RosterKind.DUTY
    shifts: tuple[Shift[P], ...] = ()
    dated: tuple[Dated[P], ...] = ()
    swaps: tuple[Swap[P], ...] = ()
    place: str = ""
    public: bool = False
    phone: str = ""  # shown to residents; empty: none is
    approval: bool = False  # a swap waits for the leader's word
    id: int = 0

    @property
    def people(self) -> tuple[P, ...]:
        """Everybody named, each once, in the order of naming; takers of swaps last."""
        teams = [team for shift in self.shifts for team in shift.teams]
        teams += [one.team for one in self.dated] + [(one.taker,) for one in self.swaps]
        return tuple(dict.fromkeys(one for team in teams for one in team))

    @property
    def by_calendar(self) -> bool:
        """True where the calendar decides about some shift."""
        return any(shift.days.by_calendar for shift in self.shifts)


@dataclass(frozen=True, slots=True)
class Span(Generic[P]):
    """A shift on its date, as two instants. `off` and `dated` are of a Dated."""

    date: date
    hours: Hours
    begin: datetime
    end: datetime
    team: Team[P]
    name: str = ""
    dated: bool = False
    off: bool = False

    def holds(self, at: datetime) -> bool:
        """True from the first instant until before the last."""
        return self.begin <= at < self.end


class Spans(Generic[P]):
    """The shifts of a roster date by date, each date worked out once."""

    def __init__(self, roster: Roster[P], zone: ZoneInfo, is_workday: IsWorkday) -> None:
        """`is_workday` is asked only where some shift falls on workdays or holidays."""
        self.roster = roster
        self._zone = zone
        self._is_workday = is_workday
        self._dated: dict[date, list[Dated[P]]] = {}
        for one in roster.dated:
            self._dated.setdefault(one.date, []).append(one)
        self._swaps: dict[tuple[date, int], list[Swap[P]]] = {}
        for swap in roster.swaps:
            self._swaps.setdefault((swap.date, swap.begin), []).append(swap)
        self._known: dict[date, tuple[Span[P], ...]] = {}
        self._turns: list[tuple[date, int]] = [(roster.start, 0) for _ in roster.shifts]

    def on(self, day: date) -> tuple[Span[P], ...]:
        """The shifts that begin on `day`: dated ones first, else in the order of the roster."""
        known = self._known.get(day)
        if known is None:
            known = tuple(self._made(day))
            if len(self._known) > 800:  # two years of dates are more than anybody looks at
                self._known.clear()
            self._known[day] = known
        return known

    def in_force(self, at: datetime) -> bool:
        """True on the dates of the roster; its last shift may go on into the morning after."""
        day, until = self.date_of(at), self.roster.until
        return self.roster.start <= day and (until is None or day <= until)

    def date_of(self, at: datetime) -> date:
        """The local date of an instant."""
        return at.astimezone(self._zone).date()

    def begin_of(self, day: date) -> datetime:
        """The instant at which a local date begins."""
        return local_instant(day, 0, self._zone)

    def around(self, at: datetime) -> tuple[Span[P], ...]:
        """The shifts that may run at `at`: those of its local date and of the day before."""
        day = self.date_of(at)
        return (*self.on(day - timedelta(days=1)), *self.on(day))

    def running(self, at: datetime) -> tuple[Span[P], ...]:
        """The shifts that run at `at`; a dated one hides the repeating ones."""
        found = [span for span in self.around(at) if span.holds(at)]
        dated = [span for span in found if span.dated]
        return tuple(span for span in dated or found if not span.off)

    def _made(self, day: date) -> Iterator[Span[P]]:
        roster = self.roster
        if day < roster.start or (roster.until is not None and day > roster.until):
            return
        for dated in self._dated.get(day, ()):
            yield self._span(day, dated.hours, dated.team, dated.name, off=dated.off)
        for n, shift in enumerate(roster.shifts):
            if shift.days.has(day, self._is_workday):
                team = shift.teams[self._turn(n, day) % len(shift.teams)] if shift.teams else ()
                yield self._span(day, shift.hours, team, shift.name)

    def _span(
        self, day: date, hours: Hours, team: Team[P], name: str, *, off: bool | None = None
    ) -> Span[P]:
        for swap in self._swaps.get((day, hours.begin), ()):
            team = tuple(swap.taker if one == swap.giver else one for one in team)
        begin, end = (local_instant(day, minute, self._zone) for minute in (hours.begin, hours.end))
        return Span(day, hours, begin, end, team, name, off is not None, bool(off))

    def _turn(self, n: int, day: date) -> int:
        """How many turns of shift `n` were before `day`."""
        shift, start = self.roster.shifts[n], self.roster.start
        if shift.turn is Turn.WEEK:
            monday = start - timedelta(days=start.weekday())
            return (day - monday).days // 7
        if shift.days.kind == EVERY:
            return (day - start).days
        at, count = self._turns[n]
        if at > day:
            at, count = start, 0
        while at < day:
            count += shift.days.has(at, self._is_workday)
            at += timedelta(days=1)
        self._turns[n] = (at, count)
        return count


def begun_by(roster: Roster[P], day: date) -> Roster[P]:
    """The roster with its first date at or before `day`; teams that take turns keep their order.

    It is moved by whole rounds of whole weeks, so weekdays and turns stay as they are.
    """
    if roster.start <= day:
        return roster
    rounds = 7 * math.lcm(*(max(1, len(shift.teams)) for shift in roster.shifts))
    moved = -(-(roster.start - day).days // rounds) * rounds
    return replace(roster, start=roster.start - timedelta(days=moved))


def local_instant(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """The instant at a minute after local midnight; minutes beyond a day are of the next."""
    more, rest = divmod(minute, DAY_MINUTES)
    clock = time(rest // 60, rest % 60)
    return datetime.combine(day + timedelta(days=more), clock, zone).astimezone(UTC)
