"""Rosters from files: what can be written, and what is refused with the way out."""

from datetime import date

import pytest

from gridtrack.duty.fields import days_given, hours_given
from gridtrack.duty.parse import named_by, read_rosters
from gridtrack.duty.rules import Days, Hours, Outside, RosterKind, Turn
from gridtrack.errors import Invalid, Rejected

NIGHT = """
[[roster]]
code = "night-a"
name = "A社区夜班"
scope = "A"
role = "gridworker"
from = 2026-11-01
until = "2027-01-31"
outside = "off"
approval = true

  [[roster.shift]]
  hours = "18:00-08:00"
  days = "workdays"
  turn = "week"
  people = ["zhang", "li + wang", ""]

  [[roster.dated]]
  date = 2026-12-25
  hours = "18:00-22:00"
  people = ["zhao"]
"""


def faults(text: str, *, is_csv: bool = False) -> list[str]:
    with pytest.raises(Rejected) as caught:
        read_rosters(text, "f", is_csv=is_csv)
    return [one.code for one in caught.value.faults]


def test_a_toml_roster_says_everything() -> None:
    one = read_rosters(NIGHT, "f")[0]
    assert (one.code, one.scope, one.role) == ("night-a", "A", "gridworker")
    assert one.start == date(2026, 11, 1)
    assert (one.until, one.outside, one.kind) == (date(2027, 1, 31), Outside.OFF, RosterKind.DUTY)
    shift, dated = one.shifts[0], one.dated[0]
    assert shift.hours == Hours(1080, 1920)
    assert (shift.days, shift.turn) == (Days("workdays"), Turn.WEEK)
    assert shift.teams == (("zhang",), ("li", "wang"), ())
    assert (dated.date, dated.team, dated.off) == (date(2026, 12, 25), ("zhao",), False)
    assert one.people == ("zhang", "li", "wang", "zhao")
    assert named_by(one, {"zhang": 1, "li": 2, "wang": 3, "zhao": 4}).people == (1, 2, 3, 4)


def test_a_csv_has_one_dated_shift_a_line_and_a_roster_for_each_ground() -> None:
    text = (
        "\ufeff日期,开始,结束,值班人,岗位,网格,小区\n"
        "2026-12-01,18:00,08:00,zhang、li,gridworker,A,\n"
        "2026/12/02,18:00,次日08:00,wang,gridworker,A,\n\n"
        "2026-12-01,08:00,18:00,pam,property,,E1\n"
    )
    night, estate = read_rosters(text, "f", is_csv=True)
    assert night.code == "gridworker-A"
    assert (night.start, night.until) == (date(2026, 12, 1), date(2026, 12, 2))
    assert [one.team for one in night.dated] == [("zhang", "li"), ("wang",)]
    assert {one.hours for one in night.dated} == {Hours(1080, 1920)}
    assert (estate.zone, estate.scope) == ("E1", "")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("18:00-08:00", Hours(1080, 1920)),
        ("08:00-08:00+1", Hours(480, 1920)),
        ("00:00-24:00", Hours(0, 1440)),
        ("8:30 – 12:00", Hours(510, 720)),
    ],
)
def test_hours_as_people_write_them(text: str, found: Hours) -> None:
    assert hours_given(text, "hours") == found
    assert hours_given(str(found), "hours") == found


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("08:00-08:00", "roster-shift-empty"),
        ("08:00-09:00+1", "roster-shift-long"),
        ("8-12", "roster-hours-bad"),
        ("24:00-08:00", "roster-hours-bad"),
        ("08:61-09:00", "roster-hours-bad"),
        ("", "roster-hours-bad"),
    ],
)
def test_hours_that_are_none_are_refused(text: str, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        hours_given(text, "hours")
    assert caught.value.code == code


def test_days_as_people_write_them() -> None:
    assert days_given("every", "days") == Days()
    assert days_given("Mon, fri", "days") == Days("weekdays", (0, 4))
    assert days_given("5 15 25", "days") == Days("monthdays", (5, 15, 25))
    for bad in ("", "mon 5", "0", "32", "someday"):
        with pytest.raises(Invalid):
            days_given(bad, "days")


def test_every_fault_of_a_file_is_told_at_once_with_its_place() -> None:
    bad = NIGHT.replace('"18:00-08:00"', '"08:00-08:00"').replace('"workdays"', '"someday"')
    bad = bad.replace('role = "gridworker"', 'roles = "gridworker"').replace("true", '"yes"')
    with pytest.raises(Rejected) as caught:
        read_rosters(bad, "f")
    told = {(one.code, one.field) for one in caught.value.faults}
    assert told >= {
        ("roster-key-unknown", "f: roster 1"),
        ("roster-flag-bad", "f: roster 1: approval"),
        ("roster-shift-empty", "f: roster 1: shift 1: hours"),
        ("required", "f: roster 1: role"),
    }


@pytest.mark.parametrize(
    ("text", "is_csv", "code"),
    [
        ("", False, "roster-file-empty"),
        ("[[roster]", False, "bad-toml"),
        ("roster = 3", False, "roster-file-empty"),
        ("a,b\n1,2\n", True, "roster-columns"),
        ("date,from,to,people,role\n2026-13-01,18:00,08:00,x,y\n", True, "not-a-date"),
        ("date,from,to,people,role\n1999-01-01,18:00,08:00,x,y\n", True, "out-of-range"),
        (NIGHT + NIGHT, False, "roster-twice"),
        (NIGHT.replace('["zhao"]', "7"), False, "roster-people-bad"),
        (NIGHT.replace('"off"', '"shut"'), False, "roster-word-bad"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(text: str, is_csv: bool, code: str) -> None:
    assert code in faults(text, is_csv=is_csv)
