"""The rules of reminders and written orders, as tables and as wholes."""

from datetime import UTC, datetime, timedelta
from importlib.resources import files
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridtrack.errors import Conflict, Invalid
from gridtrack.orders.rules import (
    NEXT,
    OPEN,
    Level,
    State,
    Step,
    again_at,
    check_answer_by,
    follow,
    is_overdue,
    number_of,
    parse,
)

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
SHIPPED = (files("gridtrack.orders") / "orders.toml").read_text("utf-8")


@pytest.mark.parametrize(("state", "step"), list(product(State, Step)))
def test_what_the_table_does_not_name_is_a_conflict(state: State, step: Step) -> None:
    if (state, step) in NEXT:
        assert follow(state, step) is NEXT[state, step]
    else:
        with pytest.raises(Conflict):
            follow(state, step)


def test_an_order_ends_by_acceptance_or_withdrawal_alone() -> None:
    ends = {step for (_, step), after in NEXT.items() if after not in OPEN}
    assert ends == {Step.ACCEPT, Step.WITHDRAW}
    assert not [step for state, step in NEXT if state not in OPEN]


def test_the_number_is_written_as_offices_write_it() -> None:
    assert number_of(2026, 12) == "督〔2026〕12号"


def test_the_shipped_terms_know_every_level() -> None:
    terms = parse(SHIPPED)
    assert terms.urge_every == timedelta(minutes=30)
    assert set(terms.workdays) == set(Level)
    assert terms.workdays[Level.LISTED] < terms.workdays[Level.GENERAL]


@pytest.mark.parametrize(
    ("was", "becomes", "field"),
    [
        ('every = "30min"', 'every = "0min"', "urge.every"),
        ('every = "30min"', 'every = "soon"', "urge.every"),
        ('every = "30min"', 'every = "9999d"', "urge.every"),
        ("workdays = 3", "workdays = 0", "level.general"),
        ("workdays = 3", 'workdays = "three"', "level.general"),
        ("workdays = 3", "workdays = true", "level.general"),
        ('code = "key"', 'code = "keys"', "level"),
        ("[urge]", "[urge", "orders"),
    ],
)
def test_bad_terms_are_refused_by_name(was: str, becomes: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse(SHIPPED.replace(was, becomes))
    assert refused.value.field == field


@given(st.integers(-10_000, 10_000), st.integers(1, 5_000))
def test_one_may_urge_again_exactly_when_the_span_is_over(passed: int, every: int) -> None:
    span, now = timedelta(seconds=every), NOW + timedelta(seconds=passed)
    again = again_at(NOW, span, now)
    assert (again is None) is (passed >= every or passed < 0)
    assert again is None or (again == NOW + span and again > now)


def test_who_never_urged_may() -> None:
    assert again_at(None, timedelta(hours=1), NOW) is None


def test_an_answer_is_asked_for_in_the_future_and_within_a_year() -> None:
    assert check_answer_by(NOW + timedelta(days=365), NOW) == NOW + timedelta(days=365)
    for wrong in (NOW, NOW - timedelta(days=1), NOW + timedelta(days=366)):
        with pytest.raises(Invalid):
            check_answer_by(wrong, NOW)


def test_only_what_is_not_answered_is_overdue() -> None:
    late = [state for state in State if is_overdue(state.value, NOW, NOW)]
    assert late == [State.ISSUED]
    assert not is_overdue(State.ISSUED.value, NOW + timedelta(seconds=1), NOW)
