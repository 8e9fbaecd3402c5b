"""A person's own shifts, swaps, notes and leave; for those who lead, those of their people."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from gridtrack.access import Permission, permits, require
from gridtrack.accounts import store as accounts
from gridtrack.duty import store
from gridtrack.duty.book import spans_between
from gridtrack.duty.rules import DAY_MINUTES, Hours, Roster, Span, Spans
from gridtrack.duty.tables import SwapRow
from gridtrack.queries.on_duty import book_of
from gridtrack.queries.place_names import place_names
from gridtrack.queries.rostered import leads, may_edit, who_may_stand
from gridtrack.queries.rota import ground_name
from gridtrack.work import Work

AHEAD = timedelta(days=28)
LEAVE_AHEAD = timedelta(days=366)
NEXT = timedelta(hours=12)
AFTER = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class MyShift:
    """A shift of the actor's; `asked` where somebody was asked to take it, with the state."""

    roster_id: int
    roster: str
    ground: str
    place: str
    day: date
    hours: str
    begin_minute: int
    begin: datetime
    end: datetime
    with_whom: tuple[str, ...]
    running: bool
    colleagues: tuple[tuple[int, str], ...]
    asked: str


@dataclass(frozen=True, slots=True)
class SwapLine:
    """A swap that waits for somebody's word; `mine` is what the actor may do with it."""

    id: int
    roster: str
    day: date
    hours: str
    giver: str
    taker: str
    state: str
    reason: str
    mine: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A handover note; `may_take` where the actor is on next and has not taken it over."""

    id: int
    roster: str
    author: str
    at: datetime
    text: str
    seen_by: str
    seen_at: datetime | None
    may_take: bool


@dataclass(frozen=True, slots=True)
class LeaveLine:
    """A leave to come or running."""

    id: int
    name: str
    from_at: datetime
    until_at: datetime
    deputy: str
    reason: str


@dataclass(frozen=True, slots=True)
class MyPage:
    """Everything of one's own; `rosters` (id, name) are those one may leave a note for."""

    shifts: tuple[MyShift, ...]
    swaps: tuple[SwapLine, ...]
    notes: tuple[NoteLine, ...]
    leaves: tuple[LeaveLine, ...]
    rosters: tuple[tuple[int, str], ...]
    people: tuple[tuple[int, str], ...]
    leads: bool


def my_page(work: Work, locale: str) -> MyPage:
    """The actor's own page; raises Forbidden for who is on no roster by role."""
    require(work.actor, Permission.DUTY_SEE)
    me = work.actor.person_id or 0
    book = book_of(work).all
    mine = [one for one in book if me in one.roster.people]
    lately = [one for one in mine if _on(one, me, work.now - AFTER, work.now)]
    return MyPage(
        shifts=tuple(_shifts(work, mine, me, locale)),
        swaps=tuple(_swaps(work, book, me)),
        notes=tuple(_notes(work, mine, me)),
        leaves=tuple(_leaves(work, [me])),
        rosters=tuple((one.roster.id, one.roster.name) for one in lately),
        people=tuple(_may_stand_in(work, [one.roster for one in mine], me)),
        leads=permits(work.actor, Permission.DUTY_EDIT),
    )


@dataclass(frozen=True, slots=True)
class LeavePage:
    """Leave of the people whom the actor leads."""

    leaves: tuple[LeaveLine, ...]
    people: tuple[tuple[int, str], ...]


def leave_page(work: Work) -> LeavePage:
    """Leave running or to come of whom the actor leads, and who they are."""
    require(work.actor, Permission.DUTY_EDIT)
    people = accounts.colleagues(work.session, _LED, work.now)
    led = {one.person_id: one.name for one in people if may_edit(work, one.scope, one.zone)}
    lines = tuple(_leaves(work, list(led)))
    return LeavePage(lines, tuple(sorted(led.items(), key=lambda one: one[1])))


_LED = ("gridworker", "leader", "secretary", "property", "desk")


def _on(one: Spans[int], person: int, begin: datetime, end: datetime) -> bool:
    spans = spans_between(one, begin, end + timedelta(seconds=1))
    return any(person in span.team for span in spans)


def _shifts(work: Work, mine: Sequence[Spans[int]], me: int, locale: str) -> Iterator[MyShift]:
    places = place_names(work, locale)
    today = work.now.astimezone(ZoneInfo(work.settings.timezone)).date()
    swaps = store.open_swaps(work.session, today - timedelta(days=1))
    asked = {(one.roster_id, one.date, one.begin): one for one in swaps if one.giver_id == me}
    names = accounts.names(work.session, _names_of(swaps, "taker_id"))
    found = [
        (span, one.roster)
        for one in mine
        for span in spans_between(one, work.now, work.now + AHEAD)
        if me in span.team and not span.off
    ]
    people = {one.roster.id: _colleagues(work, one.roster, me) for one in mine}
    known = accounts.names(work.session, {p for span, _ in found for p in span.team})
    for span, roster in sorted(found, key=lambda one: one[0].begin):
        swap = asked.get((roster.id, span.date, span.hours.begin))
        yield MyShift(
            roster_id=roster.id,
            roster=roster.name,
            ground=ground_name(roster, places),
            place=roster.place,
            day=span.date,
            hours=str(span.hours),
            begin_minute=span.hours.begin,
            begin=span.begin,
            end=span.end,
            with_whom=tuple(known.get(one, "") for one in span.team if one != me),
            running=span.holds(work.now),
            colleagues=people[roster.id],
            asked=names.get(swap.taker_id, "") if swap else "",
        )


