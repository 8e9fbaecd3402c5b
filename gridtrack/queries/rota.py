"""Rosters as tables: this week and the next by date, who is on now, holes in their place."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from gridtrack.access import Permission, require, require_anyone
from gridtrack.accounts import store as accounts
from gridtrack.accounts.tables import Absence
from gridtrack.deadlines import calendar_store as calendars
from gridtrack.duty.holes import Hole
from gridtrack.duty.holes import holes as find_holes
from gridtrack.duty.rules import Roster, Span, Spans
from gridtrack.queries.duty import present_of
from gridtrack.queries.on_duty import book_of
from gridtrack.queries.place_names import place_names
from gridtrack.queries.rostered import known_scope, may_edit, may_read
from gridtrack.work import Work

WEEK = timedelta(days=7)
DAYS = 14
SESSION_DAYS = 28


@dataclass(frozen=True, slots=True)
class Who:
    """A name on a shift; `away` on leave, `by` who stands in."""

    name: str
    away: bool = False
    by: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A shift on its date as local times; `hole` is the kind of a hole in it, from when to when."""

    hours: str
    name: str
    who: tuple[Who, ...]
    dated: bool
    key: tuple[date, int]
    begin: datetime
    hole: str = ""
    hole_hours: str = ""


@dataclass(frozen=True, slots=True)
class DayRow:
    """A date with its shifts; `off` on a day that the calendar does not work."""

    date: date
    off: bool
    feast: str
    entries: tuple[Entry, ...]
    today: bool


@dataclass(frozen=True, slots=True)
class RosterView:
    """A roster as a table of two weeks."""

    id: int
    code: str
    name: str
    role: str
    ground: str
    place: str
    kind: str
    outside: str
    public: bool
    phone: str
    days: tuple[DayRow, ...]
    now: tuple[Who, ...]
    until: datetime | None
    holes: int
    may_edit: bool
    lost: bool  # its ground is not in the edition in force: it governs nothing


@dataclass(frozen=True, slots=True)
class DutyPage:
    """The rosters of the ground that was chosen."""

    rosters: tuple[RosterView, ...]
    grounds: tuple[tuple[str, str], ...]
    ground: str
    first: date
    today: date


@dataclass(frozen=True, slots=True)
class Frame:
    """What all rosters of a page share."""

    work: Work
    names: Mapping[int, str]
    absences: Sequence[Absence]
    places: Mapping[str, str]
    zone: ZoneInfo
    today: date

    def local(self, at: datetime, day: date) -> str:
        """A local time; a plus for each day after `day`."""
        there = at.astimezone(self.zone)
        days = (there.date() - day).days
        return f"{there:%H:%M}" + (f"+{days}" if days else "")


def duty_page(work: Work, first: date | None, ground: str, locale: str) -> DutyPage:
    """Rosters that the actor may read, from the Monday of `first` on, of one ground or of all."""
    require(work.actor, Permission.DUTY_SEE)
    zone = ZoneInfo(work.settings.timezone)
    today = work.now.astimezone(zone).date()
    day = first or today
    monday = day - timedelta(days=day.weekday())
    seen = [one for one in book_of(work).all if may_read(work, one.roster)]
    places = place_names(work, locale)
    grounds = {_key(one.roster): ground_name(one.roster, places) for one in seen}
    chosen = ground if ground in grounds else ""
    shown = [one for one in seen if not chosen or _key(one.roster) == chosen]
    frame = _frame(work, (one.roster for one in shown), monday, places)
    holes = _holes(work, monday, zone)
    views = tuple(_view(frame, one, monday, holes.get(one.roster.id, [])) for one in shown)
    return DutyPage(
        views, tuple(sorted(grounds.items(), key=lambda g: g[1])), chosen, monday, today
    )


def sessions_page(work: Work, locale: str) -> DutyPage:
    """The public rosters of four weeks, for anybody: names, roles, places and times, no more."""
    require_anyone(work.actor)
    zone = ZoneInfo(work.settings.timezone)
    today = work.now.astimezone(zone).date()
    shown = [one for one in book_of(work).all if one.roster.public]
    places = place_names(work, locale)
    frame = _frame(work, (one.roster for one in shown), today, places)
    views = tuple(_view(frame, one, today, [], SESSION_DAYS) for one in shown)
    return DutyPage(views, (), "", today, today)


def ground_name(roster: Roster[int], places: Mapping[str, str]) -> str:
    """The grid or estate of a roster in words; empty for the whole place."""
    code = roster.zone or roster.scope.rsplit("/", maxsplit=1)[-1]
    return places.get(code, code)


def _key(roster: Roster[int]) -> str:
    return f"zone:{roster.zone}" if roster.zone else f"grid:{roster.scope}"


