"""The five-minute rule: acknowledged in time, or climbing the grid tree until a human acts."""

from datetime import timedelta

import pytest

from gridtrack.deadlines.tables import ClockRow, Quarantine
from gridtrack.errors import Conflict, Forbidden, NotFound
from gridtrack.incidents.rules import Action
from gridtrack.notifications.tables import Message
from gridtrack.usecases import sweep as sweeping
from gridtrack.usecases.assign import assign
from gridtrack.usecases.handle import handle
from gridtrack.usecases.people import set_absence
from tests.builders import FUNERAL, LAMP, NOW, SOUTH, WEST, Site, in_estate


def clock_of(site: Site, incident_id: int, cycle: int = 1) -> ClockRow:
    with site.look() as work:
        found = work.session.get(ClockRow, (incident_id, "acknowledge", cycle))
    assert found is not None
    return found


def test_an_acknowledgement_in_time_keeps_the_promise(site: Site) -> None:
    one = site.report(LAMP).incident_id
    site.clock.advance(minutes=4, seconds=50)
    site.acknowledge(one, "worker-a11")
    clock = clock_of(site, one)
    assert (clock.state, clock.breached_at) == ("met", None)
    assert site.sweep(hours=5).claimed == 0
    assert site.sums_up(one)


def test_a_missed_promise_climbs_rung_by_rung(site: Site) -> None:
    one = site.report(LAMP).incident_id
    seen = []
    for _ in range(3):
        site.sweep(minutes=5)
        seen.append(site.incident(one).handler_id)
    site.sweep(minutes=10)
    seen.append(site.incident(one).handler_id)
    assert seen == [
        site.people[who] for who in ("deputy-a11", "leader-a1", "secretary-a", "street")
    ]
    assert site.told("street") == ["escalated"]
    assert site.sums_up(one)


def test_nothing_is_fired_before_it_is_due(site: Site) -> None:
    one = site.report(LAMP).incident_id
    assert site.sweep(minutes=4, seconds=59).claimed == 0
    assert site.incident(one).rung is None


def test_lateness_is_written_on_the_step(site: Site) -> None:
    one = site.report(LAMP).incident_id
    site.sweep(minutes=5, seconds=0.4)
    step = next(e for e in site.events(one) if e.kind == "escalated")
    assert step.data["late_ms"] == 400
    assert step.data["promised"] == (NOW + timedelta(minutes=5)).isoformat()


def test_a_late_acknowledgement_is_a_breach_even_before_the_sweep_saw_it(site: Site) -> None:
    one = site.report(LAMP).incident_id
    site.clock.advance(minutes=5, seconds=1)
    site.acknowledge(one, "worker-a11")
    assert clock_of(site, one).breached_at == NOW + timedelta(minutes=5)
    assert site.sweep(minutes=1).claimed == 0


def test_whoever_acknowledges_takes_it_over(site: Site) -> None:
    one = site.report(LAMP).incident_id
    site.acknowledge(one, "leader-a1")
    assert site.incident(one).handler_id == site.people["leader-a1"]
    assert site.sums_up(one)


def test_the_gridworker_may_still_answer_after_it_was_passed_up(site: Site) -> None:
    one = site.report(LAMP).incident_id
    for _ in range(2):
        site.sweep(minutes=5)
    assert site.incident(one).handler_id == site.people["leader-a1"]
    site.acknowledge(one, "worker-a11")
    assert site.incident(one).handler_id == site.people["worker-a11"]
    assert clock_of(site, one).breached_at is not None
    assert site.sums_up(one)


def test_the_property_managers_acknowledgement_counts_and_takes_nothing_away(site: Site) -> None:
    one = site.report(LAMP, at=in_estate()).incident_id
    site.acknowledge(one, "property-e1")
    incident = site.incident(one)
    assert incident.state == "acknowledged"
    assert incident.handler_id == site.people["worker-a11"]


def test_acknowledging_twice_is_answered_like_once(site: Site) -> None:
    one = site.report(LAMP).incident_id
    version = site.acknowledge(one, "worker-a11")
    assert site.acknowledge(one, "worker-a11") == version


def test_a_stranger_is_told_that_there_is_no_such_matter(site: Site) -> None:
    one = site.report(LAMP).incident_id
    with pytest.raises(NotFound):
        site.acknowledge(one, "worker-b11")


def test_a_checker_who_sees_it_may_still_not_acknowledge(site: Site) -> None:
    one = site.report(LAMP).incident_id
    with pytest.raises(Forbidden):
        site.acknowledge(one, "checker-a")


def test_a_vacant_or_absent_rung_is_skipped_at_once_and_says_so(site: Site) -> None:
    with site.work() as work:
        for who in ("deputy-a11", "leader-a1"):
            set_absence(work, site.people[who], NOW, NOW + timedelta(days=1))
    one = site.report(LAMP).incident_id
    site.sweep(minutes=5)
    assert site.kinds(one)[-3:] == ["rung-skipped", "rung-skipped", "escalated"]
    assert site.incident(one).handler_id == site.people["secretary-a"]
    assert site.sums_up(one)


def test_the_top_rung_is_told_again_and_then_the_board_turns_red(site: Site) -> None:
    one = site.report(LAMP).incident_id
    for _ in range(12):
        site.sweep(minutes=20)
    incident = site.incident(one)
    assert (incident.deadline_state, incident.next_due_at) == ("exhausted", None)
    assert site.told("street") == ["escalated"] * 4
    assert site.told("desk") == ["exhausted"]
    assert site.sums_up(one)
    site.acknowledge(one, "street")
    assert site.incident(one).deadline_state == "none"