def _colleagues(work: Work, roster: Roster[int], me: int) -> tuple[tuple[int, str], ...]:
    found = [(one.person_id, one.name) for one in who_may_stand(work, roster)]
    return tuple(sorted((one for one in found if one[0] != me), key=lambda one: one[1]))


def _may_stand_in(work: Work, rosters: Sequence[Roster[int]], me: int) -> Iterator[tuple[int, str]]:
    """Whom one may name as a deputy: those of one's rosters, else those of one's role around."""
    found: dict[int, str] = {}
    for roster in rosters:
        found |= dict(_colleagues(work, roster, me))
    for holding in work.actor.holdings if not found else ():
        near = holding.scope.rsplit("/", maxsplit=1)[0]
        found |= {
            one.person_id: one.name
            for one in accounts.colleagues(work.session, [holding.role.value], work.now)
            if one.person_id != me and one.scope.startswith(near)
        }
    yield from sorted(found.items(), key=lambda one: one[1])


def _swaps(work: Work, book: Sequence[Spans[int]], me: int) -> Iterator[SwapLine]:
    """Swaps that wait, where the actor is a party or has the last word."""
    rosters = {one.roster.id: one for one in book}
    today = work.now.astimezone(ZoneInfo(work.settings.timezone)).date()
    rows = store.open_swaps(work.session, today - timedelta(days=1))
    names = accounts.names(work.session, _names_of(rows, "giver_id", "taker_id"))
    for row in rows:
        one = rosters.get(row.roster_id)
        mine = _may(work, row, one.roster, me) if one else ()
        if one is None or not mine:
            continue
        yield SwapLine(
            id=row.id,
            roster=one.roster.name,
            day=row.date,
            hours=_hours(one, row.date, row.begin),
            giver=names.get(row.giver_id, ""),
            taker=names.get(row.taker_id, ""),
            state=row.state,
            reason=row.reason,
            mine=mine,
        )


def _may(work: Work, row: SwapRow, roster: Roster[int], me: int) -> tuple[str, ...]:
    if row.giver_id == me:
        return ("withdraw",)
    if row.taker_id == me:
        return ("take", "decline") if row.state == "asked" else ()
    decides = row.state == "waiting" and permits(work.actor, Permission.DUTY_EDIT)
    if decides and may_edit(work, roster.scope, roster.zone):
        return ("approve", "refuse")
    return ()


def _hours(one: Spans[int], day: date, begin: int) -> str:
    spans: list[Span[int]] = [span for span in one.on(day) if span.hours.begin == begin]
    return str(spans[0].hours if spans else Hours(begin, begin + DAY_MINUTES))


def _notes(work: Work, mine: Sequence[Spans[int]], me: int) -> Iterator[NoteLine]:
    by_id = {one.roster.id: one for one in mine}
    if not by_id:
        return
    rows = store.notes(work.session, sorted(by_id))
    names = accounts.names(work.session, _names_of(rows, "author_id", "seen_by"))
    next_ = {key for key, one in by_id.items() if _on(one, me, work.now, work.now + NEXT)}
    for row in rows:
        yield NoteLine(
            id=row.id,
            roster=by_id[row.roster_id].roster.name,
            author=names.get(row.author_id, ""),
            at=row.written_at,
            text=row.text,
            seen_by=names.get(row.seen_by or 0, ""),
            seen_at=row.seen_at,
            may_take=row.seen_at is None and row.author_id != me and row.roster_id in next_,
        )


def _leaves(work: Work, people: Sequence[int]) -> Iterator[LeaveLine]:
    wanted = set(people)
    rows = [
        one
        for one in accounts.absences(work.session, work.now, work.now + LEAVE_AHEAD)
        if one.person_id in wanted
    ]
    names = accounts.names(work.session, _names_of(rows, "person_id", "deputy_id"))
    for row in rows:
        name = names.get(row.person_id, "")
        deputy = names.get(row.deputy_id or 0, "")
        # Why somebody is away is theirs and their leader's to read.
        reason = row.reason if leads(work, row.person_id) or _own(work, row.person_id) else ""
        yield LeaveLine(row.id, name, row.from_at, row.until_at, deputy, reason)


def _own(work: Work, person_id: int) -> bool:
    return work.actor.person_id == person_id


def _names_of(rows: Iterable[Any], *fields: str) -> set[int]:
    """The ids that some fields of rows hold."""
    return {found for row in rows for one in fields if (found := getattr(row, one)) is not None}
