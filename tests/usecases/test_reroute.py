"""Open matters follow the grids: whose, with which clock, told to whom, on both databases."""

from datetime import timedelta

import pytest

from gridtrack.deadlines.tables import ClockRow
from gridtrack.grids import store as grids
from gridtrack.incidents.rules import Action
from gridtrack.jobs.mover import Mover
from gridtrack.notifications.tables import Message
from gridtrack.usecases.activate_edition import schedule_edition
from gridtrack.usecases.close import reopen
from gridtrack.usecases.handle import handle
from gridtrack.usecases.moves import SETTLE
from tests.builders import FUNERAL, LAMP, NOW, Site
from tests.edition_builders import (
    IN_B12,
    NOW_A12,
    NOW_B11,
    STILL_A11,
    STILL_A12,
    a_draft,
    a_shift,
    at,
    in_force,
    moved,
    redraw,
    strip,
)


def changed(site: Site, **decided: bool) -> Mover:
    in_force(site, a_shift(site), **decided)
    return moved(site)


def clock(site: Site, incident_id: int) -> tuple[object, ...]:
    with site.look() as work:
        (row,) = work.session.query(ClockRow).filter_by(incident_id=incident_id, state="running")
        return row.cycle, row.started_at, row.due_at, row.next_fire_at, row.step, row.ladder


def record(site: Site, edition_id: int) -> list[str]:
    with site.look() as work:
        return [entry.kind for entry in grids.entries(work.session, edition_id)]


# --- whose it is -----------------------------------------------------------------------------


def test_what_nobody_acknowledged_goes_to_the_new_gridworker(site: Site) -> None:
    one = site.report(LAMP, at=NOW_A12).incident_id
    changed(site)
    row = site.incident(one)
    assert (row.grid_path, row.edition_id, row.state) == ("A/A1/A12", 2, "assigned")
    assert (row.handler_id, row.handler_role) == (site.people["worker-a12"], "gridworker")
    assert site.kinds(one) == ["reported", "assigned", "rerouted"]
    assert site.sums_up(one)


def test_its_clock_has_what_is_left_and_never_five_minutes_anew(site: Site) -> None:
    one = site.report(LAMP, at=NOW_A12).incident_id
    before, due_at = clock(site, one), site.incident(one).due_at
    site.clock.advance(minutes=3)
    changed(site)
    assert clock(site, one) == before
    assert site.incident(one).due_at == due_at == NOW + timedelta(minutes=5)


def test_the_new_one_is_told_with_the_time_left_and_the_old_one_that_it_is_gone(site: Site) -> None:
    site.report(LAMP, at=NOW_A12)
    changed(site)
    assert site.told("worker-a12") == ["assigned"]
    assert site.told("worker-a11") == ["assigned", "moved-away"]
    with site.look() as work:
        told = work.session.query(Message).filter_by(recipient_id=site.people["worker-a12"]).one()
    assert told.facts["due_at"] == (NOW + timedelta(minutes=5)).isoformat()
    assert told.facts["grid"] == "A12"


def test_what_is_missed_afterwards_climbs_the_new_path(site: Site) -> None:
    one = site.report(LAMP, at=NOW_B11).incident_id
    changed(site)
    assert site.incident(one).handler_id == site.people["worker-b11"]
    site.sweep(minutes=5)
    assert site.incident(one).handler_id == site.people["secretary-b"]


def test_what_is_overdue_stays_overdue_on_its_rung(site: Site) -> None:
    one = site.report(LAMP, at=NOW_B11).incident_id
    site.sweep(minutes=5)
    site.sweep(minutes=5)
    before = site.incident(one)
    changed(site)
    row = site.incident(one)
    assert (row.rung, row.due_at, row.next_due_at) == (
        before.rung, before.due_at, before.next_due_at,
    )  # fmt: skip
    site.sweep(minutes=5)
    assert site.incident(one).handler_id == site.people["secretary-b"]
    assert site.sums_up(one)


def test_on_a_rung_it_is_whoever_holds_that_rung_there(site: Site) -> None:
    one = site.report(LAMP, at=NOW_B11).incident_id
    for _ in range(3):
        site.sweep(minutes=5)
    assert site.incident(one).handler_id == site.people["secretary-a"]
    changed(site)
    assert site.incident(one).handler_id == site.people["secretary-b"]
    assert site.told("secretary-b") == ["assigned"]


