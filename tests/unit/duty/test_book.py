"""Who is on shift by the fast look-up equals a slow obvious model, minute by minute."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridtrack.duty.book import Book
from gridtrack.duty.rules import (
    Dated,
    Days,
    Hours,
    Outside,
    Roster,
    RosterKind,
    Shift,
    Swap,
    Turn,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
START = date(2026, 11, 20)  # a Friday
HOLIDAY = {date(2026, 11, 25)}
WORKED = {date(2026, 11, 28)}  # a Saturday
NIGHT = Hours(18 * 60, 32 * 60)


def is_workday(day: date) -> bool:
    return day in WORKED or (day.weekday() < 5 and day not in HOLIDAY)


def at(day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI).astimezone(UTC)


def a_roster(*shifts: Shift[str], **more: object) -> Roster[str]:
    given = {"role": "gridworker", "scope": "A", "start": START, "shifts": shifts} | more
    return Roster("r", "r", **given)  # type: ignore[arg-type]


def a_book(*rosters: Roster[str]) -> Book[str]:
    return Book(rosters, SHANGHAI, is_workday)


def team(book: Book[str], when: datetime, scope: str = "A/A1") -> tuple[str, ...] | None:
    found = book.governs(when, "gridworker", scope)
    return None if found is None else found.team


def test_a_night_shift_goes_on_over_midnight_and_ends_at_eight() -> None:
    book = a_book(a_roster(Shift(NIGHT, (("ann",),))))
    assert team(book, at(21, 7, 59)) == ("ann",)
    assert team(book, at(21, 8)) is None, "outside the shift whoever has the post"
    assert team(book, at(20, 17, 59)) is None
    assert team(book, at(20, 18)) == ("ann",)


def test_teams_take_turns_and_begin_again() -> None:
    book = a_book(a_roster(Shift(NIGHT, (("ann",), ("bob",), ("cid", "dan")))))
    found = [team(book, at(20 + n, 20)) for n in range(5)]
    assert found == [("ann",), ("bob",), ("cid", "dan"), ("ann",), ("bob",)]


def test_a_turn_is_a_date_the_shift_falls_on_and_not_any_date() -> None:
    shift = Shift(Hours(540, 720), (("ann",), ("bob",)), Days("workdays"))
    book = a_book(a_roster(shift))
    found = {n: team(book, at(n, 10)) for n in range(20, 29)}
    assert {n: one for n, one in found.items() if one} == {
        20: ("ann",), 23: ("bob",), 24: ("ann",), 26: ("bob",), 27: ("ann",), 28: ("bob",)
    }  # fmt: skip


def test_turns_by_the_week_change_on_monday() -> None:
    book = a_book(a_roster(Shift(NIGHT, (("ann",), ("bob",)), turn=Turn.WEEK)))
    assert [team(book, at(n, 20)) for n in (20, 22, 23, 29, 30)] == [
        ("ann",), ("ann",), ("bob",), ("bob",), ("ann",)
    ]  # fmt: skip


def test_a_dated_shift_goes_before_the_repeating_one_for_its_time_alone() -> None:
    dated = Dated(date(2026, 11, 21), Hours(20 * 60, 22 * 60), ("bob",))
    book = a_book(a_roster(Shift(NIGHT, (("ann",),)), dated=(dated,)))
    assert [team(book, at(21, hour)) for hour in (19, 20, 21, 22)] == [
        ("ann",), ("bob",), ("bob",), ("ann",)
    ]  # fmt: skip


def test_a_date_may_be_left_out() -> None:
    none = Dated(date(2026, 11, 21), NIGHT, off=True)
    book = a_book(a_roster(Shift(NIGHT, (("ann",),)), dated=(none,)))
    assert team(book, at(21, 20)) is None
    assert team(book, at(22, 20)) == ("ann",)


def test_a_swap_puts_the_taker_in_the_givers_place_on_that_date() -> None:
    swap = Swap(date(2026, 11, 21), 18 * 60, "ann", "bob")
    book = a_book(a_roster(Shift(NIGHT, (("ann", "cid"),)), swaps=(swap,)))
    assert team(book, at(21, 20)) == ("bob", "cid")
    assert team(book, at(22, 20)) == ("ann", "cid")


def test_the_nearest_roster_with_a_shift_governs_and_the_one_above_takes_the_night() -> None:
    day = Shift(Hours(8 * 60, 18 * 60), (("ann",),))
    near = a_roster(day, scope="A/A1")
    far = a_roster(Shift(NIGHT, (("bob",),)))
    book = a_book(near, far)
    assert team(book, at(21, 12)) == ("ann",)
    assert team(book, at(21, 20)) == ("bob",)
    assert team(book, at(21, 12), "A/A2") is None


def test_off_outside_the_shifts_says_when_the_next_begins() -> None:
    book = a_book(a_roster(Shift(NIGHT, (("ann",),)), outside=Outside.OFF))
    found = book.governs(at(21, 12), "gridworker", "A")
    assert found is not None
    assert (found.on, found.team, found.until) == (False, (), at(21, 18))
    assert book.next_of("ann", at(21, 12), "gridworker", "A") == at(21, 18)
    assert book.next_of("bob", at(21, 12), "gridworker", "A") is None


def test_a_roster_says_nothing_before_its_first_date_and_after_its_last_shift() -> None:
    last = date(2026, 11, 21)
    book = a_book(a_roster(Shift(NIGHT, (("ann",),)), until=last, outside=Outside.OFF))
    assert team(book, at(19, 20)) is None
    assert team(book, at(22, 7)) == ("ann",), "the last night goes on into the morning"
    assert team(book, at(22, 12)) is None


def test_another_role_and_a_session_change_nothing() -> None:
    session = a_roster(Shift(NIGHT, (("ann",),)), kind=RosterKind.SESSION)
    assert team(a_book(session), at(21, 20)) is None
    leader = a_roster(Shift(NIGHT, (("ann",),)), role="leader")
    assert team(a_book(leader), at(21, 20)) is None


def test_a_zone_has_rosters_of_its_own() -> None:
    of_zone = a_roster(Shift(NIGHT, (("pam",),)), role="property", scope="", zone="E1")
    book = a_book(of_zone)
    found = book.governs(at(21, 20), "property", "", "E1")
    assert found is not None
    assert found.team == ("pam",)
    assert book.governs(at(21, 20), "property", "", "E2") is None
    assert book.governs(at(21, 20), "property", "A", None) is None


PEOPLE = ("ann", "bob", "cid")
DATES = [START + timedelta(days=n) for n in range(10)]


def hours() -> st.SearchStrategy[Hours]:
    begins, lengths = st.sampled_from(range(0, 1440, 120)), st.sampled_from((60, 360, 840, 1440))
    return st.tuples(begins, lengths).map(lambda one: Hours(one[0], sum(one)))


def teams() -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(PEOPLE), max_size=2, unique=True).map(tuple)


def days() -> st.SearchStrategy[Days]:
    return st.sampled_from(
        (Days(), Days("workdays"), Days("holidays"), Days("weekdays", (0, 4)),
         Days("monthdays", (22, 27)))
    )  # fmt: skip


@st.composite
def rosters(draw: st.DrawFn, scope: str) -> Roster[str]:
    shift = st.builds(
        Shift, hours(), st.lists(teams(), min_size=1, max_size=3).map(tuple), days(),
        st.sampled_from(Turn),
    )  # fmt: skip
    dated = st.builds(Dated, st.sampled_from(DATES), hours(), teams(), st.booleans())
    shifts = tuple(draw(st.lists(shift, max_size=2)))
    days_ = tuple(draw(st.lists(dated, max_size=2)))
    begins = [one.hours.begin for one in (*shifts, *days_)] or [0]
    swap = st.builds(
        Swap, st.sampled_from(DATES), st.sampled_from(begins), st.sampled_from(PEOPLE),
        st.sampled_from(PEOPLE),
    )  # fmt: skip
    return a_roster(
        *shifts,
        scope=scope,
        dated=days_,
        swaps=tuple(draw(st.lists(swap, max_size=3))),
        start=draw(st.sampled_from((START, START + timedelta(days=2)))),
        until=draw(st.sampled_from((None, DATES[-2]))),
        outside=draw(st.sampled_from(Outside)),
    )


def swapped(roster: Roster[str], whose: tuple[str, ...], day: date, begin: int) -> tuple[str, ...]:
    for one in roster.swaps:
        if (one.date, one.begin) == (day, begin):
            whose = tuple(one.taker if person == one.giver else person for person in whose)
    return whose


def falls(shift: Shift[str], day: date) -> bool:
    return {
        "every": True,
        "workdays": is_workday(day),
        "holidays": not is_workday(day),
        "weekdays": day.weekday() in shift.days.listed,
        "monthdays": day.day in shift.days.listed,
    }[shift.days.kind]


def slow_repeating(roster: Roster[str], shift: Shift[str], when: datetime) -> list[tuple[str, ...]]:
    """Teams of a repeating shift at an instant: every date from the first, counting turns."""
    found, turn = [], 0
    for day in dates_of(roster, when):
        if shift.turn is Turn.WEEK and day.weekday() == 0 and day != roster.start:
            turn += 1
        if falls(shift, day):
            if shift.hours.begin <= minute_of(when, day) < shift.hours.end:
                whose = shift.teams[turn % len(shift.teams)]
                found.append(swapped(roster, whose, day, shift.hours.begin))
            turn += shift.turn is Turn.EACH
    return found


def slow_teams(roster: Roster[str], when: datetime) -> list[tuple[str, ...]]:
    """Who is on shift, dated shifts first: they hide the repeating ones even where they are off."""
    dated = [
        one
        for one in roster.dated
        if one.date in dates_of(roster, when)
        and one.hours.begin <= minute_of(when, one.date) < one.hours.end
    ]
    if dated:
        on = [one for one in dated if not one.off]
        return [swapped(roster, one.team, one.date, one.hours.begin) for one in on]
    return [team for shift in roster.shifts for team in slow_repeating(roster, shift, when)]


def minute_of(when: datetime, day: date) -> int:
    midnight = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
    return (when - midnight) // timedelta(minutes=1)


def dates_of(roster: Roster[str], when: datetime) -> list[date]:
    """Every date from the roster's first to its last, or to the local date of `when`."""
    today = when.astimezone(SHANGHAI).date()
    last = min(today, roster.until or today)
    return [roster.start + timedelta(days=n) for n in range((last - roster.start).days + 1)]


