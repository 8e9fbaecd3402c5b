"""Holes of a roster: found for their cause, equal to a look at every quarter of an hour."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from gridtrack.duty.book import Book
from gridtrack.duty.holes import HoleKind, Leave, Present, holes
from gridtrack.duty.rules import Dated, Hours, Outside, Roster, Shift

SHANGHAI = ZoneInfo("Asia/Shanghai")
START = date(2026, 11, 20)
NIGHT, DAY = Hours(1080, 1920), Hours(480, 1080)


def at(day: int, hour: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=SHANGHAI)


def a_roster(*shifts: Shift[str], **more: object) -> Roster[str]:
    given_ = {"role": "gridworker", "scope": "A", "start": START, "shifts": shifts, "id": 1} | more
    return Roster("r", "r", **given_)  # type: ignore[arg-type]


def found(
    *rosters: Roster[str],
    leaves: list[Leave[str]] | None = None,
    posts: str = "ann bob cid",
    deputies: str = "",
) -> list[tuple[str, datetime, datetime]]:
    ids = [one.id for one in rosters]
    present = Present(
        leaves or [],
        dict.fromkeys(ids, frozenset(posts.split())),
        dict.fromkeys(ids, frozenset(deputies.split())),
    )
    book = Book(rosters, SHANGHAI, lambda _day: True)
    return [(one.kind.value, one.begin, one.end) for one in holes(book, present, at(21), at(24))]


def test_a_roster_with_people_has_no_hole() -> None:
    assert found(a_roster(Shift(NIGHT, (("ann",), ("bob",))))) == []


def test_a_turn_of_nobody_is_a_hole_as_long_as_the_shift() -> None:
    roster = a_roster(Shift(NIGHT, (("ann",), (), ("bob",))))
    assert found(roster) == [("empty", at(21, 18), at(22, 8))]


def test_whose_post_has_ended_leaves_a_hole() -> None:
    roster = a_roster(Shift(NIGHT, (("ann",), ("bob",))))
    kinds = found(roster, posts="ann")
    assert kinds == [("empty", at(21, 18), at(22, 8)), ("empty", at(23, 18), at(24))]


def test_a_leave_is_a_hole_for_its_part_of_the_shift_unless_somebody_stands_in() -> None:
    roster = a_roster(Shift(NIGHT, (("ann",),)))
    leave = Leave("ann", at(22, 20), at(23, 4))
    assert found(roster, leaves=[leave]) == [("leave", at(22, 20), at(23, 4))]
    stood_in = Leave("ann", at(22, 20), at(23, 4), "bob")
    assert found(roster, leaves=[stood_in]) == []
    away_too = Leave("bob", at(22, 22), at(23, 0))
    assert found(roster, leaves=[stood_in, away_too]) == [("leave", at(22, 22), at(23, 0))]
    assert found(roster, leaves=[leave], deputies="cid") == []


def test_hours_without_a_shift_are_a_hole_where_somebody_is_needed_always() -> None:
    day = a_roster(Shift(DAY, (("ann",),)), outside=Outside.HOLE, scope="A/A1")
    nights = [(at(n, 18), at(n + 1, 8)) for n in (20, 21, 22, 23)]
    whole = [("uncovered", max(b, at(21)), min(e, at(24))) for b, e in nights]
    assert found(day) == whole
    night = a_roster(Shift(NIGHT, (("bob",),)), id=2)
    assert found(day, night) == [], "the roster of the community above takes the night"


def test_a_date_left_out_on_purpose_is_no_hole() -> None:
    none = Dated(date(2026, 11, 22), NIGHT, off=True)
    assert found(a_roster(Shift(NIGHT, (("ann",),)), dated=(none,))) == []


people = st.sampled_from(("ann", "bob", "cid"))
teams_ = st.lists(people, max_size=2, unique=True).map(tuple)
hours = st.integers(-10, 80).map(lambda n: at(21) + timedelta(hours=n))


@st.composite
def leaves(draw: st.DrawFn) -> Leave[str]:
    begin = draw(hours)
    length = timedelta(hours=draw(st.integers(1, 30)))
    return Leave(draw(people), begin, begin + length, draw(st.none() | people))


@settings(deadline=None, max_examples=60)
@given(
    st.lists(teams_, min_size=1, max_size=3).map(tuple),
    st.lists(leaves(), max_size=5),
    st.sampled_from(("", "cid")),
)
def test_holes_equal_a_look_at_every_half_hour(
    teams: tuple[tuple[str, ...], ...], away: list[Leave[str]], deputies: str
) -> None:
    roster = a_roster(Shift(NIGHT, teams))
    told = found(roster, leaves=away, posts="ann bob", deputies=deputies)
    for n in range(3 * 48):
        when = at(21) + timedelta(minutes=30 * n)
        day, hour = divmod((when - at(20)) // timedelta(hours=1), 24)
        turn = day if hour >= 18 else day - 1 if hour < 8 else None

        def off(person: str, when: datetime = when) -> list[Leave[str]]:
            return [one for one in away if one.person == person and one.begin <= when < one.end]

        expected = None
        if turn is not None:
            team = [one for one in teams[turn % len(teams)] if one != "cid"]
            there = [one for one in (*team, *deputies.split()) if not off(one)]
            named = [one.deputy for person in team for one in off(person) if one.deputy]
            there += [one for one in named if not off(one)]
            expected = HoleKind.EMPTY if not team else None if there else HoleKind.LEAVE
        kinds = [kind for kind, begin, end in told if begin <= when < end]
        assert kinds == ([expected.value] if expected else []), (when, told)
