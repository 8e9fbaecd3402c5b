"""The auditor climbs every ladder a second time, and finds what was planted."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from gridtrack.access import RESIDENT
from gridtrack.analytics.auditor import audit
from gridtrack.errors import Unauthenticated
from gridtrack.incidents.rules import Action
from gridtrack.incidents.store import EVENT, INCIDENT
from gridtrack.usecases.assign import assign
from gridtrack.usecases.handle import handle
from tests.builders import FUNERAL, LAMP, middle


def found(site, since=None):
    with site.look() as work:
        return audit(work, since)


def counts(site):
    audited = found(site)
    return audited.missing, audited.double, audited.early


def disarm(site, incident_id):
    """What a broken sweep would do: forget the instant, so that nothing ever fires."""
    with site.runtime.work() as work:
        work.session.execute(
            update(INCIDENT).where(INCIDENT.c.id == incident_id).values(next_due_at=None)
        )


def plant_step(site, incident_id, step, **later):
    """A step that the log tells of and that nobody decided."""
    log = site.events(incident_id)
    at = log[0].at + timedelta(**later)
    row = {
        "incident_id": incident_id, "seq": log[-1].seq + 1, "kind": "escalated", "at": at,
        "recorded_at": at, "actor_id": None, "actor_name": "planted", "key": None,
        "data": {"clock": "acknowledge", "cycle": 1, "step": step, "repeat": 0},
    }  # fmt: skip
    with site.runtime.work() as work:
        work.session.execute(EVENT.insert(), [row])


def repeat_last_step(site, incident_id):
    last = site.events(incident_id)[-1]
    row = {c.name: getattr(last, c.name) for c in EVENT.c if c.name != "id"}
    with site.runtime.work() as work:
        work.session.execute(EVENT.insert(), [{**row, "seq": last.seq + 1, "key": None}])


def test_nothing_is_amiss_where_everybody_answers(site):
    site.acknowledge(site.report().incident_id, "worker-a11")
    audited = found(site)
    assert (audited.promises, audited.fired, audited.faults) == (1, 0, ())


def test_a_whole_ladder_climbed_to_its_end_has_no_fault(site):
    site.report()
    for _ in range(200):
        site.sweep(minutes=1)
    audited = found(site)
    assert audited.fired == 7  # deputy, leader, secretary, street, and the street three times more
    assert audited.faults == ()


def test_vacant_rungs_are_passed_at_once_and_that_is_right(site):
    site.report(at=middle("B21"))  # no gridworker, no leader: only the secretary of B
    site.sweep(minutes=5)
    site.sweep(minutes=5)
    assert found(site).faults == ()


def test_a_late_sweep_is_told_by_its_worst_lateness(site):
    site.report()
    site.sweep(minutes=5, seconds=7)
    assert found(site).worst_late_ms == 7000


def test_after_a_gap_the_next_rung_may_take_its_whole_window(site):
    site.report()
    site.sweep(hours=6)
    site.sweep(minutes=4)
    assert counts(site) == (0, 0, 0)


def test_a_step_that_never_fired_is_missing_after_a_minute(site):
    disarm(site, site.report().incident_id)
    site.clock.advance(minutes=6, seconds=1)
    assert counts(site) == (1, 0, 0)


def test_a_step_is_not_missing_within_its_first_minute(site):
    disarm(site, site.report().incident_id)
    site.clock.advance(minutes=5, seconds=59)
    assert counts(site) == (0, 0, 0)


def test_a_step_is_not_missing_where_a_human_was_faster(site):
    made = site.report()
    disarm(site, made.incident_id)
    site.clock.advance(minutes=5, seconds=30)
    site.acknowledge(made.incident_id, "worker-a11")
    site.clock.advance(hours=3)
    assert counts(site) == (0, 0, 0)


def test_a_ladder_that_stops_half_way_is_missing_its_next_step(site):
    made = site.report()
    site.sweep(minutes=5)
    disarm(site, made.incident_id)
    site.clock.advance(minutes=7)
    assert [(fault.code, fault.step) for fault in found(site).faults] == [("missing", 1)]


def test_a_step_in_the_middle_that_is_not_there_is_missing(site):
    made = site.report()
    disarm(site, made.incident_id)
    plant_step(site, made.incident_id, 1, minutes=10)
    assert [(fault.code, fault.step) for fault in found(site).faults] == [("missing", 0)]


def test_the_same_step_twice_is_double(site):
    made = site.report()
    site.sweep(minutes=5)
    repeat_last_step(site, made.incident_id)
    assert counts(site) == (0, 1, 0)


def test_a_step_before_its_time_is_early(site):
    made = site.report()
    plant_step(site, made.incident_id, 0, minutes=4, seconds=59)
    assert counts(site) == (0, 0, 1)


def test_a_step_after_an_acknowledgement_is_early(site):
    made = site.report()
    site.sweep(minutes=5)
    site.acknowledge(made.incident_id, "deputy-a11")
    plant_step(site, made.incident_id, 1, minutes=10)
    assert counts(site) == (0, 0, 1)


def test_a_new_promise_to_another_person_is_walked_on_its_own(site):
    made = site.report()
    site.sweep(minutes=5)
    with site.work("leader-a1") as work:
        assign(work, made.incident_id, site.people["worker-a12"])
    site.sweep(minutes=5)
    audited = found(site)
    assert (audited.promises, audited.fired, audited.faults) == (2, 2, ())


def test_a_refused_matter_owes_nothing_more(site):
    made = site.report()
    with site.work("leader-a1") as work:
        handle(work, made.incident_id, Action.REJECT, {"reason": "110"})
    site.clock.advance(days=1)
    assert counts(site) == (0, 0, 0)


def test_sealed_and_unplaced_matters_climb_ladders_of_their_own(site):
    site.report(FUNERAL, by="worker-a11")
    site.report(LAMP, at=(121.0, 30.0))
    for _ in range(120):
        site.sweep(minutes=1)
    assert found(site).faults == ()


def test_since_leaves_out_what_ended_before(site):
    site.acknowledge(site.report().incident_id, "worker-a11")
    site.clock.advance(days=1)
    since = site.clock.now()
    site.report(at=middle("A12"))
    assert found(site, since).promises == 1


def test_since_still_holds_what_has_waited_from_before(site):
    disarm(site, site.report().incident_id)
    site.clock.advance(days=1)
    assert found(site, site.clock.now()).missing == 1


def test_only_those_who_audit_may_ask(site):
    with site.look(RESIDENT) as work, pytest.raises(Unauthenticated):
        audit(work)
