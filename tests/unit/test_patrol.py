"""A walk: what of it is kept, how long it was, which doors it came near."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gridtrack.patrol.rules import APART, APART_M, Point, length_m, metres, thinned, visited

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
METRE = 1 / 110_800  # of latitude at 27.4 degrees


def step(seconds: float, north_m: float, accuracy: float = 10) -> Point:
    return Point(NOW + timedelta(seconds=seconds), 119.5, 27.4 + north_m * METRE, accuracy)


def test_standing_still_is_told_every_two_minutes_and_not_more() -> None:
    still = [step(10 * n, (n % 2) * 3) for n in range(61)]  # ten minutes, three metres of noise
    assert len(thinned(still, None)) == 6


def test_a_position_that_is_wrong_by_far_is_none() -> None:
    assert thinned([step(0, 0, 500), step(5, 100, float("nan"))], None) == []


points = st.lists(
    st.tuples(st.integers(0, 3600), st.floats(-500, 500), st.floats(0, 300)), max_size=60
)


@given(points, points)
def test_what_is_kept_says_something_new_and_sent_again_says_nothing(
    first: list[tuple[int, float, float]], second: list[tuple[int, float, float]]
) -> None:
    kept = thinned([step(*one) for one in first], None)
    more = thinned([step(*one) for one in second], kept[-1] if kept else None)
    for a, b in pairwise(line := [*kept, *more]):
        assert b.at > a.at
        assert metres(a, b) >= APART_M or b.at - a.at >= APART
    assert thinned(line, line[-1] if line else None) == []


def test_the_length_goes_on_from_the_piece_before() -> None:
    assert round(length_m([step(60, 200), step(120, 250)], step(0, 0))) == 250


def test_a_door_is_visited_within_25_metres() -> None:
    doors = np.array([[119.5, 27.4 + away * METRE] for away in (0, 24, 26, 500)])
    assert visited(doors, np.array([[119.5, 27.4]])).tolist() == [True, True, False, False]
    assert not visited(doors, np.zeros((0, 2))).any()
