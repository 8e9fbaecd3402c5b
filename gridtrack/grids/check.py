"""The whole check of a set of grids: polygons, tree, each level, each level inside the next.

Measured in a plane of metres: transverse Mercator centred on the data, or the projected system
that `Rule.plane` names. Shapes that are not valid are reported, and the rest of the check goes on
with their repaired form.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
import shapely

from gridtrack.errors import Invalid
from gridtrack.geo.metric import Plane, plane_of, plane_over
from gridtrack.grids import coverage, nesting
from gridtrack.grids.outlines import outline_of
from gridtrack.grids.regions import Shapes, extent_of, inner_point, polygons_in, repaired
from gridtrack.grids.rules import (
    TOLERANCE_M,
    Fault,
    FaultCode,
    Grid,
    TreeFault,
    depth_of,
    tree_faults,
)

T = TypeVar("T")
Progress = Callable[[int, int], None]
WORKERS = 4
_M2 = "m2"
_REASON = re.compile(r"([^\[]*)(?:\[(\S+) (\S+)\])?")


@dataclass(frozen=True, slots=True)
class Rule:
    """What counts as a fault; recorded with the edition. `plane` "" is one centred on the data."""

    tolerance_m: float = TOLERANCE_M
    depth: int = 3
    plane: str = ""


@dataclass(frozen=True, slots=True)
class Findings:
    """The faults, what was there but within the tolerance (by code), and the rule applied."""

    faults: tuple[Fault, ...]
    within_tolerance: dict[str, int]
    rule: Rule

    @property
    def summary(self) -> dict[str, int]:
        """How many faults of each code, in the order of FaultCode."""
        found = Counter(fault.code for fault in self.faults)
        return {code.value: found[code] for code in FaultCode if found[code]}


@dataclass(frozen=True, slots=True)
class _Laid:
    """The grids of one level that take up ground: their rows in the list given, their shapes."""

    number: int
    rows: list[int]
    shelf: nesting.Shelf


def check(grids: Sequence[Grid], tolerance_m: float = TOLERANCE_M, depth: int = 3) -> list[Fault]:
    """Every fault of the grids beyond `tolerance_m` metres; see `examine`."""
    return list(examine(grids, Rule(tolerance_m, depth)).faults)


def examine(grids: Sequence[Grid], rule: Rule, progress: Progress | None = None) -> Findings:
    """Check grids (WGS-84) by `rule`; `progress(done, total)` is told after each step.

    Raises Invalid("extent-too-wide") naming the farthest grid, "tolerance" or "crs-no-plane".
    """
    if not (math.isfinite(rule.tolerance_m) and 0 <= rule.tolerance_m <= 100):
        raise Invalid("tolerance", field="tolerance", value=rule.tolerance_m, most=100)
    rule = replace(rule, depth=depth_of(grids, rule.depth))
    plane = plane_of(rule.plane) if rule.plane else _plane(grids)
    rule = replace(rule, plane=plane.crs)
    drawn = np.array([grid.shape for grid in grids], dtype=object)
    faults, sound = _invalid(grids, drawn, plane)
    flat = plane.flat(sound)
    faults += [_tree_fault(found, grids, flat, plane) for found in tree_faults(grids, rule.depth)]
    run = _Run(grids, sound, flat, plane, rule, _Steps(3 * rule.depth - 1, progress))
    run.step()
    return _geometry(run, faults)


class _Steps:
    """Counts what is done, for a progress bar."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        self.done, self.total, self.progress = 0, total, progress

    def __call__(self) -> None:
        self.done += 1
        if self.progress is not None:
            self.progress(self.done, self.total)


@dataclass(frozen=True, slots=True)
class _Run:
    """What every geometric step of one check needs."""

    grids: Sequence[Grid]
    sound: Shapes
    flat: Shapes
    plane: Plane
    rule: Rule
    step: Callable[[], None]

    def codes(self, rows: Iterable[int]) -> tuple[str, ...]:
        return tuple(self.grids[row].code for row in rows)


