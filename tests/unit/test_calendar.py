"""Working time against a slow obvious model: every minute is looked at, one after the other."""

from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gridtrack.deadlines.calendar import (
    Day,
    Opening,
    Window,
    WorkingTime,
    read_hours,
    written,
)
from gridtrack.deadlines.calendar_days import (
    DayTable,
    LocalDay,
    read_calendars,
    read_shipped,
)
from gridtrack.errors import Invalid

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")  # its clocks change; ours do not
PACKAGE = files("gridtrack.deadlines")


def shipped(*local: LocalDay) -> DayTable:
    notices = read_shipped((PACKAGE / "holidays.toml").read_text("utf-8"))
    return DayTable([d for n in notices for d in n.days], local, [n.year for n in notices])


HALF = LocalDay(date(2026, 9, 24), "半天", is_workday=True, hours=(Window(540, 720),))


@cache
def working(code: str, zone: ZoneInfo = SHANGHAI) -> WorkingTime:
    text = (PACKAGE / "calendars.toml").read_text("utf-8")
    opening = next(one.opening for one in read_calendars(text) if one.code == code)
    return WorkingTime(zone, opening, shipped(HALF).at)


def at(text: str, zone: tzinfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


# --- the golden cases of measured-escalation.md §5 ---


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-02-13T16:30", 4, "2026-02-14T12:00"),  # a Saturday that is worked
        ("2026-02-14T17:00", 1, "2026-02-24T09:30"),  # over the Spring Festival
        ("2026-09-30T17:00", 8, "2026-10-09T09:30"),  # over the National Day
        ("2026-11-20T11:30", 1, "2026-11-20T14:00"),  # over lunch
        ("2026-11-20T12:30", 1, "2026-11-20T14:30"),  # begun at lunch
        ("2026-10-03T03:00", 1, "2026-10-08T10:00"),  # begun at night on a holiday
        ("2026-11-20T17:30", 7, "2026-11-23T17:30"),  # begun as the doors close
        ("2026-09-24T11:00", 2, "2026-09-28T10:00"),  # a half-day, then Mid-Autumn
        ("2025-12-31T16:30", 2, "2026-01-04T10:00"),  # over the end of a year
    ],
)
def test_golden_cases(start: str, hours: int, due: str) -> None:
    assert working("workdays").add(at(start), timedelta(hours=hours)) == at(due)


def test_duty_hours_run_on_holidays_and_stop_at_night() -> None:
    due = working("duty").add(at("2026-10-01T20:30"), timedelta(hours=1))
    assert due == at("2026-10-02T08:30")


def test_day_and_night_is_plain_addition() -> None:
    assert working("24x7").add(at("2026-10-01T23:59"), timedelta(minutes=5)) == at(
        "2026-10-02T00:04"
    )


def test_a_workday_is_worth_an_ordinary_day_and_half_a_one_half() -> None:
    hours = working("workdays")
    assert hours.add_workdays(at("2026-11-20T10:00"), 1) == at("2026-11-23T10:00")
    assert hours.add_workdays(at("2026-11-20T09:00"), 0.5) == at("2026-11-20T14:00")
    assert working("24x7").add_workdays(at("2026-11-20T10:00"), 2) == at("2026-11-22T10:00")


# --- against the obvious model ---


def open_at(hours: WorkingTime, instant: datetime) -> bool:
    local = instant.astimezone(hours.zone)
    minute = local.hour * 60 + local.minute
    return any(w.begin <= minute < w.end for w in hours.windows(local.date()))


def walked(hours: WorkingTime, start: datetime, minutes: int) -> datetime:
    """The due instant of a start on a whole minute, by looking at every minute."""
    instant = start.astimezone(UTC)
    while True:
        minutes -= open_at(hours, instant)
        instant += timedelta(minutes=1)
        if minutes == 0:
            return instant


def instants(first: str, last: str, step: timedelta) -> st.SearchStrategy[datetime]:
    begin, end = at(first, UTC), at(last, UTC)
    return st.integers(0, (end - begin) // step).map(lambda n: begin + n * step)


STARTS = instants("2023-12-01", "2027-01-31", timedelta(minutes=1))
# Where mistakes live: midnight, ends of years, holidays, changes of clocks.
EDGES = st.sampled_from([
    "2025-12-31T15:59", "2025-12-31T16:00", "2024-02-29T16:00", "2026-02-13T16:00",
    "2026-02-24T00:59", "2026-12-31T15:59", "2026-03-08T06:30", "2026-11-01T05:30",
]).map(lambda text: at(text, UTC))  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    st.one_of(STARTS, EDGES),
    st.integers(1, 2000),
    st.sampled_from(["24x7", "duty", "workdays"]),
    st.sampled_from([SHANGHAI, NEW_YORK]),
)
def test_every_minute_looked_at_gives_the_same_instant(
    start: datetime, minutes: int, code: str, zone: ZoneInfo
) -> None:
    hours = working(code, zone)
    assert hours.add(start, timedelta(minutes=minutes)) == walked(hours, start, minutes)


