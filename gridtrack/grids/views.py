"""What a map of an edition is given for one view: never more than a screen and a line can carry.

Near views are made from the grids themselves. Wide ones of an edition that was checked come from
pieces cut beforehand (`pieces.py`), because thinning them takes too long.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from gridtrack.db.memo import Memo
from gridtrack.db.memory import give_memory_back
from gridtrack.db.sql import forget_pages, table_of, touching
from gridtrack.geo.box import Box
from gridtrack.geo.thin import Shapes, cut_to, detail_at, fit_together, thinned
from gridtrack.grids import pieces
from gridtrack.grids.features import feature_texts, packed
from gridtrack.grids.pieces import MOST_BYTES, MOST_GRIDS, Crowded
from gridtrack.grids.tables import GridRow, MapSet

GRID = table_of(GridRow)
DEEPEST = 9  # a level is one digit; what is asked for beyond it is not even looked up
COLUMNS = (GRID.c.code, GRID.c.name, GRID.c.name_en, GRID.c.path, GRID.c.parent, GRID.c.shape)
MANY_POINTS = 10_000  # a megabyte or two of pages, of which another view needs others
COARSER = 3  # steps of zoom after which a view is given up


@dataclass(frozen=True, slots=True)
class View:
    """What is looked at: a level, inside a box or everywhere, at a zoom or with every digit."""

    level: int
    box: Box | None = None
    zoom: int | None = None


def view_of(session: Session, memo: Memo, edition_id: int, revision: int, view: View) -> bytes:
    """The grids that `view` shows as a GeoJSON collection, gzipped.

    Where there are more than a screen can show, none are sent and `left_out` says how many there
    are. Without a box, `extent` says where the level lies.
    """
    said = {} if view.box else {"extent": extent_of(session, edition_id, view.level)}
    if not 1 <= view.level <= DEEPEST:
        return packed((), left_out=0, **said)
    ready = pieces.ready(session, edition_id, revision)
    try:
        features = None
        if ready is not None and pieces.serves(ready, view.level, view.zoom):
            features = pieces.features(session, ready, view.level, view.zoom or 0, view.box)
        if features is None:
            with memo.alone:
                return _live(session, edition_id, view, ready, said)
        return packed(features, left_out=0, **said)
    except Crowded as many:
        return packed((), left_out=many.count, **said)


def count_in(session: Session, edition_id: int, view: View) -> int:
    """How many grids of the level touch the box of `view`."""
    where = _where(session, edition_id, view.level, view.box)
    return session.scalar(select(func.count()).select_from(GRID).where(*where)) or 0


def extent_of(
    session: Session, edition_id: int, level: int, paths: Sequence[str] = ()
) -> tuple[float, ...] | None:
    """West, south, east, north of a level, or of the grids at `paths`; None where none are."""
    edges = (
        func.min(GRID.c.min_lon), func.min(GRID.c.min_lat),
        func.max(GRID.c.max_lon), func.max(GRID.c.max_lat),
    )  # fmt: skip
    chosen = GRID.c.path.in_(paths) if paths else GRID.c.level == level
    row = session.execute(select(*edges).where(GRID.c.edition_id == edition_id, chosen)).one()
    return None if row[0] is None else tuple(row)


def _live(
    session: Session, edition_id: int, view: View, ready: MapSet | None, said: dict[str, Any]
) -> bytes:
    """The answer made from the grids themselves; raises Crowded."""
    count = count_in(session, edition_id, view)
    if count > MOST_GRIDS:
        raise Crowded(count)
    wanted = select(*COLUMNS).where(*_where(session, edition_id, view.level, view.box))
    rows = session.execute(wanted.order_by(GRID.c.path)).all()
    if view.zoom is None:
        shapes = np.array([row.shape for row in rows], dtype=object)
        return packed(feature_texts(rows, shapes, view.level), left_out=0, **said)
    together = with_neighbours(session, edition_id, view.level, rows)
    large = shapely.get_num_coordinates(together).sum() > MANY_POINTS
    if large:
        forget_pages(session)
    fit = ready.fits(view.level) if ready else fit_together(together)
    if view.box:
        together = cut_to(together, view.box)
    for zoom in range(view.zoom, view.zoom - COARSER, -1):
        shapes = thinned(together, detail_at(zoom), fit=fit)[: len(rows)]
        answer = packed(feature_texts(rows, shapes, view.level), left_out=0, **said)
        if large:
            give_memory_back()
        if len(answer) <= MOST_BYTES:
            return answer
    raise Crowded(count)


def with_neighbours(session: Session, edition_id: int, level: int, rows: Sequence[Any]) -> Shapes:
    """The shapes of `rows`, then those of the level that touch them, so that borders are whole."""
    shapes = np.array([row.shape for row in rows], dtype=object)
    if not len(shapes):
        return shapes
    around = Box(*shapely.total_bounds(shapes).tolist())
    wanted = select(GRID.c.code, GRID.c.shape).where(*_where(session, edition_id, level, around))
    known = {row.code for row in rows}
    others = [row.shape for row in session.execute(wanted) if row.code not in known]
    if not others:
        return shapes
    near = np.array(others, dtype=object)
    touching = np.unique(shapely.STRtree(near).query(shapes, predicate="intersects")[1])
    return np.concatenate([shapes, near[touching]])


def _where(
    session: Session, edition_id: int, level: int, box: Box | None
) -> list[ColumnElement[bool]]:
    where = [GRID.c.edition_id == edition_id, GRID.c.level == level]
    if box is None:
        return where
    return [*where, touching(session, GRID, (box.west, box.south, box.east, box.north))]
