"""What was drawn by hand: the edge of the subdistrict, its river, main roads, communities, sites.

All coordinates are metres east and north of the centre (see `plane`).
"""

from dataclasses import dataclass
from typing import Literal

from shapely.geometry import LineString

from place.plane import XY, smooth

Kind = Literal["ring", "arterial", "secondary", "street", "lane", "path", "river"]

WIDTH: dict[Kind, float] = {
    "river": 44,
    "ring": 26,
    "arterial": 22,
    "secondary": 15,
    "street": 11,
    "lane": 6,
    "path": 4,
}
RIVER_CORRIDOR = 32.0  # centre line to riverside road


@dataclass(frozen=True, slots=True)
class Road:
    """A named centre line in metres; the river and the foot path round the edge are roads too."""

    name: str
    name_en: str
    kind: Kind
    line: LineString


@dataclass(frozen=True, slots=True)
class Community:
    """A level-1 grid: the land between the dividing lines in which its seed points lie."""

    name: str
    name_en: str
    code: str
    seeds: tuple[XY, ...]


EDGE: tuple[XY, ...] = (
    (-1560, 420), (-1330, 640), (-1200, 820), (-930, 980), (-560, 1040), (-150, 1060),
    (130, 1160), (480, 1150), (760, 1050), (1040, 960), (1180, 780), (1400, 600), (1440, 330),
    (1500, 60), (1640, -180), (1660, -480), (1700, -760), (1520, -960), (1180, -960),
    (980, -1020), (760, -1150), (380, -1190), (-20, -1250), (-360, -1190), (-640, -1140),
    (-960, -1060), (-1230, -920), (-1380, -680), (-1500, -440), (-1640, -230), (-1620, 60),
    (-1660, 240),
)  # fmt: skip

RIVER: tuple[XY, ...] = (
    (-2100, 330), (-1800, 120), (-1450, -60), (-1130, -290), (-800, -330), (-520, -180),
    (-230, -150), (40, -330), (330, -430), (640, -310), (930, -330), (1220, -550),
    (1500, -640), (1850, -590), (2100, -700),
)  # fmt: skip

MAIN: tuple[tuple[str, str, Kind, tuple[XY, ...]], ...] = (
    ("中山路", "Zhongshan Road", "arterial",
     ((115, 1300), (85, 1000), (70, 800), (30, 480), (-30, 260), (-50, 50), (-65, -230),
      (-110, -450), (-140, -640), (-180, -915), (-150, -1360))),
    ("解放路", "Jiefang Road", "arterial",
     ((-1760, 250), (-1205, 200), (-900, 290), (-620, 320), (-330, 250), (-30, 260), (300, 290),
      (575, 230), (880, 160), (1165, 170), (1640, 240))),
    ("建设路", "Jianshe Road", "arterial",
     ((-1700, -630), (-1100, -545), (-680, -600), (-400, -650), (-140, -640), (200, -690),
      (525, -650), (800, -680), (1010, -740), (1400, -810), (1800, -850))),
    ("朝阳路", "Chaoyang Road", "arterial",
     ((730, 1160), (655, 745), (585, 480), (575, 230), (610, -20), (575, -330), (525, -650),
      (545, -910), (510, -1380))),
    ("凤鸣路", "Fengming Road", "arterial",
     ((-690, 1120), (-600, 765), (-640, 540), (-620, 320), (-560, 60), (-610, -220),
      (-680, -600), (-640, -850), (-590, -1200))),
    ("文化路", "Wenhua Road", "secondary",
     ((-1100, 470), (-820, 500), (-640, 540), (-300, 510), (30, 480), (320, 530), (585, 480),
      (800, 430), (1060, 430))),
    ("老街", "Lao Jie", "secondary",
     ((-560, 60), (-420, 35), (-310, 100), (-190, 90), (-50, 50), (110, 60), (260, -30),
      (420, 10), (610, -20))),
    ("大同路", "Datong Road", "secondary",
     ((-1320, -1060), (-1090, -850), (-880, -800), (-640, -850), (-400, -870), (-180, -915))),
    ("桃源路", "Taoyuan Road", "secondary",
     ((610, -20), (860, -60), (1185, -30), (1700, -80))),
    ("西河路", "Xihe Road", "secondary",
     ((-1760, -30), (-1230, 10), (-900, 40), (-560, 60))),
    ("清风路", "Qingfeng Road", "secondary",
     ((215, -340), (190, -560), (200, -690), (230, -930))),
)  # fmt: skip

RING: tuple[XY, ...] = (
    (70, 800), (380, 795), (655, 745), (900, 590), (1060, 430), (1165, 170), (1185, -30),
    (1140, -300), (1090, -520), (1010, -740), (850, -850), (545, -910), (230, -930),
    (-180, -915), (-450, -960), (-640, -850), (-830, -700), (-1100, -545), (-1200, -250),
    (-1230, 10), (-1205, 200), (-1100, 470), (-880, 680), (-600, 765), (-250, 830),
)  # fmt: skip

COMMUNITIES = (
    Community("北凤社区", "Beifeng Community", "350999001001", ((-500, 400),)),
    Community("城东社区", "Chengdong Community", "350999001002", ((700, 300),)),
    Community("大同社区", "Datong Community", "350999001003", ((-600, -700), (200, -700))),
)
DIVIDING = ("映溪", "中山路")  # the lines that part the communities


def edge() -> Road:
    """The foot path round the subdistrict: its outer border."""
    return Road("环山步道", "Hillside Path", "path", smooth(EDGE, closed=True))


def river() -> Road:
    """The river's centre line, from beyond the western edge to beyond the eastern one."""
    return Road("映溪", "Ying Brook", "river", smooth(RIVER))


def main_roads() -> list[Road]:
    """The ring road, then the arterials and secondary roads, some reaching beyond the edge."""
    ring = Road("环城路", "Huancheng Road", "ring", smooth(RING, closed=True))
    drawn = [Road(name, en, kind, smooth(points)) for name, en, kind, points in MAIN]
    return [ring, *drawn]
