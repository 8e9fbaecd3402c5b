"""Which dates are worked: notices, local days, and the written rule where nothing says so."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from gridtrack.deadlines.calendar_days import (
    DayTable,
    LocalDay,
    Notice,
    days_of,
    read_calendars,
    read_notice,
)
from gridtrack.errors import Invalid, Rejected
from tests.unit.test_calendar import shipped

SHARED = Path(__file__).resolve().parents[3] / "shared/data/holidays_cn/original"
MAKE_UP = {
    2024: "02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12",
    2025: "01-26 02-08 04-27 09-28 10-11",
    2026: "01-04 02-14 02-28 05-09 09-20 10-10",
}


def year(number: int) -> list[date]:
    first = date(number, 1, 1)
    return [first + timedelta(days=n) for n in range((date(number + 1, 1, 1) - first).days)]


@pytest.mark.parametrize("number", MAKE_UP)
def test_the_worked_weekend_days_of_a_year_are_those_of_its_notice(number: int) -> None:
    worked = [d for d in year(number) if d.weekday() >= 5 and shipped().at(d).is_workday]
    assert " ".join(f"{d:%m-%d}" for d in worked) == MAKE_UP[number]


@pytest.mark.parametrize(("number", "count"), [(2024, 251), (2025, 248), (2026, 248)])
def test_a_year_has_as_many_workdays_as_its_notice_leaves(number: int, count: int) -> None:
    assert sum(shipped().at(day).is_workday for day in year(number)) == count


@pytest.mark.shared
@pytest.mark.parametrize("number", [2025, 2026])
def test_every_day_is_as_the_real_notice_says(number: int) -> None:
    notice = read_notice((SHARED / f"{number}.json").read_text("utf-8"), "file", number)
    real = DayTable(notice.days, (), [number])
    assert [shipped().at(day) for day in year(number)] == [real.at(day) for day in year(number)]


@pytest.mark.shared
def test_the_file_of_a_year_whose_notice_is_not_out_says_nothing() -> None:
    assert read_notice((SHARED / "2027.json").read_text("utf-8"), "file") == Notice(2027, "", ())


# --- the written rule ---


def test_a_year_without_a_notice_has_weekends_and_the_fixed_days_off_and_says_so() -> None:
    off = [d for d in days_of(shipped(), date(2027, 1, 1), date(2027, 12, 31)) if not d.is_workday]
    named = {f"{day.date:%m-%d}" for day in off if day.date.weekday() < 5}
    assert named == {"01-01", "10-01"}  # the others lie on weekends in 2027
    assert {day.status for day in off} == {"provisional"}


def test_the_next_year_is_missed_from_december_on() -> None:
    assert shipped().missing(date(2026, 11, 30)) == ()
    assert shipped().missing(date(2026, 12, 1)) == (2027,)
    assert shipped().missing(date(2028, 6, 1)) == (2028,)


def test_a_local_day_goes_before_the_notice() -> None:
    table = shipped(LocalDay(date(2026, 10, 1), "防汛", is_workday=True))
    assert table.at(date(2026, 10, 1)).is_workday
    assert not table.at(date(2026, 10, 2)).is_workday


# --- files ---


def a_file(**given: object) -> str:
    day = {"name": "元旦", "date": "2027-01-01", "isOffDay": True}
    return json.dumps({"year": 2027, "papers": ["p"], "days": [day], **given})


def test_a_december_day_may_stand_in_the_file_of_the_next_year() -> None:
    days = [
        {"name": "元旦", "date": "2026-12-31", "isOffDay": True},
        {"name": "元旦", "date": "2027-01-01", "isOffDay": True},
    ]
    assert len(read_notice(a_file(days=days), "2027.json", 2027).days) == 2


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "holiday-file-bad"),
        ("[]", "holiday-file-bad"),
        (a_file(year="2027"), "holiday-year-bad"),
        (a_file(year=27), "holiday-year-bad"),
        (a_file(days=[]), "holiday-file-empty"),
        (a_file(days=[{"date": "2027-01-01", "isOffDay": "yes"}]), "holiday-day-bad"),
        (a_file(days=[{"date": "2027-02-30", "isOffDay": True}]), "holiday-day-bad"),
        (a_file(days=["2027-01-01"]), "holiday-day-bad"),
        (a_file(days=[{"date": "2026-10-01", "isOffDay": True}]), "holiday-wrong-year"),
        (a_file(days=[{"date": "2027-01-01", "isOffDay": True}] * 2), "holiday-day-twice"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_by_its_fault(text: str, code: str) -> None:
    with pytest.raises(Invalid) as told:
        read_notice(text, "file")
    faults = told.value.faults if isinstance(told.value, Rejected) else (told.value,)
    assert code in [fault.code for fault in faults]


def test_a_file_named_after_another_year_is_refused() -> None:
    with pytest.raises(Invalid, match="holiday-other-year"):
        read_notice(a_file(), "2026.json", 2026)


def test_days_asked_for_backwards_are_refused() -> None:
    with pytest.raises(Invalid, match="days-swapped"):
        days_of(shipped(), date(2026, 2, 1), date(2026, 1, 1))


# --- calendars ---

WHOLE = '[[calendar]]\ncode = "24x7"\nhours = ["00:00-24:00"]\n'


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[[", "bad-toml"),
        (WHOLE, "calendar-missing"),
        (WHOLE * 2, "calendar-code-bad"),
        ('[[calendar]]\nhours = ["00:00-24:00"]', "calendar-code-bad"),
        ('[[calendar]]\ncode = "x"\nhours = []', "calendar-empty"),
    ],
)
def test_calendars_that_cannot_be_used_are_told(text: str, code: str) -> None:
    with pytest.raises(Invalid, match=code):
        read_calendars(text)
