"""Real cities: the findings and the leaves that were measured independently, exactly."""

import csv
import gzip
import json
from collections import Counter
from functools import cache

import numpy as np
import pytest
import shapely

from gridtrack.grids.check import Rule, examine
from gridtrack.grids.files import GridFiles, read_grids
from gridtrack.grids.partition import Partition
from gridtrack.grids.rules import Grid
from tests.grid_builders import SHARED, shared

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SHARED.exists(), reason="no shared data"),
]
FIELDS = {"code": "id", "parent": "parent_id"}
MEASURED_IN = {"amsterdam": "EPSG:28992", "nyc": "EPSG:32618", "kaohsiung": "EPSG:3826"}
CITIES = sorted(MEASURED_IN)
POINTS = ["nyc", "kaohsiung"]


@cache
def city(name):
    return tuple(read_grids(GridFiles({n: shared(name, n) for n in (1, 2, 3)}, FIELDS)))


@cache
def truth(name):
    """What was measured: the layers by level, and the nesting of levels 2 and 3."""
    rows = json.loads((SHARED / name / "truth" / "geometry.json").read_text(encoding="utf-8"))
    layers = [row for row in rows if "layer" in row][:3]
    nesting = {}
    for row in rows:
        if row.get("children") == layers[1]["n"]:
            nesting[2] = row
        elif row.get("children") == layers[2]["n"] and row["parents"] == layers[1]["n"]:
            nesting[3] = row
    return layers, nesting


@cache
def exact(name):
    """Everything beyond tolerance 0, in the plane of the truth, counted by level and kind."""
    findings = examine(city(name), Rule(0.0, plane=MEASURED_IN[name]))
    return Counter((f.level, f.code.value, f.params.get("kind")) for f in findings.faults)


def outside(name, tolerance_m):
    findings = examine(city(name), Rule(tolerance_m, plane=MEASURED_IN[name]))
    return Counter(f.level for f in findings.faults if f.code == "outside-parent")


@pytest.mark.parametrize("name", CITIES)
@pytest.mark.parametrize("level", [1, 2, 3])
def test_the_number_of_grids_and_of_invalid_ones_is_the_measured_one(name, level):
    layer = truth(name)[0][level - 1]
    there = sum(grid.level == level for grid in city(name))
    assert (there, exact(name)[level, "invalid-polygon", None]) == (layer["n"], layer["invalid"])


@pytest.mark.parametrize("name", CITIES)
@pytest.mark.parametrize("level", [1, 2, 3])
def test_every_overlap_that_was_measured_is_found(name, level):
    assert exact(name)[level, "overlap", None] == truth(name)[0][level - 1]["overlap_pairs_gt_0"]


@pytest.mark.parametrize("name", CITIES)
@pytest.mark.parametrize("level", [1, 2, 3])
def test_every_gap_that_was_measured_is_found(name, level):
    assert exact(name)[level, "gap", "hole"] == truth(name)[0][level - 1]["gaps_holes_in_union"]


@pytest.mark.parametrize("name", CITIES)
@pytest.mark.parametrize("level", [2, 3])
def test_every_child_not_exactly_inside_its_parent_is_found(name, level):
    measured = truth(name)[1][level]
    wanted = measured["children"] - measured["covered_by_exact"]
    assert exact(name)[level, "outside-parent", None] == wanted


@pytest.mark.parametrize("name", CITIES)
@pytest.mark.parametrize("tolerance", ["0.5", "1", "5"])
def test_children_outside_beyond_a_tolerance_are_the_measured_ones(name, tolerance):
    found = outside(name, float(tolerance))
    for level, measured in truth(name)[1].items():
        wanted = measured["children"] - measured[f"covered_within_{tolerance}m"]
        assert (level, found[level]) == (level, wanted)


@pytest.mark.parametrize(
    ("name", "summary"),
    [("amsterdam", {}), ("nyc", {"outside-parent": 1}), ("kaohsiung", {})],
)
def test_at_one_metre_only_the_real_exception_is_left(name, summary):
    assert examine(city(name), Rule()).summary == summary


def test_the_real_exception_is_rikers_island():
    (fault,) = examine(city("nyc"), Rule()).faults
    assert (fault.grids, fault.params["share"]) == (("QN01", "4"), pytest.approx(0.1044, abs=1e-4))
    island = next(grid.shape for grid in city("nyc") if grid.code == "QN0151")
    assert island.covers(shapely.Point(fault.place))


@cache
def signalen():
    """The dirty twin of Amsterdam: two levels as fixtures of another product."""
    grids = []
    for level, name, field in ((1, "stadsdeel", "code"), (2, "buurten", "vollcode")):
        path = SHARED / "amsterdam" / "original" / f"signals_{name}.json.gz"
        for row in json.loads(gzip.decompress(path.read_bytes())):
            shape = shapely.from_wkt(row["fields"]["wkb_geometry"].split(";")[1])
            code = row["fields"][field]
            grids.append(Grid(code, level, code[0] if level > 1 else "", code, shape))
    return tuple(grids)


def test_the_dirty_twin_has_every_fault_that_was_measured():
    findings = examine(signalen(), Rule(0.0, depth=2, plane="EPSG:28992"))
    found = Counter((f.level, f.code.value, f.params.get("kind")) for f in findings.faults)
    assert (found[2, "overlap", None], found[2, "gap", "hole"]) == (449, 1412)
    assert found[2, "outside-parent", None] == 481 - 333


def test_the_dirty_twin_is_clean_within_a_metre():
    assert examine(signalen(), Rule(depth=2)).summary == {}


@cache
def points(name):
    text = gzip.decompress((SHARED / name / "truth" / "points_truth.csv.gz").read_bytes())
    rows = list(csv.DictReader(text.decode().splitlines()))
    return rows, *(np.array([float(row[axis]) for row in rows]) for axis in ("lon", "lat"))


@cache
def partition(name):
    return Partition([grid for grid in city(name) if grid.level == 3])


@pytest.mark.parametrize("name", POINTS)
def test_every_point_lies_in_its_measured_leaf(name):
    rows, lons, lats = points(name)
    found = partition(name).locate_many(lons, lats)
    codes = [
        partition(name).codes[leaf] if leaf >= 0 and not snapped else ""
        for leaf, snapped in zip(found.leaf, found.snapped, strict=True)
    ]
    assert codes == [row["leaf_ids"] for row in rows]


@pytest.mark.parametrize("name", POINTS)
def test_one_by_one_the_answers_are_those_of_all_at_once(name):
    _, lons, lats = points(name)
    at = partition(name)
    many = at.locate_many(lons[:2000], lats[:2000])
    singly = [at.locate(lon, lat).code for lon, lat in zip(lons[:2000], lats[:2000], strict=True)]
    assert singly == [at.codes[leaf] if leaf >= 0 else None for leaf in many.leaf]


@pytest.mark.parametrize("name", POINTS)
def test_distances_to_the_border_are_the_measured_ones(name):
    rows, lons, lats = points(name)
    at = partition(name)
    found = at.border_distances(lons, lats, at.locate_many(lons, lats))
    measured = np.array([float(row["metres_to_nearest_border"]) for row in rows])
    assert np.allclose(found, measured, rtol=0.005, atol=0.02)


@pytest.mark.parametrize(("name", "snapped"), [("nyc", 3), ("kaohsiung", 0)])
def test_points_just_outside_snap(name, snapped):
    _, lons, lats = points(name)
    assert partition(name).locate_many(lons, lats, snap_m=30).snapped.sum() == snapped
