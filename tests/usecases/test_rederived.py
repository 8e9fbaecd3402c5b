"""Where the log says that a clock went on or moved, the auditor finds the instant itself."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from gridtrack.analytics.auditor import Audit, audit
from gridtrack.deadlines import audit_store, counting, filing
from gridtrack.deadlines.calendar_days import LocalDay
from gridtrack.deadlines.filing import Refiled
from gridtrack.incidents.rules import Action
from gridtrack.jobs.auditing import audit_news
from gridtrack.jobs.recounter import recount
from gridtrack.usecases import extend as extending
from gridtrack.usecases import set_condition as set_condition_
from gridtrack.usecases.calendar import set_day
from gridtrack.usecases.extend import ask_extension, decide_extension
from gridtrack.usecases.set_condition import set_condition
from tests.builders import PARKING, Site
from tests.usecases.test_clocks import act, clock, taken

REFUSE = "0401"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def audited(site: Site) -> Audit:
    with site.look() as work:
        return audit(work)


def held_and_resumed(site: Site) -> int:
    one = taken(site, REFUSE)
    until = (site.clock.now() + 70 * HOUR).isoformat()
    site.clock.advance(minutes=30)
    act(site, one, Action.HOLD, reason="等车", until=until)
    site.clock.advance(hours=3)
    act(site, one, Action.RESUME)
    return one


def held_to_its_end(site: Site) -> int:
    one = taken(site, REFUSE)
    act(site, one, Action.HOLD, reason="等车", until=(site.clock.now() + HOUR).isoformat())
    site.sweep(hours=1, seconds=40)
    return one


def extended(site: Site, more: timedelta = HOUR) -> int:
    one = taken(site, PARKING)
    with site.work("worker-a11") as work:
        longer = clock(site, one, "resolve").due_at + more
        ask_extension(work, one, longer, reason="等")
    with site.work("leader-a1") as work:
        decide_extension(work, one, grant=True)
    return one


def recounted(site: Site) -> int:
    """Monday is taken away from a limit of a workday that ends then."""
    one = site.report(REFUSE, condition="dump").incident_id
    site.acknowledge(one, "worker-a11")
    site.clock.advance(minutes=1)
    with site.work() as work:
        set_day(work, LocalDay(date(2026, 11, 23), "台风", is_workday=False))
    recount(site.runtime)
    return one


def filed_shorter(site: Site) -> int:
    one = taken(site, "0402")
    site.clock.advance(hours=1)
    with site.work("worker-a11") as work:
        set_condition(work, one, "loose")
    return one


def extended_too_far(site: Site) -> int:
    return extended(site, timedelta(days=90))


WAYS = (held_and_resumed, held_to_its_end, extended, recounted, filed_shorter)


def wrong(real: Callable[..., Any]) -> Callable[..., Any]:
    """The same, a minute too late."""
    return lambda *given: real(*given) + MINUTE


def break_it(patch: pytest.MonkeyPatch) -> None:
    """Break the code that promises, each in its own way."""
    patch.setattr(counting, "due_after", wrong(counting.due_after))
    patch.setattr(extending, "_check", lambda *_: None)  # more time than the policy allows

    def refile(*given: Any) -> Refiled:
        found = filing.refile(*given)
        return Refiled(found.due_at + MINUTE, found.calendar)

    patch.setattr(set_condition_, "refile", refile)


@pytest.mark.parametrize("way", WAYS)
def test_what_the_sweep_and_people_move_comes_out_again(
    clocked: Site, way: Callable[[Site], int]
) -> None:
    one = way(clocked)
    found = audited(clocked)
    assert (found.faults, found.misjudged) == ((), 0)
    assert any(e.data.get("resumed") or e.data.get("moved") for e in clocked.events(one))


@pytest.mark.parametrize("way", [extended_too_far if way is extended else way for way in WAYS])
def test_an_instant_that_does_not_follow_is_misjudged(
    clocked: Site, monkeypatch: pytest.MonkeyPatch, way: Callable[[Site], int]
) -> None:
    with monkeypatch.context() as patch:
        break_it(patch)
        way(clocked)
    found = audited(clocked)
    assert (found.misjudged, found.clean) == (1, False)
    assert {fault.code for fault in found.faults} == {"misjudged"}
    assert audit_news(clocked.runtime)
    with clocked.look() as work:
        said = audit_store.since(work.session, date(2000, 1, 1))
    assert (said.misjudged, said.clean, said.on_time) == (1, False, said.promises - 1)
