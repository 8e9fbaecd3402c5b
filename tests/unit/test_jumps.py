"""A jump forward is told from time that passed, and from a clock that was put right."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridtrack.deadlines.jumps import TOLERANCE_S, Reading, ahead_s, is_same, jump_s

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
YEAR_S = 365 * 86_400.0


def seen(wall_s=0.0, steady_s=0.0, behind_s=None):
    return Reading(NOON + timedelta(seconds=wall_s), steady_s, behind_s)


@given(st.floats(0, YEAR_S), st.floats(-YEAR_S, YEAR_S))
def test_a_jump_is_what_the_clock_gained_beyond_what_passed(passed, gained):
    found = jump_s(seen(), seen(passed + gained, passed))
    assert found == pytest.approx(gained, abs=1e-3)


@given(st.floats(0, YEAR_S), st.floats(-YEAR_S, TOLERANCE_S - 0.01))
def test_time_that_passes_small_steps_and_a_clock_set_back_are_believed(passed, gained):
    assert ahead_s(seen(), seen(passed + gained, passed)) == 0


@pytest.mark.parametrize("jumped", [90, 3600, 30 * 86_400, YEAR_S])
def test_what_jumps_forward_is_not_believed(jumped):
    assert ahead_s(seen(), seen(jumped + 1, 1)) == jumped


def test_a_second_clock_that_said_so_before_is_believed():
    assert ahead_s(seen(behind_s=3600), seen(3601, 1, behind_s=0)) == 0


def test_a_second_clock_that_jumped_along_proves_nothing():
    assert ahead_s(seen(behind_s=0), seen(3601, 1, behind_s=0)) == 3600


def test_a_second_clock_that_stayed_where_it_was_objects():
    assert ahead_s(seen(behind_s=0), seen(3601, 1, behind_s=-3600)) == 3600


def test_a_machine_ahead_of_the_database_from_its_start_is_not_believed():
    assert ahead_s(None, seen(behind_s=-90)) == 90
    assert ahead_s(None, seen(behind_s=90)) == 0


def test_what_was_confirmed_is_confirmed_for_that_jump_alone():
    assert is_same(3600, 3601)
    assert not is_same(7200, 3600)
    assert not is_same(3600, None)
