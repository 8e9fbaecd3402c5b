"""The auditor's own working time says what the one that promises says, on any calendar."""

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from gridtrack.analytics.worked import Noted, Worked
from gridtrack.deadlines.counting import count
from gridtrack.limits import Limit
from tests.unit.test_counting import FEAST, HALF, LIMITS, MADE_UP, SHANGHAI, STARTS, WORKING

DAYS = [*((day, False) for day in FEAST), *((day, True) for day in MADE_UP)]
RECORD = (
    Noted(1, "calendars", {
        "hours": {"24x7": "00:00-24:00", "duty": "08:00-21:00",
                  "workdays": "09:00-12:00 13:30-17:30"},
        "workdays": {"24x7": False, "duty": False, "workdays": True},
    }),
    Noted(2, "notice", {"year": 2026, "days": [(day.isoformat(), on) for day, on in DAYS]}),
    Noted(3, "day", {"date": HALF.isoformat(), "is_workday": True, "hours": "09:00-12:00"}),
    Noted(4, "day", {"date": "2026-10-12", "is_workday": False, "hours": None}),
    Noted(5, "day-removed", {"date": "2026-10-12"}),
)  # fmt: skip
AGAIN = Worked(RECORD, SHANGHAI)
CODES = st.sampled_from(["24x7", "duty", "workdays"])
SPANS = st.integers(1, 9 * 24 * 60).map(lambda n: n * timedelta(minutes=1))


@given(STARTS, LIMITS, CODES)
def test_a_limit_ends_when_it_ends(start: datetime, limit: Limit, code: str) -> None:
    assert AGAIN.counted(code, 5, limit, start) == count(limit, start, code, WORKING).due_at


@given(STARTS, SPANS, CODES)
def test_what_is_left_is_what_is_left(start: datetime, span: timedelta, code: str) -> None:
    end = start + span
    assert AGAIN.between(code, 5, start, end) == WORKING[code].between(start, end)


def test_each_revision_keeps_its_own_days() -> None:
    monday = datetime(2026, 10, 12, 8, tzinfo=SHANGHAI)
    later = monday + timedelta(days=1)
    found = [AGAIN.between("workdays", rev, monday, later) for rev in (3, 4, 5)]
    assert found == [timedelta(hours=7), timedelta(0), timedelta(hours=7)]
    assert (AGAIN.knows(5), AGAIN.knows(6), AGAIN.knows(None)) == (True, False, False)
    feast = datetime(2026, 10, 1, 9, tzinfo=SHANGHAI)
    assert date(2026, 10, 1) in FEAST
    assert AGAIN.between("workdays", 1, feast, feast + timedelta(days=1)) == timedelta(0)
