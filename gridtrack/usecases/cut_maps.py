"""Cut the map of a checked edition into pieces, a block of grids at a time.

The worker does it after an edition was checked or put in force. A block is read, thinned and
written by itself, so that neither memory nor the database is held for long; readers see the set
when it is complete.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import select

from gridtrack.access import Permission, require
from gridtrack.db.sql import run, table_of
from gridtrack.geo.thin import Shapes, detail_at, fit_together, thinned
from gridtrack.grids import pieces
from gridtrack.grids.features import feature_texts
from gridtrack.grids.pieces import MOST_GRIDS, ZOOMS
from gridtrack.grids.tables import GridRow
from gridtrack.grids.views import COLUMNS, with_neighbours
from gridtrack.work import Work

GRID = table_of(GridRow)
BLOCK = 1024
BUNDLE = 32  # grids of a piece: the less, the less is sent that lies outside of a view
BUNDLE_POINTS = 600
SCREEN = (1792, 1280)  # pixels: a desk's screen, grown to whole tiles as maps ask for it


@dataclass(frozen=True, slots=True)
class Cutting:
    """A set that is being made: which edition, and by which id its pieces go."""

    set_id: int
    edition_id: int


@dataclass(frozen=True, slots=True)
class Block:
    """Some grids of a level that lie near each other, by their ids."""

    level: int
    ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """How a level is cut: into which blocks, for which zooms."""

    level: int
    zooms: tuple[int, ...]
    blocks: tuple[Block, ...]


def take_up(work: Work) -> Cutting | None:
    """Begin the set of an edition that has none; None where there is nothing to do."""
    require(work.actor, Permission.ENGINE)
    found = pieces.next_edition(work.session, work.now)
    if found is None:
        return None
    set_id = pieces.begin(work.session, *found, work.now)
    return None if set_id is None else Cutting(set_id, found[0])


def plans(work: Work, cutting: Cutting) -> tuple[Plan, ...]:
    """How each level of the edition is cut."""
    require(work.actor, Permission.ENGINE)
    levels = run(
        work.session,
        select(GRID.c.level).where(GRID.c.edition_id == cutting.edition_id).distinct(),
    )
    return tuple(_plan(work, cutting, level) for (level,) in sorted(levels))


def block_fits(work: Work, cutting: Cutting, block: Block) -> bool:
    """True when the polygons of the block, and those around them, fit together."""
    require(work.actor, Permission.ENGINE)
    return fit_together(_together(work, cutting, block)[1])


def block_pieces(
    work: Work, cutting: Cutting, block: Block, zooms: Sequence[int], *, fit: bool
) -> list[dict[str, Any]]:
    """The pieces of a block for each of `zooms`."""
    require(work.actor, Permission.ENGINE)
    rows, together = _together(work, cutting, block)
    bounds = shapely.bounds(together[: len(rows)])
    bundles = list(_bundles(together[: len(rows)]))
    found = []
    for zoom in zooms:
        shapes = thinned(together, detail_at(zoom), fit=fit)[: len(rows)]
        for bundle in bundles:
            texts = feature_texts([rows[n] for n in bundle], shapes[bundle], block.level)
            low, high = bounds[bundle, :2].min(axis=0), bounds[bundle, 2:].max(axis=0)
            if texts:
                piece = pieces.piece(texts, (*low.tolist(), *high.tolist()))
                found.append({**piece, "level": block.level, "zoom": zoom})
    return found


def keep_pieces(work: Work, cutting: Cutting, rows: Sequence[dict[str, Any]]) -> bool:
    """Store the pieces of a block; False where somebody else makes the set now."""
    require(work.actor, Permission.ENGINE)
    return pieces.add(work.session, cutting.set_id, rows, work.now)


def finish(work: Work, cutting: Cutting, levels: Mapping[int, tuple[Sequence[int], bool]]) -> None:
    """Say that the set is complete: by level its zooms, and whether its polygons fit."""
    require(work.actor, Permission.ENGINE)
    said = {str(n): {"zooms": list(zooms), "fit": fit} for n, (zooms, fit) in levels.items()}
    pieces.finish(work.session, cutting.set_id, said)


def _plan(work: Work, cutting: Cutting, level: int) -> Plan:
    edges = (GRID.c.min_lon, GRID.c.min_lat, GRID.c.max_lon, GRID.c.max_lat)
    where = (GRID.c.edition_id == cutting.edition_id, GRID.c.level == level)
    found = run(work.session, select(GRID.c.id, *edges).where(*where))
    boxes = np.array([tuple(row) for row in found])
    order = along_a_curve(boxes[:, 1:])
    ids = boxes[order, 0].astype(int).tolist()
    blocks = tuple(Block(level, tuple(ids[n : n + BLOCK])) for n in range(0, len(ids), BLOCK))
    return Plan(level, _worth_cutting(boxes[:, 1:]), blocks)


def _worth_cutting(boxes: NDArray[np.float64]) -> tuple[int, ...]:
    """The zooms at which a screen can hold the level at all, by how densely its grids lie."""
    west, south = boxes[:, :2].min(axis=0)
    east, north = boxes[:, 2:].max(axis=0)
    found = []
    for zoom in ZOOMS:
        pixel = 360 / 256 / 2**zoom
        share = min(1, SCREEN[0] * pixel / (east - west)) * min(
            1, SCREEN[1] * pixel / (north - south)
        )
        # Grids lie densely in a town and thinly around it: a quarter of the mean is reckoned with.
        if len(boxes) * share / 4 <= MOST_GRIDS:
            found.append(zoom)
    return tuple(found)


def _together(work: Work, cutting: Cutting, block: Block) -> tuple[Sequence[Any], Shapes]:
    by_id = {}
    for n in range(0, len(block.ids), 500):
        some = block.ids[n : n + 500]
        for row in run(work.session, select(GRID.c.id, *COLUMNS).where(GRID.c.id.in_(some))):
            by_id[row.id] = row
    rows = [by_id[one] for one in block.ids if one in by_id]
    return rows, with_neighbours(work.session, cutting.edition_id, block.level, rows)


def _bundles(shapes: Shapes) -> Iterator[list[int]]:
    """Positions in bundles of a few grids, fewer where they are large."""
    points = shapely.get_num_coordinates(shapes)
    bundle: list[int] = []
    weight = 0
    for n, count in enumerate(points.tolist()):
        if bundle and (len(bundle) == BUNDLE or weight + count > BUNDLE_POINTS):
            yield bundle
            bundle, weight = [], 0
        bundle.append(n)
        weight += count
    if bundle:
        yield bundle


def along_a_curve(boxes: NDArray[np.float64]) -> NDArray[np.intp]:
    """The order of boxes along a Z-curve: near in order is near in place."""
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    low = middle.min(axis=0)
    span = np.maximum(middle.max(axis=0) - low, 1e-12)
    cell = np.minimum((middle - low) / span * 65536, 65535).astype(np.uint64)
    code = np.zeros(len(boxes), dtype=np.uint64)
    for bit in range(16):
        for axis in (0, 1):
            taken = (cell[:, axis] >> np.uint64(bit)) & np.uint64(1)
            code |= taken << np.uint64(2 * bit + axis)
    return np.argsort(code, kind="stable")
