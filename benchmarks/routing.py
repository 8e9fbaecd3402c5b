"""Points to grids, and the check of a whole edition, each against bare Shapely in the same run.

    ./dev bench routing [--points N] [--leaves N] [--json OUT]

`bulk_speed` is the speed of `Partition.locate_many` as a share of the vectorised
`STRtree.query(points, predicate="intersects")` over the same leaves (aim: at least 0.7).
`single_ratio` is the time of `Partition.locate`, border distance and neighbour included, over that
of a bare look-up: `STRtree.query`, then `covers` on prepared polygons (aim: at most 3).
`check_ratio` is `grids.check.examine` over three bare `coverage_is_valid` calls, in wall time on
all cores and in CPU time (aim: at most 3); `linear` the CPU time of a leaf at N leaves over that
at 1,000 (aim: at most 1.3). Real cities are measured where ../shared/data lies beside the project.
"""

import argparse
import csv
import gzip
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
import shapely

from gridtrack.grids.check import Rule, examine
from gridtrack.grids.files import GridFiles, read_grids
from gridtrack.grids.partition import Partition
from gridtrack.grids.rules import Grid, with_paths
from tests.grid_builders import SHARED, shared

FIELDS = {"code": "id", "parent": "parent_id"}
WEST, SOUTH, STEP = 119.0, 27.0, 0.002
EDGE = 3  # points that bend an edge between two corners
SINGLE = 1000
NEAR_M = 20.0


def fastest(call: Callable[[], Any], clock: Callable[[], float], times: int = 7) -> float:
    """Seconds of the fastest of some calls: the others were disturbed."""
    best = float("inf")
    for _ in range(times):
        began = clock()
        call()
        best = min(best, clock() - began)
    return best


def land(side: int) -> list[Grid]:
    """A made-up land of side * side leaves with bent borders, in two levels of squares above."""
    rng = np.random.default_rng(side)
    corner = np.stack(np.meshgrid(np.arange(side + 1.0), np.arange(side + 1.0), indexing="ij"), -1)
    corner += rng.uniform(-0.2, 0.2, corner.shape)
    along = np.linspace(0, 1, EDGE + 2)[:-1, None]

    def bent(start: Any, end: Any) -> Any:
        line = start[..., None, :] * (1 - along) + end[..., None, :] * along
        line[..., 1:, :] += rng.uniform(-0.05, 0.05, line[..., 1:, :].shape)
        return np.concatenate([line, end[..., None, :]], axis=-2)

    east, north = bent(corner[:-1], corner[1:]), bent(corner[:, :-1], corner[:, 1:])
    rings = np.concatenate(
        [east[:, :-1], north[1:, :, 1:], east[:, 1:, -2::-1], north[:-1, :, -2::-1]], axis=-2
    )
    shapes = shapely.polygons(rings * STEP + [WEST, SOUTH])
    grids = []
    for level, block in ((1, 32), (2, 8), (3, 1)):
        for c in range(0, side, block):
            for r in range(0, side, block):
                inside = shapes[c : c + block, r : r + block].ravel()
                shape = inside[0] if block == 1 else shapely.coverage_union_all(inside)
                up = {1: 0, 2: 32, 3: 8}[level]
                parent = f"{level - 1}-{c // up}-{r // up}" if up else ""
                grids.append(Grid(f"{level}-{c // block}-{r // block}", level, parent, "", shape))
    return with_paths(grids)


