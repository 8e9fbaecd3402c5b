"""The grids that a person may choose figures of: their communities and the groups in them."""

from collections.abc import Sequence

from sqlalchemy import select

from gridtrack.access import Permission, covers, require
from gridtrack.db.sql import table_of
from gridtrack.grids import store as grids
from gridtrack.grids.tables import GridRow
from gridtrack.work import Work

GRID = table_of(GridRow)
MOST = 400


def grids_of_mine(work: Work, mine: Sequence[str], locale: str) -> list[tuple[str, str]]:
    """Path and name of the grids of levels 1 and 2 in these scopes, parents first."""
    require(work.actor, Permission.FIGURES)
    edition = grids.edition_at(work.session, work.now)
    if edition is None:
        return []
    rows = work.session.execute(
        select(GRID.c.path, GRID.c.name, GRID.c.name_en, GRID.c.level)
        .where(GRID.c.edition_id == edition.id, GRID.c.level <= 2)
        .order_by(GRID.c.path)
    ).all()
    return [
        (row.path, ("　" if row.level > 1 else "") + ((locale == "en" and row.name_en) or row.name))
        for row in rows
        if any(covers(scope, row.path) for scope in mine)
    ][:MOST]
