"""Drawing: operations on the grids of a draft, on all levels at once. Pure: grids in, grids out.

A border is drawn once and shared: whoever has a vertex, on whatever level, follows it. What cannot
be done is refused with Invalid, Conflict or NotFound, and nothing is changed. Whether the result
is still without gap and overlap is asked in `touched.py`.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import shapely

from gridtrack.errors import GridtrackError, Invalid
from gridtrack.grids import rings
from gridtrack.grids.boxes import Box, around, merged
from gridtrack.grids.cutting import draw, merge, remove, reparent, split
from gridtrack.grids.operations import (
    DeleteVertex,
    Describe,
    Draw,
    InsertVertex,
    Merge,
    MoveVertex,
    Operation,
    Remove,
    Reparent,
    Split,
)
from gridtrack.grids.rings import Point
from gridtrack.grids.rules import Grid
from gridtrack.grids.sheet import Grids, Sheet

# How far from an edge a new vertex may be asked for: a map draws edges straight in its own plane,
# so what looks like a place on a long edge lies beside it in degrees.
_BESIDE_DEG = 5e-5


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one grid: None before is a new one, None after a removed one."""

    before: Grid | None
    after: Grid | None


@dataclass(frozen=True, slots=True)
class Drawn:
    """A sheet before and after some operations, and the boxes in which ground changed hands."""

    before: Sheet
    after: Sheet
    changes: tuple[Change, ...]
    boxes: tuple[Box, ...]


def apply(sheet: Sheet, operations: Sequence[Operation]) -> Drawn:
    """The sheet after every operation, in order; raises with `operation` as the number of one."""
    ready = sheet.ready()
    after = ready
    for n, operation in enumerate(operations):
        try:
            after = step(after, operation)
        except GridtrackError as error:
            error.params.setdefault("operation", n)
            raise
    changes = _changes(sheet.grids, ready.grids, after.grids)
    return Drawn(ready, after, changes, _boxes(ready.grids, after.grids))


def foreign(changes: Sequence[Change], within: Callable[[str], bool]) -> tuple[str, ...]:
    """The codes of changed grids that `within` does not grant, asked by their paths.

    That a vertex was put on a straight border of theirs is no change of theirs: nobody's ground
    moves, and without it the neighbour's new corner would not be shared.
    """
    found = []
    for change in changes:
        sides = [grid for grid in (change.before, change.after) if grid is not None]
        granted = all(within(grid.path) for grid in sides)
        if not granted and not (change.before and change.after and _same(*sides)):
            found.append(sides[0].code)
    return tuple(found)


def households_after(
    operations: Sequence[Operation], before: Mapping[str, int | None]
) -> dict[str, int | None]:
    """How many households grids have: together after a merge, unknown for the parts of a split."""
    counts = dict(before)
    for one in operations:
        if isinstance(one, Split):
            counts[one.grid] = None
        elif isinstance(one, Merge):
            both = counts.get(one.grid), counts.pop(one.other, None)
            counts[one.grid] = None if None in both else sum(filter(None, both))
        elif isinstance(one, Describe) and one.code and one.grid in counts:
            counts[one.code] = counts.pop(one.grid)
    return counts


def step(sheet: Sheet, operation: Operation) -> Sheet:
    """The sheet after one operation."""
    done = _STEPS[type(operation)](sheet, operation)
    return done.settled(sheet).ready()


def move_vertex(sheet: Sheet, at: Point, to: Point) -> Sheet:
    """Move a vertex in every ring that has it; raises Invalid("draw-no-vertex")."""
    shapes = sheet.shapes
    rows = rings.having(shapes, at)
    if not len(rows):
        raise Invalid("draw-no-vertex", field="at", value=f"{at[0]}, {at[1]}")
    x, y = rings.welded(np.array([to], dtype=np.float64), shapes)[0].tolist()
    shapes[rows] = rings.moved(shapes[rows], at, (x, y))
    return sheet.having(shapes)


def insert_vertex(sheet: Sheet, at: Point, to: Point | None) -> Sheet:
    """Put a vertex into the edge at `at`, in all that share it, and move it to `to`."""
    shapes = sheet.shapes
    place = rings.rounded(rings.foot(shapes, at, _BESIDE_DEG))
    x, y = rings.welded(np.array([place], dtype=np.float64), shapes)[0].tolist()
    with_it = sheet.having(rings.with_points(shapes, np.array([[x, y]])))
    return with_it if to is None else move_vertex(with_it, (x, y), to)


