"""A filing condition has limits of its own; set later it moves what the written rule lets move."""

from datetime import UTC, datetime, timedelta

import pytest

from gridtrack.analytics.auditor import audit
from gridtrack.errors import Conflict, Forbidden, Invalid
from gridtrack.incidents.rules import Action
from gridtrack.queries.incident import incident_page
from gridtrack.usecases.extend import ask_extension, decide_extension
from gridtrack.usecases.set_condition import set_condition
from tests.builders import LAMP, NOW, Site, a_report
from tests.usecases.test_clocks import act, clock

REFUSE, RUBBLE = "0401", "0402"  # four working hours or a workday; two workdays or four hours
TODAY = NOW + timedelta(hours=5, minutes=30)  # half past three, the break left out
MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def file_as(site: Site, one: int, condition: str, by: str = "leader-a1") -> int:
    with site.work(by) as work:
        return set_condition(work, one, condition)


def due(site: Site, one: int, kind: str = "resolve") -> datetime:
    return clock(site, one, kind).due_at


def clean(site: Site) -> bool:
    with site.look() as work:
        found = audit(work)
    assert found.faults == ()
    return found.clean


def test_a_report_that_names_one_is_promised_its_time(clocked):
    plain, dump = (clocked.report(REFUSE, condition=one).incident_id for one in ("", "dump"))
    assert (due(clocked, plain), due(clocked, dump)) == (TODAY, MONDAY)
    assert clocked.incident(dump).condition == "dump"
    assert due(clocked, plain, "acknowledge") == due(clocked, dump, "acknowledge")
    assert clocked.sums_up(dump)
    assert clean(clocked)


def test_a_condition_of_another_category_is_refused_with_those_there_are(clocked):
    with pytest.raises(Invalid) as refused:
        clocked.report(REFUSE, condition="heap")
    assert (refused.value.code, refused.value.field) == ("condition-unknown", "condition")
    assert refused.value.params["known"] == "loose, dump"
    one = clocked.report(LAMP).incident_id
    with pytest.raises(Conflict, match="condition-not-here"):
        file_as(clocked, one, "dump")


def test_a_longer_one_set_later_counts_from_the_report(clocked):
    one = clocked.report(REFUSE).incident_id
    clocked.acknowledge(one, "worker-a11")
    clocked.clock.advance(hours=1)
    file_as(clocked, one, "dump")
    assert due(clocked, one) == MONDAY
    row, event = clocked.incident(one), clocked.events(one)[-1]
    assert (row.condition, row.due_at, row.next_due_at) == ("dump", MONDAY, MONDAY)
    assert (event.kind, event.data["was"], event.data["moved"][0]["limit"]) == ("filed", "", "1wd")
    assert clocked.told("worker-a11")[-1] == "filed"
    clocked.sweep(hours=5)  # past what was promised first: nothing climbs
    assert "overdue" not in clocked.told("leader-a1")
    assert clocked.sums_up(one)
    assert clean(clocked)


def test_a_shorter_one_set_later_counts_from_then(clocked):
    one = clocked.report(RUBBLE).incident_id
    clocked.acknowledge(one, "worker-a11")
    clocked.clock.advance(hours=1)
    version = file_as(clocked, one, "loose", "worker-a11")
    assert due(clocked, one) == NOW + timedelta(hours=6, minutes=30)
    assert file_as(clocked, one, "loose", "worker-a11") == version  # said twice is said once
    clocked.clock.set(due(clocked, one))
    clocked.sweep()
    assert clocked.told("leader-a1")[-1] == "overdue"
    assert clean(clocked)


def test_nobody_gives_themselves_time(clocked):
    one = clocked.report(REFUSE).incident_id
    clocked.acknowledge(one, "worker-a11")
    with pytest.raises(Invalid, match="condition-longer"):
        file_as(clocked, one, "dump", "worker-a11")
    assert (due(clocked, one), clocked.incident(one).condition) == (TODAY, "")
    with pytest.raises(Forbidden, match="action-forbidden"):
        file_as(clocked, one, "loose", "checker-a")


def test_what_was_missed_extended_or_rests_stays(clocked):
    missed, longer, held = (clocked.report(REFUSE).incident_id for _ in range(3))
    for one in (missed, longer, held):
        clocked.acknowledge(one, "worker-a11")
    with clocked.work("worker-a11") as work:
        ask_extension(work, longer, TODAY + HOUR, reason="等车")
    with clocked.work("leader-a1") as work:
        decide_extension(work, longer, grant=True)
    until = (NOW + 20 * HOUR).isoformat()
    act(clocked, held, Action.HOLD, reason="等车", until=until)
    file_as(clocked, longer, "dump")
    with pytest.raises(Conflict, match="conflict-state"):
        file_as(clocked, held, "dump")
    clocked.sweep(hours=5.6)
    file_as(clocked, missed, "dump")
    assert (due(clocked, missed), due(clocked, longer)) == (TODAY, TODAY + HOUR)
    assert clocked.incident(missed).condition == "dump"
    assert clean(clocked)


def test_the_page_offers_it_where_the_category_has_any_and_says_when_it_is_done(clocked):
    refuse, lamp = (clocked.report(one).incident_id for one in (REFUSE, LAMP))
    file_as(clocked, refuse, "dump")
    with clocked.look("leader-a1") as work:
        page, plain = (incident_page(work, one, "zh") for one in (refuse, lamp))
    assert ("condition" in page.actions, "condition" in plain.actions) == (True, False)
    assert (page.condition_name, page.done) == ("成堆，需机械清运", "清运完毕，地面恢复")
    assert [code for code, _ in page.conditions] == ["loose", "dump"]


def test_the_same_report_with_another_condition_is_another_report(clocked):
    first = a_report(REFUSE, condition="dump")
    one = clocked.report(REFUSE, condition="dump", client_id=first.client_id)
    assert not clocked.report(REFUSE, condition="dump", client_id=first.client_id).created
    assert one.created
    with pytest.raises(Conflict, match="client-id-reused"):
        clocked.report(REFUSE, client_id=first.client_id)
