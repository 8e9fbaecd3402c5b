"""Quiet hours, over midnight and within a day."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridtrack.deadlines.policy_parts import Quiet
from gridtrack.deadlines.quiet import quiet_until

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 1, 1, tzinfo=UTC)
NIGHT, NOON = Quiet(22 * 60, 7 * 60), Quiet(12 * 60, 13 * 60 + 30)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("quiet", "now", "end"),
    [
        (NIGHT, "20 21:59:59", None),
        (NIGHT, "20 22:00", "21 07:00"),
        (NIGHT, "21 06:59:59", "21 07:00"),
        (NIGHT, "21 07:00", None),
        (NOON, "20 12:00", "20 13:30"),
        (NOON, "20 13:30", None),
        (None, "20 23:00", None),
    ],
)
def test_the_first_minute_is_quiet_and_the_last_is_not(quiet, now, end) -> None:
    assert quiet_until(quiet, at(now), ZONE) == (at(end) if end else None)


@given(
    st.integers(0, 2 * 366 * 1440).map(lambda minutes: START + timedelta(minutes=minutes)),
    st.integers(0, 1439),
    st.integers(0, 1439),
)
def test_quiet_ends_within_a_day_and_not_in_quiet_hours(now, begin, end) -> None:
    quiet = Quiet(begin, end if end != begin else (end + 1) % 1440)
    until = quiet_until(quiet, now, ZONE)
    if until is not None:
        assert timedelta(0) < until - now <= timedelta(days=1)
        assert quiet_until(quiet, until, ZONE) is None
