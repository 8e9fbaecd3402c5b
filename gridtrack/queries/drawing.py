"""What somebody who draws in a draft is shown: where it stands, one grid of it, what was saved."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import shapely
from sqlalchemy import func, select

from gridtrack.access import Permission, permits, require, scopes
from gridtrack.grids import drafts
from gridtrack.grids import store as grids
from gridtrack.grids.lifecycle import Act, State, follow
from gridtrack.grids.rules import Grid
from gridtrack.grids.store import GRID
from gridtrack.queries.edition_map import edition_extent
from gridtrack.work import Work

EDITS_SHOWN = 20
CHOICES_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Standing:
    """The revision of a draft, and who changed it last."""

    revision: int
    state: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class EditLine:
    """A saved change: what it was, and whether it can be taken back (or, undone, done again)."""

    id: int
    at: datetime
    who: str
    kinds: Mapping[str, int]
    is_undo: bool
    taken_back: bool


@dataclass(frozen=True, slots=True)
class Vertex:
    """A corner of a grid's border: which ring, its place in it, longitude and latitude."""

    ring: int
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class DrawnGrid:
    """One grid as its forms show it."""

    grid: Grid
    vertices: tuple[Vertex, ...]
    siblings: tuple[tuple[str, str], ...]
    parents: tuple[tuple[str, str], ...]
    mine: bool


@dataclass(frozen=True, slots=True)
class DrawPage:
    """The page on which a draft is drawn in."""

    id: int
    name: str
    standing: Standing
    levels: tuple[int, ...]
    extent: str
    scopes: str
    edits: tuple[EditLine, ...]
    chosen: DrawnGrid | None


def standing(work: Work, edition_id: int) -> Standing:
    """Where a draft stands; raises NotFound."""
    require(work.actor, Permission.GRIDS_DRAW)
    one = grids.edition(work.session, edition_id)
    by, at = drafts.last_line(work.session, edition_id) or (one.created_by, one.created_at)
    return Standing(one.revision, one.state, by, at)


def draw_page(work: Work, edition_id: int, code: str = "") -> DrawPage:
    """The page for this actor, with the forms of the grid `code`.

    Raises NotFound, and Conflict("edition-state") for what is no draft.
    """
    require(work.actor, Permission.GRIDS_DRAW)
    one = grids.edition(work.session, edition_id)
    follow(State(one.state), Act.EDIT)
    chosen = _chosen(work, edition_id, code) if code else None
    levels = work.session.scalars(
        select(GRID.c.level).where(GRID.c.edition_id == edition_id).distinct()
    )
    return DrawPage(
        id=one.id,
        name=one.name,
        standing=standing(work, edition_id),
        levels=tuple(sorted(levels)),
        extent=_extent(work, edition_id, chosen),
        scopes=",".join(scopes(work.actor, Permission.GRIDS_DRAW)),
        edits=_edits(work, edition_id),
        chosen=chosen,
    )


def _extent(work: Work, edition_id: int, chosen: DrawnGrid | None) -> str:
    if chosen is None:
        return edition_extent(work, edition_id)
    return ",".join(f"{edge:.6f}" for edge in chosen.grid.shape.bounds)


def _edits(work: Work, edition_id: int) -> tuple[EditLine, ...]:
    found = drafts.edits(work.session, edition_id, EDITS_SHOWN)
    undone = {one.undoes for one in found}
    return tuple(
        EditLine(
            id=one.id,
            at=one.at,
            who=one.actor_name,
            kinds=Counter(str(operation["kind"]) for operation in one.operations),
            is_undo=one.undoes is not None,
            taken_back=one.id in undone,
        )
        for one in found
    )


def _chosen(work: Work, edition_id: int, code: str) -> DrawnGrid | None:
    found = drafts.named(work.session, edition_id, [code])
    if not found:
        return None
    grid = found[0]
    return DrawnGrid(
        grid=grid,
        vertices=_vertices(grid.shape),
        siblings=tuple(
            one for one in _names(work, edition_id, grid.level, grid.parent) if one[0] != grid.code
        ),
        parents=_names(work, edition_id, grid.level - 1),
        mine=permits(work.actor, Permission.GRIDS_DRAW, grid.path),
    )


def _names(
    work: Work, edition_id: int, level: int, parent: str | None = None
) -> tuple[tuple[str, str], ...]:
    wanted = select(GRID.c.code, GRID.c.name).where(
        GRID.c.edition_id == edition_id, GRID.c.level == level
    )
    if parent is not None:
        wanted = wanted.where(GRID.c.parent == parent)
    rows = work.session.execute(wanted.order_by(func.length(GRID.c.code), GRID.c.code))
    return tuple((row.code, row.name) for row in rows.fetchmany(CHOICES_SHOWN))


def _vertices(shape: shapely.Geometry) -> tuple[Vertex, ...]:
    rings = shapely.get_rings(shapely.get_parts(np.array([shape], dtype=object)))
    return tuple(
        Vertex(n, float(lon), float(lat))
        for n, ring in enumerate(rings)
        for lon, lat in shapely.get_coordinates(ring)[:-1]
    )
