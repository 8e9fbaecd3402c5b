"""Editions through their life, on both databases: one at a time, each step with a line."""

from datetime import datetime, timedelta

import pytest

from gridtrack.access import ENGINE
from gridtrack.errors import Conflict, Forbidden, Invalid
from gridtrack.grids import store as grids
from gridtrack.grids.tables import Edition
from gridtrack.usecases.activate_edition import (
    activate_edition,
    come_into_force,
    schedule_edition,
    unschedule_edition,
)
from gridtrack.usecases.check_in_edition import check_in_edition
from gridtrack.usecases.copy_edition import copy_edition
from gridtrack.usecases.discard_edition import discard_edition
from tests.builders import NOW, Site, middle

LATER = NOW + timedelta(hours=6)


def a_copy(site: Site, who: str = "admin", name: str = "the next street") -> int:
    """A draft with the very grids of the street; the check of the street is taken as done."""
    with site.work() as work:
        grids.editions(work.session)[-1].checked_revision = 0
        work.session.flush()
    with site.work(who) as work:
        first = grids.edition_at(work.session, work.now)
        assert first is not None
        return copy_edition(work, first.id, name).id


def edition(site: Site, edition_id: int) -> Edition:
    with site.look() as work:
        return grids.edition(work.session, edition_id)


def kinds(site: Site, edition_id: int) -> list[str]:
    with site.look() as work:
        return [entry.kind for entry in grids.entries(work.session, edition_id)][::-1]


def in_force(site: Site, at: datetime) -> int | None:
    with site.look() as work:
        found = grids.edition_at(work.session, at)
        return found.id if found else None


def test_a_copy_has_the_very_grids(site: Site) -> None:
    copy = a_copy(site)
    with site.look() as work:
        ours, theirs = (
            {g.code: (g.path, g.level, g.parent, g.name, g.shape.wkb) for g in found}
            for found in (grids.grids_of(work.session, one) for one in (1, copy))
        )
    assert ours == theirs
    assert edition(site, copy).based_on == 1


def test_a_copy_nobody_changed_is_as_checked_as_its_original(site: Site) -> None:
    copy = a_copy(site)
    with site.work("admin") as work:
        assert check_in_edition(work, copy).state == "checked"
    assert kinds(site, copy) == ["copied", "checked"]


def test_a_draft_that_was_changed_needs_a_new_check(site: Site) -> None:
    copy = a_copy(site)
    with site.work() as work:
        grids.edition(work.session, copy).revision += 1
        work.session.flush()
    for act in (check_in_edition, activate_edition):
        with pytest.raises(Conflict, match="edition-not-checked"), site.work("admin") as work:
            act(work, copy)


def test_a_fault_that_is_not_accepted_stands_against_it(site: Site) -> None:
    copy = a_copy(site)
    with site.work() as work:
        one = grids.edition(work.session, copy)
        one.findings = {"faults": [{"code": "gap", "level": 3, "grids": ["A11"], "size": 9.0}]}
        work.session.flush()
    with pytest.raises(Conflict, match="edition-faulty"), site.work("admin") as work:
        check_in_edition(work, copy)


def test_put_in_force_now_the_one_before_ends_there(site: Site) -> None:
    copy = a_copy(site)
    with site.work("admin") as work:
        activate_edition(work, copy, reason="council of November")
    assert (edition(site, 1).state, edition(site, 1).valid_to) == ("retired", NOW)
    assert in_force(site, NOW) == copy
    assert in_force(site, NOW - timedelta(microseconds=1)) == 1
    with site.look() as work:
        last = grids.entries(work.session, copy)[0]
    assert (last.kind, last.actor_name, last.data["reason"]) == (
        "activated", "admin", "council of November",
    )  # fmt: skip
    assert kinds(site, 1)[-1] == "retired"


def test_a_scheduled_edition_comes_into_force_by_its_date_alone(site: Site) -> None:
    copy = a_copy(site)
    with site.work("admin") as work:
        schedule_edition(work, copy, LATER, reason="new year")
    assert edition(site, copy).state == "scheduled"
    assert in_force(site, LATER - timedelta(seconds=1)) == 1
    assert in_force(site, LATER) == copy
    site.clock.set(LATER)
    assert site.incident(site.report(at=middle("A11")).incident_id).edition_id == copy


