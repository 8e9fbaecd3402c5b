"""Parks, schools and other land without homes."""

from collections.abc import Sequence
from dataclasses import dataclass

import shapely
from shapely.affinity import rotate
from shapely.geometry import Point, Polygon, box

from place.estates import slant
from place.plane import XY


@dataclass(frozen=True, slots=True)
class Site:
    """Land of `plot` metres round the seed point, as far as its block goes."""

    name: str
    name_en: str
    kind: str
    seed: XY
    plot: XY


SITES = (
    Site("映溪公园", "Ying Brook Park", "park", (150, -180), (180, 144)),
    Site("人民广场", "People's Square", "square", (60, 380), (90, 72)),
    Site("映溪中心小学", "Yingxi Primary School", "school", (-240, 640), (160, 128)),
    Site("映溪中学", "Yingxi Middle School", "school", (940, -220), (180, 144)),
    Site("映溪医院", "Yingxi Hospital", "hospital", (440, 400), (140, 112)),
    Site("农贸市场", "Farmers' Market", "market", (-280, 20), (90, 72)),
    Site("笔架山公园", "Bijia Hill Park", "park", (-1150, 640), (300, 240)),
    Site("茶厂", "Tea Works", "works", (-900, -950), (220, 176)),
    Site("体育场", "Stadium", "school", (350, -780), (160, 128)),
)


def site_land(site: Site, blocks: Sequence[Polygon]) -> Polygon:
    """The site's outline in metres, 13 m off the roads' middles."""
    seed = Point(site.seed)
    block = next(block for block in blocks if block.contains(seed))
    width, depth = site.plot[0] / 2, site.plot[1] / 2
    plot = box(seed.x - width, seed.y - depth, seed.x + width, seed.y + depth)
    land = block.buffer(-13, join_style="mitre").intersection(rotate(plot, slant(block)))
    return shapely.normalize(shapely.set_precision(land, 0.01))
