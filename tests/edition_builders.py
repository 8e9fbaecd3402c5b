"""Changes of the street, and points whose grid they change."""

import shapely
from sqlalchemy import update

from gridtrack.grids import store as grids
from gridtrack.grids.lifecycle import Handover
from gridtrack.grids.store import GRID
from gridtrack.jobs.mover import Mover
from gridtrack.usecases.activate_edition import activate_edition
from gridtrack.usecases.copy_edition import copy_edition
from tests.builders import SOUTH, STEP, WEST, Site

UNIT = STEP / 3


def at(east: float, south: float = 1.5) -> tuple[float, float]:
    """A point of the street, in thirds of a leaf from its north-west corner."""
    return WEST + UNIT * east, SOUTH - UNIT * south


# The north row is A11 0-3, A12 3-6, B11 6-9, B12 9-12; after `a_shift` A11 0-2, A12 2-5, B11 5-9.
STILL_A11, NOW_A12, STILL_A12, NOW_B11, IN_B12 = at(1), at(2.5), at(4), at(5.5), at(10)
SHIFTED = {
    "A11": (0, 2), "A12": (2, 5), "B11": (5, 9), "A1": (0, 5), "B1": (5, 12),
}  # fmt: skip

UNSHIFTED = {
    "A11": (0, 3), "A12": (3, 6), "B11": (6, 9), "A1": (0, 6), "B1": (6, 12),
}  # fmt: skip


def strip(west: float, east: float, south: float = 3) -> shapely.Polygon:
    """A box of the street, in thirds of a leaf."""
    left, top = at(west, 0)
    right, bottom = at(east, south)
    return shapely.box(left, bottom, right, top)


def a_draft(site: Site, name: str = "the next street") -> int:
    """A draft with the grids of the edition in force, whose check counts."""
    with site.work("admin") as work:
        first = grids.edition_at(work.session, work.now)
        assert first is not None
        first.checked_revision = first.revision
        work.session.flush()
        return copy_edition(work, first.id, name).id


def a_shift(site: Site) -> int:
    """A draft in which A11 gave its east third to A12, and A12 its own to B11."""
    draft = a_draft(site)
    redraw(site, draft, {code: strip(*span) for code, span in SHIFTED.items()})
    return draft


def the_other_way(site: Site) -> int:
    """A draft in which the borders of `a_shift` have moved, or moved back."""
    with site.look() as work:
        now = grids.edition_at(work.session, work.now)
        assert now is not None
        a11 = next(g for g in grids.grids_of(work.session, now.id, level=3) if g.code == "A11")
    draft = a_draft(site)
    there = a11.shape.equals_exact(strip(0, 3), 1e-9)
    spans = SHIFTED if there else UNSHIFTED
    redraw(site, draft, {code: strip(*span) for code, span in spans.items()})
    return draft


def redraw(site: Site, edition_id: int, shapes: dict[str, shapely.Geometry]) -> None:
    """Put other shapes into a draft; its check is taken as still good."""
    with site.work() as work:
        for code, shape in shapes.items():
            west, south, east, north = shape.bounds
            edges = {"min_lon": west, "min_lat": south, "max_lon": east, "max_lat": north}
            work.session.execute(
                update(GRID)
                .where(GRID.c.edition_id == edition_id, GRID.c.code == code)
                .values(shape=shape, area_m2=shape.area * 1e10, **edges)
            )


def in_force(site: Site, edition_id: int, **decided: bool) -> None:
    """Put an edition in force now."""
    with site.work("admin") as work:
        activate_edition(work, edition_id, reason="council", handover=Handover(**decided))


def moved(site: Site) -> Mover:
    """Let a worker follow the editions once."""
    mover = Mover(site.runtime)
    mover.follow()
    return mover