@settings(deadline=None, max_examples=150)
@given(rosters("A/A1"), rosters("A"), st.integers(0, 11 * 24 * 4))
def test_the_look_up_equals_the_slow_model(
    near: Roster[str], far: Roster[str], quarter: int
) -> None:
    when = at(20) + timedelta(minutes=15 * quarter)
    today = when.astimezone(SHANGHAI).date()
    expected: tuple[str, ...] | None = None
    for one in (near, far):
        running = slow_teams(one, when)
        if running:
            # Those on shift come in the order of dates: who began yesterday leads until the end.
            found = team(a_book(near, far), when)
            assert found is not None
            assert set(found) == {person for whose in running for person in whose}
            return
    for one in (near, far):
        if one.start <= today and (one.until is None or today <= one.until):
            expected = None if one.outside is Outside.POSTS else ()
            break
    assert team(a_book(near, far), when) == expected


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/Sao_Paulo"])
def test_shifts_that_follow_each_other_leave_no_instant_out(zone: str) -> None:
    day, night = Shift(Hours(480, 1080), (("ann",),)), Shift(NIGHT, (("bob",),))
    book = Book([a_roster(day, night)], ZoneInfo(zone), is_workday)
    whose = [book.governs(at(21) + timedelta(minutes=7 * n), "gridworker", "A") for n in range(400)]
    assert all(one is not None and len(one.team) == 1 for one in whose)
    changes = sum(a.team != b.team for a, b in pairwise(one for one in whose if one))
    assert changes in (3, 4)