def test_a_sealed_matter_climbs_without_gridworker_or_leader(site: Site) -> None:
    site.report(FUNERAL)
    for _ in range(6):
        site.sweep(minutes=20)
    assert site.told("leader-a1") == site.told("deputy-a11") == []
    assert "escalated" in site.told("secretary-a2")
    assert "escalated" in site.told("street")


def test_a_sealed_matter_in_no_grid_goes_past_the_desk(site: Site) -> None:
    site.report(FUNERAL, at=(WEST - 1, SOUTH))
    assert site.told("desk") == []
    assert site.told("street") == ["triage"]


def test_what_nobody_owns_climbs_too(site: Site) -> None:
    site.report(LAMP, at=(WEST - 1, SOUTH))
    site.sweep(minutes=5)
    site.sweep(minutes=5)
    assert "escalated" in site.told("street")


def test_after_a_long_sleep_each_rung_is_taken_in_turn_and_marked(site: Site) -> None:
    one = site.report(LAMP).incident_id
    site.sweep(hours=6)
    steps = [e for e in site.events(one) if e.kind == "escalated"]
    assert [s.data["rung"] for s in steps] == ["deputy"]
    assert steps[0].data["cause"] == "engine-gap"
    assert site.incident(one).next_due_at == site.clock.now() + timedelta(minutes=5)


def test_unsent_messages_about_an_answered_matter_are_dropped_not_sent(site: Site) -> None:
    from gridtrack.notifications.tables import Subscription

    with site.work() as work:
        person = site.people["worker-a11"]
        work.session.add(Subscription(
            person_id=person, channel="webhook", target="https://x", secret="", locale="zh",
            active=True,
        ))  # fmt: skip
        work.session.flush()
    one = site.report(LAMP).incident_id
    site.acknowledge(one, "worker-a11")
    with site.look() as work:
        states = {
            m.channel: m.state for m in work.session.query(Message).filter_by(incident_id=one)
        }
    assert states == {"inbox": "sent", "webhook": "superseded"}


def test_a_new_handler_gets_a_new_promise_and_the_old_breach_stays(site: Site) -> None:
    one = site.report(LAMP).incident_id
    site.sweep(minutes=5)
    site.clock.advance(minutes=1)
    with site.work("secretary-a") as work:
        assign(work, one, site.people["worker-a12"])
    assert clock_of(site, one).breached_at is not None
    assert clock_of(site, one).state == "cancelled"
    assert clock_of(site, one, 2).due_at == site.clock.now() + timedelta(minutes=5)
    assert site.told("worker-a12") == ["assigned"]
    assert site.sums_up(one)


def test_handing_back_does_not_stop_the_promise(site: Site) -> None:
    one = site.report(LAMP).incident_id
    with site.work("worker-a11") as work:
        handle(work, one, Action.HAND_BACK, {"reason": "not my grid"})
    assert clock_of(site, one).state == "running"
    site.sweep(minutes=5)
    assert "escalated" in site.kinds(one)
    assert site.sums_up(one)


def test_a_matter_handed_back_after_it_was_acknowledged_is_promised_anew(site: Site) -> None:
    one = site.report(LAMP).incident_id
    site.acknowledge(one, "worker-a11")
    with site.work("worker-a11") as work:
        handle(work, one, Action.HAND_BACK, {"reason": "not my grid"})
    assert clock_of(site, one, 2).ladder == "triage"
    assert site.told("desk") == ["returned"]
    site.sweep(minutes=5)
    assert site.told("secretary-a") == ["escalated"]
    assert site.sums_up(one)


def test_two_people_cannot_overwrite_each_other(site: Site) -> None:
    one = site.report(LAMP).incident_id
    seen = site.incident(one).version
    with site.work("leader-a1") as work:
        handle(work, one, Action.NOTE, {"text": "first"}, version=seen)
    with pytest.raises(Conflict) as caught, site.work("worker-a11") as work:
        handle(work, one, Action.NOTE, {"text": "second"}, version=seen)
    assert caught.value.code == "conflict-version"


def test_one_broken_incident_is_set_apart_and_holds_up_nobody(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = site.report(LAMP).incident_id
    fine = site.report(LAMP).incident_id
    real = sweeping.decide

    def fails_for_the_first(face, ladder, now, holder_of):  # type: ignore[no-untyped-def]
        if face.due_at == site.incident(broken).due_at and fails_for_the_first.armed:
            raise RuntimeError("planted")
        return real(face, ladder, now, holder_of)

    fails_for_the_first.armed = True  # type: ignore[attr-defined]
    site.clock.advance(seconds=1)
    later = site.report(LAMP).incident_id
    monkeypatch.setattr(sweeping, "decide", fails_for_the_first)
    done = site.sweep(minutes=5)
    assert done.quarantined == 2  # both of the first instant
    assert site.incident(later).rung == "deputy"
    with site.look() as work:
        assert work.session.query(Quarantine).count() == 2
    fails_for_the_first.armed = False  # type: ignore[attr-defined]
    site.sweep(minutes=1)
    assert {site.incident(broken).rung, site.incident(fine).rung} == {"deputy"}
