"""Three levels of grids over the blocks: communities, areas (片区) and base grids (网格).

Codes: 6 county + 3 subdistrict + 3 community, + 2 area, + 3 base grid. Base grids are counted
through the whole community, area by area, each from north to south and west to east.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import shapely
from shapely.geometry import Point, Polygon

from place.names import numeral
from place.network import Network
from place.plane import to_degrees
from place.skeleton import COMMUNITIES, DIVIDING, Community
from place.tiling import Land, Pair, neighbours, parted

AREAS, BASE_GRIDS = 4, 21  # of each community, about
PEOPLE_COUNT = 0.6  # how much households weigh in a grid's size beside its area
HOUSEHOLDS, AREA_HOUSEHOLDS = (100, 480), (600, 2200)
BAND = 260.0  # grids within so many metres north to south are numbered west to east


@dataclass(frozen=True, slots=True)
class Grid:
    """A grid of any level, its shape in WGS-84 degrees."""

    code: str
    level: int
    parent: str
    name: str
    name_en: str
    households: int
    shape: Polygon


@dataclass(frozen=True, slots=True)
class Ground:
    """What the grids are drawn over: blocks (metres), people per block, what stays apart."""

    network: Network
    households: Sequence[int]
    apart: Sequence[Pair]


def draw(ground: Ground) -> list[Grid]:
    """All grids, level by level and in the order of their codes."""
    grids = [grid for community in COMMUNITIES for grid in _community(community, ground)]
    return sorted(grids, key=lambda grid: (grid.level, grid.code))


def _community(community: Community, ground: Ground) -> list[Grid]:
    network = ground.network
    blocks = _blocks_of(community, network)
    sizes = _sizes(blocks, ground)
    beside = neighbours(network.blocks, network.borders)
    on = Land(network.blocks, ground.households, HOUSEHOLDS, sizes, beside, ground.apart)
    areas = [
        [sorted(cell) for cell in parted(area, _grids_in(area, sizes), on)]
        for area in parted(blocks, AREAS, replace(on, limits=AREA_HOUSEHOLDS, apart=()))
    ]
    return _coded(community, areas, ground)


def _sizes(blocks: frozenset[int], ground: Ground) -> list[float]:
    """Work in a block, in base grids: people count most, but wide land has to be walked too."""
    shapes, people = ground.network.blocks, ground.households
    usual_area = sum(shapes[i].area for i in blocks) / BASE_GRIDS
    usual_people = sum(people[i] for i in blocks) / BASE_GRIDS
    return [
        PEOPLE_COUNT * count / usual_people + (1 - PEOPLE_COUNT) * shape.area / usual_area
        for shape, count in zip(shapes, people, strict=True)
    ]


def _grids_in(area: frozenset[int], sizes: Sequence[float]) -> int:
    return max(2, round(sum(sizes[i] for i in area)))


def _blocks_of(community: Community, network: Network) -> frozenset[int]:
    lines = [road.line for road in network.borders if road.name in DIVIDING]
    rim = network.within.exterior
    faces = shapely.polygonize([shapely.unary_union([*lines, rim], grid_size=0.01)]).geoms
    own = [f for f in faces if any(f.contains(Point(seed)) for seed in community.seeds)]
    whole = shapely.union_all(own)
    inner = [block.representative_point() for block in network.blocks]
    return frozenset(i for i, point in enumerate(inner) if whole.contains(point))


def _union(cell: Sequence[int], blocks: Sequence[Polygon]) -> Polygon:
    return shapely.coverage_union_all([blocks[i] for i in cell])


def _coded(
    community: Community, areas: Sequence[Sequence[Sequence[int]]], ground: Ground
) -> list[Grid]:
    blocks = [to_degrees(block) for block in ground.network.blocks]
    grids: list[Grid] = []
    serial = 0
    members = [[i for cell in area for i in cell] for area in areas]
    for place, which in enumerate(_in_order(members, ground.network.blocks), start=1):
        area_code = f"{community.code}{place:02}"
        children = []
        for cell in _in_order(areas[which], ground.network.blocks):
            serial += 1
            blocks_of_cell = areas[which][cell]
            children.append(
                Grid(
                    f"{area_code}{serial:03}",
                    3,
                    area_code,
                    f"{community.name}第{numeral(serial)}网格",
                    f"{_short(community)} Grid {serial}",
                    sum(ground.households[i] for i in blocks_of_cell),
                    shapely.normalize(_union(blocks_of_cell, blocks)),
                )
            )
        name = f"{community.name}第{numeral(place)}片区", f"{_short(community)} Area {place}"
        grids += [*children, _parent(area_code, 2, community.code, name, children)]
    whole = [grid for grid in grids if grid.level == 2]
    name = community.name, community.name_en
    return [*grids, _parent(community.code, 1, "", name, whole)]


def _parent(
    code: str, level: int, parent: str, name: tuple[str, str], children: Sequence[Grid]
) -> Grid:
    shape = shapely.normalize(shapely.coverage_union_all([child.shape for child in children]))
    return Grid(code, level, parent, *name, sum(child.households for child in children), shape)


def _short(community: Community) -> str:
    return community.name_en.removesuffix(" Community")


def _in_order(groups: Sequence[Sequence[int]], blocks: Sequence[Polygon]) -> list[int]:
    """Indices of the groups from north to south in bands, and from west to east within one."""
    middles = [_union(group, blocks).centroid for group in groups]
    return sorted(
        range(len(groups)), key=lambda i: (-round(middles[i].y / BAND), round(middles[i].x, 1))
    )
