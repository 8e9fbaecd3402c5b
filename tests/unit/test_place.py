"""The demo place as committed: its promises hold, and the script still makes the same bytes."""

import csv
import json
import subprocess
import sys
from collections import Counter, defaultdict
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
import shapely
from shapely.geometry import Point, shape

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data"
NAMES_CN = ROOT / ".." / "shared" / "data" / "names_cn" / "fujian_streets.csv"
FILES = ("grids.geojson", "estates.geojson", "roads.geojson", "addresses.csv")
METRE = 1 / 100_000  # degrees, near enough for "at least" and "about"
LEVELS = (1, 2, 3)


@cache
def features(name):
    loaded = json.loads((DATA / name).read_text(encoding="utf-8"))
    return [(f["properties"], shape(f["geometry"])) for f in loaded["features"]]


def grids(level):
    return {p["code"]: (p, s) for p, s in features("grids.geojson") if p["level"] == level}


def children(code, level):
    return [(p, s) for p, s in grids(level + 1).values() if p["parent"] == code]


@cache
def plates():
    with (DATA / "addresses.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def point(plate):
    return Point(float(plate["lon"]), float(plate["lat"]))


def grid_of(address):
    (code,) = [plate["grid_code"] for plate in plates() if plate["address"] == address]
    return grids(3)[code][0]["name"]


def parents():
    return [(code, level) for level in (1, 2) for code in grids(level)]


def test_a_fresh_run_writes_the_committed_bytes(tmp_path):
    script = [sys.executable, str(ROOT / "scripts" / "make_place.py"), "--out", str(tmp_path)]
    subprocess.run(script, check=True, capture_output=True)
    changed = [n for n in FILES if (tmp_path / n).read_bytes() != (DATA / n).read_bytes()]
    assert changed == []


def test_there_are_three_communities_twelve_areas_and_some_sixty_base_grids():
    assert [len(grids(level)) for level in LEVELS] == [3, 12, 64]


@pytest.mark.parametrize("level", LEVELS)
def test_every_level_is_a_valid_coverage(level):
    assert shapely.coverage_is_valid([s for _, s in grids(level).values()])


@pytest.mark.parametrize("level", LEVELS)
def test_every_grid_is_one_valid_polygon_without_holes(level):
    shapes = [s for _, s in grids(level).values()]
    assert all(s.geom_type == "Polygon" and s.is_valid and not s.interiors for s in shapes)


def test_every_level_covers_the_same_land_exactly():
    whole = [
        shapely.normalize(shapely.coverage_union_all([s for _, s in grids(level).values()]))
        for level in LEVELS
    ]
    assert [whole[0].equals_exact(other) for other in whole] == [True, True, True]


@pytest.mark.parametrize(("code", "level"), parents())
def test_children_tile_their_parent_exactly(code, level):
    tiled = shapely.coverage_union_all([s for _, s in children(code, level)])
    parent = grids(level)[code][1]
    assert shapely.normalize(tiled).equals_exact(shapely.normalize(parent))


@pytest.mark.parametrize(("code", "level"), parents())
def test_codes_and_households_follow_the_parent(code, level):
    below = [p for p, _ in children(code, level)]
    assert all(p["code"].startswith(code) for p in below)
    assert sum(p["households"] for p in below) == grids(level)[code][0]["households"]


def test_codes_have_twelve_fourteen_and_seventeen_digits():
    lengths = [{len(code) for code in grids(level)} for level in LEVELS]
    assert lengths == [{12}, {14}, {17}]


def test_base_grids_are_counted_from_one_through_each_community():
    serials = defaultdict(list)
    for code in grids(3):
        serials[code[:12]].append(int(code[14:]))
    assert all(found == list(range(1, len(found) + 1)) for found in serials.values())


def test_grid_names_are_unique_in_both_languages():
    names = Counter(p[key] for p, _ in features("grids.geojson") for key in ("name", "name_en"))
    assert set(names.values()) == {1}


def test_base_grids_have_100_to_500_households():
    assert all(100 <= p["households"] <= 500 for p, _ in grids(3).values())


def test_base_grids_are_compact():
    roundness = [12.57 * s.area / s.length**2 for _, s in grids(3).values()]
    assert min(roundness) > 0.45


def test_borders_between_base_grids_run_along_roads_or_across_the_riverside():
    roads = shapely.union_all([s for _, s in features("roads.geojson") if s.length])
    (river,) = [s for p, s in features("roads.geojson") if p["kind"] == "river"]
    drawn = shapely.union_all([roads.buffer(2 * METRE), river.buffer(14 * METRE)])
    borders = shapely.union_all([s.exterior for _, s in grids(3).values()])
    assert borders.difference(drawn).length < 0.005 * borders.length


def test_every_plate_lies_strictly_inside_the_one_grid_it_names():
    tree = shapely.STRtree([s for _, s in grids(3).values()])
    codes = list(grids(3))
    found = [[codes[i] for i in tree.query(point(p), predicate="within")] for p in plates()]
    assert found == [[p["grid_code"]] for p in plates()]


def test_plates_keep_off_the_borders_by_two_metres():
    borders = shapely.union_all([s.exterior for _, s in grids(3).values()])
    shapely.prepare(borders)
    assert not any(borders.dwithin(point(p), 2 * METRE) for p in plates())


def test_no_two_plates_carry_the_same_address():
    assert max(Counter(p["address"] for p in plates()).values()) == 1


def test_households_of_a_base_grid_are_those_of_its_plates():
    counted = Counter()
    for plate in plates():
        counted[plate["grid_code"]] += int(plate["households"])
    assert counted == {code: p["households"] for code, (p, _) in grids(3).items()}


def test_odd_numbers_hang_on_the_left_of_a_road_and_even_ones_on_its_right():
    lines = {p["name"]: s for p, s in features("roads.geojson") if s.geom_type == "LineString"}
    wrong = [
        plate["address"]
        for plate in plates()
        if not plate["estate"]
        and is_left(lines[plate["road"]], point(plate)) != (int(plate["number"]) % 2 == 1)
    ]
    assert wrong == []


def is_left(line, at):
    sides = [shapely.LineString(ends) for ends in pairwise(line.coords)]
    (ax, ay), (bx, by) = min(sides, key=at.distance).coords
    return (bx - ax) * (at.y - ay) - (by - ay) * (at.x - ax) > 0


def test_estates_hold_all_their_plates():
    walls = {p["name"]: s for p, s in features("estates.geojson")}
    own = [plate for plate in plates() if plate["estate"]]
    assert {plate["estate"] for plate in own} == set(walls)
    assert all(walls[plate["estate"]].contains(point(plate)) for plate in own)


def test_every_estate_names_its_manager_and_its_own_code():
    rows = [p for p, _ in features("estates.geojson")]
    assert len({p["code"] for p in rows}) == len(rows) == 12
    assert all(p["manager"] and p["manager_en"] for p in rows)


def test_three_estates_lie_across_a_grid_border_with_homes_on_both_sides():
    grids_of = defaultdict(set)
    for plate in plates():
        grids_of[plate["estate"]].add(plate["grid_code"])
    crossing = {name for name, codes in grids_of.items() if name and len(codes) > 1}
    assert crossing == {"莲花新城悦园", "望溪名邸", "龙庭国际小区"}


@pytest.mark.parametrize(
    ("address", "grid"),
    [
        ("映溪街道环城路朝阳新村33号", "城东社区第六网格"),
        ("映溪街道朝阳路77号东升大厦1单元", "城东社区第十六网格"),
        ("映溪街道解放路95号三委楼小区1幢1单元", "北凤社区第五网格"),
        ("映溪街道建设路79号龙庭国际小区1幢1单元", "大同社区第七网格"),
    ],
)
def test_the_cases_of_the_sources_happen_in_their_grids(address, grid):
    assert grid_of(address) == grid


@pytest.mark.shared
@pytest.mark.skipif(not NAMES_CN.parents[1].is_dir(), reason="no ../shared/data beside the project")
def test_no_real_subdistrict_of_fujian_has_the_name_or_the_code():
    known = NAMES_CN.read_text(encoding="utf-8")
    assert "映溪" not in known
    assert "350999" not in known
