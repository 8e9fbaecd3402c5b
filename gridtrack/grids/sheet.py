"""The part of a draft that is drawn in: its grids, by key, and the boxes in which all are known.

A key is the code that a grid had when it was fetched, or "+" and a number for a new one, so that a
grid stays itself when its code changes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import shapely

from gridtrack.errors import Conflict, Invalid, NotFound
from gridtrack.grids.boxes import Box
from gridtrack.grids.regions import Shapes, polygons_in
from gridtrack.grids.rings import noded, settled
from gridtrack.grids.rules import SEPARATOR, Grid

Grids = Mapping[str, Grid]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Grids by key; inside `boxes` there is no other."""

    grids: Grids
    boxes: tuple[Box, ...]
    taken: frozenset[str] = frozenset()

    @property
    def keys(self) -> list[str]:
        """The keys in the order of `shapes`."""
        return list(self.grids)

    @property
    def shapes(self) -> Shapes:
        """The polygons, in the order of `keys`."""
        found = np.empty(len(self.grids), dtype=object)
        found[:] = [grid.shape for grid in self.grids.values()]
        return found

    def key(self, code: str) -> str:
        """The key of the grid that has `code` now; raises NotFound."""
        for key, grid in self.grids.items():
            if grid.code == code:
                return key
        raise NotFound("draw-no-grid", grid=code)

    def grid(self, code: str) -> Grid:
        """The grid that has `code` now; raises NotFound."""
        return self.grids[self.key(code)]

    def children(self, parent: Grid) -> dict[str, Grid]:
        """The grids one level below `parent` that name it."""
        below = parent.level + 1
        return {k: g for k, g in self.grids.items() if g.level == below and g.parent == parent.code}

    def level(self, number: int, *but: str) -> dict[str, Grid]:
        """The grids of a level, without those whose keys are given."""
        return {k: g for k, g in self.grids.items() if g.level == number and k not in but}

    def having(self, shapes: Shapes) -> "Sheet":
        """The sheet with other polygons, in the order of `keys`."""
        pairs = zip(self.grids.items(), shapes, strict=True)
        new = {
            key: grid if shape is grid.shape else replace(grid, shape=shape)
            for (key, grid), shape in pairs
        }
        return replace(self, grids=new)

    def put(self, changed: Grids) -> "Sheet":
        """The sheet with some grids in another form, or added, by key."""
        return replace(self, grids={**self.grids, **changed})

    def drop(self, key: str) -> "Sheet":
        """The sheet without one grid."""
        return replace(self, grids={k: g for k, g in self.grids.items() if k != key})

    def add(self, grid: Grid) -> "Sheet":
        """The sheet with a new grid; raises Conflict where its code is taken."""
        self.check_code(grid.code)
        fresh = next(n for n in range(len(self.grids) + 1) if f"+{n}" not in self.grids)
        above = self._path_of(grid.level - 1, grid.parent)
        path = grid.code if not above else above + SEPARATOR + grid.code
        return self.put({f"+{fresh}": replace(grid, path=path)})

    def check_code(self, code: str) -> None:
        """Raise Conflict("draw-code-taken") where a grid of the edition has the code."""
        if code in self.taken or any(grid.code == code for grid in self.grids.values()):
            raise Conflict("draw-code-taken", grid=code)

    def free_code(self, like: str) -> str:
        """A code that nobody has: `like` with its last number counted on."""
        known = self.taken | {grid.code for grid in self.grids.values()}
        stem = like.rstrip("0123456789")
        digits = like[len(stem) :]
        if not digits or not stem:  # a number of an official kind means something: do not count on
            stem, digits = f"{like}-", "1"
        number = int(digits)
        while f"{stem}{number:0{len(digits)}d}" in known:
            number += 1
        return f"{stem}{number:0{len(digits)}d}"

    def under(self, key: str, parent: Grid | None, code: str = "") -> "Sheet":
        """The sheet with a grid, and all below it, under another parent or with another code."""
        old = self.grids[key]
        code = code or old.code
        path = code if parent is None else parent.path + SEPARATOR + code
        new = replace(old, code=code, parent=parent.code if parent else old.parent, path=path)
        changed = {key: new}
        for k, g in self.grids.items():
            if g.path.startswith(old.path + SEPARATOR):
                changed[k] = replace(g, path=path + g.path[len(old.path) :])
        for k in self.children(old):
            changed[k] = replace(changed.get(k, self.grids[k]), parent=code)
        return self.put(changed)

    def settled(self, before: "Sheet") -> "Sheet":
        """The sheet with the new vertices of what was changed since `before` at kept precision."""
        old = before.grids
        new = {k: g for k, g in self.grids.items() if k not in old or old[k].shape is not g.shape}
        if not new:
            return self
        shapes = settled(replace(self, grids=new).shapes, before.shapes)
        return self.put(replace(self, grids=new).having(shapes).grids)

    def ready(self) -> "Sheet":
        """The sheet with every border cut at the vertices that lie on it."""
        return self.having(noded(self.shapes, self.boxes))

    def _path_of(self, level: int, code: str) -> str:
        return next(
            (g.path for g in self.grids.values() if g.level == level and g.code == code), ""
        )


def sheet_of(
    grids: Iterable[Grid], boxes: tuple[Box, ...], taken: frozenset[str] = frozenset()
) -> Sheet:
    """A sheet of grids as they are stored."""
    return Sheet({grid.code: grid for grid in grids}, boxes, taken)


def parts_of(shape: shapely.Geometry) -> int:
    """Of how many pieces a polygon consists."""
    return len(polygons_in(shape))


def plain(shape: shapely.Geometry) -> shapely.Geometry:
    """A cut or joined shape as a grid holds it: a polygon, or several as one multipolygon."""
    pieces = polygons_in(shape)
    if not len(pieces):
        raise Invalid("draw-collapsed", field="operation")
    return pieces[0] if len(pieces) == 1 else shapely.MultiPolygon(pieces.tolist())
