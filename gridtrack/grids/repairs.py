"""Repairs that are offered for findings, each worked out whole before anybody agrees to it. Pure.

A repair is the grids as they would be, the ground that would change hands in square metres, and
nothing else. It is never offered where it would leave a fault that was not there before: every one
is checked with its surroundings, before and after. Grids that it does not name stay byte for byte.

- `snap`: borders drawn twice are made one, wherever they are apart by no more than the tolerance
  (Shapely's `coverage_clean`, on the grids whose edges do not match and on no others).
- `close-gap`: ground that nobody has goes to the neighbour with the longest border on it, of those
  whose parent has that ground; up to `MICRO_M` wide, for more is a decision and not a repair.
- `drop-duplicate`: of two grids of the same ground the one with the larger code goes.
- `reassign`: a grid goes to the parent that most of it lies in.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import shapely

from gridtrack.grids.regions import polygons_in
from gridtrack.grids.rules import SEPARATOR, Fault, FaultCode, Grid
from gridtrack.grids.snapping import snapped
from gridtrack.grids.surroundings import Ground, family, worse

MICRO_M = 10.0
_SAME_M2 = 0.01
_TWIN = 0.999


class Kind(StrEnum):
    """What may be repaired at a press of a button."""

    SNAP = "snap"
    CLOSE_GAP = "close-gap"
    DROP_DUPLICATE = "drop-duplicate"
    REASSIGN = "reassign"


@dataclass(frozen=True, slots=True)
class Effect:
    """A grid before and after; `after` is None where it goes."""

    before: Grid
    after: Grid | None
    before_m2: float
    after_m2: float


@dataclass(frozen=True, slots=True)
class Repair:
    """Everything one press would do: grids, ground, and the faults that it could not help."""

    kind: Kind
    changes: tuple[Effect, ...] = ()
    moved_m2: float = 0.0  # ground that changes hands
    ground: tuple[shapely.Geometry, ...] = ()  # the same, in WGS-84
    done: int = 0
    left: int = 0


@dataclass(frozen=True, slots=True)
class _Step:
    """One part of a repair: the grids as they would be by code, None for one that goes."""

    after: Mapping[str, Grid | None]


def offered(faults: Iterable[Fault], within: Mapping[str, int]) -> dict[Kind, int]:
    """How many faults each kind of repair might help; what it can do, `repair` finds out."""
    counts = dict.fromkeys(Kind, 0)
    for fault in faults:
        kind = kind_for(fault)
        if kind is not None:
            counts[kind] += 1
    counts[Kind.SNAP] = sum(within.values())
    return {kind: count for kind, count in counts.items() if count}


def kind_for(fault: Fault) -> Kind | None:
    """The repair that a fault may be helped with, if there is one."""
    width = fault.params.get("width_m")
    if fault.code == FaultCode.GAP and isinstance(width, int | float) and width <= MICRO_M:
        return Kind.CLOSE_GAP
    share = fault.params.get("share")
    if fault.code == FaultCode.OVERLAP and isinstance(share, int | float):
        return Kind.DROP_DUPLICATE if share > _TWIN else None
    if fault.code == FaultCode.OUTSIDE_PARENT:
        return Kind.REASSIGN
    orphan = fault.code == FaultCode.MISSING_PARENT and fault.params.get("reason") != "second"
    return Kind.REASSIGN if orphan else None


def repair(ground: Ground, kind: Kind, faults: Sequence[Fault]) -> Repair:
    """Work out a repair of `kind` for the faults that it fits, one after the other.

    Each builds on the ones before; what would make a new fault is left as it is, and counted.
    """
    now, done, left = ground, 0, 0
    for steps in _attempts(ground, kind, faults):
        for step in steps(now):
            after = now.with_changes(step.after)
            if not worse(now, after, step.after):
                now, done = after, done + 1
                break
        else:
            left += 1
    return _measured(kind, ground, now, done, left)


_Attempt = Callable[[Ground], Iterable[_Step]]


def _attempts(ground: Ground, kind: Kind, faults: Sequence[Fault]) -> list[_Attempt]:
    """For each fault, how its repair is worked out: the best way first."""
    if kind is Kind.SNAP:
        wide = {c for f in faults if f.code == FaultCode.OVERLAP for c in f.grids}
        return [
            _ready(_Step({grid.code: grid for grid in group}))
            for level in ground.levels
            for group in snapped(ground.of_level(level), wide, ground.rule.tolerance_m)
        ]
    way = {
        Kind.CLOSE_GAP: _closings,
        Kind.DROP_DUPLICATE: _droppings,
        Kind.REASSIGN: _reassignings,
    }[kind]
    return [_bound(way, fault) for fault in faults if kind_for(fault) is kind]


def _bound(way: Callable[[Ground, Fault], Iterable[_Step]], fault: Fault) -> _Attempt:
    return lambda now: way(now, fault)


def _ready(step: _Step) -> _Attempt:
    return lambda _: [step]


def _closings(ground: Ground, fault: Fault) -> Iterable[_Step]:
    """Give a gap to a neighbour: the one with the longest border on it, of the right parent."""
    if fault.place is None:
        return
    place = shapely.Point(fault.place)
    near = ground.touching(fault.level, _around(fault))
    piece = _gap_at(ground, fault, place, [grid.shape for grid in near])
    if piece is None:
        return
    owners = {g.code for g in ground.touching(fault.level - 1, place) if g.shape.covers(place)}
    ranked = sorted(
        (-_shared(grid.shape, piece), bool(owners) and grid.parent not in owners, grid.code)
        for grid in near
    )
    by_code = {grid.code: grid for grid in near}
    for length, _, code in sorted(ranked, key=lambda one: (one[1], one[0], one[2])):
        if length < 0:
            grid = by_code[code]
            joined = _whole(shapely.union_all([grid.shape, piece]))
            yield _Step({code: replace(grid, shape=joined)})


def _around(fault: Fault) -> shapely.Geometry:
    return shapely.Point(fault.place) if fault.outline is None else fault.outline


def _gap_at(
    ground: Ground, fault: Fault, place: shapely.Point, shapes: Sequence[shapely.Geometry]
) -> shapely.Geometry | None:
    """The gap around a place, cut from the grids as they are drawn: no vertex of its is new."""
    if not shapes:
        return None
    covered = shapely.union_all(shapes)
    if fault.params.get("kind") == "uncovered":
        parents = [g.shape for g in ground.touching(fault.level - 1, _around(fault))]
        if not parents:
            return None
        pieces = polygons_in(shapely.difference(shapely.union_all(parents), covered))
    else:
        rings = [ring for part in polygons_in(covered) for ring in part.interiors]
        pieces = shapely.polygons(rings) if rings else np.array([], dtype=object)
    if not len(pieces):
        return None
    nearest = pieces[int(shapely.distance(pieces, place).argmin())]
    # The place was found in metres: it may lie beside a sliver by the rounding of a projection.
    return nearest if shapely.distance(nearest, place) < 1e-7 else None


def _shared(shape: shapely.Geometry, piece: shapely.Geometry) -> float:
    both = shapely.intersection(shapely.boundary(shape), shapely.boundary(piece))
    return float(shapely.length(both))


def _whole(shape: shapely.Geometry) -> shapely.Geometry:
    """Only what takes up ground."""
    pieces = polygons_in(shape)
    return pieces[0] if len(pieces) == 1 else shapely.MultiPolygon(pieces.tolist())


def _droppings(ground: Ground, fault: Fault) -> Iterable[_Step]:
    """Drop the second of two grids that are the same ground, unless others hang on it."""
    first, second = (ground.grids.get(code) for code in sorted(fault.grids)[:2])
    if first is None or second is None:
        return
    apart = ground.area_m2(shapely.symmetric_difference(first.shape, second.shape))
    if apart > _SAME_M2:
        return
    for grid in (second, first):
        if not ground.children(grid.code):
            yield _Step({grid.code: None})


def _reassignings(ground: Ground, fault: Fault) -> Iterable[_Step]:
    """Hang a grid under the parent that most of it lies in, and all below it with it."""
    grid = ground.grids.get(fault.grids[0])
    if grid is None:
        return
    ranked = sorted(
        (-ground.area_m2(shapely.intersection(grid.shape, upper.shape)), upper.code)
        for upper in ground.touching(grid.level - 1, grid.shape)
    )
    if not ranked or ranked[0][0] >= 0 or ranked[0][1] == grid.parent:
        return
    above = ground.grids[ranked[0][1]]
    old, new = grid.path, f"{above.path}{SEPARATOR}{grid.code}"
    below = {
        one.code: replace(one, path=new + one.path.removeprefix(old))
        for one in family(ground, grid.code)
    }
    yield _Step({grid.code: replace(grid, parent=above.code, path=new), **below})


def _measured(kind: Kind, before: Ground, after: Ground, done: int, left: int) -> Repair:
    """What differs between two states, measured in the plane of the check."""
    changes, apart = [], []
    for code, old in before.grids.items():
        new = after.grids.get(code)
        if new is old:
            continue
        old_m2 = before.area_m2(old.shape)
        new_m2 = 0.0 if new is None else before.area_m2(new.shape)
        changes.append(Effect(old, new, old_m2, new_m2))
        if new is not None and new.parent != old.parent:
            apart.append(new.shape)
        elif new is None:
            apart.append(shapely.Polygon())  # its ground stays with its twin
        else:
            apart.append(shapely.symmetric_difference(old.shape, new.shape))
    pieces = polygons_in(shapely.union_all(apart)) if apart else np.array([], dtype=object)
    moved_m2 = sum(before.area_m2(piece) for piece in pieces)
    return Repair(kind, tuple(changes), float(moved_m2), tuple(pieces), done, left)
