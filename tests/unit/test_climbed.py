"""The story of a missed promise: a claim for each reason, each step and each fate of a message."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gridtrack.queries.climbed import Story, stories

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
DUE = NOW + timedelta(minutes=5)


@dataclass(frozen=True)
class Line:
    kind: str
    data: dict[str, Any]
    at: datetime = NOW
    actor_name: str = "gridtrack"
    key: str | None = None

    @property
    def recorded_at(self) -> datetime:
        return self.at


@dataclass(frozen=True)
class Sent:
    key: str
    kind: str = "escalated"
    recipient_id: int | None = 1
    channel: str = "inbox"
    state: str = "sent"
    created_at: datetime = NOW
    sent_at: datetime | None = NOW
    read_at: datetime | None = None
    error: str | None = field(default=None)


def given(name: str = "Lin", person: int | None = 1) -> Line:
    return Line("assigned", {"to": name, "set": {"handler_id": person}})


def rung(
    code: str, step: int, to: str | None = "Chen", *, clock: str = "acknowledge", **more: Any
) -> Line:
    """A step as the sweep writes it; `to` None: passed over."""
    repeat = more.pop("repeat", 0)
    data = {
        "clock": clock,
        "cycle": more.pop("cycle", 1),
        "rung": code,
        "step": step,
        "repeat": repeat,
        "to": to,
        "promised": DUE.isoformat(),
        "exhausted": False,
        "set": {"handler_id": 2} if to else {},
        **more,
    }
    key = f"esc:7:{clock}:1:{step}" + (f":{repeat}" if repeat else "")
    at = DUE + timedelta(minutes=5 * step)
    return Line("escalated" if to else "rung-skipped", data, at, key=key)


def story(*lines: Line, **more: Any) -> Story:
    found = stories(lines, **more)
    assert len(found) == 1
    return found[0]


def test_what_did_not_climb_has_no_story() -> None:
    assert stories([given(), Line("note", {})]) == ()


@pytest.mark.parametrize("clock", ["acknowledge", "arrive", "resolve"])
def test_it_says_which_promise_was_missed_since_when_and_by_whom(clock: str) -> None:
    found = story(given(), rung("leader", 0, clock=clock))
    assert (found.clock, found.since, found.missed_by) == (clock, DUE, "Lin")
    assert found.rung == "leader"


def test_who_acknowledged_and_did_not_resolve_is_the_one_who_missed_it() -> None:
    took = Line("acknowledged", {"set": {"handler_id": 3}}, actor_name="Zhou")
    assert story(given(), took, rung("leader", 0, clock="resolve")).missed_by == "Zhou"


def test_who_had_it_when_it_was_due_missed_it_not_who_got_it_after() -> None:
    assert story(given(), rung("deputy", 0, "Wu"), rung("leader", 1, "Chen")).missed_by == "Lin"


def test_where_nobody_had_it_nobody_is_blamed() -> None:
    found = story(Line("triaged", {"set": {}}), rung("secretary", 0))
    assert found.missed_by == ""
    assert [(one.kind, one.name) for one in found.steps] == [("given", ""), ("up", "Chen")]


def test_an_order_was_missed_by_whom_it_is_to() -> None:
    ordered = Line("ordered", {"to": "Huang", "order_id": 1})
    found = story(given(), ordered, rung("secretary", 0, clock="supervise"))
    assert (found.clock, found.missed_by) == ("supervise", "Huang")


@pytest.mark.parametrize(
    ("passed", "why", "names"),
    [
        ({"code": "vacant", "names": []}, "vacant", ()),
        ({"code": "away", "names": ["Chen"]}, "away", ("Chen",)),
        ({"code": "has-it", "names": ["Lin"]}, "has-it", ("Lin",)),
        (None, "", ()),
    ],
)
def test_each_reason_for_passing_over_a_rung_is_kept(
    passed: dict[str, Any] | None, why: str, names: tuple[str, ...]
) -> None:
    found = story(given(), rung("deputy", 0, None, passed=passed), rung("leader", 1))
    assert [(one.rung, one.why, one.names) for one in found.passed] == [("deputy", why, names)]
    assert found.rung == "leader"


def test_the_last_rung_told_again_and_the_top_are_steps_of_their_own() -> None:
    found = story(
        given(),
        rung("street", 3, "Gao"),
        rung("street", 3, "Gao", repeat=1, exhausted=True),
        messages=[Sent("esc:7:acknowledge:1:99:p4:inbox", "exhausted", 4)],
        names={4: "Desk"},
    )
    assert [one.kind for one in found.steps] == ["given", "up", "again", "top"]
    assert found.used_up
    assert not found.vacant
    assert found.steps[-1].told[0].name == "Desk"


def test_vacancy_all_the_way_up_is_told_apart() -> None:
    found = story(given(), rung("deputy", 0, None), rung("street", 1, None, exhausted=True))
    assert found.used_up
    assert found.vacant


@pytest.mark.parametrize(
    ("message", "became"),
    [
        ({"read_at": NOW}, "seen"),
        ({}, "sent"),
        ({"state": "pending", "sent_at": None}, "waiting"),
        ({"state": "leased", "sent_at": None}, "waiting"),
        ({"state": "dead", "sent_at": None, "error": "timeout: 10"}, "dead"),
        ({"state": "superseded", "sent_at": None}, "superseded"),
    ],
)
def test_each_message_says_what_became_of_it(message: dict[str, Any], became: str) -> None:
    sent = Sent("esc:7:acknowledge:1:0:p1:robot", channel="robot", **message)
    told = story(given(), rung("leader", 0), messages=[sent], names={1: "Chen"}).steps[-1].told
    assert [(one.name, one.channel, one.state) for one in told] == [("Chen", "robot", became)]


def test_the_first_message_belongs_to_who_was_given_it_and_a_groups_has_no_name() -> None:
    first = Sent("assigned:7:1:p1:inbox", "assigned")
    group = Sent("assigned:7:1:s9:robot", "assigned", None, "robot")
    told = (
        story(given(), rung("leader", 0), messages=[first, group], names={1: "Lin"}).steps[0].told
    )
    assert [(one.name, one.channel) for one in told] == [("Lin", "inbox"), (None, "robot")]


def test_what_was_given_to_somebody_anew_has_no_story_any_more() -> None:
    assert stories([given(), rung("leader", 0), given("Wu", 5)]) == ()
    again = story(given(), rung("leader", 0), given("Wu", 5), rung("leader", 0, cycle=2))
    assert again.missed_by == "Wu"


def test_a_new_order_ends_the_story_of_the_order_alone() -> None:
    ordered = Line("ordered", {"to": "Huang"})
    back = Line("order-returned", {"to": "Huang"})
    lines = [given(), rung("leader", 0), ordered, rung("street", 0, clock="supervise"), back]
    assert [one.clock for one in stories(lines)] == ["acknowledge"]