@pytest.mark.parametrize("step", [None, Action.START, Action.RESOLVE])
def test_what_somebody_acknowledged_stays_with_its_handler(site: Site, step: Action | None) -> None:
    one = site.report(FUNERAL if step is None else "0104", at=NOW_A12).incident_id
    who = "secretary-a" if step is None else "worker-a11"
    site.acknowledge(one, who)
    if step is not None:
        with site.work(who) as work:
            handle(work, one, step, {"result": "done"})
    before = site.incident(one)
    changed(site)
    row = site.incident(one)
    assert (row.handler_id, row.state) == (site.people[who], before.state)
    assert row.grid_path == "A/A1/A12"
    assert site.told(who)[-1] == "moved-stays"
    assert site.sums_up(one)


def test_the_new_one_is_told_of_what_stays_where_that_was_decided(site: Site) -> None:
    one = site.report(LAMP, at=NOW_A12).incident_id
    site.acknowledge(one, "worker-a11")
    changed(site, tell_new=True)
    assert site.told("worker-a12") == ["moved-in"]


def test_told_otherwise_what_was_acknowledged_is_handed_over_with_a_promise(site: Site) -> None:
    one = site.report(LAMP, at=NOW_A12).incident_id
    site.acknowledge(one, "worker-a11")
    site.clock.advance(hours=2)
    changed(site, hand_over=True)
    row = site.incident(one)
    assert (row.state, row.handler_id) == ("assigned", site.people["worker-a12"])
    assert row.due_at == site.clock.now() + timedelta(minutes=5)
    assert clock(site, one)[0] == 2
    assert site.sums_up(one)


def test_what_a_department_was_given_stays_there(site: Site) -> None:
    one = site.report(LAMP, at=NOW_A12).incident_id
    with site.work() as work:
        row = work.session.get(type(site.incident(one)), one)
        row.handler_role = "property"
        row.handler_id = site.people["property-e1"]
        work.session.flush()
    changed(site)
    assert site.incident(one).handler_id == site.people["property-e1"]
    assert site.incident(one).grid_path == "A/A1/A12"


def test_a_sealed_matter_goes_to_the_new_secretary(site: Site) -> None:
    one = site.report(FUNERAL, at=NOW_B11).incident_id
    changed(site)
    assert site.incident(one).handler_id == site.people["secretary-b"]


def test_ground_that_no_grid_owns_any_more_is_the_desks(site: Site) -> None:
    one = site.report(LAMP, at=IN_B12).incident_id
    draft = a_draft(site)
    redraw(site, draft, {"B12": strip(11, 12)})
    in_force(site, draft)
    moved(site)
    row = site.incident(one)
    assert (row.grid_path, row.state, row.handler_id, row.outcome) == (
        "", "reported", None, "outside",
    )  # fmt: skip
    assert "triage" in site.told("desk")
    assert site.sums_up(one)


def test_ground_that_a_grid_gained_takes_in_what_lay_there(site: Site) -> None:
    one = site.report(LAMP, at=at(-1)).incident_id
    assert site.incident(one).state == "reported"
    draft = a_draft(site)
    redraw(site, draft, {"A11": strip(-3, 3)})
    in_force(site, draft)
    moved(site)
    row = site.incident(one)
    assert (row.grid_code, row.state, row.handler_id) == (
        "A11", "assigned", site.people["worker-a11"],
    )  # fmt: skip


# --- what is left alone -----------------------------------------------------------------------


def test_what_lies_in_the_same_grid_is_not_touched(site: Site) -> None:
    ids = [site.report(LAMP, at=where).incident_id for where in (STILL_A11, STILL_A12, IN_B12)]
    changed(site)
    for one in ids:
        assert site.kinds(one) == ["reported", "assigned"]
        assert site.incident(one).edition_id == 1


def test_what_is_closed_keeps_the_grid_it_had(site: Site) -> None:
    one = site.report("0104", at=NOW_A12).incident_id
    with site.work("leader-a1") as work:
        handle(work, one, Action.REJECT, {"reason": "no"})
    changed(site)
    assert (site.incident(one).grid_code, site.incident(one).edition_id) == ("A11", 1)


