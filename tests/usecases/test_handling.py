"""From acknowledged to closed, with a second look where one is due."""

from typing import Any

import pytest

from gridtrack.errors import Conflict, Forbidden, Invalid, NotFound
from gridtrack.incidents.rules import Action
from gridtrack.incidents.tables import Photo
from gridtrack.usecases.close import close, merge, reopen
from gridtrack.usecases.handle import handle
from tests.builders import BUILDING, LAMP, NOW, PARKING, Site


def do(site: Site, who: str, incident_id: int, action: Action, **given: Any) -> None:
    with site.work(who) as work:
        handle(work, incident_id, action, given)


def acknowledged(site: Site, category: str = PARKING) -> int:
    one = site.report(category).incident_id
    site.acknowledge(one, "worker-a11")
    return one


def resolved(site: Site, category: str = PARKING) -> int:
    one = acknowledged(site, category)
    with site.work() as work:
        work.session.add(Photo(incident_id=one, name="p.jpg", width=64, height=64, stage="after",
                               added_by=None, added_at=NOW))  # fmt: skip
    do(site, "worker-a11", one, Action.RESOLVE, result="搬走了")
    return one


def test_a_whole_life_adds_up_to_the_row(site: Site) -> None:
    one = acknowledged(site)
    do(site, "worker-a11", one, Action.START)
    do(site, "worker-a11", one, Action.HOLD, reason="等备件", until="2026-11-21")
    do(site, "worker-a11", one, Action.RESUME)
    do(site, "worker-a11", one, Action.NOTE, text="换了灯泡")
    do(site, "worker-a11", one, Action.RESOLVE, result="修好了")
    with site.work("secretary-a") as work:
        close(work, one)
    assert site.incident(one).state == "closed"
    assert not site.incident(one).is_open
    assert site.sums_up(one)


def test_resolving_needs_a_result(site: Site) -> None:
    with pytest.raises(Invalid) as caught:
        do(site, "worker-a11", acknowledged(site), Action.RESOLVE)
    assert caught.value.field == "result"


def test_illegal_building_is_not_resolved_without_a_photo_of_after(site: Site) -> None:
    one = site.report(BUILDING).incident_id
    site.acknowledge(one, "worker-a11")
    with pytest.raises(Invalid) as caught:
        do(site, "worker-a11", one, Action.RESOLVE, result="已制止")
    assert caught.value.field == "photo"


def test_illegal_building_is_never_closed_by_its_handler_alone(site: Site) -> None:
    one = site.report(BUILDING).incident_id
    with site.work() as work:
        work.session.add(Photo(incident_id=one, name="p.jpg", width=64, height=64, stage="after",
                               added_by=None, added_at=NOW))  # fmt: skip
    site.acknowledge(one, "secretary-a")
    do(site, "secretary-a", one, Action.RESOLVE, result="已制止", outcome="stopped")
    with pytest.raises(Forbidden) as caught, site.work("secretary-a") as work:
        close(work, one)
    assert caught.value.code == "second-person-needed"
    with site.work("checker-a") as work:
        close(work, one)


def test_what_was_not_resolved_cannot_be_closed(site: Site) -> None:
    one = acknowledged(site)
    with pytest.raises(Conflict), site.work("secretary-a") as work:
        close(work, one)


def test_a_gridworker_may_not_close(site: Site) -> None:
    one = resolved(site)
    with pytest.raises(Forbidden), site.work("worker-a11") as work:
        close(work, one)


def test_opening_again_gives_the_handler_a_new_promise(site: Site) -> None:
    one = resolved(site)
    with site.work("secretary-a") as work:
        reopen(work, one, reason="又坏了")
    incident = site.incident(one)
    assert (incident.state, incident.deadline_state) == ("assigned", "armed")
    assert site.told("worker-a11")[-1] == "assigned"
    assert site.sums_up(one)


def test_merging_ends_the_clock_of_the_duplicate_only(site: Site) -> None:
    first, second = site.report(LAMP).incident_id, site.report(LAMP).incident_id
    with site.work("leader-a1") as work:
        merge(work, second, first)
    site.sweep(minutes=5)
    assert site.incident(second).duplicate_of == first
    assert "escalated" not in site.kinds(second)
    assert "escalated" in site.kinds(first)
    assert site.sums_up(second)


def test_a_matter_cannot_be_merged_into_itself_or_into_what_one_may_not_see(site: Site) -> None:
    one = site.report(LAMP).incident_id
    with pytest.raises(Invalid), site.work("leader-a1") as work:
        merge(work, one, one)


def test_refusing_needs_a_reason_and_somebody_over_it(site: Site) -> None:
    one = site.report(LAMP).incident_id
    with pytest.raises(Forbidden):
        do(site, "worker-a11", one, Action.REJECT, reason="no")
    do(site, "leader-a1", one, Action.REJECT, reason="转12345")
    assert site.sweep(hours=1).claimed == 0
    assert site.sums_up(one)


def test_a_sealed_matter_does_not_exist_for_those_who_may_not_know(site: Site) -> None:
    one = site.report("0301").incident_id
    for who in ("worker-a11", "leader-a1", "desk", "checker-a", "secretary-b"):
        with pytest.raises(NotFound), site.work(who) as work:
            handle(work, one, Action.NOTE, {"text": "?"})


def test_a_text_of_a_hundred_thousand_letters_is_refused(site: Site) -> None:
    with pytest.raises(Invalid) as caught:
        do(site, "worker-a11", acknowledged(site), Action.NOTE, text="x" * 100_000)
    assert caught.value.code == "too-long"
