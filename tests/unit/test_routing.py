"""Whose is it, and why."""

from dataclasses import dataclass
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridtrack.accounts.rules import Holder
from gridtrack.routing.rules import ancestors, choose, holder_for, passed_over

LEAF = "A/A1/A11"


@dataclass(frozen=True)
class Someone:
    person_id: int
    role: str
    scope: str
    deputy: bool = False
    present: bool = True
    zone: str | None = None
    off_shift: bool = False
    until: datetime | None = None
    barred: bool = False

    @property
    def name(self) -> str:
        return f"person {self.person_id}"


WORKER = Someone(1, "gridworker", LEAF)
DEPUTY = Someone(2, "gridworker", LEAF, deputy=True)
LEADER = Someone(3, "leader", "A/A1")
SECRETARY = Someone(4, "secretary", "A")
STREET = Someone(5, "street", "")
MANAGER = Someone(6, "property", "", zone="E1")
ALL = (WORKER, DEPUTY, LEADER, SECRETARY, STREET, MANAGER)


@pytest.mark.parametrize(
    ("holders", "why"),
    [
        ([], ("vacant", ())),
        ([("leader", "A", False, True)], ("vacant", ())),  # another role
        ([("secretary", "A", False, False)], ("away", ("1",))),
        ([("secretary", "A", False, False), ("secretary", "", True, False)], ("away", ("1", "2"))),
        ([("secretary", "B", False, False)], ("vacant", ())),  # of other ground
        ([("secretary", "A", False, True)], ("has-it", ("1",))),
    ],
)
def test_a_rung_without_anybody_says_why(
    holders: list[tuple[str, str, bool, bool]], why: tuple[str, tuple[str, ...]]
) -> None:
    found = [
        Holder(n, str(n), role, scope, deputy, present, None)
        for n, (role, scope, deputy, present) in enumerate(holders, 1)
    ]
    assert passed_over("A/A1", found, role="secretary", deputy=False, handler_id=1) == why


def away(person: Someone) -> Someone:
    return Someone(person.person_id, person.role, person.scope, person.deputy, present=False)


def codes(*people: Someone, **options: object) -> tuple[int | None, list[str]]:
    choice = choose(LEAF, people, **options)  # type: ignore[arg-type]
    return (
        choice.handler.person_id if choice.handler else None,
        [reason.code for reason in choice.reasons],
    )


def test_the_gridworker_on_duty_of_the_leaf_gets_it() -> None:
    assert codes(*ALL) == (1, ["on-duty"])


def test_the_deputy_takes_it_when_the_gridworker_is_away() -> None:
    assert codes(away(WORKER), DEPUTY, LEADER) == (2, ["absent", "deputy-takes"])


def test_a_vacant_leaf_without_deputy_goes_to_the_post_above() -> None:
    assert codes(LEADER, SECRETARY) == (3, ["vacant", "no-deputy", "post-above"])


def test_an_absent_leader_is_passed_over_for_the_secretary() -> None:
    assert codes(away(LEADER), SECRETARY)[0] == 4


def test_the_street_is_the_last_before_the_triage_desk() -> None:
    assert codes(STREET)[0] == 5
    assert codes() == (None, ["vacant", "no-deputy", "nobody-above"])


def test_a_place_without_a_grid_is_nobodys() -> None:
    choice = choose("", ALL)
    assert choice.handler is None


def test_the_property_manager_answers_beside_the_gridworker() -> None:
    choice = choose(LEAF, ALL, zone="E1")
    assert (choice.handler, choice.co_handler) == (WORKER, MANAGER)
    assert choice.reasons[-1].code == "property-beside"


def test_a_property_manager_who_is_a_party_is_never_asked() -> None:
    choice = choose(LEAF, ALL, zone="E1", property_is_party=True)
    assert choice.co_handler is None
    assert choice.reasons[-1].code == "property-is-party"


def test_a_sealed_matter_starts_at_the_secretary_and_has_no_co_handler() -> None:
    choice = choose(LEAF, ALL, sealed=True, zone="E1")
    assert choice.handler is SECRETARY
    assert choice.co_handler is None


def test_a_reporter_who_may_not_be_alone_passes_it_to_the_leader() -> None:
    assert codes(*ALL, not_alone=1) == (3, ["reporter-not-alone", "post-above"])


def test_ancestors_are_nearest_first_and_end_with_the_whole_place() -> None:
    assert ancestors(LEAF) == (LEAF, "A/A1", "A", "")
    assert ancestors("") == ("",)


def test_a_rung_takes_the_nearest_holder_and_the_deputy_only_when_asked() -> None:
    assert holder_for(LEAF, ALL, role="gridworker", deputy=True) is DEPUTY
    assert holder_for(LEAF, ALL, role="gridworker", deputy=False) is WORKER
    assert holder_for(LEAF, ALL, role="department", deputy=False) is None


@given(st.lists(st.sampled_from([*ALL, *(away(p) for p in ALL)]), max_size=8), st.booleans())
def test_nobody_absent_or_elsewhere_is_ever_chosen(people: list[Someone], sealed: bool) -> None:
    choice = choose(LEAF, people, sealed=sealed, zone="E1")
    for chosen in (choice.handler, choice.co_handler):
        assert chosen is None or (chosen.present and chosen in people)
    if sealed and choice.handler is not None:
        assert choice.handler.role in ("secretary", "street")