def _geometry(run: _Run, faults: list[Fault]) -> Findings:
    """Every step but the last needs only shapes, and GEOS lets go of Python's lock: so at once."""
    tolerance_m = run.rule.tolerance_m
    laid = _laid_levels(run)
    pairs = [i for i in range(1, len(laid)) if laid[i - 1].number == laid[i].number - 1]
    with ThreadPoolExecutor(WORKERS) as pool:
        asked = [
            pool.submit(coverage.check_level, one.shelf.flat, tolerance_m) for one in reversed(laid)
        ][::-1]
        nested = [pool.submit(_outside, run, laid[i - 1], laid[i]) for i in pairs]
        levels = [_done(run, future) for future in asked]
        left = [pool.submit(_uncovered, run, laid, levels, i) for i in pairs]
        across = [fault for future in (*nested, *left) for fault in _done(run, future)]
    within: Counter[str] = Counter()
    for one, level in zip(laid, levels, strict=True):
        within[FaultCode.OVERLAP.value] += level.overlaps_within
        within[FaultCode.GAP.value] += level.holes_within
        faults += [_piece_fault(run, FaultCode.OVERLAP, one, piece) for piece in level.overlaps]
        faults += [_piece_fault(run, FaultCode.GAP, one, piece) for piece in level.holes]
    kept = {code: count for code, count in within.items() if count}
    return Findings(tuple(faults + across), kept, run.rule)


def _done(run: _Run, future: Future[T]) -> T:
    result = future.result()
    run.step()
    return result


def _outside(run: _Run, upper: _Laid, laid: _Laid) -> list[Fault]:
    position = {run.grids[row].code: i for i, row in reversed(list(enumerate(upper.rows)))}
    owners = np.array([position.get(run.grids[row].parent, -1) for row in laid.rows])
    found = nesting.outside(laid.shelf, upper.shelf, owners, run.rule.tolerance_m)
    return [_outside_fault(run, laid, upper, one) for one in found]


def _uncovered(
    run: _Run, laid: Sequence[_Laid], levels: Sequence[coverage.Level], i: int
) -> list[Fault]:
    """Ground of the level above position `i` that level `i` leaves out; named by its parents."""
    upper = laid[i - 1]
    left = coverage.uncovered(levels[i - 1].ground, levels[i], run.rule.tolerance_m)
    return [
        replace(_piece_fault(run, FaultCode.GAP, upper, _under(piece, upper)), level=laid[i].number)
        for piece in left
    ]


def _under(piece: coverage.Piece, upper: _Laid) -> coverage.Piece:
    """The parents that an uncovered piece lies in: those which share ground with it."""
    shared = shapely.area(shapely.intersection(upper.shelf.flat, piece.polygons[0]))
    return replace(piece, rows=tuple(np.flatnonzero(shared > 0).tolist()))


def _laid_levels(run: _Run) -> list[_Laid]:
    """The levels that have grids; a grid drawn twice alike is laid down once."""
    twice = Counter(grid.code for grid in run.grids)
    rows: dict[int, list[int]] = {}
    seen = set()
    for row in np.flatnonzero(~shapely.is_empty(run.flat)).tolist():
        grid = run.grids[row]
        if twice[grid.code] > 1:
            mark = (grid.level, grid.code, shapely.to_wkb(grid.shape))
            if mark in seen:
                continue
            seen.add(mark)
        rows.setdefault(grid.level, []).append(row)
    return [
        _Laid(number, found, nesting.Shelf(run.sound[found], run.flat[found]))
        for number, found in sorted(rows.items())
    ]


