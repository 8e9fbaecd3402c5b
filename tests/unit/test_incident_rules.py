"""The state table, walked as a whole, and the sum of events."""

import itertools
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridtrack.errors import Conflict, Invalid
from gridtrack.incidents.rules import (
    BY,
    FINAL,
    NEEDS,
    NEXT,
    OPEN,
    Action,
    State,
    Who,
    allowed,
    alone,
    check_fields,
    encode,
    follow,
    replay,
)

PAIRS = list(itertools.product(State, Action))


@pytest.mark.parametrize(("state", "action"), PAIRS)
def test_what_is_not_in_the_table_is_a_conflict(state: State, action: Action) -> None:
    if (state, action) in NEXT:
        assert follow(state, action) is NEXT[state, action]
    else:
        with pytest.raises(Conflict) as caught:
            follow(state, action)
        assert caught.value.code == "conflict-state"


def test_every_state_is_either_open_or_final() -> None:
    assert set(State) == OPEN | FINAL
    assert not OPEN & FINAL


def test_every_action_says_who_may_and_where_it_leads() -> None:
    assert set(BY) == set(Action)
    assert {action for _, action in NEXT} == set(Action)


def test_every_state_can_be_reached_from_reported() -> None:
    reached, edge = {State.REPORTED}, {State.REPORTED}
    while edge:
        edge = {after for (before, _), after in NEXT.items() if before in edge} - reached
        reached |= edge
    assert reached == set(State)


def test_nothing_is_closed_without_having_been_resolved() -> None:
    assert {before for (before, _), after in NEXT.items() if after is State.CLOSED} == {
        State.RESOLVED,
        State.CLOSED,  # a note on a closed matter leaves it closed
    }


@pytest.mark.parametrize("state", list(State))
def test_a_handler_may_never_close(state: State) -> None:
    assert Action.CLOSE not in allowed(state, frozenset({Who.HANDLER}))


def test_a_checker_who_handled_the_matter_is_not_offered_to_close_it() -> None:
    both = frozenset({Who.HANDLER, Who.CHECKER})
    assert Action.CLOSE in allowed(State.RESOLVED, both)
    assert Action.CLOSE not in allowed(State.RESOLVED, both, alone_barred=True)


def test_a_second_person_is_needed_only_where_the_category_says_so() -> None:
    assert alone(second_person=True, actor_id=7, involved=(None, 7))
    assert not alone(second_person=True, actor_id=8, involved=(None, 7))
    assert not alone(second_person=False, actor_id=7, involved=(7,))


@pytest.mark.parametrize(("action", "name"), [(a, n) for a, ns in NEEDS.items() for n in ns])
def test_a_missing_field_is_named(action: Action, name: str) -> None:
    given = {field: "x" for field in NEEDS[action] if field != name}
    with pytest.raises(Invalid) as caught:
        check_fields(action, given)
    assert caught.value.field == name


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["state", "handler_id", "due_at", "rung"]),
            st.none() | st.integers() | st.datetimes(timezones=st.just(UTC)),
        )
    )
)
def test_replay_gives_what_the_changes_add_up_to(changes: list[dict[str, object]]) -> None:
    changes = [
        {k: v for k, v in c.items() if k == "due_at" or not isinstance(v, datetime)}
        for c in changes
    ]
    summed: dict[str, object] = {"version": len(changes)}
    for change in changes:
        summed.update(change)
    assert replay((n, {"set": encode(c)}) for n, c in enumerate(changes, 1)) == summed


def test_a_lost_event_is_noticed() -> None:
    with pytest.raises(Conflict):
        replay([(1, {"set": {}}), (3, {"set": {}})])
