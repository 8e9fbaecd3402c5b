"""What differs between two editions is found in the database, on both kinds."""

import shapely
from sqlalchemy import event

from gridtrack.grids import store as grids
from gridtrack.grids.changes import changed_ground, differing
from gridtrack.grids.store import GRID
from tests.builders import Site
from tests.edition_builders import a_draft, a_shift, redraw, strip


def ground(site: Site, before: int, after: int):
    with site.look() as work:
        return changed_ground(work.session, before, after)


def test_a_copy_has_no_changed_ground_and_no_difference(site: Site) -> None:
    copy = a_draft(site)
    assert not ground(site, 1, copy)
    with site.look() as work:
        assert differing(work.session, 1, copy) == ([], [])


def test_only_the_base_grids_that_moved_are_changed_ground(site: Site) -> None:
    found = ground(site, 1, a_shift(site))
    assert found.lost == ("A/A1/A11", "A/A1/A12", "B/B1/B11")
    assert found.gained == ()


def test_a_name_is_no_ground(site: Site) -> None:
    draft = a_draft(site)
    with site.work() as work:
        work.session.execute(
            GRID.update().where(GRID.c.edition_id == draft, GRID.c.code == "A11").values(name="新")
        )
    assert not ground(site, 1, draft)
    with site.look() as work:
        old, new = differing(work.session, 1, draft)
    assert [(row.code, row.name) for row in (*old, *new)] == [("A11", "A11网格"), ("A11", "新")]


def test_ground_without_a_grid_before_is_gained(site: Site) -> None:
    draft = a_draft(site)
    redraw(site, draft, {"A11": strip(-3, 3)})
    (box,) = ground(site, 1, draft).gained
    assert shapely.box(*box).equals_exact(strip(-3, 0), 1e-9)


def test_a_base_grid_that_was_cut_into_a_deeper_level_is_changed_ground(site: Site) -> None:
    draft = a_draft(site)
    with site.work() as work:
        a11 = next(g for g in grids.grids_of(work.session, draft) if g.code == "A11")
        west, south, east, north = a11.shape.bounds
        for n, shape in enumerate(
            (shapely.box(west, south, west + (east - west) / 2, north),
             shapely.box(west + (east - west) / 2, south, east, north))
        ):  # fmt: skip
            work.session.execute(GRID.insert(), {
                "edition_id": draft, "code": f"A11{n}", "level": 4, "parent": "A11", "name": "",
                "name_en": "", "path": f"A/A1/A11/A11{n}", "shape": shape, "area_m2": 1.0,
                "households": None, "min_lon": west, "min_lat": south, "max_lon": east,
                "max_lat": north,
            })  # fmt: skip
    assert ground(site, 1, draft).lost == ("A/A1/A11",)


def test_grids_that_stayed_as_they_were_never_leave_the_database(site: Site) -> None:
    draft, rows = a_shift(site), []

    def count(_c, cursor, statement, *_rest):
        if "FROM grid" in statement:
            rows.append(statement)

    event.listen(site.runtime.engine, "before_cursor_execute", count)
    with site.look() as work:
        old, new = differing(work.session, 1, draft)
    event.remove(site.runtime.engine, "before_cursor_execute", count)
    assert len(rows) == 2
    assert {row.code for row in (*old, *new)} == {"A1", "A11", "A12", "B1", "B11"}
