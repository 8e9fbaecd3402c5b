"""The grids as of any date: on the list, on the map, on the page of a matter."""

from datetime import timedelta

import pytest

from gridtrack.incidents.rules import Action
from gridtrack.usecases.activate_edition import schedule_edition
from gridtrack.usecases.handle import handle
from tests.builders import LAMP, PARKING, Site
from tests.edition_builders import NOW_A12, STILL_A11, a_draft, a_shift, in_force, moved
from tests.web.visitor import a_visitor

YESTERDAY, TODAY = "2026-11-19", "2026-11-20"


@pytest.fixture
def shifted(lite: Site) -> int:
    """The street whose borders moved today."""
    draft = a_shift(lite)
    in_force(lite, draft)
    moved(lite)
    return draft


def test_the_list_says_which_edition_was_in_force_on_a_day(lite: Site, shifted: int) -> None:
    visitor = a_visitor(lite, "admin")
    for day, name in ((YESTERDAY, "the street"), (TODAY, "the next street")):
        page = visitor.page(f"/grids?at={day}")
        told = page[page.index('class="as-of"') :]
        assert f">{name}</a>" in told[:400]


def test_before_the_first_edition_there_was_none(lite: Site) -> None:
    assert "no edition was in force" in a_visitor(lite, "admin").page("/grids?at=2020-01-01")


def test_the_map_of_a_day_has_the_grids_of_that_day(lite: Site, shifted: int) -> None:
    page = a_visitor(lite, "worker-a11").page(f"/map?at={YESTERDAY}")
    assert 'data-grids="/map/of/1/grids/0"' in page
    assert "the street" in page
    assert 'data-grids="/map/grids/0"' in a_visitor(lite, "worker-a11").page("/map")


def test_anybody_may_know_what_was_in_force_and_nobody_what_is_to_come(lite: Site) -> None:
    draft = a_draft(lite)
    visitor = a_visitor(lite)
    assert len(visitor.get("/map/of/1/grids/3").json["features"]) == 8
    assert visitor.get(f"/map/of/{draft}/grids/3").status_code == 404
    assert visitor.get("/map/of/99/grids/3").status_code == 404


@pytest.mark.parametrize("at", ["yesterday", "2026-13-01", "x" * 10])
def test_an_instant_that_is_none_is_refused(lite: Site, at: str) -> None:
    assert a_visitor(lite, "admin").get(f"/grids?at={at}").status_code == 422


def test_a_closed_matter_keeps_its_grid_and_says_so(lite: Site) -> None:
    one = lite.report(PARKING, at=NOW_A12).incident_id
    with lite.work("leader-a1") as work:
        handle(work, one, Action.REJECT, {"reason": "no"})
    lite.clock.advance(hours=1)
    in_force(lite, a_shift(lite))
    moved(lite)
    page = a_visitor(lite, "leader-a1").page(f"/incidents/{one}")
    assert "Grid A11" in page
    assert "as in the grids of the street" in page
    assert "Today the place lies in Grid A12." in page
    assert 'data-grids="/map/of/1/grids/0"' in page


def test_a_matter_in_the_same_grid_has_nothing_to_say(lite: Site) -> None:
    one = lite.report(LAMP, at=STILL_A11).incident_id
    lite.clock.advance(hours=1)
    assert "as in the grids of" not in a_visitor(lite, "worker-a11").page(f"/incidents/{one}")
    in_force(lite, a_shift(lite))
    page = a_visitor(lite, "worker-a11").page(f"/incidents/{one}")
    assert "Today the place lies" not in page


def test_what_is_to_come_is_for_those_who_draw(lite: Site) -> None:
    draft = a_draft(lite)
    with lite.work("admin") as work:
        schedule_edition(work, draft, work.now + timedelta(days=30), reason="later")
    assert "the next street" in a_visitor(lite, "admin").page("/grids?at=2027-02-01")
    assert "the next street" not in a_visitor(lite, "worker-a11").page("/map?at=2027-02-01")