INSTANTS = instants("2023-06-01", "2028-06-01", timedelta(microseconds=1))
AMOUNTS = st.timedeltas(timedelta(microseconds=1), timedelta(days=400))
CODES = st.sampled_from(["24x7", "duty", "workdays"])


@settings(max_examples=300, deadline=None)
@given(INSTANTS, AMOUNTS, CODES)
def test_what_is_between_a_start_and_its_due_instant_is_the_amount(
    start: datetime, amount: timedelta, code: str
) -> None:
    hours = working(code)
    assert hours.between(start, hours.add(start, amount)) == amount


@settings(max_examples=300, deadline=None)
@given(INSTANTS, AMOUNTS, st.lists(st.tuples(AMOUNTS, AMOUNTS), max_size=5), CODES)
def test_pausing_and_resuming_loses_no_microsecond(
    start: datetime, amount: timedelta, pauses: list[tuple[timedelta, timedelta]], code: str
) -> None:
    hours = working(code)
    now, left, worked = start, amount, timedelta(0)
    for ran, paused in pauses:
        stop = now + ran
        due = hours.add(now, left)
        if due <= stop:
            break
        worked += hours.between(now, stop)
        left = hours.between(stop, due)
        now = stop + paused
        assume(now.year < 2200)
    assert worked + hours.between(now, hours.add(now, left)) == amount


@settings(max_examples=200, deadline=None)
@given(INSTANTS, AMOUNTS, AMOUNTS, CODES)
def test_a_longer_limit_and_a_later_start_are_never_due_earlier(
    start: datetime, amount: timedelta, more: timedelta, code: str
) -> None:
    hours = working(code)
    due = hours.add(start, amount)
    assert due <= hours.add(start, amount + more)
    assert due <= hours.add(start + more, amount)
    assert due > start


# --- amounts and starts that cannot be used ---


@pytest.mark.parametrize("amount", [timedelta(0), timedelta(minutes=-5)])
@pytest.mark.parametrize("code", ["24x7", "workdays"])
def test_no_limit_is_zero_or_less(amount: timedelta, code: str) -> None:
    with pytest.raises(Invalid, match="limit-not-positive"):
        working(code).add(at("2026-11-20T10:00"), amount)


@pytest.mark.parametrize("days", [0, -1, float("nan")])
def test_no_number_of_workdays_is_zero_or_less_or_no_number(days: float) -> None:
    with pytest.raises(Invalid, match="limit-not-positive"):
        working("workdays").add_workdays(at("2026-11-20T10:00"), days)


@given(st.timedeltas(timedelta(days=366 * 100 + 1), timedelta.max), CODES)
@settings(max_examples=20, deadline=None)
def test_a_huge_amount_is_refused_and_never_an_overflow(amount: timedelta, code: str) -> None:
    with pytest.raises(Invalid, match="limit-too-long"):
        working(code).add(at("2026-11-20T10:00"), amount)


def test_an_endless_number_of_workdays_is_refused() -> None:
    with pytest.raises(Invalid, match="limit-too-long"):
        working("workdays").add_workdays(at("2026-11-20T10:00"), float("inf"))


@pytest.mark.parametrize("year", [1, 1899, 9001, 9999])
def test_a_start_out_of_time_is_refused(year: int) -> None:
    with pytest.raises(Invalid, match="out-of-range"):
        working("workdays").add(datetime(year, 1, 1, tzinfo=UTC), timedelta(hours=1))


def test_a_calendar_whose_days_are_all_off_ends_in_a_refusal() -> None:
    opening = Opening((Window(540, 720),), workdays=True)
    closed = WorkingTime(SHANGHAI, opening, lambda day: Day(day, is_workday=False))
    with pytest.raises(Invalid, match="limit-too-long"):
        closed.add(at("2026-11-20T10:00"), timedelta(minutes=1))


def test_a_calendar_without_a_working_minute_cannot_be_made() -> None:
    with pytest.raises(Invalid, match="calendar-empty"):
        WorkingTime(SHANGHAI, Opening((), workdays=True), shipped().at)


# --- hours as they are written ---


def test_hours_are_read_in_order_and_written_again() -> None:
    found = read_hours("13:30-17:30, 09:00-12:00", "hours")
    assert written(found) == "09:00-12:00 13:30-17:30"
    assert read_hours("00:00-24:00", "hours") == (Window(0, 1440),)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "calendar-empty"),
        ("09:00-09:00", "hours-bad"),
        ("12:00-09:00", "hours-bad"),
        ("9-12", "hours-bad"),
        ("09:00-24:01", "hours-bad"),
        ("09:60-12:00", "hours-bad"),
        ("²:00-12:00", "hours-bad"),
        ("09:00-12:00 11:00-13:00", "hours-overlap"),
    ],
)
def test_hours_that_cannot_be_used_are_told(text: str, code: str) -> None:
    with pytest.raises(Invalid, match=code):
        read_hours(text, "hours")
