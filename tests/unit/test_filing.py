"""What a filing condition that is set later changes of a clock, on calendars that close."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from gridtrack.deadlines.counting import US, count
from gridtrack.deadlines.filing import refile
from gridtrack.limits import Limit
from tests.unit.test_counting import CODES, LIMITS, STARTS, WORKING

SPANS = st.integers(0, 3 * 24 * 60).map(lambda n: n * timedelta(minutes=1))


@dataclass(frozen=True)
class Clock:
    started_at: datetime
    due_at: datetime
    paused_us: int = 0


@given(STARTS, LIMITS, LIMITS, SPANS, CODES)
def test_a_longer_time_counts_from_the_beginning_a_shorter_one_from_now(
    start: datetime, old: Limit, new: Limit, after: timedelta, code: str
) -> None:
    due_at, whole = (count(one, start, code, WORKING).due_at for one in (old, new))
    now = min(start + after, due_at - US)
    found = refile(Clock(start, due_at), new, now, code, WORKING)
    if whole >= due_at:
        assert found.due_at == whole
    else:
        assert found.due_at == min(due_at, count(new, now, code, WORKING).due_at)
        assert now < found.due_at <= due_at  # never into the past, never later by being shorter
    assert found.calendar == (None if code == "24x7" else code)


@given(STARTS, LIMITS, SPANS)
def test_a_clock_that_rested_keeps_its_rest(start: datetime, new: Limit, rest: timedelta) -> None:
    plain = count(new, start, "24x7", WORKING).due_at
    clock = Clock(start, start + timedelta(minutes=1) + rest, rest // US)
    found = refile(clock, new, clock.due_at - US, "24x7", WORKING)
    if new.unit != "same-day":
        assert found.due_at >= plain
        assert found.due_at == max(plain + rest, min(found.due_at, clock.due_at))