def test_the_worker_writes_down_that_it_came_into_force_once(site: Site) -> None:
    copy = a_copy(site)
    with site.work("admin") as work:
        schedule_edition(work, copy, LATER, reason="new year")
    for at, expected in ((LATER - timedelta(seconds=1), None), (LATER, copy), (LATER, None)):
        site.clock.set(at)
        with site.work(ENGINE) as work:
            done = come_into_force(work)
            assert (done.id if done else None) == expected
    assert [edition(site, one).state for one in (1, copy)] == ["retired", "active"]
    assert kinds(site, copy) == ["copied", "checked", "scheduled", "activated"]


def test_taken_off_the_schedule_what_is_in_force_goes_on(site: Site) -> None:
    copy = a_copy(site)
    with site.work("admin") as work:
        schedule_edition(work, copy, LATER, reason="new year")
    with site.work("admin") as work:
        unschedule_edition(work, copy, reason="not agreed yet")
    assert in_force(site, LATER) == 1
    assert edition(site, 1).valid_to is None
    assert (edition(site, copy).state, edition(site, copy).valid_from) == ("checked", None)


def test_what_has_come_into_force_cannot_be_taken_off_the_schedule(site: Site) -> None:
    copy = a_copy(site)
    with site.work("admin") as work:
        schedule_edition(work, copy, LATER, reason="new year")
    site.clock.set(LATER)
    with pytest.raises(Conflict, match="edition-state"), site.work("admin") as work:
        unschedule_edition(work, copy, reason="too late")


def test_one_edition_waits_at_a_time(site: Site) -> None:
    one, other = a_copy(site), a_copy(site, name="another")
    with site.work("admin") as work:
        schedule_edition(work, one, LATER, reason="new year")
    for act in (
        lambda work: schedule_edition(work, other, LATER + timedelta(days=1), reason="spring"),
        lambda work: activate_edition(work, other, reason="now"),
    ):
        with pytest.raises(Conflict, match="edition-other-scheduled"), site.work("admin") as work:
            act(work)


def test_the_one_that_waits_may_be_put_in_force_before(site: Site) -> None:
    copy = a_copy(site)
    with site.work("admin") as work:
        schedule_edition(work, copy, LATER, reason="new year")
    site.clock.advance(hours=1)
    with site.work("admin") as work:
        activate_edition(work, copy, reason="cannot wait")
    assert edition(site, 1).valid_to == NOW + timedelta(hours=1) == edition(site, copy).valid_from


def test_an_instant_that_has_passed_is_no_schedule(site: Site) -> None:
    copy = a_copy(site)
    with pytest.raises(Invalid, match="edition-not-later"), site.work("admin") as work:
        schedule_edition(work, copy, NOW, reason="now")


def test_a_discarded_draft_loses_its_grids_and_keeps_its_record(site: Site) -> None:
    copy = a_copy(site)
    with site.work("admin") as work:
        discard_edition(work, copy, reason="a trial")
    with site.look() as work:
        assert grids.grids_of(work.session, copy) == []
    assert kinds(site, copy) == ["copied", "discarded"]


def test_what_was_in_force_cannot_be_thrown_away(site: Site) -> None:
    with pytest.raises(Conflict, match="edition-state"), site.work("admin") as work:
        discard_edition(work, 1)


def test_a_secretary_makes_drafts_and_does_not_make_law(site: Site) -> None:
    copy = a_copy(site, "secretary-a")
    for act in (check_in_edition, activate_edition):
        with pytest.raises(Forbidden), site.work("secretary-a") as work:
            act(work, copy)
    with pytest.raises(Forbidden), site.work("secretary-b") as work:
        discard_edition(work, copy)
    with site.work("secretary-a") as work:
        discard_edition(work, copy)


def test_a_gridworker_makes_no_draft(site: Site) -> None:
    with pytest.raises(Forbidden):
        a_copy(site, "worker-a11")