def _frame(
    work: Work, rosters: Iterable[Roster[int]], first: date, places: Mapping[str, str]
) -> Frame:
    zone = ZoneInfo(work.settings.timezone)
    begin = datetime.combine(first - timedelta(days=1), datetime.min.time(), zone)
    absences = accounts.absences(work.session, begin, begin + timedelta(days=SESSION_DAYS + 3))
    people = {person for one in rosters for person in one.people}
    people |= {one.deputy_id for one in absences if one.deputy_id is not None}
    names = accounts.names(work.session, people)
    return Frame(work, names, absences, places, zone, work.now.astimezone(zone).date())


def _holes(work: Work, monday: date, zone: ZoneInfo) -> dict[int, list[Hole[int]]]:
    begin = datetime.combine(monday, datetime.min.time(), zone)
    end = begin + timedelta(days=DAYS + 1)
    found: dict[int, list[Hole[int]]] = {}
    for hole in find_holes(book_of(work), present_of(work, begin, end), begin, end):
        if hole.end > work.now:
            found.setdefault(hole.roster.id, []).append(hole)
    return found


def _view(
    frame: Frame, one: Spans[int], first: date, holes: Sequence[Hole[int]], days: int = DAYS
) -> RosterView:
    roster, work = one.roster, frame.work
    running = one.running(work.now)
    return RosterView(
        id=roster.id,
        code=roster.code,
        name=roster.name,
        role=roster.role,
        ground=ground_name(roster, frame.places),
        place=roster.place,
        kind=roster.kind.value,
        outside=roster.outside.value,
        public=roster.public,
        phone=roster.phone,
        days=tuple(_day(frame, one, first + timedelta(days=n), holes) for n in range(days)),
        now=tuple(who for span in running for who in _team(frame, span, work.now, work.now)),
        until=min((span.end for span in running), default=None),
        holes=len(holes),
        may_edit=work.actor.known and may_edit(work, roster.scope, roster.zone),
        lost=not known_scope(work, roster.scope, roster.zone),
    )


def _day(frame: Frame, one: Spans[int], day: date, holes: Sequence[Hole[int]]) -> DayRow:
    known = calendars.calendars(
        frame.work.session, frame.work.memo, frame.work.settings.timezone
    ).days.at(day)
    spans = sorted(_shown(one, day), key=lambda span: (span.begin, span.end))
    entries = [_entry(frame, span, holes) for span in spans]
    entries += [
        entry for hole in holes if hole.kind == "uncovered" for entry in _gap(frame, hole, day)
    ]
    entries.sort(key=lambda entry: entry.begin)
    return DayRow(day, not known.is_workday, known.name, tuple(entries), day == frame.today)


def _shown(one: Spans[int], day: date) -> Iterator[Span[int]]:
    """The shifts of a date but for those that a dated one covers whole."""
    around = [s for n in (-1, 0, 1) for s in one.on(day + timedelta(days=n)) if s.dated]
    for span in one.on(day):
        hidden = any(d.begin <= span.begin and span.end <= d.end for d in around)
        if not span.off and (span.dated or not hidden):
            yield span


def _entry(frame: Frame, span: Span[int], holes: Sequence[Hole[int]]) -> Entry:
    hole = next((h for h in holes if h.begin < span.end and h.end > span.begin
                 and h.kind != "uncovered"), None)  # fmt: skip
    begin = max(span.begin, hole.begin) if hole else span.begin
    end = min(span.end, hole.end) if hole else span.end
    part = hole is not None and (begin, end) != (span.begin, span.end)
    return Entry(
        hours=str(span.hours),
        name=span.name,
        who=tuple(_team(frame, span, span.begin, span.end)),
        dated=span.dated,
        key=(span.date, span.hours.begin),
        begin=span.begin,
        hole=hole.kind.value if hole else "",
        hole_hours=f"{frame.local(begin, span.date)}-{frame.local(end, span.date)}" if part else "",
    )


def _gap(frame: Frame, hole: Hole[int], day: date) -> Iterator[Entry]:
    """The part of an uncovered time that lies on a date."""
    midnight = datetime.combine(day, datetime.min.time(), frame.zone)
    begin, end = max(hole.begin, midnight), min(hole.end, midnight + timedelta(days=1))
    if begin < end:
        until = frame.local(end, day)
        until = "24:00" if until == "00:00+1" else until
        hours = f"{frame.local(begin, day)}-{until}"
        yield Entry(hours, "", (), dated=False, key=(day, -1), begin=begin, hole=hole.kind.value)


def _team(frame: Frame, span: Span[int], begin: datetime, end: datetime) -> Iterator[Who]:
    for person in span.team:
        leave = next((one for one in frame.absences if one.person_id == person
                      and one.from_at < max(end, begin + timedelta(seconds=1))
                      and one.until_at > begin), None)  # fmt: skip
        by = frame.names.get(leave.deputy_id or 0, "") if leave else ""
        yield Who(frame.names.get(person, ""), leave is not None, by)