def delete_vertex(sheet: Sheet, at: Point) -> Sheet:
    """Take a vertex out of every ring; raises Invalid("draw-no-vertex" or "draw-corner")."""
    shapes = sheet.shapes
    ends = rings.around(shapes, at)
    if not len(ends):
        raise Invalid("draw-no-vertex", field="at", value=f"{at[0]}, {at[1]}")
    if len(ends) != 2:
        # Its neighbours would go different short ways, and leave a gap between them.
        raise Invalid("draw-corner", field="at", value=f"{at[0]}, {at[1]}")
    return sheet.having(rings.without(shapes, at))


def describe(sheet: Sheet, asked: Describe) -> Sheet:
    """Give a grid other words, or another code that nobody has."""
    key = sheet.key(asked.grid)
    old = sheet.grids[key]
    named = replace(old, name=asked.name or old.name, name_en=asked.name_en or old.name_en)
    sheet = sheet.put({key: named})
    if asked.code in ("", old.code):
        return sheet
    sheet.check_code(asked.code)
    above = [g for g in sheet.level(old.level - 1).values() if g.code == old.parent]
    return sheet.under(key, above[0] if above else None, asked.code)


_STEPS: dict[type[Operation], Callable[[Sheet, Any], Sheet]] = {
    MoveVertex: lambda sheet, one: move_vertex(sheet, one.at, one.to),
    InsertVertex: lambda sheet, one: insert_vertex(sheet, one.at, one.to),
    DeleteVertex: lambda sheet, one: delete_vertex(sheet, one.at),
    Describe: describe,
    Split: split,
    Merge: merge,
    Draw: draw,
    Reparent: reparent,
    Remove: remove,
}


def _same(old: Grid, new: Grid) -> bool:
    """True where one is the other with more vertices on its border."""
    if replace(old, shape=new.shape) != new or not shapely.is_valid(new.shape):
        return False
    before, after = rings.vertices_of(old.shape), rings.vertices_of(new.shape)
    known = set(map(tuple, before.tolist()))
    added = np.array([xy for xy in after.tolist() if tuple(xy) not in known]).reshape(-1, 2)
    if len(after) - len(added) < len(before):
        return False
    border = shapely.boundary(old.shape)
    return bool(shapely.dwithin(shapely.points(added), border, 2 * rings.SAME_DEG).all())


def _changes(stored: Grids, ready: Grids, after: Grids) -> tuple[Change, ...]:
    """What differs; vertices that were only put on a grid's straight border are no change."""
    found = []
    for key in {**ready, **after}:
        old, new = ready.get(key), after.get(key)
        if old != new:
            found.append(Change(stored.get(key), new))
    return tuple(found)


def _boxes(before: Grids, after: Grids) -> tuple[Box, ...]:
    """The boxes around all ground that went from one grid to another, or changed its parent."""
    touched = []
    for key in {**before, **after}:
        old, new = before.get(key), after.get(key)
        there = old or new
        assert there is not None
        if old is None or new is None or old.parent != new.parent:
            touched.append(there.shape)
        elif old.shape is not new.shape:
            touched.append(_differing(old.shape, new.shape))
    return merged(
        around(shapely.get_coordinates(one)) for one in touched if not shapely.is_empty(one)
    )


def _differing(old: shapely.Geometry, new: shapely.Geometry) -> shapely.Geometry:
    """The ends of the edges that one of two shapes has alone.

    All ground in which the two differ lies between them, also where one is not valid. Edges are
    asked, not vertices: a border that was dragged onto its own corner has no vertex of its own.
    """
    some, others = _edges(old), _edges(new)
    alone = [*(some - others), *(others - some)]
    return shapely.MultiPoint(sorted({end for edge in alone for end in edge}))


def _edges(shape: shapely.Geometry) -> Counter[tuple[Point, Point]]:
    """How often each edge stands in the rings of a shape, whichever way it runs."""
    found: Counter[tuple[Point, Point]] = Counter()
    for ring in shapely.get_rings(shapely.get_parts(shape)):
        xy: list[Point] = [(x, y) for x, y in shapely.get_coordinates(ring).tolist()]
        found.update((min(pair), max(pair)) for pair in pairwise(xy))
    return found
