"""Part a town's blocks into compact regions of like size, along the larger roads where it can be.

A region is halved again and again by sweeping a line over it from many sides; of all cuts that
leave both sides in one piece the cheapest wins: short, along a main road, even, round.
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from shapely.geometry import LineString, Polygon
from shapely.strtree import STRtree

from place.plane import XY
from place.skeleton import Kind, Road

Pair = tuple[int, int]
Side = frozenset[int]
Neighbours = dict[int, tuple[float, float]]
SWEEPS = 36
MOST_UNEVEN = 0.75
WALL: dict[Kind, float] = {
    "river": 1.0, "ring": 0.85, "arterial": 0.85, "secondary": 0.6, "street": 0.3, "lane": 0.0,
    "path": 0.0,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Land:
    """Blocks, and what decides how they are parted: `limits` are the households of one region."""

    shapes: Sequence[Polygon]
    households: Sequence[int]
    limits: tuple[int, int]
    sizes: Sequence[float]
    beside: Sequence[Neighbours]
    apart: Sequence[Pair]


def neighbours(shapes: Sequence[Polygon], roads: Sequence[Road]) -> list[Neighbours]:
    """For each shape of a coverage the shapes it borders on, and which road runs there."""
    owners: dict[tuple[XY, XY], list[int]] = defaultdict(list)
    for index, shape in enumerate(shapes):
        for a, b in pairwise(shape.exterior.coords):
            owners[min(a, b), max(a, b)].append(index)
    tree = STRtree([road.line for road in roads])
    beside: list[Neighbours] = [{} for _ in shapes]
    for (a, b), sides in owners.items():
        if len(sides) == 2:
            length = math.dist(a, b)
            wall = length * WALL[roads[tree.nearest(LineString([a, b]).centroid)].kind]
            for one, two in (sides, sides[::-1]):
                had = beside[one].get(two, (0.0, 0.0))
                beside[one][two] = had[0] + length, had[1] + wall
    return beside


def parted(blocks: Side, count: int, on: Land) -> list[Side]:
    """`blocks` as `count` connected regions of about the same size.

    The last regions keep `on.limits`, and none holds both of a pair in `on.apart`. Raises
    ValueError when no cut is left.
    """
    if count == 1:
        return [blocks]
    cuts = [
        (_cost(one, two, share / count, on), sorted(one), share)
        for share in sorted({count // 2, count - count // 2})
        for one, two in dict.fromkeys(_sweeps(blocks, share / count, on))
        if _can_be(one, share, on) and _can_be(two, count - share, on)
    ]
    for _, first, share in sorted(cuts):
        one = frozenset(first)
        try:
            return [*parted(one, share, on), *parted(blocks - one, count - share, on)]
        except ValueError:
            continue  # this cut left a side that cannot be parted further: the next best one
    raise ValueError(f"no cut leaves {count} regions of {sorted(blocks)}")


def _sweeps(blocks: Side, share: float, on: Land) -> Iterator[tuple[Side, Side]]:
    """Every even enough and connected cut, as (the side with `share` of the size, the rest)."""
    middles = {i: on.shapes[i].centroid for i in sorted(blocks)}
    total = sum(on.sizes[i] for i in sorted(blocks))
    for step in range(SWEEPS):
        angle = 2 * math.pi * step / SWEEPS
        dx, dy = math.cos(angle), math.sin(angle)
        order = sorted(middles, key=lambda i: (round(middles[i].x * dx + middles[i].y * dy, 1), i))
        passed = 0.0
        for n, block in enumerate(order[:-1], start=1):
            passed += on.sizes[block]
            if abs(passed / total - share) > MOST_UNEVEN * min(share, 1 - share):
                continue
            one, two = frozenset(order[:n]), frozenset(order[n:])
            if _connected(one, on) and _connected(two, on):
                yield one, two


def _connected(side: Side, on: Land) -> bool:
    start = min(side)
    seen, waiting = {start}, [start]
    while waiting:
        near = side & on.beside[waiting.pop()].keys() - seen
        seen |= near
        waiting += sorted(near)
    return len(seen) == len(side)


def _can_be(side: Side, count: int, on: Land) -> bool:
    people = sum(on.households[i] for i in side)
    fewest, most = on.limits
    if len(side) < count or not fewest * count <= people <= most * count:
        return False
    together = any(a in side and b in side for a, b in on.apart)
    return count > 1 or not together


def _cost(one: Side, two: Side, share: float, on: Land) -> float:
    """Lower is better: length along the cut less what is wall anyway, unevenness, thinness."""
    length = wall = 0.0
    for block in sorted(one):
        for other in sorted(two & on.beside[block].keys()):
            length += on.beside[block][other][0]
            wall += on.beside[block][other][1]
    area = sum(on.shapes[i].area for i in sorted(one | two))
    sizes = [sum(on.sizes[i] for i in sorted(side)) for side in (one, two)]
    uneven = abs(sizes[0] / sum(sizes) - share) / min(share, 1 - share)
    thin = 0.8 - min(_roundness(one, on), _roundness(two, on))
    return float((1.15 * length - wall) / math.sqrt(area) + 1.2 * uneven**2 + 0.9 * thin)


def _roundness(side: Side, on: Land) -> float:
    area = rim = 0.0
    for block in sorted(side):
        area += on.shapes[block].area
        rim += on.shapes[block].length
        rim -= sum(on.beside[block][near][0] for near in sorted(side & on.beside[block].keys()))
    return 4 * math.pi * area / rim**2
