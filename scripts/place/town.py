"""The whole demo place in one value, made from a seed."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import shapely
from shapely.geometry import Point, Polygon

from place import grids
from place.estates import ESTATES, Estate, outline
from place.grids import Grid, Ground
from place.network import Network, build
from place.plates import Plate, estate_plates, gate_of, plots_along, street_plates
from place.sites import SITES, Site, site_land
from place.tiling import Pair

SEED = 7


@dataclass(frozen=True, slots=True)
class Town:
    """Everything that is written out; shapes of estates, sites and plates still in metres."""

    network: Network
    estates: list[tuple[Estate, Polygon]]
    sites: list[tuple[Site, Polygon]]
    plates: list[Plate]
    grids: list[Grid]


def make_town() -> Town:
    """The same town every time."""
    network = build(random.Random(SEED))  # noqa: S311 - a drawing, no secret
    estates = [(estate, outline(estate, network.blocks)) for estate in ESTATES]
    sites = [(site, site_land(site, network.blocks)) for site in SITES]
    plates = _plates(network, estates, [land for _, land in sites])
    ground = Ground(network, _households(network.blocks, plates), _apart(network.blocks))
    return Town(network, estates, sites, plates, grids.draw(ground))


def _plates(
    network: Network, estates: Sequence[tuple[Estate, Polygon]], sites: Sequence[Polygon]
) -> list[Plate]:
    # A generator of its own for each step: a change in one does not shake all that follow.
    plots = plots_along(network.roads, random.Random(SEED + 1))  # noqa: S311
    gates = [gate_of(estate, land, plots) for estate, land in estates]
    taken = [*(land.buffer(8) for _, land in estates), *sites]
    houses = [plot for plot in plots if plot not in gates]
    plates = street_plates(network, houses, taken, random.Random(SEED + 2))  # noqa: S311
    for index, ((estate, land), gate) in enumerate(zip(estates, gates, strict=True)):
        rng = random.Random(SEED + 100 + index)  # noqa: S311
        plates += estate_plates(estate, land, network, gate, rng)
    return plates


def _households(blocks: Sequence[Polygon], plates: Sequence[Plate]) -> list[int]:
    tree = shapely.STRtree(list(blocks))
    people = [0] * len(blocks)
    for plate in plates:
        (block,) = tree.query(plate.at, predicate="within")
        people[block] += plate.households
    return people


def _apart(blocks: Sequence[Polygon]) -> list[Pair]:
    """Estates over two blocks lie on a border between grids, as large ones do in life."""
    pairs = []
    for estate in ESTATES:
        own = [
            i
            for seed in estate.seeds
            for i, block in enumerate(blocks)
            if block.contains(Point(seed))
        ]
        pairs += [(a, b) for a, b in pairwise(own) if a != b]
    return pairs
