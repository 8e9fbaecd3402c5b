"""More time: asked by the handler, decided by the next rung above, bounded, in the record."""

from datetime import date, timedelta

import pytest

from gridtrack.analytics.auditor import audit
from gridtrack.deadlines.calendar_days import LocalDay
from gridtrack.errors import Conflict, Forbidden, Invalid
from gridtrack.incidents.rules import Action
from gridtrack.jobs.recounter import recount
from gridtrack.queries.incident import incident_page
from gridtrack.usecases.calendar import set_day
from gridtrack.usecases.extend import ask_extension, decide_extension
from tests.builders import BUILDING, NOW, Site
from tests.usecases.test_clocks import act, clock, taken

DUE = NOW + timedelta(hours=4)  # the parking
LATER = DUE + timedelta(days=1)


def ask(site: Site, one: int, until=LATER, by: str = "worker-a11") -> int:
    with site.work(by) as work:
        return ask_extension(work, one, until, reason="等车主回来")


def decide(site: Site, one: int, by: str = "leader-a1", *, grant: bool = True) -> int:
    with site.work(by) as work:
        return decide_extension(work, one, grant=grant, reason="可以")


def offered(site: Site, one: int, who: str) -> set[str]:
    with site.look(who) as work:
        return {"extend", "grant", "deny"} & set(incident_page(work, one, "zh").actions)


def test_the_next_rung_is_asked_and_grants_with_both_instants_in_the_record(clocked):
    one = taken(clocked)
    assert offered(clocked, one, "worker-a11") == {"extend"}
    ask(clocked, one)
    assert clocked.told("leader-a1") == ["extension-asked"]
    assert offered(clocked, one, "worker-a11") == set()
    assert offered(clocked, one, "leader-a1") == {"grant", "deny"}
    clocked.clock.advance(minutes=30)
    decide(clocked, one)
    found = clock(clocked, one, "resolve")
    assert (found.due_at, found.extended, found.wish_at) == (LATER, 1, None)
    assert clocked.incident(one).due_at == LATER
    (moved,) = clocked.events(one)[-1].data["moved"]
    assert moved.pop("rev") > 0  # the calendars it was counted on
    assert moved == {
        "clock": "resolve", "cycle": 1, "was": DUE.isoformat(), "due_at": LATER.isoformat()
    }  # fmt: skip
    assert clocked.told("worker-a11")[-1] == "extension-granted"
    clocked.sweep(hours=5)
    assert clocked.told("leader-a1") == ["extension-asked"]  # at the old instant nothing climbs
    clocked.clock.set(LATER)
    clocked.sweep()
    assert clocked.told("leader-a1")[-1] == "overdue"
    assert clocked.sums_up(one)
    with clocked.look() as work:
        assert audit(work).faults == ()


def test_refused_it_stays_as_promised(clocked):
    one = taken(clocked)
    ask(clocked, one)
    decide(clocked, one, grant=False)
    assert clock(clocked, one, "resolve").due_at == DUE
    assert clocked.told("worker-a11")[-1] == "extension-refused"
    assert clocked.kinds(one)[-1] == "extension-refused"


def test_who_asks_does_not_decide_nor_does_anybody_lower(clocked):
    one = clocked.report("0104").incident_id
    clocked.acknowledge(one, "leader-a1")
    ask(clocked, one, by="leader-a1")
    assert clocked.told("secretary-a") == ["extension-asked"]
    with pytest.raises(Forbidden, match="extension-not-yours"):
        decide(clocked, one, by="leader-a1")
    with pytest.raises(Forbidden):
        decide(clocked, one, by="worker-a11")
    decide(clocked, one, by="secretary-a")


def test_only_the_handler_asks(clocked):
    one = taken(clocked)
    with pytest.raises(Forbidden):
        ask(clocked, one, by="secretary-a")


@pytest.mark.parametrize(
    ("until", "code"),
    [(DUE, "span-backwards"), (DUE + timedelta(days=8), "extension-too-long")],
)
def test_it_is_bounded_by_the_policy(clocked, until, code):
    one = taken(clocked)
    with pytest.raises(Invalid, match=code):
        ask(clocked, one, until)


def test_once_is_enough_and_a_second_wish_waits_for_the_first(clocked):
    one = taken(clocked)
    ask(clocked, one)
    with pytest.raises(Conflict, match="extension-impossible"):
        ask(clocked, one)
    decide(clocked, one)
    with pytest.raises(Conflict, match="extension-impossible"):
        ask(clocked, one, LATER + timedelta(hours=1))
    with pytest.raises(Conflict, match="extension-not-asked"):
        decide(clocked, one)


def test_what_is_missed_is_not_extended_any_more(clocked):
    one = taken(clocked)
    ask(clocked, one)
    clocked.sweep(hours=4, minutes=1)
    with pytest.raises(Conflict, match="clock-missed"):
        decide(clocked, one)
    other = taken(clocked)
    clocked.sweep(hours=5)
    with pytest.raises(Conflict, match="extension-impossible"):
        ask(clocked, other)


# --- a change of the calendars ---


def change(site: Site, *days: LocalDay) -> int:
    with site.work("admin") as work:
        for day in days:
            set_day(work, day)
    site.clock.advance(seconds=2)  # a change of another process is seen within a second
    site.runtime.memo.forget("calendar-rev")
    return recount(site.runtime)


def test_a_day_off_moves_what_runs_across_it_once_and_nothing_else(clocked):
    building, parking = taken(clocked, BUILDING), taken(clocked)
    due = clock(clocked, building, "resolve").due_at
    assert change(clocked, LocalDay(date(2026, 11, 25), "停水", is_workday=False)) == 1
    assert clock(clocked, building, "resolve").due_at == due + timedelta(days=3)  # over a weekend
    assert clocked.kinds(building)[-1] == "deadline-recomputed"
    assert clocked.kinds(parking)[-1] == "acknowledged"
    assert recount(clocked.runtime) == 0
    assert clocked.sums_up(building)
    with clocked.look() as work:
        assert audit(work).faults == ()


def test_a_day_that_is_worked_after_all_brings_nothing_forward(clocked):
    one = taken(clocked, BUILDING)
    due = clock(clocked, one, "resolve").due_at
    assert change(clocked, LocalDay(date(2026, 11, 28), "补班", is_workday=True)) == 1
    assert clock(clocked, one, "resolve").due_at == due
    assert clocked.kinds(one)[-1] == "acknowledged"
    assert recount(clocked.runtime) == 0


def test_what_rests_counts_on_the_calendar_of_the_day_it_goes_on(clocked):
    one = taken(clocked, BUILDING)
    due = clock(clocked, one, "resolve").due_at
    act(clocked, one, Action.HOLD, until=NOW + timedelta(hours=1), reason="等人")
    assert change(clocked, LocalDay(date(2026, 11, 25), "停水", is_workday=False)) == 0
    clocked.sweep(hours=1)
    hour = timedelta(hours=1)
    assert clock(clocked, one, "resolve").due_at == due + timedelta(days=3) + hour