def test_opened_again_it_lies_where_it_lies_today(site: Site) -> None:
    one = site.report("0104", at=NOW_A12).incident_id
    with site.work("leader-a1") as work:
        handle(work, one, Action.REJECT, {"reason": "no"})
    mover = changed(site)
    site.clock.advance(seconds=SETTLE.total_seconds())
    mover.follow()
    with site.work("street") as work:
        reopen(work, one, reason="again")
    assert (site.incident(one).grid_code, site.incident(one).edition_id) == ("A12", 2)
    assert site.sums_up(one)


# --- again, and later ---------------------------------------------------------------------------


def test_a_move_that_is_done_again_does_nothing(site: Site) -> None:
    one = site.report(LAMP, at=NOW_A12).incident_id
    changed(site)
    before = site.incident(one).version
    for _ in range(3):
        moved(site)
    assert site.incident(one).version == before
    assert site.told("worker-a12") == ["assigned"]


def test_a_report_placed_by_the_edition_before_is_fetched_in(site: Site) -> None:
    mover = changed(site)
    with site.work() as work:  # as another process does that has not seen the new one yet
        work.memo.forget()
        work.memo.get("editions", lambda: [type("Row", (), {
            "id": 1, "revision": 0, "valid_from": NOW - timedelta(days=400), "valid_to": None,
        })])  # fmt: skip
    one = site.report(LAMP, at=NOW_A12).incident_id
    assert site.incident(one).grid_code == "A11"
    site.runtime.memo.forget()
    mover.follow()
    assert site.incident(one).grid_code == "A12"


def test_the_record_says_that_all_were_gone_through(site: Site) -> None:
    site.report(LAMP, at=NOW_A12)
    mover = changed(site)
    assert "moved" not in record(site, 2)
    site.clock.advance(seconds=SETTLE.total_seconds())
    mover.follow()
    mover.follow()
    assert record(site, 2)[0] == "moved"
    assert record(site, 2).count("moved") == 1


def test_a_scheduled_edition_moves_matters_when_its_instant_comes(site: Site) -> None:
    one = site.report("0104", at=NOW_A12).incident_id
    draft = a_shift(site)
    with site.work("admin") as work:
        schedule_edition(work, draft, NOW + timedelta(minutes=2), reason="noon")
    mover = moved(site)
    assert site.incident(one).grid_code == "A11"
    site.clock.advance(minutes=2)
    mover.follow()
    assert site.incident(one).grid_code == "A12"
    assert record(site, draft)[0] == "activated"


def test_a_second_change_before_the_first_has_settled_leaves_nothing_behind(site: Site) -> None:
    one = site.report(LAMP, at=NOW_A12).incident_id
    in_force(site, a_shift(site))
    back = a_draft(site, "once more")
    redraw(site, back, {"A12": strip(3, 5), "A11": strip(0, 3)})
    site.clock.advance(seconds=1)
    in_force(site, back)
    mover = moved(site)
    assert site.incident(one).grid_code == "A11"
    site.clock.advance(seconds=SETTLE.total_seconds())
    for _ in range(3):
        mover.follow()
    assert record(site, 2)[0] == "moved"
    assert record(site, back)[0] == "moved"


def test_the_first_edition_of_all_moves_nothing(site: Site) -> None:
    assert moved(site).follow().went == 0


def test_many_are_moved_in_one_batch(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [site.report(LAMP, at=NOW_A12).incident_id for _ in range(5)]
    monkeypatch.delattr(Mover, "_one_by_one")
    changed(site)
    assert {site.incident(one).grid_code for one in ids} == {"A12"}


def test_one_broken_matter_holds_up_nobody(site: Site) -> None:
    ids = [site.report(LAMP, at=NOW_A12).incident_id for _ in range(3)]
    with site.work() as work:
        row = work.session.get(type(site.incident(ids[1])), ids[1])
        row.category = "no-such"
        work.session.flush()
    changed(site)
    assert [site.incident(one).grid_code for one in ids] == ["A12", "A11", "A12"]
