"""Calendars in the database: taken in, changed here, on record, seen at once."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from gridtrack.deadlines.calendar import Window
from gridtrack.deadlines.calendar_days import LocalDay, Notice, NoticeDay
from gridtrack.errors import Conflict, Forbidden, Invalid, NotFound
from gridtrack.queries.calendar import calendar_page, days, missing_years, working_time
from gridtrack.usecases.calendar import import_notices, keep_calendars, remove_day, set_day

NEW_YEAR = NoticeDay(date(2027, 1, 1), "元旦", is_workday=False)
NOTICE = Notice(2027, "国办", (NEW_YEAR, NoticeDay(date(2026, 12, 31), "元旦", is_workday=False)))


@pytest.fixture
def kept(site):
    with site.work() as work:
        keep_calendars(work)
    return site


def day(site, when):
    with site.look("admin") as work:
        return days(work, when, when)[0]


def kinds(site):
    with site.look("admin") as work:
        return [one.kind for one in calendar_page(work).changes]


def test_the_shipped_calendars_are_kept_once(kept):
    with kept.work() as work:
        keep_calendars(work)
    assert kinds(kept) == ["notice", "notice", "notice", "calendars"]
    assert day(kept, date(2026, 2, 14)).is_workday


def test_a_notice_taken_in_is_seen_at_once_and_again_changes_nothing(kept):
    assert day(kept, date(2026, 12, 31)).is_workday
    for changed in ([2027], []):
        with kept.work("admin") as work:
            assert import_notices(work, [NOTICE]) == changed
    assert not day(kept, date(2026, 12, 31)).is_workday
    assert day(kept, date(2027, 1, 4)).status == "official"


def test_a_corrected_notice_replaces_the_whole_year(kept):
    other = Notice(2027, "国办", (NoticeDay(date(2027, 1, 2), "元旦", is_workday=False),))
    with kept.work("admin") as work:
        import_notices(work, [NOTICE])
        import_notices(work, [other])
    assert day(kept, date(2027, 1, 1)).is_workday


def test_a_local_half_day_counts_in_a_limit_that_starts_after_it_is_set(kept):
    friday = date(2026, 11, 20)
    morning = LocalDay(friday, "半天", is_workday=True, hours=(Window(540, 720),))
    with kept.work("admin") as work:
        set_day(work, morning)
        due = working_time(work, "workdays").add(work.now, timedelta(hours=3))  # from ten o'clock
    assert f"{due:%m-%d %H:%M}" == "11-23 02:00"
    with kept.work("admin") as work:
        remove_day(work, friday)
        due = working_time(work, "workdays").add(work.now, timedelta(hours=3))
    assert f"{due:%m-%d %H:%M}" == "11-20 06:30"


def test_a_missing_year_is_told_and_stops_nothing(site):
    site.clock.advance(days=3 * 365)
    with site.look() as work:
        assert missing_years(work) == (2029,)
    assert day(site, date(2029, 11, 20)).status == "provisional"


def test_a_year_in_which_nobody_works_is_refused_whole(kept):
    first = date(2027, 1, 1)
    closed = [NoticeDay(first + timedelta(days=n), "x", is_workday=False) for n in range(365)]
    with kept.work("admin") as work, pytest.raises(Conflict, match="year-without-work"):
        import_notices(work, [Notice(2027, "", tuple(closed))])


def test_a_day_off_has_no_hours_and_every_local_day_a_reason(kept):
    with kept.work("admin") as work:
        with pytest.raises(Invalid, match="day-off-with-hours"):
            set_day(work, LocalDay(date(2026, 12, 1), "x", False, (Window(0, 60),)))
        with pytest.raises(Invalid, match="required"):
            set_day(work, LocalDay(date(2026, 12, 1), " ", is_workday=False))


def test_what_was_never_said_cannot_be_taken_back(kept):
    with kept.work("admin") as work, pytest.raises(NotFound, match="day-not-local"):
        remove_day(work, date(2026, 12, 1))


def test_an_unknown_calendar_and_zone_are_told_with_those_there_are(kept):
    with kept.look("admin") as work:
        with pytest.raises(NotFound, match="workdays"):
            working_time(work, "lunar")
        with pytest.raises(Invalid, match="zone-unknown"):
            working_time(work, "workdays", "../etc/passwd")


def test_the_record_is_only_ever_appended(kept):
    with pytest.raises(DBAPIError), kept.work() as work:
        work.session.execute(text("UPDATE calendar_change SET kind = 'x'"))


@pytest.mark.parametrize("who", ["secretary-a", "worker-a11", "security"])
def test_only_who_edits_the_rules_changes_a_day(lite, who):
    with lite.work(who) as work, pytest.raises(Forbidden):
        set_day(work, LocalDay(date(2026, 12, 1), "x", is_workday=False))


def test_the_table_of_a_year_has_every_day_once(kept):
    with kept.look("admin") as work:
        page = calendar_page(work, 2024)
    cells = [c.date for m in page.months for week in m.weeks for c in week if c is not None]
    assert len(cells) == len(set(cells)) == 366
    assert page.workdays == 251
