"""Sweeping until nothing is due; what is broken is set apart and comes back healed."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from gridtrack.db.engine import Gate
from gridtrack.deadlines.store import CLOCK
from gridtrack.deadlines.tables import Quarantine
from gridtrack.jobs import sweeper
from gridtrack.jobs.sweeper import LEAST, following_batch, tick
from gridtrack.usecases.heartbeat import health
from gridtrack.usecases.quarantine import AGAIN, set_apart
from gridtrack.usecases.sweep import Swept, sweep
from gridtrack.work import Work
from tests.builders import LAMP, Site


def break_clock(site: Site, incident_id: int, ladder: str) -> None:
    """A promise under a ladder that its policy does not have: its step cannot be decided."""
    with site.work() as work:
        of = update(CLOCK).where(CLOCK.c.incident_id == incident_id)
        work.session.execute(of.values(ladder=ladder))


def apart(site: Site) -> list[tuple[int, int]]:
    with site.look() as work:
        return [(q.incident_id, q.tries) for q in work.session.query(Quarantine)]


def unwell(site: Site) -> int:
    with site.look() as work:
        return health(work).quarantined


def test_everything_due_is_fired_in_as_many_batches_as_it_takes(site: Site) -> None:
    ids = [site.report(LAMP).incident_id for _ in range(7)]
    site.clock.advance(minutes=5)
    done = tick(site.runtime, batch=3)
    assert (done.claimed, done.rungs) == (7, ["deputy"] * 7)
    assert {site.incident(one).rung for one in ids} == {"deputy"}


def test_a_tick_ends_when_its_time_is_used_up_and_the_next_goes_on(site: Site) -> None:
    for _ in range(4):
        site.report(LAMP)
    site.clock.advance(minutes=5)
    assert tick(site.runtime, batch=1, budget_s=0).claimed == 1
    assert tick(site.runtime, batch=1).claimed == 3


def test_an_idle_tick_writes_nothing(site: Site) -> None:
    one = site.report(LAMP).incident_id
    before = site.incident(one).version
    assert site.sweep(minutes=1).claimed == 0
    assert site.incident(one).version == before


def test_lateness_is_counted_for_each_rung(site: Site) -> None:
    for _ in range(3):
        site.report(LAMP)
        site.clock.advance(seconds=1)
    site.clock.advance(minutes=4, seconds=58)
    assert tick(site.runtime).late_ms == [1000, 0]


def test_a_broken_incident_is_counted_each_time_it_fails_again(site: Site) -> None:
    one = site.report(LAMP).incident_id
    break_clock(site, one, "none such")
    assert site.sweep(minutes=5).quarantined == 1
    site.sweep(seconds=AGAIN.total_seconds())
    assert apart(site) == [(one, 2)]


def test_a_broken_incident_is_left_alone_for_a_minute(site: Site) -> None:
    break_clock(site, site.report(LAMP).incident_id, "none such")
    site.sweep(minutes=5)
    assert site.sweep(seconds=59).quarantined == 0


def test_a_healed_incident_climbs_with_its_lateness_and_is_apart_no_more(site: Site) -> None:
    one = site.report(LAMP).incident_id
    break_clock(site, one, "none such")
    site.sweep(minutes=5)
    assert unwell(site) == 1
    break_clock(site, one, "standard")
    done = site.sweep(minutes=2)
    assert done.late_ms == [120_000]
    assert (apart(site), unwell(site)) == ([], 0)


def test_a_broken_incident_that_a_human_answers_is_no_alarm_any_more(site: Site) -> None:
    one = site.report(LAMP).incident_id
    break_clock(site, one, "none such")
    site.sweep(minutes=5)
    site.acknowledge(one, "worker-a11")
    assert unwell(site) == 0
    assert site.sweep(minutes=5).claimed == 0


def test_what_was_answered_meanwhile_is_not_armed_again(site: Site) -> None:
    one = site.report(LAMP).incident_id
    site.acknowledge(one, "worker-a11")
    with site.work() as work:
        set_apart(work, one, LookupError("it failed a moment before"))
    assert site.incident(one).next_due_at is None


def test_a_database_that_is_away_is_told_to_the_caller_and_sets_nothing_apart(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.report(LAMP)
    site.clock.advance(minutes=5)

    def away(*_args: object) -> None:
        raise OperationalError("SELECT", {}, ConnectionError("gone"))

    with monkeypatch.context() as patch:
        patch.setattr("gridtrack.incidents.store.claim_due", away)
        with pytest.raises(OperationalError):
            tick(site.runtime)
    assert tick(site.runtime).rungs == ["deputy"]
    assert apart(site) == []


def test_health_tells_how_long_the_oldest_step_has_been_waiting(site: Site) -> None:
    site.report(LAMP)
    site.clock.advance(minutes=5, seconds=42)
    with site.look() as work:
        found = health(work)
    assert (found.overdue_s, found.well) == (42.0, False)


def test_after_six_hours_away_each_matter_climbs_one_rung_and_no_further(site: Site) -> None:
    ids = [site.report(LAMP).incident_id for _ in range(5)]
    done = site.sweep(hours=6)
    assert done.rungs == ["deputy"] * 5
    assert site.sweep(minutes=4).claimed == 0
    assert {site.incident(one).next_due_at for one in ids} == {
        site.clock.now() + timedelta(minutes=1)
    }


# --- one file, one writer ---


def test_of_two_on_one_file_one_sweeps_and_the_other_leaves_it_to_them(lite: Site) -> None:
    ids = [lite.report(LAMP).incident_id for _ in range(3)]
    lite.clock.advance(minutes=5)
    turn = lite.runtime.sweeping
    assert turn is not None
    with turn.taken():
        assert tick(lite.runtime).claimed == 0
    assert tick(lite.runtime).claimed == len(ids)


@pytest.mark.parametrize(
    ("size", "took_s", "wanted", "following"),
    [
        (200, 1.0, False, 200),  # nobody waits: as many as fit in one transaction
        (200, 0.15, True, LEAST),
        (200, 0.03, True, 100),
        (LEAST, 1.0, True, LEAST),  # never so few that the commits are all there is
        (50, 0.05, False, 100),
        (50, 0.0, True, 200),
    ],
)
def test_a_batch_is_as_short_as_those_who_wait_to_write_need_it(size, took_s, wanted, following):
    assert following_batch(size, 200, took_s, wanted=wanted) == following


def test_batches_become_short_while_somebody_waits_to_write(lite: Site, monkeypatch) -> None:
    """Nothing is left out by it."""
    for _ in range(60):
        lite.report(LAMP)
    lite.clock.advance(minutes=5)
    monkeypatch.setattr(Gate, "wanted", property(lambda _gate: True))
    claims: list[int] = []

    def seen(work: Work, limit: int) -> Swept:
        claims.append(limit)
        return sweep(work, limit)

    monkeypatch.setattr(sweeper, "sweep", seen)
    monkeypatch.setattr(sweeper, "SHORT_S", 0.0)
    assert tick(lite.runtime, batch=40).claimed == 60
    assert claims == [40, LEAST, LEAST]