def routing(grids: list[Grid], lons: Any, lats: Any) -> dict[str, float]:
    """Ratios of the bulk and of the single look-up."""
    leaves = sorted((g for g in grids if g.level == 3), key=lambda g: g.code)
    shapes = np.array([leaf.shape for leaf in leaves], dtype=object)
    points = shapely.points(lons, lats)
    tree = shapely.STRtree(shapes)
    tree.query(points[:1], predicate="intersects")
    clock = time.process_time
    bare = fastest(lambda: tree.query(points, predicate="intersects"), clock)
    partition = Partition(leaves)
    bulk = fastest(lambda: partition.locate_many(lons, lats), clock)
    some = np.random.default_rng(1).integers(0, len(lons), SINGLE)
    pairs = list(zip(lons[some].tolist(), lats[some].tolist(), strict=True))
    shapely.prepare(shapes)
    each = list(shapes)

    def look_up() -> None:
        for lon, lat in pairs:
            point = shapely.Point(lon, lat)
            for i in tree.query(point):
                if shapely.covers(each[i], point):
                    break

    def locate() -> None:
        for lon, lat in pairs:
            partition.locate(lon, lat, near_m=NEAR_M)

    single_bare, single = fastest(look_up, clock), fastest(locate, clock)
    return {
        "leaves": len(leaves),
        "points": len(lons),
        "bulk_speed": round(bare / bulk, 2),
        "bulk_us_per_point": round(bulk / len(lons) * 1e6, 2),
        "single_ratio": round(single / single_bare, 2),
        "single_us": round(single / SINGLE * 1e6, 1),
        "single_bare_us": round(single_bare / SINGLE * 1e6, 1),
    }


def checking(grids: list[Grid]) -> dict[str, Any]:
    """The check against the coverage call it is built on."""
    levels = [
        np.array([grid.shape for grid in grids if grid.level == level], dtype=object)
        for level in (1, 2, 3)
    ]
    result: dict[str, Any] = {"grids": len(grids), "vertices": 0}
    result["vertices"] = int(sum(shapely.get_num_coordinates(level).sum() for level in levels))

    def bare() -> None:
        for level in levels:
            shapely.coverage_is_valid(level)

    for name, clock in (("wall", time.perf_counter), ("cpu", time.process_time)):
        least = fastest(bare, clock, 5)
        whole = fastest(lambda: examine(grids, Rule()), clock, 5)
        result[f"check_{name}_s"] = round(whole, 3)
        result[f"bare_{name}_s"] = round(least, 3)
        result[f"check_ratio_{name}"] = round(whole / least, 2)
    findings = examine(grids, Rule())
    return {**result, "summary": findings.summary, "within_tolerance": findings.within_tolerance}


def city(name: str) -> list[Grid]:
    """The three levels of a shared city."""
    return read_grids(GridFiles({n: shared(name, n) for n in (1, 2, 3)}, FIELDS))


def city_points(name: str) -> tuple[Any, Any]:
    """The points of a shared city."""
    text = gzip.decompress((SHARED / name / "truth" / "points_truth.csv.gz").read_bytes()).decode()
    rows = list(csv.DictReader(text.splitlines()))
    return tuple(np.array([float(row[axis]) for row in rows]) for axis in ("lon", "lat"))


def measure(points: int, leaves: int) -> dict[str, Any]:
    """Every figure."""
    found: dict[str, Any] = {}
    per_leaf = {}
    for side in (32, 72, round(leaves**0.5)):
        grids, name = land(side), f"land of {side * side}"
        rng = np.random.default_rng(3)
        lons, lats = (rng.uniform(0, side * STEP, points) + low for low in (WEST, SOUTH))
        found[name] = {"routing": routing(grids, lons, lats), "check": checking(grids)}
        per_leaf[side] = found[name]["check"]["check_cpu_s"] / (side * side)
    sides = sorted(per_leaf)
    found["linear"] = round(per_leaf[sides[-1]] / per_leaf[sides[0]], 2)
    if SHARED.exists():
        found["amsterdam"] = {"check": checking(city("amsterdam"))}
        for name in ("nyc", "kaohsiung"):
            grids = city(name)
            found[name] = {"routing": routing(grids, *city_points(name)), "check": checking(grids)}
    return found


def main() -> None:
    """Measure and print JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=100_000)
    parser.add_argument("--leaves", type=int, default=100_000)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    text = json.dumps(measure(asked.points, asked.leaves), indent=1)
    print(text)
    if asked.json:
        asked.json.write_text(text + "\n")


if __name__ == "__main__":
    main()
