"""All rosters at one revision, asked at an instant: whose is this ground now. Pure.

The nearest roster with a shift at that instant governs, upwards from the ground itself; where none
has one, the nearest roster says whether posts count or nobody is on duty. Sessions govern nothing.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from gridtrack.duty.rules import IsWorkday, Outside, Roster, RosterKind, Span, Spans

P = TypeVar("P", bound=Hashable)
AHEAD = timedelta(days=15)  # so far ahead the next shift of somebody is looked for


@dataclass(frozen=True, slots=True)
class Governs(Generic[P]):
    """What rosters say of some ground at an instant.

    `team` are those on shift, the one who leads first; nobody where `on` is False. `until` is the
    end of what runs, or the begin of the next shift (None: none soon).
    """

    rosters: tuple[Roster[P], ...]
    team: tuple[P, ...]
    on: bool
    until: datetime | None


class Book(Generic[P]):
    """The rosters with their dates; safe to share between threads."""

    def __init__(self, rosters: Iterable[Roster[P]], zone: ZoneInfo, is_workday: IsWorkday) -> None:
        """`is_workday` is asked only where a roster goes by the calendar."""
        self.all = tuple(Spans(one, zone, is_workday) for one in rosters)
        self._by_ground: dict[tuple[str, str | None, str], list[Spans[P]]] = {}
        for one in self.all:
            roster = one.roster
            if roster.kind is RosterKind.DUTY:
                ground = (roster.role, roster.zone, roster.scope)
                self._by_ground.setdefault(ground, []).append(one)
        duty = [one.roster for one in self.all if one.roster.kind is RosterKind.DUTY]
        self.zoned_roles = tuple(sorted({r.role for r in duty if r.zone is not None}))
        self.roles = tuple(sorted({r.role for r in duty if r.zone is None}))

    def chain(self, role: str, scope: str, zone: str | None = None) -> list[list[Spans[P]]]:
        """The rosters of a role over some ground, level by level, nearest first."""
        if zone is not None:
            found = self._by_ground.get((role, zone, ""))
            return [found] if found else []
        levels = (self._by_ground.get((role, None, one)) for one in _ancestors(scope))
        return [level for level in levels if level]

    def governs(
        self, at: datetime, role: str, scope: str, zone: str | None = None
    ) -> Governs[P] | None:
        """What rosters say of this ground at `at`; None where posts alone count."""
        levels = self.chain(role, scope, zone)
        for level in levels:
            running = [span for one in level for span in one.running(at)]
            if running:
                team = dict.fromkeys(person for span in running for person in span.team)
                until = min(span.end for span in running)
                here = tuple(one.roster for one in level)
                return Governs(here, tuple(team), on=True, until=until)
        every = [one for level in levels for one in level if one.in_force(at)]
        if not every or every[0].roster.outside is Outside.POSTS:
            return None
        soon = next_begin(every, at)
        return Governs(tuple(one.roster for one in every), (), on=False, until=soon)

    def next_of(
        self, person: P, at: datetime, role: str, scope: str, zone: str | None = None
    ) -> datetime | None:
        """When `person` is on shift there again; None where they are not within `AHEAD`."""
        here = [one for level in self.chain(role, scope, zone) for one in level]
        return next_begin(here, at, lambda span: person in span.team)


def next_begin(
    rosters: Sequence[Spans[P]],
    at: datetime,
    wanted: Callable[[Span[P]], bool] = lambda _span: True,
) -> datetime | None:
    """The begin of the next shift after `at` that is wanted, within `AHEAD`."""
    begins = (
        min(
            (s.begin for s in spans_between(one, at, at + AHEAD)
             if s.begin > at and not s.off and wanted(s)),
            default=None,
        )
        for one in rosters
    )  # fmt: skip
    return min((one for one in begins if one is not None), default=None)


def spans_between(one: Spans[P], begin: datetime, end: datetime) -> Iterator[Span[P]]:
    """Every shift that touches the time from `begin` to `end`, in the order of dates."""
    day, last = one.date_of(begin) - timedelta(days=1), one.date_of(end)
    while day <= last:
        yield from (span for span in one.on(day) if span.begin < end and span.end > begin)
        day += timedelta(days=1)


@lru_cache(maxsize=20_000)
def _ancestors(path: str) -> tuple[str, ...]:
    """The path itself and every scope above it, nearest first, "" last."""
    parts = path.split("/") if path else []
    return (*("/".join(parts[:n]) for n in range(len(parts), 0, -1)), "")
