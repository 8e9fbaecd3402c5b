"""Green, yellow and red at their very instants, on clocks that run always and on ones that rest."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridtrack.deadlines.calendar import WorkingTime
from gridtrack.deadlines.lights import turns
from gridtrack.deadlines.policy_parts import Lights
from tests.unit.test_calendar import SHANGHAI, working

US, MIN, HOUR = timedelta(microseconds=1), timedelta(minutes=1), timedelta(hours=1)
FRIDAY = datetime(2026, 11, 20, 16, 30, tzinfo=SHANGHAI)  # an hour before they close
USUAL = Lights(0.8, 1.0)


@dataclass(frozen=True)
class Clock:
    started_at: datetime
    due_at: datetime
    base_at: datetime | None = None
    paused_us: int = 0


def always() -> WorkingTime:
    return working("24x7")


@pytest.mark.parametrize(
    ("after", "light"),
    [
        (timedelta(0), "green"),
        (4 * MIN - US, "green"),
        (4 * MIN, "yellow"),
        (5 * MIN - US, "yellow"),
        (5 * MIN, "red"),
        (900 * HOUR, "red"),
    ],
)
def test_five_minutes_turn_yellow_at_four_and_red_at_five(after, light) -> None:
    clock = Clock(FRIDAY, FRIDAY + 5 * MIN)
    assert turns(USUAL, clock, always()).at(FRIDAY + after) == light


def test_a_weekend_uses_up_nothing_of_workdays() -> None:
    due_at = working("workdays").add(FRIDAY, 5 * HOUR)  # Monday, a quarter past two
    found = turns(USUAL, Clock(FRIDAY, due_at), working("workdays"))
    assert found.yellow_at == working("workdays").add(FRIDAY, 4 * HOUR)
    assert found.at(FRIDAY + 60 * HOUR) == "green"  # Sunday
    assert found.red_at == due_at


def test_red_may_come_before_the_due_instant() -> None:
    found = turns(Lights(0.5, 0.9), Clock(FRIDAY, FRIDAY + 100 * MIN), always())
    assert (found.yellow_at, found.red_at) == (FRIDAY + 50 * MIN, FRIDAY + 90 * MIN)


def test_a_rest_is_not_part_of_the_limit() -> None:
    # A hundred minutes, of which fifty were used before it rested a day.
    on = FRIDAY + 50 * MIN + 24 * HOUR
    clock = Clock(FRIDAY, on + 50 * MIN, on, 24 * HOUR // US)
    assert turns(USUAL, clock, always()).yellow_at == on + 30 * MIN


def test_what_was_yellow_before_it_rested_is_yellow_when_it_goes_on() -> None:
    on = FRIDAY + 90 * MIN + 24 * HOUR
    clock = Clock(FRIDAY, on + 10 * MIN, on, 24 * HOUR // US)
    assert turns(USUAL, clock, always()).at(on) == "yellow"


@given(
    st.integers(1, 60 * 24 * 60),
    st.integers(0, 60 * 24 * 60),
    st.floats(0.01, 0.98),
    st.sampled_from(["24x7", "duty", "workdays"]),
)
def test_yellow_comes_before_red_and_red_not_after_due(minutes, rested, yellow, code) -> None:
    time = working(code)
    on = FRIDAY + timedelta(minutes=rested)
    clock = Clock(
        FRIDAY, time.add(on, timedelta(minutes=minutes)), on, timedelta(minutes=rested) // US
    )
    found = turns(Lights(yellow, 0.99), clock, time)
    assert on <= found.yellow_at <= found.red_at <= clock.due_at
