"""The street network: hand-drawn main roads, cut streets and lanes with names, and the blocks."""

import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import linemerge

from place import skeleton
from place.cuts import Cutting, cut_into_blocks, faces_of, overshot
from place.names import STREETS, numeral
from place.plane import XY, heading
from place.skeleton import RIVER_CORRIDOR, Kind, Road

STREET_LENGTH = 330.0  # from this length (m) on a cut is a street with a name of its own
STRAIGHT_ON = 0.8  # cosine of the turn up to which one name goes on across a junction
BRIDGES: frozenset[Kind] = frozenset({"ring", "arterial", "river"})


@dataclass(frozen=True, slots=True)
class Network:
    """Roads as people see them, and the blocks (metres) between their centre lines."""

    within: Polygon
    river: Road
    corridor: Polygon
    roads: list[Road]
    borders: list[Road]
    blocks: list[Polygon]


def build(rng: random.Random) -> Network:
    """The whole network; `borders` run to the river's middle where `roads` end at its bank."""
    edge, river, main = skeleton.edge(), skeleton.river(), skeleton.main_roads()
    within = Polygon(edge.line)
    corridor = river.line.buffer(RIVER_CORRIDOR)
    drawn = [edge.line, river.line, *(road.line for road in main)]
    cutting = Cutting(rng, corridor, _junctions(drawn))
    cuts = cut_into_blocks(faces_of(drawn, within), cutting)
    blocks = faces_of([*drawn, *(overshot(cut) for cut in cuts)], within)
    streets = _named(_joined(cuts, corridor), [*main, edge])
    borders = [edge, river, *main, *streets]
    seen = [_as_seen(road, within, corridor) for road in [*main, *streets]]
    return Network(
        within, river, corridor, [edge, *seen, *_riverside(river, within)], borders, blocks
    )


def _junctions(lines: Sequence[LineString]) -> list[Point]:
    ends: Counter[XY] = Counter()
    for part in shapely.unary_union(list(lines), grid_size=0.01).geoms:
        ends.update([part.coords[0], part.coords[-1]])
    return [Point(xy) for xy, count in sorted(ends.items()) if count >= 3]


def _joined(cuts: Sequence[LineString], corridor: Polygon) -> list[LineString]:
    """Cuts that go straight on across a junction become one line, but not across the river."""
    lines: list[LineString] = []
    for cut in cuts:
        partner = next((i for i, line in enumerate(lines) if _goes_on(line, cut, corridor)), None)
        if partner is None:
            lines.append(cut)
        else:
            lines[partner] = linemerge([lines[partner], cut])
    return lines


def _goes_on(line: LineString, cut: LineString, corridor: Polygon) -> bool:
    shared = {line.coords[0], line.coords[-1]} & {cut.coords[0], cut.coords[-1]}
    if len(shared) != 1:
        return False
    (junction,) = shared
    if corridor.contains(Point(junction)):
        return False
    away = [_away_from(part, junction) for part in (line, cut)]
    return away[0][0] * away[1][0] + away[0][1] * away[1][1] < -STRAIGHT_ON


def _away_from(line: LineString, end: XY) -> XY:
    if line.coords[0] == end:
        return heading(line, 4)
    x, y = heading(line, line.length - 4)
    return -x, -y


def _named(lines: Sequence[LineString], main: Sequence[Road]) -> list[Road]:
    """Long lines take a street name; short ones are numbered lanes of the road they start from."""
    longest_first = sorted(range(len(lines)), key=lambda i: (-round(lines[i].length, 1), i))
    streets = [i for i in longest_first[: len(STREETS)] if lines[i].length >= STREET_LENGTH]
    named = [
        Road(*STREETS[rank], "street", _eastward(lines[i]))
        for rank, i in enumerate(sorted(streets))
    ]
    parents = [*main, *named]
    lanes: dict[int, list[LineString]] = defaultdict(list)
    for i, line in enumerate(lines):
        if i not in streets:
            lanes[_parent(line, parents)].append(line)
    for index, parent in enumerate(parents):
        named += _numbered_lanes(parent, lanes[index])
    return named


def _parent(lane: LineString, roads: Sequence[Road]) -> int:
    apart = [round(road.line.distance(lane), 2) for road in roads]
    return min(range(len(roads)), key=lambda i: (roads[i].kind == "path", apart[i], i))


def _numbered_lanes(parent: Road, lines: Sequence[LineString]) -> list[Road]:
    outward = [_starting_at(parent.line, line) for line in lines]
    outward.sort(key=lambda line: parent.line.project(Point(line.coords[0])))
    return [
        Road(f"{parent.name}{numeral(n)}巷", f"{parent.name_en} Lane {n}", "lane", line)
        for n, line in enumerate(outward, start=1)
    ]


def _starting_at(parent: LineString, line: LineString) -> LineString:
    far = parent.distance(Point(line.coords[0])) > parent.distance(Point(line.coords[-1]))
    return line.reverse() if far else line


def _eastward(line: LineString) -> LineString:
    return line if line.coords[0] <= line.coords[-1] else line.reverse()


def _riverside(river: Road, within: Polygon) -> list[Road]:
    banks = (
        ("溪北路", "Xibei Road", RIVER_CORRIDOR),
        ("溪南路", "Xinan Road", -RIVER_CORRIDOR),
    )
    return [
        Road(name, en, "secondary", _longest(river.line.offset_curve(offset).intersection(within)))
        for name, en, offset in banks
    ]


def _as_seen(road: Road, within: Polygon, corridor: Polygon) -> Road:
    """The road inside the edge; only the larger ones have bridges, others end at the bank."""
    if road.kind == "ring":
        return road
    line = road.line.intersection(within)
    if road.kind not in BRIDGES:
        line = line.difference(corridor)
    return Road(road.name, road.name_en, road.kind, _longest(line))


def _longest(line: BaseGeometry) -> LineString:
    parts = [part for part in shapely.get_parts(line) if isinstance(part, LineString)]
    return max(parts, key=lambda part: float(part.length))
