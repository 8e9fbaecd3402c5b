"""Cut the large faces between main roads into blocks, as streets and lanes do in a grown town."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import shapely
from shapely.geometry import LineString, Point, Polygon
from shapely.ops import split

from place.plane import XY

TRIES = 14
SNAP = 34.0  # a new street meets an old junction within this distance (m) instead of missing it
OVERSHOOT = 0.4  # cuts reach a little over the border they end at, so that noding finds them
CENTRE_BLOCK, OUTER_BLOCK = 15_000.0, 38_000.0  # m2
WORST_SHAPE = 0.44  # 4*pi*area/perimeter^2; a square has 0.79


@dataclass(slots=True)
class Cutting:
    """The work in hand: where the river keeps streets away, junctions so far, cuts so far."""

    rng: random.Random
    corridor: Polygon
    junctions: list[Point]
    cuts: list[LineString] = field(default_factory=list)


def cut_into_blocks(faces: Sequence[Polygon], cutting: Cutting) -> list[LineString]:
    """Centre lines (m) of the streets and lanes that part `faces` into blocks of fitting size."""
    waiting = list(reversed(faces))
    while waiting:
        face = waiting.pop()
        if face.area < _fitting_area(face.centroid) * cutting.rng.uniform(1.45, 1.9):
            continue
        best = _best_cut(face, cutting)
        if best is None:
            continue
        cut, pieces = best
        cutting.cuts.append(cut)
        cutting.junctions += [Point(cut.coords[0]), Point(cut.coords[-1])]
        waiting += pieces
    return cutting.cuts


def _fitting_area(at: Point) -> float:
    out = min(1.0, max(0.0, math.hypot(at.x / 1500, at.y / 1150) * 1.5 - 0.45))
    return CENTRE_BLOCK + out * (OUTER_BLOCK - CENTRE_BLOCK)


def _best_cut(face: Polygon, cutting: Cutting) -> tuple[LineString, list[Polygon]] | None:
    best: tuple[LineString, list[Polygon]] | None = None
    best_worth = WORST_SHAPE
    for _ in range(TRIES):
        cut = _try_cut(face, cutting)
        if cut is None or cut.intersection(cutting.corridor).length > 70:
            continue
        pieces = [part for part in split(face, overshot(cut)).geoms if part.area > 1]
        if len(pieces) != 2:
            continue
        worth = min(_roundness(part) for part in pieces)
        worth -= 0.2 * abs(pieces[0].area - pieces[1].area) / face.area
        if worth > best_worth:
            best, best_worth = (cut, pieces), worth
    return best


def _roundness(shape: Polygon) -> float:
    return float(4 * math.pi * shape.area / shape.length**2)


def _try_cut(face: Polygon, cutting: Cutting) -> LineString | None:
    """A slightly bent line across the long side of `face`, snapped to junctions at its rim."""
    rng = cutting.rng
    middle, along, long, short = _long_axis(face)
    shift = rng.uniform(-0.13, 0.13) * long
    turn = rng.uniform(-0.2, 0.2)
    across = (
        -along[1] * math.cos(turn) - along[0] * math.sin(turn),
        along[0] * math.cos(turn) - along[1] * math.sin(turn),
    )
    at = (middle.x + along[0] * shift, middle.y + along[1] * shift)
    reach = long + short
    ray = LineString(
        [
            (at[0] - across[0] * reach, at[1] - across[1] * reach),
            (at[0] + across[0] * reach, at[1] + across[1] * reach),
        ]
    )
    inside = ray.intersection(face)
    if inside.geom_type != "LineString":
        return None
    ends = [_snapped(xy, face, cutting.junctions) for xy in (inside.coords[0], inside.coords[-1])]
    cut = _bent(ends[0], ends[1], rng.uniform(-0.06, 0.06))
    within = cut.length > 40 and cut.difference(face.buffer(0.05)).is_empty
    return cut if within else None


def _long_axis(face: Polygon) -> tuple[Point, XY, float, float]:
    corners = list(face.minimum_rotated_rectangle.exterior.coords)
    sides = [(math.dist(a, b), a, b) for a, b in pairwise(corners[:3])]
    (short, _, _), (long, a, b) = sorted(sides)
    return face.centroid, ((b[0] - a[0]) / long, (b[1] - a[1]) / long), long, short


def _snapped(xy: XY, face: Polygon, junctions: Sequence[Point]) -> XY:
    here = Point(xy)
    near = [
        (junction.distance(here), index)
        for index, junction in enumerate(junctions)
        if junction.distance(here) < SNAP and junction.distance(face.exterior) < 0.03
    ]
    if not near:
        return round(xy[0], 2), round(xy[1], 2)
    junction = junctions[min(near)[1]]
    return junction.x, junction.y


def _bent(start: XY, end: XY, bend: float) -> LineString:
    dx, dy = end[0] - start[0], end[1] - start[1]
    knee = ((start[0] + end[0]) / 2 - dy * bend, (start[1] + end[1]) / 2 + dx * bend)
    steps = 5
    curve = [start]
    for step in range(1, steps):
        t = step / steps
        x, y = (
            (1 - t) ** 2 * a + 2 * t * (1 - t) * k + t**2 * b
            for a, k, b in zip(start, knee, end, strict=True)
        )
        curve.append((round(x, 2), round(y, 2)))
    return LineString([*curve, end])


def overshot(cut: LineString) -> LineString:
    """The cut a little longer at both ends, keeping its own vertices."""
    first, second = cut.coords[0], cut.coords[1]
    last, before = cut.coords[-1], cut.coords[-2]
    return LineString([_beyond(second, first), *cut.coords, _beyond(before, last)])


def _beyond(inner: XY, outer: XY) -> XY:
    length = math.dist(inner, outer)
    return (
        outer[0] + (outer[0] - inner[0]) / length * OVERSHOOT,
        outer[1] + (outer[1] - inner[1]) / length * OVERSHOOT,
    )


def faces_of(lines: Sequence[LineString], within: Polygon) -> list[Polygon]:
    """The faces of a line network noded on whole centimetres, west to east."""
    noded = shapely.unary_union(list(lines), grid_size=0.01)
    faces = [shapely.normalize(face) for face in shapely.polygonize([noded]).geoms]
    inside = [face for face in faces if within.contains(face.representative_point())]
    return sorted(inside, key=lambda face: face.exterior.coords[0])
