"""`gridtrack deadlines audit`, as others call it."""

import json
from datetime import timedelta

from sqlalchemy import update

from gridtrack.incidents.store import INCIDENT
from gridtrack.jobs.guard import ClockGuard


def test_a_clean_log_is_told_with_its_figures(run, lite, tmp_path):
    lite.report()
    lite.sweep(minutes=5, seconds=2)
    out = tmp_path / "audit.json"
    assert run("deadlines", "audit", "--json", str(out)).exit_code == 0
    told = json.loads(out.read_text())
    assert told["promises"] == told["fired"] == told["on_time"] == 1
    assert (told["missing"], told["double"], told["early"], told["worst_late_s"]) == (0, 0, 0, 2.0)


def test_a_missing_step_is_told_by_exit_code_1_and_by_its_place(run, lite):
    made = lite.report()
    with lite.runtime.work() as work:
        work.session.execute(update(INCIDENT).values(next_due_at=None))
    lite.clock.advance(minutes=7)
    found = run("deadlines", "audit", "--json", "-")
    assert found.exit_code == 1
    told = json.loads(found.output)
    assert told["missing"] == 1
    assert told["faults"][0]["incident"] == made.incident_id


def test_since_leaves_out_what_ended_before(run, lite):
    lite.acknowledge(lite.report().incident_id, "worker-a11")
    lite.clock.advance(days=2)
    found = run("deadlines", "audit", "--since", "2026-11-21", "--json", "-")
    assert json.loads(found.output)["promises"] == 0


def test_a_clock_that_jumped_is_confirmed_from_the_command_line(run, lite):
    guard = ClockGuard(lite.runtime, "boot 1")
    assert guard.may_sweep()
    assert run("deadlines", "confirm-clock").exit_code == 2  # there is none
    lite.clock.set(lite.clock.now() + timedelta(hours=1))
    assert not guard.may_sweep()
    assert "3600 s forward" in run("deadlines", "confirm-clock").output
    assert guard.may_sweep()
