"""What a grid is, what can be wrong with a set of them, and the rules of the tree.

The rules that need geometry are in `coverage.py` and `nesting.py`, the whole check in `check.py`,
the border rule in `partition.py`.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TypeVar

import shapely

LEVELS = 3
TOLERANCE_M = 1.0
SEPARATOR = "/"

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Grid:
    """A polygon of one level; `path` is the codes from the root joined by "/"; WGS-84 lon/lat."""

    code: str
    level: int
    parent: str
    name: str
    shape: shapely.Geometry
    path: str = ""
    name_en: str = ""


class FaultCode(StrEnum):
    """What a check can find."""

    INVALID_POLYGON = "invalid-polygon"
    GAP = "gap"
    OVERLAP = "overlap"
    OUTSIDE_PARENT = "outside-parent"
    MISSING_PARENT = "missing-parent"
    DUPLICATE_CODE = "duplicate-code"
    EMPTY_LEVEL = "empty-level"


@dataclass(frozen=True, slots=True)
class Fault:
    """One finding: its grids by code, its size in `unit` (m2 or m), its place (lon, lat).

    The sentence for people is made in i18n from "grid-" + code and `params`. `outline` is the
    faulty ground in WGS-84 with as much detail as a map needs, where there is any.
    """

    code: FaultCode
    level: int
    grids: tuple[str, ...]
    size: float
    unit: str
    place: tuple[float, float] | None
    params: Mapping[str, object] = field(default_factory=dict)
    outline: shapely.Geometry | None = None


@dataclass(frozen=True, slots=True)
class TreeFault:
    """A finding that needs no geometry: the rows (positions in the list) that it is about."""

    code: FaultCode
    level: int
    rows: tuple[int, ...]
    params: Mapping[str, object] = field(default_factory=dict)


def depth_of(grids: Iterable[Grid], least: int = LEVELS) -> int:
    """The number of levels that a set must fill: `least`, or more where it goes deeper."""
    return max([least, *(grid.level for grid in grids)])


def with_paths(grids: Sequence[Grid]) -> list[Grid]:
    """The grids with `path` filled in; a grid whose chain is broken gets its own code."""
    paths: dict[tuple[int, str], str] = {}
    placed: dict[int, str] = {}
    for row, grid in sorted(enumerate(grids), key=lambda pair: pair[1].level):
        above = paths.get((grid.level - 1, grid.parent))
        path = grid.code if above is None else above + SEPARATOR + grid.code
        paths.setdefault((grid.level, grid.code), path)
        placed[row] = path
    return [replace(grid, path=placed[row]) for row, grid in enumerate(grids)]


def tree_faults(grids: Sequence[Grid], depth: int) -> list[TreeFault]:
    """Missing and second parents, codes used twice, levels without grids.

    A parent stands exactly one level above: a base grid never hangs directly under a community
    (field-guide.md §0.8). What level 1 names as its parent is outside the set and not looked at.
    """
    return [
        *_missing_parents(grids, depth),
        *_duplicates(grids),
        *_empty_levels(grids, depth),
    ]


def _missing_parents(grids: Sequence[Grid], depth: int) -> list[TreeFault]:
    codes = {(grid.level, grid.code) for grid in grids}
    faults = []
    for row, grid in enumerate(grids):
        if not 1 < grid.level <= depth or (grid.level - 1, grid.parent) in codes:
            continue
        params = {"parent": grid.parent, "reason": "unknown" if grid.parent else "none"}
        faults.append(TreeFault(FaultCode.MISSING_PARENT, grid.level, (row,), params))
    for (level, _), rows in _rows_by(grids, lambda grid: (grid.level, grid.code)).items():
        parents = sorted({grids[row].parent for row in rows})
        if level > 1 and len(parents) > 1:
            params = {"parent": ", ".join(parents), "reason": "second"}
            faults.append(TreeFault(FaultCode.MISSING_PARENT, level, rows, params))
    return faults


def _duplicates(grids: Sequence[Grid]) -> list[TreeFault]:
    """A code names one grid in the whole edition, whatever its level."""
    return [
        TreeFault(
            FaultCode.DUPLICATE_CODE,
            max(grids[row].level for row in rows),
            rows,
            {"count": len(rows)},
        )
        for rows in _rows_by(grids, lambda grid: grid.code).values()
        if len(rows) > 1
    ]


def _empty_levels(grids: Sequence[Grid], depth: int) -> list[TreeFault]:
    filled = {grid.level for grid in grids}
    return [
        TreeFault(FaultCode.EMPTY_LEVEL, level, ())
        for level in range(1, depth + 1)
        if level not in filled
    ]


def _rows_by(grids: Sequence[Grid], key: Callable[[Grid], K]) -> dict[K, tuple[int, ...]]:
    rows: dict[K, list[int]] = defaultdict(list)
    for row, grid in enumerate(grids):
        rows[key(grid)].append(row)
    return {name: tuple(found) for name, found in rows.items()}
