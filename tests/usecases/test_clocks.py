"""Arriving and resolving: what starts each clock, what stops it, what rests, and who is told."""

from datetime import UTC, datetime, timedelta

import pytest

from gridtrack.access import Actor, Permission
from gridtrack.analytics.auditor import audit
from gridtrack.db.sql import table_of
from gridtrack.deadlines import store as deadlines
from gridtrack.deadlines.tables import ClockRow
from gridtrack.errors import Forbidden, GridtrackError, Invalid
from gridtrack.incidents.rules import Action
from gridtrack.incidents.tables import Photo
from gridtrack.queries.incident import incident_page
from gridtrack.usecases.assign import assign
from gridtrack.usecases.close import close, reopen
from gridtrack.usecases.handle import handle
from gridtrack.usecases.people import set_absence
from tests.builders import BUILDING, LAMP, NOW, PARKING, Site

PHOTO = table_of(Photo)
FIVE = timedelta(minutes=5)
# The parking is to be settled within four hours; at the building somebody is to be in one.
HOLD = {"reason": "等配件"}


def clock(site: Site, incident_id: int, kind: str) -> ClockRow:
    """The newest cycle of a clock."""
    with site.look() as work:
        return [c for c in deadlines.clocks(work.session, incident_id) if c.kind == kind][-1]


def states(site: Site, incident_id: int) -> dict[str, str]:
    with site.look() as work:
        return {c.kind: c.state for c in deadlines.clocks(work.session, incident_id)}


def act(site: Site, incident_id: int, action: Action, by: str = "worker-a11", **given) -> int:
    with site.work(by) as work:
        return handle(work, incident_id, action, given)


def taken(site: Site, category: str = PARKING) -> int:
    """A matter that the gridworker has acknowledged."""
    one = site.report(category).incident_id
    site.acknowledge(one, "worker-a11")
    return one


def clean(site: Site) -> bool:
    with site.look() as work:
        found = audit(work)
    assert found.faults == ()
    return found.clean


def test_a_report_starts_the_clocks_that_its_category_has(clocked):
    lamp, building = (clocked.report(code).incident_id for code in (LAMP, BUILDING))
    assert states(clocked, lamp) == {"acknowledge": "running", "resolve": "running"}
    assert set(states(clocked, building)) == {"acknowledge", "arrive", "resolve"}
    row = clocked.incident(building)
    assert (row.due_at, row.next_due_at) == (NOW + FIVE, NOW + FIVE)
    assert clock(clocked, building, "arrive").due_at == NOW + timedelta(hours=1)


def test_twenty_workdays_are_counted_on_the_calendar_and_stamped(clocked):
    one = clocked.report(BUILDING).incident_id
    found = clock(clocked, one, "resolve")
    # From a Friday ten o'clock, twenty workdays of seven hours: a Friday four weeks later.
    assert found.due_at == datetime(2026, 12, 18, 2, 0, tzinfo=UTC)
    assert (found.calendar, found.calendar_rev > 0, found.left_us) == (
        "workdays", True, 20 * 7 * 3600 * 1_000_000,
    )  # fmt: skip
    said = clocked.events(one)[0].data["promises"]
    assert [p["clock"] for p in said] == ["acknowledge", "arrive", "resolve"]
    assert said[2]["due_at"] == found.due_at.isoformat()
    assert said[2]["calendar"] == "workdays"


def test_the_same_day_ends_when_duty_does(clocked):
    one = clocked.report(LAMP).incident_id
    assert clock(clocked, one, "resolve").due_at == datetime(2026, 11, 20, 13, tzinfo=UTC)
    clocked.clock.advance(hours=11)
    late = clocked.report(LAMP).incident_id
    assert clock(clocked, late, "resolve").due_at == datetime(2026, 11, 21, 13, tzinfo=UTC)


def test_each_clock_is_met_by_its_own_act_and_the_next_one_shows(clocked):
    one = taken(clocked, BUILDING)
    hour = NOW + timedelta(hours=1)
    assert clocked.incident(one).due_at == clocked.incident(one).next_due_at == hour
    act(clocked, one, Action.START)
    assert states(clocked, one)["arrive"] == "met"
    assert clocked.incident(one).due_at == clock(clocked, one, "resolve").due_at
    act(clocked, one, Action.RESOLVE, by="leader-a1", result="已拆", **photo(clocked, one))
    assert set(states(clocked, one).values()) == {"met"}
    row = clocked.incident(one)
    assert (row.due_at, row.next_due_at, row.deadline_state) == (None, None, "none")
    assert clean(clocked)


