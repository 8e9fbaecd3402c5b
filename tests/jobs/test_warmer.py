"""A report waits for no polygons: the grids before answer until the new ones are ready."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest

from gridtrack.grids.store import GRACE
from gridtrack.jobs.mover import Mover
from gridtrack.jobs.warmer import Warmer, warm
from gridtrack.usecases.activate_edition import schedule_edition
from gridtrack.work import Runtime, make_runtime
from tests.builders import LAMP, NOW, Site
from tests.edition_builders import NOW_A12, a_shift, in_force


@pytest.fixture
def beside(lite: Site) -> Iterator[Runtime]:
    """The same street as another process has it."""
    runtime = make_runtime(lite.runtime.settings, lite.clock)
    yield runtime
    runtime.engine.dispose()


@pytest.fixture
def other(lite: Site, beside: Runtime) -> Site:
    """The same street as another process serves it, its grids kept warm."""
    beside.memo.kept_warm = True
    warm(beside)
    return Site(beside, lite.clock, lite.people)


def code_of_a_report(site: Site) -> str | None:
    site.runtime.memo.forget("editions")
    return site.incident(site.report(LAMP, at=NOW_A12).incident_id).grid_code


def test_until_the_new_grids_are_ready_the_ones_before_answer(lite: Site, other: Site) -> None:
    in_force(lite, a_shift(lite))
    assert code_of_a_report(other) == "A11"
    warm(other.runtime)
    assert code_of_a_report(other) == "A12"


def test_what_was_told_meanwhile_is_put_right(lite: Site, other: Site) -> None:
    mover = Mover(lite.runtime)
    in_force(lite, a_shift(lite))
    mover.follow()
    other.runtime.memo.forget("editions")
    one = other.report(LAMP, at=NOW_A12).incident_id
    mover.follow()
    assert lite.incident(one).grid_code == "A12"


def test_in_the_end_they_are_waited_for(lite: Site, other: Site) -> None:
    in_force(lite, a_shift(lite))
    lite.clock.advance(seconds=GRACE.total_seconds())
    assert code_of_a_report(other) == "A12"


def test_the_mover_never_goes_by_the_grids_before(lite: Site, other: Site) -> None:
    one = lite.report(LAMP, at=NOW_A12).incident_id
    in_force(lite, a_shift(lite))
    other.runtime.memo.forget("editions")
    Mover(other.runtime).follow()
    assert lite.incident(one).grid_code == "A12"


def test_what_is_scheduled_is_ready_at_its_instant(lite: Site, other: Site) -> None:
    draft = a_shift(lite)
    with lite.work("admin") as work:
        schedule_edition(work, draft, NOW + timedelta(minutes=10), reason="noon")
    key = ("partition", draft, 0)
    for minutes, ready in ((1, False), (6, True)):
        lite.clock.set(NOW + timedelta(minutes=minutes))
        other.runtime.memo.forget("editions")
        warm(other.runtime)
        assert other.runtime.memo.has(key) is ready
    lite.clock.set(NOW + timedelta(minutes=10))
    assert code_of_a_report(other) == "A12"


def test_a_warmer_warms_until_it_is_stopped(beside: Runtime) -> None:
    warmer = Warmer(beside)
    warmer.start()
    while not beside.memo.has(("partition", 1, 0)):
        threading.Event().wait(0.01)
    warmer.stop()
    assert beside.memo.kept_warm
