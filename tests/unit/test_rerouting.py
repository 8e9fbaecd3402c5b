"""The written rule of what becomes of open matters when the grids change under them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridtrack.incidents.rerouting import (
    BY_GROUND,
    UNACKNOWLEDGED,
    Fate,
    Person,
    changes,
    fate,
    key,
    prefix,
)
from gridtrack.incidents.rules import FINAL, State

GROUND = {"edition_id": 2, "grid_code": "A12", "grid_path": "A/A1/A12", "outcome": "inside"}
STATES = st.sampled_from(State)
ROLES = st.sampled_from([None, "gridworker", "leader", "secretary", "department", "property"])
CLOCK = {"due_at", "next_due_at", "deadline_state", "rung"}
PEOPLE = st.none() | st.builds(
    Person, st.integers(1, 9), st.sampled_from(["gridworker", "leader"]), st.none()
)


@given(STATES, ROLES, st.booleans())
def test_in_the_same_ground_nothing_happens(state: State, role: str | None, hand: bool) -> None:
    assert fate(state, role, same_ground=True, hand_over=hand) is Fate.UNTOUCHED


@given(st.sampled_from(sorted(FINAL)), ROLES, st.booleans())
def test_what_is_over_keeps_the_grid_it_had(state: State, role: str | None, hand: bool) -> None:
    assert fate(state, role, same_ground=False, hand_over=hand) is Fate.UNTOUCHED


@given(st.sampled_from(sorted(UNACKNOWLEDGED)), st.booleans())
def test_what_nobody_acknowledged_goes(state: State, hand: bool) -> None:
    for role in (*BY_GROUND, None):
        assert fate(state, role, same_ground=False, hand_over=hand) is Fate.GOES


@given(STATES, ROLES)
def test_unless_told_otherwise_what_was_acknowledged_stays(state: State, role: str | None) -> None:
    if state not in UNACKNOWLEDGED | FINAL:
        assert fate(state, role, same_ground=False) is Fate.STAYS


@given(STATES, st.sampled_from(["department", "property", "mediator"]), st.booleans())
def test_what_the_ground_did_not_give_the_ground_does_not_take(
    state: State, role: str, hand: bool
) -> None:
    assert fate(state, role, same_ground=False, hand_over=hand) in (Fate.STAYS, Fate.UNTOUCHED)


@given(st.sampled_from(Fate), PEOPLE)
def test_no_clock_is_touched(what: Fate, to: Person | None) -> None:
    assert not CLOCK & set(changes(what, GROUND, to))


@given(st.sampled_from(Fate), PEOPLE)
def test_the_ground_changes_with_everything_that_moves(what: Fate, to: Person | None) -> None:
    assert (GROUND.items() <= changes(what, GROUND, to).items()) == (what is not Fate.UNTOUCHED)


@given(PEOPLE)
def test_waiting_without_anybody_is_the_desks_and_with_somebody_theirs(
    to: Person | None,
) -> None:
    found = changes(Fate.GOES, GROUND, to)
    assert found["state"] == ("assigned" if to else "reported")
    assert found["handler_id"] == (to.person_id if to else None)


@pytest.mark.parametrize("what", [Fate.STAYS, Fate.ANEW])
def test_what_nobody_there_could_take_stays_with_its_handler(what: Fate) -> None:
    assert changes(what, GROUND, None) == GROUND


@given(st.integers(1, 10**9), st.integers(1, 10**9), st.integers(1, 10**9))
def test_a_key_belongs_to_one_edition_and_one_matter(edition: int, one: int, other: int) -> None:
    assert key(edition, one).startswith(prefix(edition))
    assert (key(edition, one) == key(edition, other)) == (one == other)
    assert not key(edition, one).startswith(prefix(edition * 10))
