"""Residential estates: who manages them, where they lie, and where their buildings stand."""

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import shapely
from shapely.affinity import rotate
from shapely.geometry import MultiPoint, Point, Polygon, box
from shapely.ops import unary_union

from place.plane import XY

Style = Literal["houses", "walk-ups", "towers", "single"]

SET_BACK = 13.0  # the widest road's half and a pavement (m)
KEPT_FREE = 9.0  # between a building and the middle of any lane that runs through (m)


@dataclass(frozen=True, slots=True)
class Estate:
    """An estate as listed: seeds (m) tell which blocks it lies on, plot (m) how far it reaches."""

    name: str
    name_en: str
    manager: str
    manager_en: str
    road: str
    style: Style
    plot: XY
    seeds: tuple[XY, ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """How buildings repeat (m), and what stands behind one entrance."""

    length: float
    depth: float
    gap: float
    row: float
    units: int
    households: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Entrance:
    """One door of an estate: building and unit count from 1, `at` in metres."""

    building: int
    unit: int
    at: Point
    households: int


PATTERNS: dict[Style, Pattern] = {
    "houses": Pattern(11, 12, 3, 23, 1, (1, 3)),
    "walk-ups": Pattern(46, 13, 10, 31, 3, (8, 12)),
    "towers": Pattern(34, 18, 22, 46, 2, (22, 32)),
    "single": Pattern(44, 24, 20, 60, 2, (28, 34)),
}

ANJU = ("映溪安居物业服务有限公司", "Yingxi Anju Property Services Co., Ltd.")
LINJIA = ("映溪邻佳物业管理有限公司", "Yingxi Linjia Property Management Co., Ltd.")
NINGTAI = ("映溪宁泰物业服务有限公司", "Yingxi Ningtai Property Services Co., Ltd.")
CHENGJU = ("映溪城居物业服务有限公司", "Yingxi Chengju Property Services Co., Ltd.")
OWNERS = ("三委楼小区自治管理小组", "Sanweilou Owners' Self-management Group")

ESTATES = (
    Estate("朝阳新村", "Chaoyang New Village", *ANJU, "环城路", "houses", (180, 120),
           ((850, 770),)),
    Estate("东升大厦", "Dongsheng Tower", *CHENGJU, "朝阳路", "single", (72, 52), ((650, 160),)),
    Estate("莲花新城悦园", "Lotus New Town Joy Garden", *NINGTAI, "解放路", "towers", (240, 150),
           ((720, 340), (860, 320))),
    Estate("锦绣家园", "Jinxiu Homestead", *LINJIA, "桃源路", "walk-ups", (140, 140),
           ((1000, 60),)),
    Estate("溪岸人家", "Brookside Homes", *LINJIA, "朝阳路", "walk-ups", (130, 120),
           ((480, -200),)),
    Estate("三委楼小区", "Sanweilou Estate", *OWNERS, "解放路", "walk-ups", (150, 100),
           ((-400, 420),)),
    Estate("教师新村", "Teachers' New Village", *ANJU, "文化路", "walk-ups", (130, 120),
           ((-500, 600),)),
    Estate("宁宝世家", "Ningbao Residence", *NINGTAI, "凤鸣路", "walk-ups", (130, 150),
           ((-720, 430),)),
    Estate("望溪名邸", "Brook View Court", *CHENGJU, "解放路", "towers", (230, 120),
           ((-664, 240), (-800, 235))),
    Estate("龙庭国际小区", "Longting International", *CHENGJU, "建设路", "towers", (230, 140),
           ((-440, -560), (-340, -580))),
    Estate("华铃花园", "Hualing Garden", *NINGTAI, "中山路", "towers", (130, 170),
           ((-90, -780),)),
    Estate("茶厂宿舍", "Tea Works Quarters", *LINJIA, "凤鸣路", "walk-ups", (130, 110),
           ((-580, -700),)),
)  # fmt: skip


def outline(estate: Estate, blocks: Sequence[Polygon]) -> Polygon:
    """The estate's walls: its plot on the blocks under its seeds, set back from the roads."""
    seeds = [Point(xy) for xy in estate.seeds]
    own = [block for block in blocks if any(block.contains(seed) for seed in seeds)]
    ground = unary_union(own)
    middle = MultiPoint(seeds).centroid
    width, depth = estate.plot[0] / 2, estate.plot[1] / 2
    plot = box(middle.x - width, middle.y - depth, middle.x + width, middle.y + depth)
    inside = ground.buffer(-SET_BACK, join_style="mitre").simplify(0.8)
    land = inside.intersection(rotate(plot, slant(own[0]), origin=middle))
    if not isinstance(land, Polygon):
        raise TypeError(f"{estate.name} is not one piece")
    return shapely.normalize(shapely.set_precision(land, 0.01))


def slant(shape: Polygon) -> float:
    """Degrees by which the longest side of the smallest box round `shape` is turned."""
    corners = list(shape.minimum_rotated_rectangle.exterior.coords)
    a, b = max(pairwise(corners[:3]), key=lambda ab: math.dist(*ab))
    turn = math.degrees(math.atan2(b[1] - a[1], b[0] - a[0]))
    return (turn + 45) % 90 - 45  # buildings look south as far as the plot allows


def entrances(
    style: Style, land: Polygon, lanes: shapely.Geometry, rng: random.Random
) -> list[Entrance]:
    """Doors of all buildings that fit on `land` clear of `lanes`, row by row from the north."""
    pattern = PATTERNS[style]
    doors: list[Entrance] = []
    building = 0
    for footprint in _footprints(land, pattern):
        if footprint.distance(lanes) < KEPT_FREE or not land.contains(footprint):
            continue
        building += 1
        for unit, at in enumerate(_doors(footprint, pattern.units), start=1):
            doors.append(Entrance(building, unit, at, rng.randint(*pattern.households)))
    return doors


def _footprints(land: Polygon, pattern: Pattern) -> Iterator[Polygon]:
    turn = slant(land)
    middle = land.centroid
    west, south, east, north = rotate(land, -turn, origin=middle).bounds
    across = pattern.length + pattern.gap
    columns = max(1, int((east - west - 6) // across))
    rows = max(1, int((north - south - 6 + pattern.row - pattern.depth) // pattern.row))
    left = (west + east - columns * across + pattern.gap) / 2
    top = (north + south + (rows - 1) * pattern.row + pattern.depth) / 2
    for row in range(rows):
        for column in range(columns):
            x, y = left + column * across, top - row * pattern.row
            yield rotate(box(x, y - pattern.depth, x + pattern.length, y), turn, origin=middle)


def _doors(footprint: Polygon, units: int) -> list[Point]:
    corners = sorted(footprint.exterior.coords[:4])
    west = [(a + b) / 2 for a, b in zip(corners[0], corners[1], strict=True)]
    east = [(a + b) / 2 for a, b in zip(corners[2], corners[3], strict=True)]
    shares = [(unit + 0.5) / units for unit in range(units)]
    return [Point([w + (e - w) * s for w, e in zip(west, east, strict=True)]) for s in shares]
