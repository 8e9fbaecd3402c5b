"""The check of what a drawing has touched: only the grids around it, however many there are.

A drawing may leave faults that were there before, and never make one: `judge` compares the faulty
ground after with the faulty ground before. Where all was clean it must stay so to the centimetre
that vertices are kept to; between borders that never matched, to the edition's tolerance.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import shapely

from gridtrack.errors import Invalid
from gridtrack.geo.metric import Plane
from gridtrack.grids import coverage, nesting
from gridtrack.grids.boxes import Box
from gridtrack.grids.drawing import Drawn
from gridtrack.grids.regions import Shapes, extent_of, inner_point, polygons_in, repaired
from gridtrack.grids.regions import wider_than as wider
from gridtrack.grids.rings import SAME_DEG
from gridtrack.grids.rules import Fault, FaultCode, Grid
from gridtrack.grids.sheet import Grids

# Twice what a rounded vertex may lie beside the line that it was put on.
STRICT_M = 0.02
_REFUSED = {
    FaultCode.INVALID_POLYGON: "draw-makes-crossing",
    FaultCode.GAP: "draw-makes-gap",
    FaultCode.OVERLAP: "draw-makes-overlap",
    FaultCode.OUTSIDE_PARENT: "draw-makes-outside",
}


@dataclass(frozen=True, slots=True)
class Ground:
    """A fault with its faulty ground: pieces in metres, empty for a polygon that is not valid."""

    fault: Fault
    pieces: Shapes


@dataclass(frozen=True, slots=True)
class Judged:
    """Faults that are there now, with their ground in degrees, and those that were made."""

    faults: tuple[tuple[Fault, shapely.Geometry], ...] = ()
    made: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class _Level:
    """The grids of a level around the drawing: keys, shapes in degrees and flat, their check."""

    number: int
    keys: list[str]
    grids: list[Grid]
    shelf: nesting.Shelf
    checked: coverage.Level
    broken: list[int] = field(default_factory=list)

    def codes(self, rows: Iterable[int]) -> tuple[str, ...]:
        return tuple(self.grids[row].code for row in rows)


def judge(drawn: Drawn, plane: Plane, tolerance_m: float) -> Judged:
    """What is wrong where a drawing changed ground, and what of it was not before."""
    faults: list[tuple[Fault, shapely.Geometry]] = []
    made: list[Fault] = []
    strict = min(STRICT_M, tolerance_m) or STRICT_M
    for box in drawn.boxes:
        old = _found(drawn.before.grids, box, plane, strict)
        limit_m = strict if not old else max(strict, tolerance_m)
        new = _found(drawn.after.grids, box, plane, strict)
        made += [one.fault for one in new if _is_new(one, old, limit_m)]
        shown = [one for one in new if _matters(one, tolerance_m)]
        faults += [(one.fault, _in_degrees(one, plane)) for one in shown]
    return Judged(tuple(faults), tuple(made))


def refusal(fault: Fault) -> Invalid:
    """The error with which a drawing that makes `fault` is refused."""
    size = f"{fault.size:,.1f} m²"
    return Invalid(
        _REFUSED[fault.code], field="operation", level=fault.level, grids=fault.grids, size=size
    )


def _is_new(one: Ground, old: Sequence[Ground], limit_m: float) -> bool:
    alike = [o for o in old if (o.fault.code, o.fault.level) == (one.fault.code, one.fault.level)]
    if one.fault.code is FaultCode.INVALID_POLYGON:
        return all(one.fault.grids != o.fault.grids for o in alike)
    known = [piece for o in alike for piece in o.pieces]
    grown = polygons_in(shapely.difference(shapely.union_all(one.pieces), shapely.union_all(known)))
    return bool(wider(grown, limit_m).any())


def _matters(one: Ground, tolerance_m: float) -> bool:
    return not len(one.pieces) or bool(wider(one.pieces, tolerance_m).any())


def _in_degrees(one: Ground, plane: Plane) -> shapely.Geometry:
    if not len(one.pieces):
        return shapely.Point(one.fault.place) if one.fault.place else shapely.Point()
    return shapely.MultiPolygon(plane.degrees(one.pieces).tolist())


def _found(grids: Grids, box: Box, plane: Plane, least_m: float) -> list[Ground]:
    """Every fault around `box`, however narrow above `least_m`."""
    west, south, east, north = box
    pad = 10 * SAME_DEG
    window = shapely.box(west - pad, south - pad, east + pad, north + pad)
    near = {key: grid for key, grid in grids.items() if shapely.intersects(grid.shape, window)}
    flat_window = plane.flat(np.array([window], dtype=object))[0]
    levels = [
        _laid(near, number, plane, least_m)
        for number in sorted({grid.level for grid in near.values()})
    ]
    found = []
    for n, level in enumerate(levels):
        found += _broken(level)
        found += _pieces(level, FaultCode.OVERLAP, level.checked.overlaps, plane)
        holes = [_within(piece, flat_window) for piece in level.checked.holes]
        found += _pieces(level, FaultCode.GAP, [one for one in holes if len(one.polygons)], plane)
        if n and levels[n - 1].number == level.number - 1:
            found += _outside(levels[n - 1], level, plane, least_m)
            found += _uncovered(levels[n - 1], level, flat_window, plane)
    return found


def _laid(near: Grids, number: int, plane: Plane, least_m: float) -> _Level:
    keys = [key for key, grid in near.items() if grid.level == number]
    grids = [near[key] for key in keys]
    drawn = np.array([grid.shape for grid in grids], dtype=object)
    broken = np.flatnonzero(~shapely.is_valid(drawn)).tolist()
    for row in broken:
        drawn[row] = repaired(drawn[row])
    flat = plane.flat(drawn)
    checked = coverage.check_level(flat, least_m)
    return _Level(number, keys, grids, nesting.Shelf(drawn, flat), checked, broken)


def _within(piece: coverage.Piece, window: shapely.Geometry) -> coverage.Piece:
    """What of a hole lies in the window: what encloses it elsewhere may not have been looked at."""
    return coverage.Piece(polygons_in(_clipped(piece.polygons, window)), piece.rows, piece.kind)


def _clipped(shapes: Shapes, window: shapely.Geometry) -> shapely.Geometry:
    return shapely.GeometryCollection(shapely.intersection(shapes, window).tolist())


def _broken(level: _Level) -> list[Ground]:
    found = []
    for row in level.broken:
        grid = level.grids[row]
        reason = shapely.is_valid_reason(grid.shape).split("[")[0]
        place = shapely.get_coordinates(grid.shape)[0]
        params = {"reason": reason, "area_before_m2": 0.0, "area_after_m2": 0.0}
        at = (float(place[0]), float(place[1]))
        code = FaultCode.INVALID_POLYGON
        fault = Fault(code, level.number, (grid.code,), 0.0, "m2", at, params)
        found.append(Ground(fault, np.array([], dtype=object)))
    return found


def _pieces(
    level: _Level, code: FaultCode, pieces: Iterable[coverage.Piece], plane: Plane
) -> list[Ground]:
    found = []
    for piece in pieces:
        extent = extent_of(piece.polygons)
        params: dict[str, object] = {"width_m": round(extent.width_m, 3)}
        if piece.kind:
            params["kind"] = piece.kind
        place = plane.place(*extent.at)
        codes = level.codes(piece.rows)
        fault = Fault(code, level.number, codes, extent.area_m2, "m2", place, params)
        found.append(Ground(fault, piece.polygons))
    return found


def _outside(upper: _Level, level: _Level, plane: Plane, least_m: float) -> list[Ground]:
    there = ~shapely.is_empty(upper.shelf.flat)
    rows: Mapping[str, int] = {grid.code: row for row, grid in enumerate(upper.grids) if there[row]}
    owners = np.array([rows.get(grid.parent, -1) for grid in level.grids])
    found = []
    for one in nesting.outside(level.shelf, upper.shelf, owners, least_m):
        if not len(one.polygons):
            continue
        child, parent = level.grids[one.child], upper.grids[one.parent]
        area_m2 = float(shapely.area(one.polygons).sum())
        params = {"farthest_m": round(one.farthest_m, 3)}
        place = plane.place(*inner_point(one.polygons))
        codes = (child.code, parent.code)
        code = FaultCode.OUTSIDE_PARENT
        fault = Fault(code, level.number, codes, area_m2, "m2", place, params)
        found.append(Ground(fault, one.polygons))
    return found


def _uncovered(
    upper: _Level, level: _Level, window: shapely.Geometry, plane: Plane
) -> list[Ground]:
    """Ground of the level above, inside the window, that this level leaves out."""
    above = shapely.union_all(polygons_in(_clipped(upper.shelf.flat, window)))
    if shapely.is_empty(above):
        return []
    left = coverage.uncovered(above, level.checked, STRICT_M)
    named = []
    for piece in left:
        shared = shapely.area(shapely.intersection(upper.shelf.flat, piece.polygons[0]))
        rows = tuple(np.flatnonzero(shared > 0).tolist())
        named.append(coverage.Piece(piece.polygons, rows, piece.kind))
    found = _pieces(upper, FaultCode.GAP, named, plane)
    return [replace(one, fault=replace(one.fault, level=level.number)) for one in found]