def photo(site: Site, incident_id: int) -> dict[str, str]:
    """A photo of afterwards, which this category asks for; its outcome too."""
    from_now = {"name": "x", "width": 1, "height": 1, "stage": "after", "added_at": NOW}
    with site.work() as work:
        work.session.execute(PHOTO.insert(), {**from_now, "incident_id": incident_id})
    return {}


def test_what_is_resolved_without_a_start_was_gone_to(clocked):
    one = taken(clocked, BUILDING)
    act(clocked, one, Action.RESOLVE, by="leader-a1", result="已拆", **photo(clocked, one))
    assert states(clocked, one)["arrive"] == "met"


def test_a_missed_arrival_tells_the_leader_and_leaves_the_handler(clocked):
    one = taken(clocked, BUILDING)
    clocked.sweep(hours=1)
    row = clocked.incident(one)
    assert (row.state, row.rung) == ("acknowledged", "leader")
    assert row.handler_id == clocked.people["worker-a11"]
    assert clocked.told("leader-a1") == ["overdue"]
    clocked.sweep(minutes=15)
    assert clocked.told("secretary-a")[-1] == "overdue"
    act(clocked, one, Action.START)
    assert clock(clocked, one, "arrive").breached_at == NOW + timedelta(hours=1)
    clocked.sweep(minutes=30)
    assert clocked.told("street") == []
    assert clean(clocked)


def test_two_clocks_of_a_matter_climb_in_the_order_they_are_due(clocked):
    one = clocked.report(BUILDING).incident_id
    clocked.clock.advance(hours=1)
    clocked.sweep()
    steps = [(e.data["clock"], e.data["step"]) for e in clocked.events(one) if "rung" in e.data]
    # One rung each after a gap, the older promise first.
    assert steps == [("acknowledge", 0), ("arrive", 0)]
    assert clocked.sums_up(one)
    assert clean(clocked)


def test_a_new_handler_gets_the_time_to_acknowledge_and_no_more(clocked):
    one = taken(clocked, BUILDING)
    before = clock(clocked, one, "resolve").due_at
    clocked.clock.advance(minutes=10)
    with clocked.work("leader-a1") as work:
        assign(work, one, clocked.people["worker-a12"])
    assert clock(clocked, one, "acknowledge").cycle == 2
    assert clock(clocked, one, "acknowledge").due_at == clocked.clock.now() + FIVE
    assert clock(clocked, one, "resolve").due_at == before
    assert clock(clocked, one, "arrive").cycle == 1


def test_opening_again_promises_everything_anew(clocked):
    one = taken(clocked)
    act(clocked, one, Action.RESOLVE, result="修好了", **photo(clocked, one))
    clocked.clock.advance(hours=3)
    with clocked.work("secretary-a") as work:
        close(work, one)
        reopen(work, one, reason="又坏了")
    found = clock(clocked, one, "resolve")
    assert (found.cycle, found.state) == (2, "running")
    assert found.started_at == clocked.clock.now()
    assert clean(clocked)


# --- rest ---


def test_a_hold_lets_rest_and_gives_back_what_was_left(clocked):
    one = taken(clocked)
    due = clock(clocked, one, "resolve").due_at
    clocked.clock.advance(hours=2)
    until = clocked.clock.now() + timedelta(days=3)
    act(clocked, one, Action.HOLD, until=until, **HOLD)
    row = clocked.incident(one)
    assert (row.state, row.due_at, row.held_until, row.next_due_at) == (
        "on_hold", None, until, until,
    )  # fmt: skip
    assert clock(clocked, one, "resolve").state == "paused"
    clocked.clock.advance(hours=30)
    act(clocked, one, Action.RESUME)
    found = clock(clocked, one, "resolve")
    assert found.due_at == due + timedelta(hours=30)
    assert found.paused_us == 30 * 3600 * 1_000_000
    assert clocked.incident(one).held_until is None
    assert clocked.sums_up(one)
    assert clean(clocked)


