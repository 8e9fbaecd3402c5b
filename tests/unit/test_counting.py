"""Clocks on calendars against a slow obvious model: minute by minute, nothing clever."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridtrack.deadlines.calendar import Day, Opening, WorkingTime, read_hours
from gridtrack.deadlines.counting import US, count, due_after, left_at
from gridtrack.deadlines.rules import ClockState, Kind, standing
from gridtrack.limits import Limit, Unit
from gridtrack.usecases.promise import Started

SHANGHAI = ZoneInfo("Asia/Shanghai")
MINUTE = timedelta(minutes=1)
FEAST = {date(2026, 10, day) for day in range(1, 8)}
MADE_UP = {date(2026, 10, 10), date(2026, 9, 20)}
HALF = date(2026, 9, 30)


def day_at(day: date) -> Day:
    worked = day in MADE_UP or (day.weekday() < 5 and day not in FEAST)
    return Day(day, worked, hours=read_hours("09:00-12:00", "x") if day == HALF else None)


def calendar(*hours: str, workdays: bool = False) -> WorkingTime:
    return WorkingTime(SHANGHAI, Opening(read_hours(list(hours), "x"), workdays), day_at)


WORKING = {
    "24x7": calendar("00:00-24:00"),
    "duty": calendar("08:00-21:00"),
    "workdays": calendar("09:00-12:00", "13:30-17:30", workdays=True),
}
STARTS = st.integers(0, 25 * 24 * 60).map(lambda n: datetime(2026, 9, 18, tzinfo=UTC) + n * MINUTE)
CODES = st.sampled_from(sorted(WORKING))
LIMITS = st.one_of(
    st.builds(Limit, st.integers(1, 600), st.just(Unit.MINUTE)),
    st.builds(Limit, st.integers(1, 12), st.sampled_from([Unit.HOUR, Unit.WORK_HOUR])),
    st.builds(Limit, st.integers(1, 3), st.sampled_from([Unit.DAY, Unit.WORKDAY])),
    st.just(Limit(1, Unit.SAME_DAY)),
)


def is_open(code: str, at: datetime) -> bool:
    """Whether the minute that begins at `at` is worked."""
    local = at.astimezone(SHANGHAI)
    minute = local.hour * 60 + local.minute
    if code == "24x7":
        return True
    if code == "duty":
        return 8 * 60 <= minute < 21 * 60
    morning = 9 * 60 <= minute < 12 * 60
    afternoon = 13 * 60 + 30 <= minute < 17 * 60 + 30 and local.date() != HALF
    return day_at(local.date()).is_workday and (morning or afternoon)


def model_due(code: str, limit: Limit, start: datetime) -> datetime:
    """Walk on minute by minute until the amount is used up, or the day is over."""
    day = {"24x7": 24 * 60, "duty": 13 * 60, "workdays": 7 * 60}[code]
    if limit.unit is Unit.SAME_DAY:
        at = start
        while not is_open(code, at):
            at += MINUTE
        last, today = at, at.astimezone(SHANGHAI).date()
        while at.astimezone(SHANGHAI).date() == today:
            last = at if is_open(code, at) else last
            at += MINUTE
        return last + MINUTE
    worth = {Unit.MINUTE: 1, Unit.HOUR: 60, Unit.WORK_HOUR: 60}.get(limit.unit, day)
    left, at = limit.amount * worth, start
    while left:
        left -= is_open(code, at)
        at += MINUTE
    return at


@given(start=STARTS, code=CODES, limit=LIMITS)
def test_a_limit_ends_where_walking_minute_by_minute_ends(start, code, limit):
    found = count(limit, start, code, WORKING)
    assert found.due_at == model_due(code, limit, start)
    assert found.calendar == (None if code == "24x7" else code)
    assert due_after(start, found.left_us, WORKING[code]) == found.due_at


@given(
    start=STARTS, code=CODES, limit=LIMITS,
    rests=st.lists(st.tuples(st.integers(1, 2000), st.integers(1, 4000)), max_size=3),
)  # fmt: skip
def test_resting_and_going_on_gives_back_every_minute_that_was_left(start, code, limit, rests):
    """However often a clock rests, it has run for exactly its limit when it is due."""
    due_at, at, ran, time = count(limit, start, code, WORKING).due_at, start, 0, WORKING[code]
    whole = left_at(due_at, start, time)
    for runs, pause in rests:
        held = at + runs * MINUTE
        if held >= due_at:
            break
        left = left_at(due_at, held, time)
        ran += time.between(at, held) // US
        at = held + pause * MINUTE
        due_at = due_after(at, max(1, left), time)
    assert ran + left_at(due_at, at, time) in (whole, whole + 1)


@pytest.mark.parametrize("code", sorted(WORKING))
def test_nothing_is_due_before_it_began_at_the_end_of_a_year(code):
    start = datetime(2026, 12, 31, 15, 59, 30, tzinfo=UTC)  # half a minute before midnight
    found = count(Limit(1, Unit.MINUTE), start, code, WORKING)
    assert found.due_at > start
    assert WORKING[code].between(start, found.due_at) == MINUTE


CLOCKS = st.lists(
    st.builds(
        Started,
        st.sampled_from([kind.value for kind in Kind]),
        st.sampled_from([state.value for state in ClockState]),
        STARTS,
        st.none() | STARTS,
    ),
    max_size=4,
)


@given(clocks=CLOCKS, held=st.none() | STARTS)
def test_an_incident_looks_at_the_first_thing_that_comes(clocks, held):
    found = standing(clocks, held)
    running = [one for one in clocks if one.state == "running"]
    comes = sorted(t for t in (*(one.next_fire_at for one in running), held) if t is not None)
    assert found["next_due_at"] == (comes[0] if comes else None)
    assert (found["deadline_state"] == "armed") == bool(comes)
    asked = [one.due_at for one in running if one.kind == "acknowledge"]
    dues = sorted(asked or [one.due_at for one in running])
    assert found["due_at"] == (dues[0] if dues else None)
