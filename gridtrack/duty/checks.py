"""What is wrong with a roster whatever file or form it came from. Pure."""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from gridtrack.duty.rules import IsWorkday, Roster, RosterKind, Span, Spans
from gridtrack.errors import Invalid

P = TypeVar("P", bound=Hashable)
AHEAD = timedelta(days=400)  # so far overlaps are looked for: every weekday, month and holiday


def faults_of(roster: Roster[P], *, role_zoned: bool) -> list[Invalid]:
    """Faults that the roster has by itself; `role_zoned` where the role belongs to an estate."""
    faults: list[Invalid] = []
    where = roster.code
    if role_zoned != (roster.zone is not None):
        faults.append(Invalid("roster-ground", field="scope", value=where, role=roster.role))
    if roster.until is not None and roster.until < roster.start:
        faults.append(Invalid("span-backwards", field="until", value=roster.until.isoformat()))
    if not roster.shifts and not roster.dated:
        faults.append(Invalid("roster-no-shift", field="shift", value=where))
    faults += [
        Invalid("roster-nobody", field=f"shift {n}", value=str(shift.hours))
        for n, shift in enumerate(roster.shifts, 1)
        if not any(shift.teams)
    ]
    return [*faults, *_dated_faults(roster)]


def _dated_faults(roster: Roster[P]) -> Iterator[Invalid]:
    last = roster.until or date.max
    for one in roster.dated:
        if not roster.start <= one.date <= last:
            yield Invalid("roster-date-outside", field="dated", value=one.date.isoformat())
        if one.off and one.team:
            yield Invalid("roster-off-people", field="dated", value=one.date.isoformat())


def overlaps(
    rosters: Iterable[Roster[P]],
    from_day: date,
    zone: ZoneInfo,
    is_workday: IsWorkday,
    names: Mapping[P, str],
) -> list[Invalid]:
    """Who would be on two shifts at once, each person once.

    Sessions count by themselves: one receives residents while on shift, never in two places.
    """
    faults: list[Invalid] = []
    for kind in RosterKind:
        of_kind = [one for one in rosters if one.kind is kind]
        for person, (one, other) in _twice(of_kind, from_day, zone, is_workday).items():
            said = {"name": names.get(person, str(person)), "one": _said(*one)}
            faults.append(Invalid("roster-overlap", field="people", **said, other=_said(*other)))
    return faults


Found = tuple[str, Span[P]]


def _twice(
    rosters: Sequence[Roster[P]], from_day: date, zone: ZoneInfo, is_workday: IsWorkday
) -> dict[P, tuple[Found[P], Found[P]]]:
    """By person the first two shifts that run at once."""
    last: dict[P, Found[P]] = {}
    twice: dict[P, tuple[Found[P], Found[P]]] = {}
    for code, span in _all_spans(rosters, from_day, zone, is_workday):
        for person in span.team:
            before = last.get(person)
            if before is not None and span.begin < before[1].end:
                twice.setdefault(person, (before, (code, span)))
            if before is None or span.end > before[1].end:
                last[person] = (code, span)
    return twice


def _all_spans(
    rosters: Sequence[Roster[P]], from_day: date, zone: ZoneInfo, is_workday: IsWorkday
) -> list[Found[P]]:
    """Every shift of the time looked at, in order; what a dated one covers is no shift."""
    found: list[Found[P]] = []
    for roster in rosters:
        spans = Spans(roster, zone, is_workday)
        first = max(from_day, roster.start)
        last = min(first + AHEAD, roster.until or date.max)
        for n in range((last - first).days + 1):
            day = first + timedelta(days=n)
            around = [s for one in (-1, 0, 1) for s in spans.on(day + timedelta(days=one))]
            hidden = [span for span in around if span.dated]
            found += [
                (roster.code, span)
                for span in spans.on(day)
                if not span.off and (span.dated or not _covered(span, hidden))
            ]
    return sorted(found, key=lambda one: (one[1].begin, one[1].end))


def _covered(span: Span[P], hidden: Iterable[Span[P]]) -> bool:
    """True where one dated shift takes the whole time of a repeating one."""
    return any(one.begin <= span.begin and span.end <= one.end for one in hidden)


def _said(code: str, span: Span[P]) -> str:
    return f"{code} {span.date.isoformat()} {span.hours}"
