"""The life of an edition as a table, and when its check counts."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridtrack.errors import Conflict
from gridtrack.grids.lifecycle import NEXT, Act, State, allowed, check_counts, follow, open_faults

GAP = {"code": "gap", "level": 3, "grids": ["A11", "A12"], "size": 12.0, "unit": "m2"}
FAULTS = st.lists(
    st.builds(
        lambda code, grids, size: {"code": code, "level": 3, "grids": grids, "size": size},
        st.sampled_from(["gap", "overlap"]),
        st.lists(st.sampled_from(["A11", "A12", "A21"]), max_size=2),
        st.floats(0, 1000),
    ),
    max_size=8,
)


@pytest.mark.parametrize(("state", "act"), list(itertools.product(State, Act)))
def test_what_is_not_in_the_table_is_a_conflict(state: State, act: Act) -> None:
    if (state, act) in NEXT:
        assert follow(state, act) is NEXT[state, act]
        assert act in allowed(state)
    else:
        with pytest.raises(Conflict, match="edition-state"):
            follow(state, act)
        assert act not in allowed(state)


def test_what_was_in_force_can_never_be_changed_or_come_back() -> None:
    assert allowed(State.ACTIVE) == (Act.RETIRE,)
    assert allowed(State.RETIRED) == allowed(State.DISCARDED) == ()


def test_an_edit_makes_a_checked_edition_a_draft_again() -> None:
    assert follow(State.CHECKED, Act.EDIT) is State.DRAFT


def test_a_check_of_an_older_revision_does_not_count() -> None:
    assert check_counts(3, 3, {"faults": []}, [])
    assert not check_counts(4, 3, {"faults": []}, [])
    assert not check_counts(0, None, None, [])


def test_a_fault_nobody_accepted_does_not_pass() -> None:
    assert not check_counts(1, 1, {"faults": [GAP]}, [])
    assert check_counts(1, 1, {"faults": [GAP]}, [GAP])


def test_who_took_a_small_gap_has_not_taken_a_large_one() -> None:
    assert open_faults([{**GAP, "size": 40_000.0}], [GAP]) == [{**GAP, "size": 40_000.0}]


def test_one_acceptance_stands_for_one_fault() -> None:
    assert len(open_faults([GAP, GAP], [GAP])) == 1


@given(FAULTS, FAULTS)
def test_what_is_accepted_as_found_leaves_nothing_open(found: list, others: list) -> None:
    assert open_faults(found, [*others, *found]) == []


@given(FAULTS, FAULTS)
def test_accepting_more_never_leaves_more_open(found: list, accepted: list) -> None:
    assert len(open_faults(found, accepted)) <= len(open_faults(found, accepted[:-1]))
