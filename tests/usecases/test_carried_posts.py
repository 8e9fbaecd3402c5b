"""People keep their grid where it only gets another code, from the very instant on."""

from datetime import datetime, timedelta

from gridtrack.accounts import store as accounts
from gridtrack.grids.store import GRID
from gridtrack.queries.impact import impact
from gridtrack.usecases.activate_edition import (
    activate_edition,
    come_into_force,
    schedule_edition,
    unschedule_edition,
)
from tests.builders import LAMP, NOW, Site, middle
from tests.edition_builders import a_draft, in_force, moved

LATER = NOW + timedelta(hours=6)


def renumbered(site: Site, codes: dict[str, str]) -> int:
    """A draft whose grids have other codes, and so other paths."""
    draft = a_draft(site)
    with site.work() as work:
        for row in work.session.execute(GRID.select().where(GRID.c.edition_id == draft)).all():
            path = "/".join(codes.get(part, part) for part in row.path.split("/"))
            changes = {
                "path": path,
                "code": f"{path.rpartition('/')[2]}.",  # swapped codes meet on the way
                "parent": codes.get(row.parent, row.parent),
            }
            work.session.execute(GRID.update().where(GRID.c.id == row.id).values(**changes))
        for row in work.session.execute(GRID.select().where(GRID.c.edition_id == draft)).all():
            work.session.execute(
                GRID.update().where(GRID.c.id == row.id).values(code=row.code.rstrip("."))
            )
    return draft


def on_duty(site: Site, path: str, at: datetime = NOW) -> set[str]:
    with site.look() as work:
        return {h.name for h in accounts.on_duty(work.session, [path], [], at)}


def test_a_grid_with_another_code_keeps_its_people(site: Site) -> None:
    before = on_duty(site, "A/A1/A11")
    in_force(site, renumbered(site, {"A11": "A19"}))
    assert on_duty(site, "A/A1/A19") == before == {"worker-a11", "deputy-a11"}
    assert on_duty(site, "A/A1/A11") == set()


def test_under_a_community_with_another_code_everybody_stays(site: Site) -> None:
    in_force(site, renumbered(site, {"A": "Z"}))
    assert "secretary-a" in on_duty(site, "Z")
    assert on_duty(site, "Z/A1") == {"leader-a1"}
    assert "worker-a11" in on_duty(site, "Z/A1/A11")
    assert site.incident(site.report(LAMP).incident_id).handler_id == site.people["worker-a11"]


def test_grids_that_change_codes_with_each_other_do_not_change_people(site: Site) -> None:
    in_force(site, renumbered(site, {"A11": "A12", "A12": "A11"}))
    assert on_duty(site, "A/A1/A11") == {"worker-a11", "deputy-a11"}, "a code is the grid"


def test_open_matters_stay_with_whoever_has_them(site: Site) -> None:
    one = site.report(LAMP).incident_id
    draft = renumbered(site, {"A": "Z"})
    with site.look("street") as work:
        said = impact(work, draft, "en")
    assert (said.posts_without_ground, said.posts_moved > 5) == ((), True)
    assert [(shown.to, shown.code) for shown in said.matters] == [("worker-a11", "A11")]
    in_force(site, draft)
    moved(site)
    row = site.incident(one)
    assert (row.grid_path, row.handler_id) == ("Z/A1/A11", site.people["worker-a11"])
    assert site.told("worker-a11") == ["assigned"]
    site.sweep(minutes=5)
    assert site.incident(one).handler_id == site.people["deputy-a11"]


def test_with_a_schedule_they_follow_at_its_instant(site: Site) -> None:
    draft = renumbered(site, {"A11": "A19"})
    with site.work("admin") as work:
        schedule_edition(work, draft, LATER, reason="new year")
    just_before = LATER - timedelta(microseconds=1)
    assert on_duty(site, "A/A1/A11", just_before) == {"worker-a11", "deputy-a11"}
    assert on_duty(site, "A/A1/A19", just_before) == set()
    assert on_duty(site, "A/A1/A19", LATER) == {"worker-a11", "deputy-a11"}
    site.clock.set(LATER)
    with site.work() as work:
        come_into_force(work)
    assert on_duty(site, "A/A1/A19", LATER) == {"worker-a11", "deputy-a11"}
    assert on_duty(site, "A/A1/A11", LATER) == set()


def test_taken_off_the_schedule_they_stay(site: Site) -> None:
    draft = renumbered(site, {"A11": "A19"})
    with site.work("admin") as work:
        schedule_edition(work, draft, LATER, reason="new year")
    with site.work("admin") as work:
        unschedule_edition(work, draft, reason="not yet")
    assert on_duty(site, "A/A1/A11", LATER) == {"worker-a11", "deputy-a11"}
    assert on_duty(site, "A/A1/A19", LATER) == set()


def test_sooner_than_scheduled_they_follow_sooner(site: Site) -> None:
    draft = renumbered(site, {"A11": "A19"})
    with site.work("admin") as work:
        schedule_edition(work, draft, LATER, reason="new year")
    site.clock.advance(hours=1)
    with site.work("admin") as work:
        activate_edition(work, draft, reason="now")
    assert on_duty(site, "A/A1/A19", site.clock.now()) == {"worker-a11", "deputy-a11"}
    assert on_duty(site, "A/A1/A19", LATER) == {"worker-a11", "deputy-a11"}
    assert on_duty(site, "A/A1/A11", site.clock.now()) == set()


def test_in_the_middle_of_a_leaf_it_is_the_same_worker_all_along(site: Site) -> None:
    in_force(site, renumbered(site, {"A11": "X1", "A1": "Y"}))
    one = site.report(LAMP, at=middle("A11")).incident_id
    assert site.incident(one).grid_path == "A/Y/X1"
    assert site.incident(one).handler_id == site.people["worker-a11"]
