"""The grids around a change, and whether it would make anything worse. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import shapely

from gridtrack.geo.metric import Plane, plane_of
from gridtrack.grids.check import Rule, examine
from gridtrack.grids.rules import Fault, Grid

# About ten metres: what a change may touch beside what it changes.
_PAD_DEG = 1e-4
# Cutting rounds; a fault that was there may measure this much more after a repair beside it.
_ROUNDING_M2 = 0.01


@dataclass(frozen=True)
class Ground:
    """All grids of an edition by code, with what finds the near ones; never changed in place."""

    grids: Mapping[str, Grid]
    rule: Rule
    _trees: dict[int, tuple[shapely.STRtree, list[str]]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, grids: Sequence[Grid], rule: Rule) -> "Ground":
        """The ground of a list of grids; of a code used twice, the first."""
        by_code: dict[str, Grid] = {}
        for grid in grids:
            by_code.setdefault(grid.code, grid)
        return cls(by_code, rule)

    @cached_property
    def plane(self) -> Plane:
        """The plane that everything is measured in."""
        return plane_of(self.rule.plane)

    @property
    def levels(self) -> list[int]:
        """The levels that have grids."""
        return sorted({grid.level for grid in self.grids.values()})

    def of_level(self, level: int) -> list[Grid]:
        """The grids of a level."""
        return [grid for grid in self.grids.values() if grid.level == level]

    def touching(self, level: int, shape: shapely.Geometry) -> list[Grid]:
        """The grids of a level within some metres of a shape."""
        tree, codes = self._tree(level)
        near = tree.query(shapely.box(*_padded(shape.bounds)))
        found = (self.grids.get(codes[n]) for n in sorted(near.tolist()))
        return [grid for grid in found if grid is not None and grid.level == level]

    def children(self, code: str) -> list[Grid]:
        """The grids that name this one as their parent."""
        return [self.grids[one] for one in self._below.get(code, ()) if one in self.grids]

    def area_m2(self, shape: shapely.Geometry) -> float:
        """Square metres of a WGS-84 shape."""
        return float(shapely.area(self.plane.flat(np.array([shape], dtype=object)))[0])

    def with_changes(self, after: Mapping[str, Grid | None]) -> "Ground":
        """The ground with some grids changed or gone. Repairs move little, so trees stay true."""
        grids = {code: after.get(code, grid) for code, grid in self.grids.items()}
        kept = {code: grid for code, grid in grids.items() if grid is not None}
        return Ground(kept, self.rule, self._trees)

    @cached_property
    def _below(self) -> dict[str, list[str]]:
        below: dict[str, list[str]] = {}
        for grid in self.grids.values():
            below.setdefault(grid.parent, []).append(grid.code)
        return below

    def _tree(self, level: int) -> tuple[shapely.STRtree, list[str]]:
        if level not in self._trees:
            grids = self.of_level(level)
            shapes = [grid.shape for grid in grids]
            self._trees[level] = (shapely.STRtree(shapes), [grid.code for grid in grids])
        return self._trees[level]


def family(ground: Ground, code: str) -> list[Grid]:
    """Everything below a grid, level by level."""
    found: list[Grid] = []
    waiting = ground.children(code)
    while waiting:
        found += waiting
        waiting = [child for grid in waiting for child in ground.children(grid.code)]
    return found


def worse(before: Ground, after: Ground, changed: Iterable[str]) -> list[Fault]:
    """Faults around the changed grids that were not there, or were smaller, before."""
    codes = _around(before, after, set(changed))
    known: dict[tuple[object, ...], list[float]] = {}
    for fault in _faults(before, codes):
        known.setdefault(_key(fault), []).append(fault.size)
    made = []
    for fault in _faults(after, codes):
        sizes = known.get(_key(fault), [])
        fitting = [size for size in sizes if fault.size <= size + _ROUNDING_M2]
        if fitting:
            sizes.remove(min(fitting))
        else:
            made.append(fault)
    return made


def _faults(ground: Ground, codes: set[str]) -> Sequence[Fault]:
    grids = [ground.grids[code] for code in sorted(codes) if code in ground.grids]
    return examine(grids, ground.rule).faults


def _key(fault: Fault) -> tuple[object, ...]:
    return fault.code, fault.level, *sorted(fault.grids)


def _around(before: Ground, after: Ground, changed: set[str]) -> set[str]:
    """Whatever a change can touch: neighbours, children, parents, and all below these parents."""
    codes = set(changed)
    for ground in (before, after):
        for code in changed & set(ground.grids):
            grid = ground.grids[code]
            for level in (grid.level - 1, grid.level, grid.level + 1):
                codes |= {near.code for near in ground.touching(level, grid.shape)}
    for ground in (before, after):
        levels = {ground.grids[code].level for code in changed if code in ground.grids}
        parents = {
            ground.grids[code].parent
            for code in codes
            if code in ground.grids and ground.grids[code].level in levels
        }
        codes |= {code for code in parents if code in ground.grids}
        codes |= {child.code for code in parents for child in ground.children(code)}
    return codes


def _padded(bounds: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    west, south, east, north = bounds
    return west - _PAD_DEG, south - _PAD_DEG, east + _PAD_DEG, north + _PAD_DEG