def test_a_hold_ends_by_itself_at_its_instant_and_the_handler_is_told(clocked):
    one = taken(clocked)
    due = clock(clocked, one, "resolve").due_at
    act(clocked, one, Action.HOLD, until=NOW + timedelta(days=2), **HOLD)
    clocked.sweep(days=2, minutes=7)  # the machine was away for seven minutes
    row = clocked.incident(one)
    assert (row.state, row.held_until) == ("in_progress", None)
    assert clock(clocked, one, "resolve").due_at == due + timedelta(days=2)
    assert clocked.told("worker-a11")[-1] == "hold-ended"
    assert clocked.kinds(one)[-1] == "hold-ended"
    assert clocked.sums_up(one)
    assert clean(clocked)


def test_the_page_tells_how_long_each_clock_has_rested(clocked):
    one = taken(clocked)
    act(clocked, one, Action.HOLD, until=NOW + timedelta(days=2), **HOLD)
    clocked.clock.advance(hours=5)
    with clocked.look("leader-a1") as work:
        shown = {c.clock: c for c in incident_page(work, one, "zh").clocks}
    assert (shown["resolve"].state, shown["resolve"].light) == ("paused", "idle")
    assert (shown["resolve"].paused_s, shown["acknowledge"].paused_s) == (5 * 3600, 0)


@pytest.mark.parametrize(
    ("until", "code"),
    [
        (NOW - timedelta(minutes=1), "span-backwards"),
        (NOW + timedelta(days=31), "hold-too-long"),
        ("someday", "not-a-time"),
    ],
)
def test_a_hold_ends_in_the_future_and_within_what_the_policy_allows(clocked, until, code):
    one = taken(clocked)
    with pytest.raises(Invalid, match=code):
        act(clocked, one, Action.HOLD, until=until, **HOLD)


def test_all_pauses_together_are_bounded(clocked):
    one = taken(clocked)
    act(clocked, one, Action.HOLD, until=NOW + timedelta(days=20), **HOLD)
    clocked.sweep(days=20)
    with pytest.raises(Invalid, match="hold-too-long"):
        act(clocked, one, Action.HOLD, until=clocked.clock.now() + timedelta(days=11), **HOLD)
    act(clocked, one, Action.HOLD, until=clocked.clock.now() + timedelta(days=10), **HOLD)


def test_what_was_missed_does_not_rest(clocked):
    one = taken(clocked)
    clocked.sweep(hours=4)
    assert clocked.told("leader-a1") == ["overdue"]
    act(clocked, one, Action.HOLD, until=clocked.clock.now() + timedelta(days=5), **HOLD)
    assert clock(clocked, one, "resolve").state == "running"
    clocked.sweep(hours=4)
    assert clocked.told("secretary-a")[-1] == "overdue"
    assert clean(clocked)


def test_giving_it_to_somebody_else_ends_the_hold(clocked):
    one = taken(clocked)
    act(clocked, one, Action.HOLD, until=NOW + timedelta(days=5), **HOLD)
    clocked.clock.advance(hours=6)
    with clocked.work("leader-a1") as work:
        assign(work, one, clocked.people["worker-a12"])
    row = clocked.incident(one)
    assert (row.state, row.held_until) == ("assigned", None)
    assert clock(clocked, one, "resolve").due_at == NOW + timedelta(hours=10)
    assert clocked.sums_up(one)
    assert clean(clocked)


# --- only a human act of the responsible side stops the acknowledge clock ---


def test_neither_notes_nor_photos_nor_reading_nor_robots_acknowledge(clocked):
    one = clocked.report(LAMP).incident_id
    act(clocked, one, Action.NOTE, text="看到了")
    photo(clocked, one)
    with clocked.look("worker-a11") as work:
        incident_page(work, one, "zh")
    with clocked.work() as work:
        set_absence(work, clocked.people["worker-a12"], work.now, work.now + timedelta(hours=1))
    real = clocked.actor("worker-a11")
    reads = Actor(real.person_id, real.name, real.holdings, frozenset({Permission.SEE}))
    with pytest.raises(GridtrackError), clocked.work(reads) as work:
        handle(work, one, Action.START, {})
    with pytest.raises(Forbidden):
        clocked.acknowledge(one, reads)
    assert clock(clocked, one, "acknowledge").state == "running"
    clocked.sweep(minutes=5)  # the engine gives it to somebody else: that is no answer either
    assert clock(clocked, one, "acknowledge").state == "running"
    assert clocked.incident(one).due_at == NOW + FIVE
