"""Acts made without a signal: once in effect, by the time that counts, never lost."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from gridtrack.analytics.auditor import audit
from gridtrack.deadlines import store as deadlines
from gridtrack.deadlines.offline import Phone
from gridtrack.errors import Conflict, Invalid, NotFound
from gridtrack.incidents.rules import Action
from gridtrack.incidents.store import EVENT
from gridtrack.usecases.acknowledge import acknowledge
from gridtrack.usecases.assign import assign
from gridtrack.usecases.handle import handle
from gridtrack.usecases.send_act import Acted, Sent, send_act
from tests.builders import BUILDING, Site, in_estate

ADVICE = "0806"  # nothing is asked for on resolving it


def send(
    site: Site,
    incident_id: int,
    who: str,
    action: Action = Action.ACKNOWLEDGE,
    *,
    made: datetime,
    **more: Any,
) -> Acted:
    """An act made at `made` that arrives now, from a phone whose clock is right unless told."""
    behind = timedelta(seconds=more.pop("behind_s", 0))
    act_id = more.pop("act_id", None) or str(uuid.uuid4())
    phone = Phone(made - behind, site.clock.now() - behind)
    with site.work(who) as work:
        verbs: dict[Action, Callable[..., int]] = {
            Action.ACKNOWLEDGE: lambda made: acknowledge(work, incident_id, 1, made=made),
        }
        usual = partial(_handle, work, incident_id, action, more)
        verb = verbs.get(action, usual)
        return send_act(work, incident_id, action, more, sent=Sent(act_id, phone), verb=verb)


def _handle(work, incident_id, action, said, made):
    return handle(work, incident_id, action, said, 1, made=made)


def clock_of(site: Site, incident_id: int):
    with site.look() as work:
        return deadlines.clocks(work.session, incident_id)[-1]


def five_minutes_to_nine(site: Site) -> tuple[int, datetime]:
    """A matter that nobody answered for four hours, and an instant one minute after its report."""
    made = site.report().incident_id
    at = site.clock.now() + timedelta(minutes=1)
    for _ in range(5):
        site.sweep(minutes=5)
    site.sweep(hours=4)
    return made, at


def clean(site: Site) -> bool:
    with site.look() as work:
        return audit(work).clean


def test_made_in_time_and_received_hours_later_it_was_in_time(site):
    one, at = five_minutes_to_nine(site)
    assert clock_of(site, one).breached_at is not None
    acted = send(site, one, "worker-a11", made=at, behind_s=12)
    clock = clock_of(site, one)
    assert (acted.state, acted.outcome, acted.doubt) == ("acknowledged", "done", None)
    assert (clock.met_at, clock.breached_at) == (at, None)
    event = site.events(one)[-1]
    assert (event.kind, event.at, event.recorded_at) == ("acknowledged", at, site.clock.now())
    assert event.data["offline"]["offset_s"] == 12.0
    assert event.data["withdrawn"]  # what was charged is kept in the record
    assert "escalated" in site.kinds(one)  # and no event is taken back
    assert site.sums_up(one)
    assert clean(site)


def test_untouched_it_goes_back_to_who_acknowledged_and_those_told_hear_that_it_is_over(site):
    one, at = five_minutes_to_nine(site)
    send(site, one, "worker-a11", made=at)
    assert site.incident(one).handler_id == site.people["worker-a11"]
    for who in ("deputy-a11", "leader-a1", "secretary-a"):
        assert site.told(who)[-1] == "withdrawn"
    assert site.told("worker-a11") == ["assigned"]


def test_whoever_touched_it_meanwhile_keeps_it(site):
    one, at = five_minutes_to_nine(site)
    holder = site.incident(one).handler_id
    who = next(login for login, number in site.people.items() if number == holder)
    with site.work(who) as work:
        handle(work, one, Action.NOTE, {"text": "looking at it"})
    send(site, one, "worker-a11", made=at)
    assert site.incident(one).handler_id == holder
    assert clock_of(site, one).breached_at is None


def test_a_helper_s_late_answer_gives_it_back_to_the_gridworker(site):
    made = site.report(at=in_estate()).incident_id
    at = site.clock.now() + timedelta(minutes=1)
    site.sweep(minutes=5)
    site.sweep(minutes=5)
    send(site, made, "property-e1", made=at)
    assert site.incident(made).handler_id == site.people["worker-a11"]


def test_made_too_late_it_stays_a_breach_by_its_own_time(site):
    one, _ = five_minutes_to_nine(site)
    at = site.events(one)[0].at + timedelta(minutes=7)
    send(site, one, "worker-a11", made=at)
    clock = clock_of(site, one)
    assert (clock.met_at, clock.breached_at) == (at, clock.due_at)
    assert site.told("leader-a1")[-1] == "acknowledged"
    assert clean(site)


@pytest.mark.parametrize(
    ("later", "behind_s", "doubt"),
    [({"minutes": 1}, 121, "clock-off"), ({"minutes": -1}, 0, "before-told")],
)
def test_what_cannot_be_believed_counts_when_it_is_received(site, later, behind_s, doubt):
    one, _ = five_minutes_to_nine(site)
    at = site.events(one)[0].at + timedelta(**later)
    acted = send(site, one, "worker-a11", made=at, behind_s=behind_s)
    clock = clock_of(site, one)
    assert acted.doubt == doubt
    assert clock.met_at == site.clock.now()
    assert clock.breached_at == clock.due_at
    assert clean(site)


def test_a_deputy_cannot_have_answered_before_being_told(site):
    one, at = five_minutes_to_nine(site)
    assert send(site, one, "deputy-a11", made=at).doubt == "before-told"


def test_the_same_act_again_gets_the_first_answer_and_another_is_refused(site):
    one, at = five_minutes_to_nine(site)
    act_id = str(uuid.uuid4())
    first = send(site, one, "worker-a11", made=at, act_id=act_id)
    site.clock.advance(minutes=3)
    assert send(site, one, "worker-a11", made=at, act_id=act_id).version == first.version
    with pytest.raises(Conflict) as caught:
        send(site, one, "worker-a11", made=at + timedelta(seconds=1), act_id=act_id)
    assert caught.value.code == "act-id-reused"
    assert site.kinds(one).count("acknowledged") == 1


def test_where_another_was_faster_it_is_noted_and_the_breach_is_nobody_s(site):
    one, at = five_minutes_to_nine(site)
    site.acknowledge(one, "leader-a1")
    acted = send(site, one, "worker-a11", made=at)
    assert (acted.outcome, acted.state) == ("noted", "acknowledged")
    event = site.events(one)[-1]
    assert (event.kind, event.data["action"]) == ("late-act", "acknowledge")
    assert (event.at, event.recorded_at) == (at, site.clock.now())
    clock = clock_of(site, one)
    assert (clock.met_at, clock.breached_at) == (at, None)
    assert site.incident(one).handler_id == site.people["leader-a1"]
    assert site.told("leader-a1")[-1] == "late-act"
    assert site.sums_up(one)
    assert clean(site)


def test_an_answer_to_an_earlier_promise_leaves_the_present_one_running(site):
    one, at = five_minutes_to_nine(site)
    with site.work("leader-a1") as work:
        assign(work, one, site.people["worker-a12"])
    assert send(site, one, "worker-a11", made=at).outcome == "noted"
    assert site.incident(one).state == "assigned"
    assert clock_of(site, one).state == "running"
    with site.look() as work:
        first = deadlines.clocks_of(work.session, [(one, "acknowledge")])
        assert [row.breached_at for row in first] == [None, None]
    site.sweep(minutes=5)
    assert clean(site)


def test_words_that_come_too_late_are_kept_as_a_note(site):
    made = site.report().incident_id
    site.acknowledge(made, "worker-a11")
    at = site.clock.now() + timedelta(seconds=5)
    site.clock.advance(minutes=6)
    with site.work("leader-a1") as work:
        assign(work, made, site.people["worker-a12"])
    acted = send(site, made, "worker-a11", Action.RESOLVE, made=at, result="lamp changed")
    event = site.events(made)[-1]
    assert (acted.outcome, event.kind) == ("noted", "late-act")
    assert event.data["result"] == "lamp changed"
    assert site.told("worker-a12")[-1] == "late-act"


def test_a_whole_visit_without_a_signal_keeps_its_times(site):
    made = site.report(ADVICE).incident_id
    begun = site.clock.now()
    site.clock.advance(hours=2)
    for minute, action, said in (
        (1, Action.ACKNOWLEDGE, {}),
        (20, Action.START, {}),
        (30, Action.NOTE, {"text": "ladder needed"}),
        (50, Action.RESOLVE, {"result": "done"}),
    ):
        send(site, made, "worker-a11", action, made=begun + timedelta(minutes=minute), **said)
    row = site.incident(made)
    assert row.acknowledged_at == begun + timedelta(minutes=1)
    assert row.resolved_at == begun + timedelta(minutes=50)
    assert row.state == "resolved"
    assert site.sums_up(made)


def test_a_step_cannot_be_older_than_the_one_it_follows(site):
    made = site.report().incident_id
    at = site.clock.now() + timedelta(seconds=30)
    site.clock.advance(minutes=2)
    site.acknowledge(made, "worker-a11")
    acted = send(site, made, "worker-a11", Action.START, made=at)
    assert acted.doubt == "before-step"
    assert site.events(made)[-1].at == site.clock.now()


def test_sent_by_who_may_not_see_it_nothing_is_told_and_nothing_kept(site):
    one, at = five_minutes_to_nine(site)
    with pytest.raises(NotFound):
        send(site, one, "worker-b11", made=at)


def test_a_clock_that_runs_backwards_is_refused_and_may_be_sent_again(site):
    one, at = five_minutes_to_nine(site)
    act_id = str(uuid.uuid4())
    with pytest.raises(Invalid) as caught:
        send(site, one, "worker-a11", made=site.clock.now() + timedelta(hours=1), act_id=act_id)
    assert caught.value.code == "acted-after-sent"
    assert send(site, one, "worker-a11", made=at, act_id=act_id).outcome == "done"


def test_the_auditor_finds_an_answer_that_should_not_have_counted(site):
    one, at = five_minutes_to_nine(site)
    send(site, one, "worker-a11", made=at)
    with site.look() as work:
        found = audit(work)
        assert (found.in_time, found.withdrawn, found.misjudged) == (1, 1, 0)
    last = site.events(one)[-1]
    # Somebody says that a phone an hour wrong is to be believed.
    wrong = {"sent_at": (last.recorded_at - timedelta(hours=1)).isoformat()}
    row = {c.name: getattr(last, c.name) for c in EVENT.c if c.name != "id"}
    data = {**last.data, "set": {}, "offline": {**last.data["offline"], **wrong}}
    row |= {"seq": last.seq + 1, "kind": "late-act", "data": data}
    with site.work() as work:
        work.session.execute(EVENT.insert(), [row])
    with site.look() as work:
        found = audit(work)
        assert (found.misjudged, found.clean) == (1, False)


def test_gone_to_in_time_and_heard_of_late_it_was_no_breach_of_either_clock(clocked):
    made = clocked.report(BUILDING).incident_id
    begun = clocked.clock.now()
    for _ in range(13):  # the acknowledge ladder climbs, then nobody is known to be there
        clocked.sweep(minutes=5)
    send(clocked, made, "worker-a11", made=begun + timedelta(minutes=1))
    there = begun + timedelta(minutes=50)
    send(clocked, made, "worker-a11", Action.START, made=there)
    with clocked.look() as work:
        clocks = {one.kind: one for one in deadlines.clocks(work.session, made)}
    acknowledged, arrived = clocks["acknowledge"], clocks["arrive"]
    assert (arrived.met_at, arrived.breached_at) == (there, None)
    assert (acknowledged.met_at, acknowledged.breached_at) == (begun + timedelta(minutes=1), None)
    assert clocked.events(made)[-1].data["withdrawn"] == arrived.due_at.isoformat()
    assert clocked.told("leader-a1")[-2:] == ["withdrawn", "withdrawn"]
    assert clocked.incident(made).handler_id == clocked.people["worker-a11"]
    assert clocked.sums_up(made)
    assert clean(clocked)