def _plane(grids: Sequence[Grid]) -> Plane:
    shapes = np.array([grid.shape for grid in grids], dtype=object)
    try:
        return plane_over(shapes)
    except Invalid as error:
        centres = shapely.get_coordinates(shapely.envelope(shapes)[~shapely.is_empty(shapes)])
        middle = np.median(centres, axis=0)
        bounds = np.nan_to_num(shapely.bounds(shapes), nan=0.0)
        away = np.abs(bounds - [*middle, *middle]).max(axis=1)
        away[shapely.is_empty(shapes)] = -1
        far = grids[int(away.argmax())].code
        params = {k: v for k, v in error.params.items() if k not in ("field", "value")}
        value = error.params["value"]
        raise Invalid(error.code, field="shape", value=value, grid=far, **params) from None


def _invalid(grids: Sequence[Grid], drawn: Shapes, plane: Plane) -> tuple[list[Fault], Shapes]:
    """Faults of polygons that are not valid or empty, and all shapes with those repaired."""
    sound = drawn.copy()
    faults = []
    wrong = ~shapely.is_valid(drawn) | shapely.is_empty(drawn)
    for row in np.flatnonzero(wrong).tolist():
        grid = grids[row]
        sound[row] = repaired(drawn[row])
        before, after = shapely.area(plane.flat(np.array([drawn[row], sound[row]], dtype=object)))
        reason, place = _reason(drawn[row])
        params = {
            "reason": reason,
            "area_before_m2": round(float(before), 3),
            "area_after_m2": round(float(after), 3),
        }
        change = abs(float(after - before))
        faults.append(
            Fault(FaultCode.INVALID_POLYGON, grid.level, (grid.code,), change, _M2, place, params)
        )
    return faults, sound


def _reason(shape: shapely.Geometry) -> tuple[str, tuple[float, float] | None]:
    if shapely.is_empty(shape):
        return "Empty", None
    found = _REASON.match(shapely.is_valid_reason(shape))
    assert found is not None
    x, y = found[2], found[3]
    return found[1], (float(x), float(y)) if x is not None else None


def _tree_fault(found: TreeFault, grids: Sequence[Grid], flat: Shapes, plane: Plane) -> Fault:
    pieces = polygons_in(shapely.GeometryCollection(flat[list(found.rows)].tolist()))
    codes = tuple(dict.fromkeys(grids[row].code for row in found.rows))
    if not len(pieces):
        return Fault(found.code, found.level, codes, 0.0, _M2, None, found.params)
    area_m2 = float(shapely.area(pieces).sum())
    place = plane.place(*inner_point(pieces))
    return Fault(found.code, found.level, codes, area_m2, _M2, place, found.params)


def _piece_fault(run: _Run, code: FaultCode, laid: _Laid, piece: coverage.Piece) -> Fault:
    extent = extent_of(piece.polygons)
    params: dict[str, object] = {"width_m": round(extent.width_m, 3)}
    if piece.kind:
        params["kind"] = piece.kind
    if code == FaultCode.OVERLAP:  # 1 where two grids are the same ground
        larger_m2 = float(shapely.area(laid.shelf.flat[list(piece.rows)]).max())
        params["share"] = round(extent.area_m2 / larger_m2, 5)
    grids = run.codes(laid.rows[i] for i in piece.rows)
    place = run.plane.place(*extent.at)
    outline = outline_of(piece.polygons, run.plane)
    return Fault(code, laid.number, grids, extent.area_m2, _M2, place, params, outline)


def _outside_fault(run: _Run, laid: _Laid, upper: _Laid, found: nesting.Outside) -> Fault:
    child, parent = laid.rows[found.child], upper.rows[found.parent]
    area_m2 = float(shapely.area(found.polygons).sum())
    share = area_m2 / float(shapely.area(run.flat[child]))
    params = {"share": round(share, 5), "farthest_m": round(found.farthest_m, 3)}
    # What the rounding of a cut swallows leaves no piece to stand on.
    pieces = found.polygons if len(found.polygons) else polygons_in(run.flat[child])
    place = run.plane.place(*inner_point(pieces))
    codes = run.codes([child, parent])
    outline = outline_of(pieces, run.plane)
    return Fault(FaultCode.OUTSIDE_PARENT, laid.number, codes, area_m2, _M2, place, params, outline)
