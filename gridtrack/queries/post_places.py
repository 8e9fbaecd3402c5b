"""Where a post can be: the whole place, every grid of the edition in force, every estate."""

from sqlalchemy import select

from gridtrack.access import Permission, require
from gridtrack.grids import store as grids
from gridtrack.queries.rostered import GRID, zone_rows
from gridtrack.work import Work

MOST = 2000


def post_places(work: Work, locale: str) -> tuple[tuple[str, str], ...]:
    """Key (`grid:PATH`, `zone:CODE`) and name of each, from the top."""
    require(work.actor, Permission.PEOPLE_EDIT)
    edition = grids.edition_at(work.session, work.now)
    found: list[tuple[str, str]] = []
    if edition is not None:
        names = grids.names(work.session, work.memo, edition.id, locale)
        wanted = select(GRID.c.code, GRID.c.path, GRID.c.level).where(
            GRID.c.edition_id == edition.id
        )
        found += [
            (f"grid:{row.path}", "　" * (row.level - 1) + names.get(row.code, row.code))
            for row in work.session.execute(wanted.order_by(GRID.c.path).limit(MOST))
        ]
    return tuple(found + [(f"zone:{row.code}", row.name) for row in zone_rows(work)])
