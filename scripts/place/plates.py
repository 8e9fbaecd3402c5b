"""Door plates: odd numbers on the left of a road, even ones on its right, counted along it."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry import Point, Polygon
from shapely.geometry.base import BaseGeometry

from place.estates import Entrance, Estate, entrances
from place.names import SUBDISTRICT
from place.network import Network
from place.plane import heading
from place.skeleton import WIDTH, Kind, Road

PLOT: tuple[float, float] = (19.0, 30.0)  # width of a plot along the road (m)
GARDEN = 7.0  # from the kerb to the door (m)
BUILT: dict[Kind, float] = {
    "ring": 0.5, "arterial": 0.62, "secondary": 0.6, "street": 0.5, "lane": 0.5, "path": 0,
}  # fmt: skip
HOUSEHOLDS: dict[Kind, tuple[int, int]] = {
    "ring": (3, 14), "arterial": (4, 16), "secondary": (3, 14), "street": (2, 13),
    "lane": (1, 9), "path": (0, 0),
}  # fmt: skip
ELBOW_ROOM = 12.0  # between doors on two roads (m)
SHOPS = 0.08  # part of the plates on roads behind which nobody lives


@dataclass(frozen=True, slots=True)
class Plate:
    """A door plate as in the book; parts that it lacks are empty."""

    road: str
    number: int
    estate: str
    building: str
    unit: str
    at: Point
    households: int

    @property
    def address(self) -> str:
        """The full text as people write it."""
        if not self.estate:
            return f"{SUBDISTRICT}{self.road}{self.number}号"
        if not self.building and not self.unit:
            return f"{SUBDISTRICT}{self.road}{self.estate}{self.number}号"
        return f"{SUBDISTRICT}{self.road}{self.number}号{self.estate}{self.building}{self.unit}"


@dataclass(frozen=True, slots=True)
class Plot:
    """A numbered place beside a road, built on or not."""

    road: Road
    number: int
    at: Point


def plots_along(roads: Sequence[Road], rng: random.Random) -> list[Plot]:
    """All numbers of all roads in order, whether a plate hangs there or not."""
    plots: list[Plot] = []
    for road in roads:
        for side in (1, -1):
            plots += _one_side(road, side, rng)
    return plots


def _one_side(road: Road, side: int, rng: random.Random) -> list[Plot]:
    number = 1 if side == 1 else 2
    reach = WIDTH[road.kind] / 2 + GARDEN
    along = rng.uniform(8, 16)
    plots = []
    while along < road.line.length - 8:
        dx, dy = heading(road.line, along)
        on = road.line.interpolate(along)
        at = Point(round(on.x - dy * reach * side, 2), round(on.y + dx * reach * side, 2))
        plots.append(Plot(road, number, at))
        number += 2
        along += rng.uniform(*PLOT)
    return plots


def street_plates(
    network: Network, plots: Sequence[Plot], taken: Sequence[BaseGeometry], rng: random.Random
) -> list[Plate]:
    """Plates where something is built: off other roads, off the river, not on `taken` land."""
    roads = shapely.STRtree([road.line for road in network.roads])
    doors: dict[tuple[int, int], Point] = {}
    river = network.river.line.buffer(WIDTH["river"] / 2 + 3)
    closed = shapely.prepared.prep(shapely.union_all([*taken, river]))
    plates = []
    for plot in plots:
        built = rng.random() < BUILT[plot.road.kind] * _density(plot.at)
        households = _households(plot, rng)
        free = not closed.intersects(plot.at) and network.within.contains(plot.at)
        if built and free and _off_the_road(plot, network.roads, roads) and _alone(plot.at, doors):
            plates.append(Plate(plot.road.name, plot.number, "", "", "", plot.at, households))
    return plates


def _alone(at: Point, doors: dict[tuple[int, int], Point]) -> bool:
    """Whether no house round the corner stands where this one would; if so it now does."""
    cell = int(at.x // ELBOW_ROOM), int(at.y // ELBOW_ROOM)
    near = (doors.get((cell[0] + i, cell[1] + j)) for i in (-1, 0, 1) for j in (-1, 0, 1))
    if any(door is not None and door.distance(at) < ELBOW_ROOM for door in near):
        return False
    doors[cell] = at
    return True


def _density(at: Point) -> float:
    """1 in the old town, falling to four fifths at the foot of the hills."""
    out = shapely.distance(Point(at.x / 1500, at.y / 1150), Point(0, 0))
    return float(min(1.0, max(0.8, 1.5 - 1.05 * out)))


def _households(plot: Plot, rng: random.Random) -> int:
    drawn = rng.randint(*HOUSEHOLDS[plot.road.kind])
    return 0 if rng.random() < SHOPS else max(1, round(drawn * _density(plot.at)))


def _off_the_road(plot: Plot, roads: Sequence[Road], tree: shapely.STRtree) -> bool:
    near = tree.query(plot.at, predicate="dwithin", distance=20)
    return all(roads[i].line.distance(plot.at) > WIDTH[roads[i].kind] / 2 + 4 for i in sorted(near))


def gate_of(estate: Estate, land: Polygon, plots: Sequence[Plot]) -> Plot:
    """The plot on the estate's road at which one turns in."""
    own = [plot for plot in plots if plot.road.name == estate.road]
    return min(own, key=lambda plot: (round(plot.at.distance(land), 2), plot.number))


def estate_plates(
    estate: Estate, land: Polygon, network: Network, gate: Plot, rng: random.Random
) -> list[Plate]:
    """Plates of an estate's doors, under the number of its gate or, in a village, their own."""
    lanes = shapely.union_all([road.line for road in network.roads])
    doors = entrances(estate.style, land, lanes, rng)
    if estate.style == "houses":
        return [
            Plate(estate.road, door.building, estate.name, "", "", door.at, door.households)
            for door in doors
        ]
    return [_estate_plate(estate, gate.number, door) for door in doors]


def _estate_plate(estate: Estate, gate: int, door: Entrance) -> Plate:
    building = "" if estate.style == "single" else f"{door.building}幢"
    unit = f"{door.unit}单元"
    return Plate(estate.road, gate, estate.name, building, unit, door.at, door.households)
