"""The impact page says before what the move does after, and shows nobody what is not theirs."""

from sqlalchemy import update

from gridtrack.addresses.tables import Address
from gridtrack.db.sql import table_of
from gridtrack.grids.store import GRID
from gridtrack.queries.impact import Impact, impact
from tests.builders import FUNERAL, LAMP, NOW, Site, path
from tests.edition_builders import (
    IN_B12,
    NOW_A12,
    NOW_B11,
    STILL_A11,
    a_draft,
    a_shift,
    at,
    in_force,
    moved,
    redraw,
    strip,
)


def seen(site: Site, edition_id: int, who: str = "street") -> Impact:
    with site.look(who) as work:
        return impact(work, edition_id, "en")


def test_what_it_says_is_what_the_move_does(site: Site) -> None:
    places = (NOW_A12, NOW_A12, NOW_B11, STILL_A11, IN_B12)
    ids = [site.report(LAMP, at=where).incident_id for where in places]
    kept = site.report(LAMP, at=NOW_A12).incident_id
    site.acknowledge(kept, "worker-a11")
    draft = a_shift(site)
    said = seen(site, draft)
    assert said.counts == {"goes": 3, "desk": 0, "stays": 1}
    told = {one.line.id: (one.code, one.to, one.fate) for one in said.matters}
    in_force(site, draft)
    moved(site)
    names = {person: login for login, person in site.people.items()}
    for one in (*ids, kept):
        row = site.incident(one)
        if one in told:
            code, to, fate = told[one]
            assert row.grid_code == code
            assert names[row.handler_id] == ("worker-a11" if fate == "stays" else to)
        else:
            assert row.edition_id == 1


def test_work_before_and_after_adds_up(site: Site) -> None:
    for where in (NOW_A12, NOW_A12, NOW_B11):
        site.report(LAMP, at=where)
    loads = {load.name: load for load in seen(site, a_shift(site)).loads}
    assert loads["worker-a11"].matters == (2, 0)
    assert loads["worker-a12"].matters == (1, 2)
    assert loads["worker-b11"].matters == (0, 1)
    assert loads["worker-a11"].grids == (1, 1)
    before, after = loads["worker-a11"].area_m2
    assert after < before


def test_plates_and_households_change_grids(site: Site) -> None:
    with site.work() as work:
        work.session.execute(table_of(Address).insert(), [
            {
                "mark": f"m{n}", "text": f"{n}号", "town": "", "road": "", "number": "",
                "estate": "", "building": "", "unit": "", "kind": "", "aliases": [], "lon": lon,
                "lat": lat, "given_lon": lon, "given_lat": lat, "datum": "wgs84",
                "households": 3, "status": status, "version": 1, "created_at": NOW,
                "created_by": "t", "changed_at": NOW, "changed_by": "t",
            }
            for n, ((lon, lat), status) in enumerate([
                (NOW_A12, "live"), (NOW_A12, "retired"), (NOW_B11, "live"), (STILL_A11, "live"),
                (IN_B12, "live"),
            ])
        ])  # fmt: skip
    said = seen(site, a_shift(site))
    assert said.doors is not None
    assert (said.doors.plates, said.doors.households, said.doors.of_plates) == (2, 6, 3)
    assert {load.name: load.households for load in said.loads} == {
        "worker-a11": (6, 3), "worker-a12": (3, 3), "worker-b11": (0, 3),
    }  # fmt: skip


def test_without_a_book_nothing_is_said_of_plates(site: Site) -> None:
    assert seen(site, a_shift(site)).doors is None


def test_who_may_not_see_a_matter_gets_it_as_a_number(site: Site) -> None:
    site.report(LAMP, at=NOW_A12)
    site.report(FUNERAL, at=NOW_B11)
    draft = a_shift(site)
    mine, others = seen(site, draft, "secretary-a"), seen(site, draft, "admin")
    assert (len(mine.matters), mine.hidden) == (2, 0)
    assert (len(others.matters), others.hidden, others.sealed_hidden) == (0, 2, 1)
    assert seen(site, draft, "secretary-b").hidden == 2


def test_posts_that_lose_their_grid_and_grids_without_a_worker_are_named(site: Site) -> None:
    draft = a_draft(site)
    with site.work() as work:
        work.session.execute(
            update(GRID).where(GRID.c.edition_id == draft, GRID.c.code == "A11")
            .values(code="A19", path="A/A1/A19")
        )  # fmt: skip
    redraw(site, draft, {"A19": strip(0, 2)})  # another code and another border: another grid
    said = seen(site, draft)
    assert ("worker-a11", "gridworker", path("A11")) in said.posts_without_ground
    assert said.grids_without_worker == (("A19", "A/A1/A19"),)


def test_ground_nobody_is_responsible_for_goes_to_the_desk(site: Site) -> None:
    site.report(LAMP, at=IN_B12)
    draft = a_draft(site)
    redraw(site, draft, {"B12": strip(11, 12)})
    assert seen(site, draft).counts == {"goes": 0, "desk": 1, "stays": 0}


def test_ground_that_is_gained_takes_in_what_lies_there(site: Site) -> None:
    site.report(LAMP, at=at(-1))
    draft = a_draft(site)
    redraw(site, draft, {"A11": strip(-3, 3)})
    assert [one.to for one in seen(site, draft).matters] == ["worker-a11"]


def test_nothing_is_written_by_looking(site: Site) -> None:
    one = site.report(LAMP, at=NOW_A12).incident_id
    seen(site, a_shift(site))
    assert site.kinds(one) == ["reported", "assigned"]
    assert site.told("worker-a12") == []


def test_a_scheduled_edition_has_its_impact_too(site: Site) -> None:
    site.report(LAMP, at=NOW_A12)
    draft = a_shift(site)
    in_force(site, draft)
    assert seen(site, draft).counts["goes"] == 1
