"""What is different between two editions, grid by grid. Pure.

Given are only the grids that have no twin in the other edition; they are matched by code, and where
a code is new, by the same ground under an old one.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import shapely

from gridtrack.geo.metric import Plane
from gridtrack.grids.rules import Grid

# Less is the rounding of another plane, not another border.
_SPECK_M2 = 0.5


class Kind(StrEnum):
    """In which way a grid differs; one may differ in several."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    RENAMED = "renamed"
    RENUMBERED = "renumbered"
    PARENT = "parent"


@dataclass(frozen=True, slots=True)
class Difference:
    """One grid before and after; None where there is none. Areas in square metres.

    `moved_m2` is the ground that it lost and gained together.
    """

    kinds: tuple[Kind, ...]
    level: int
    before: Grid | None
    after: Grid | None
    area_before_m2: float
    area_after_m2: float
    moved_m2: float

    @property
    def grid(self) -> Grid:
        """The grid as it is after, or was before it was removed."""
        found = self.after or self.before
        assert found is not None
        return found

    @property
    def area_change_m2(self) -> float:
        """What it gained, less what it lost."""
        return self.area_after_m2 - self.area_before_m2

    @property
    def area_change_percent(self) -> float | None:
        """The change by the area before; None for a grid that is new."""
        if not self.area_before_m2:
            return None
        return 100 * self.area_change_m2 / self.area_before_m2


def compare(before: Sequence[Grid], after: Sequence[Grid], plane: Plane) -> list[Difference]:
    """Every difference, by level and path; areas are measured in `plane`."""
    matched = pairs(before, after)
    codes = {b.code: a.code for b, a in matched if b is not None and a is not None}
    known = [_kinds(b, a, codes) for b, a in matched]
    measured = _measured(matched, plane)
    found = [
        Difference(
            tuple(kind for kind in Kind if kind in kinds or (kind is Kind.MOVED and moved)),
            (a or b).level,  # type: ignore[union-attr]
            b,
            a,
            area_before,
            area_after,
            moved_m2,
        )
        for (b, a), kinds, (area_before, area_after, moved_m2, moved) in zip(
            matched, known, measured, strict=True
        )
    ]
    return sorted((one for one in found if one.kinds), key=lambda one: (one.level, one.grid.path))


def summary(differences: Iterable[Difference]) -> dict[str, int]:
    """How many grids differ in each way, in the order of Kind."""
    counts = dict.fromkeys(Kind, 0)
    for one in differences:
        for kind in one.kinds:
            counts[kind] += 1
    return {kind.value: count for kind, count in counts.items() if count}


Pair = tuple[Grid | None, Grid | None]


def pairs(before: Sequence[Grid], after: Sequence[Grid]) -> list[Pair]:
    """Each grid with itself in the other edition: by code, else by the very same ground."""
    new = {(grid.level, grid.code): grid for grid in after}
    found: list[Pair] = []
    gone = []
    for grid in before:
        same = new.pop((grid.level, grid.code), None)
        if same is None:
            gone.append(grid)
        else:
            found.append((grid, same))
    grounds: dict[tuple[int, bytes], list[Grid]] = defaultdict(list)
    for grid in new.values():
        grounds[_ground(grid)].append(grid)
    for grid in gone:
        alike = grounds[_ground(grid)]
        found.append((grid, alike.pop(0) if alike else None))
    return [*found, *((None, grid) for left in grounds.values() for grid in left)]


def _ground(grid: Grid) -> tuple[int, bytes]:
    return grid.level, shapely.to_wkb(shapely.normalize(grid.shape))


def _kinds(before: Grid | None, after: Grid | None, codes: Mapping[str, str]) -> set[Kind]:
    """The ways that need no geometry. A parent that only has another code is the same parent."""
    if before is None:
        return {Kind.ADDED}
    if after is None:
        return {Kind.REMOVED}
    found = set()
    if (before.name, before.name_en) != (after.name, after.name_en):
        found.add(Kind.RENAMED)
    if after.parent != codes.get(before.parent, before.parent):
        found.add(Kind.PARENT)
    elif before.path != after.path:
        found.add(Kind.RENUMBERED)  # its own code, or that of a grid above
    if before.code != after.code:
        found.add(Kind.RENUMBERED)
    return found


def _measured(matched: Sequence[Pair], plane: Plane) -> list[tuple[float, float, float, bool]]:
    """Area before and after, ground that changed hands, and whether the border moved at all."""
    none = shapely.Polygon()
    old = plane.flat(_array(b.shape if b else none for b, _ in matched))
    new = plane.flat(_array(a.shape if a else none for _, a in matched))
    both = np.array([b is not None and a is not None for b, a in matched], dtype=bool)
    changed = np.zeros(len(matched))
    differ = both & ~shapely.equals_identical(old, new)
    changed[differ] = shapely.area(shapely.symmetric_difference(old[differ], new[differ]))
    moved = changed > _SPECK_M2
    areas = zip(shapely.area(old).tolist(), shapely.area(new).tolist(), strict=True)
    return [
        (before, after, float(m2), bool(is_moved))
        for (before, after), m2, is_moved in zip(areas, changed, moved, strict=True)
    ]


def _array(shapes: Iterable[shapely.Geometry]) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    given = list(shapes)
    array = np.empty(len(given), dtype=object)
    array[:] = given
    return array
