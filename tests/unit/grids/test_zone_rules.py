"""Zones beside the grids: what is wrong with one, which grids it touches, and its text."""

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gridtrack.errors import Invalid
from gridtrack.grids.partition import Partition
from gridtrack.grids.zones import (
    Outline,
    area_m2,
    outline_of,
    outline_text,
    overlaps,
    shape_fault,
    touches,
)
from tests.grid_builders import METRE, SOUTH, STEP, WEST, leaves, square


def zone(code: str, shape: shapely.Geometry, kind: str = "estate") -> Outline:
    return Outline(code, kind, shape)


def test_a_bow_tie_is_told_with_its_place() -> None:
    tie = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    fault = shape_fault(zone("E1", tie))
    assert fault is not None
    assert (fault.code, fault.params["place"]) == ("zone-invalid", "1 1")


@pytest.mark.parametrize("shape", [None, shapely.Polygon(), shapely.Point(1, 1)])
def test_what_has_no_ground_is_told(shape: shapely.Geometry | None) -> None:
    fault = shape_fault(zone("E1", shape))
    assert fault is not None
    assert fault.code == "zone-empty"


def test_two_of_one_kind_that_overlap_are_told_once_with_the_ground() -> None:
    found = overlaps([zone("E1", square(0, 0)), zone("E2", square(0.5, 0))], [])
    assert [(one.code, one.params["value"], one.params["other"]) for one in found] == [
        ("zone-overlap", "E1", "E2")
    ]
    half = area_m2([square(0, 0)])[0] / 2
    assert found[0].params["size"] == pytest.approx(half, rel=0.001)


def test_an_estate_and_a_unit_in_it_may_overlap() -> None:
    assert overlaps([zone("E1", square(0, 0))], [zone("U1", square(0, 0), "unit")]) == []


def test_neighbours_that_only_touch_are_no_overlap() -> None:
    east = shapely.transform(square(1, 0), lambda xy: xy - [0.5 * METRE, 0])
    assert overlaps([zone("E1", square(0, 0))], [zone("E2", east)]) == []


def test_those_already_there_are_not_judged_among_themselves() -> None:
    there = [zone("E1", square(0, 0)), zone("E2", square(0, 0))]
    assert overlaps([zone("E3", square(2, 0))], there) == []


def test_a_zone_over_a_border_touches_both_grids_with_their_shares() -> None:
    found = touches([square(0.75, 0)], Partition(leaves()))
    assert [one.grid for one in found] == ["A21", "A11"]
    assert [one.of_zone for one in found] == pytest.approx([0.75, 0.25], rel=0.001)
    assert [one.of_grid for one in found] == pytest.approx([0.75, 0.25], rel=0.001)


def test_a_zone_that_fills_its_grid_does_not_touch_the_neighbours() -> None:
    assert [one.grid for one in touches([square(0, 0)], Partition(leaves()))] == ["A11"]


def test_a_zone_beside_every_grid_touches_none() -> None:
    assert touches([square(20, 20)], Partition(leaves())) == []
    assert touches([square(0, 0)], Partition([])) == []


@settings(deadline=None)
@given(st.integers(0, 300), st.integers(0, 150), st.integers(20, 200), st.integers(20, 200))
def test_the_shares_of_a_zone_inside_the_street_add_up(x: int, y: int, w: int, h: int) -> None:
    box = shapely.box(
        WEST + STEP * x / 100,
        SOUTH + STEP * y / 100,
        WEST + STEP * min(x + w, 400) / 100,
        SOUTH + STEP * min(y + h, 200) / 100,
    )
    found = touches([box], Partition(leaves()))
    assert sum(one.of_zone for one in found) == pytest.approx(1, abs=0.02)


def test_lines_make_a_polygon_and_come_back_as_lines() -> None:
    shape = square(0, 0).difference(square(0.25, 0.25, 0.5, 0.5))
    again = outline_of(outline_text(shape))
    assert again.geom_type == "Polygon"
    assert len(again.interiors) == 1
    assert again.symmetric_difference(shape).area < 1e-12


def test_two_rings_apart_are_two_parts() -> None:
    shape = shapely.MultiPolygon([square(0, 0), square(2, 0)])
    assert outline_of(outline_text(shape)).geom_type == "MultiPolygon"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "outline-short"),
        ("119.5 27.4\n119.6 27.4", "outline-short"),
        ("119.5, 27.4\nabc, 27.4\n119.6, 27.5", "outline-line"),
        ("27.4, 119.5\n27.5, 119.5\n27.5, 119.6", "outline-line"),
        ("119.5, nan\n119.6, 27.4\n119.6, 27.5", "outline-line"),
        ("0, 0\n119.6, 27.4\n119.6, 27.5", "outline-line"),
        ("1, 2, 3", "outline-line"),
        ("1 1\n" * 5001, "outline-long"),
    ],
)
def test_lines_that_make_no_polygon_are_told(text: str, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        outline_of(text)
    assert (caught.value.code, caught.value.field) == (code, "outline")


def test_chinese_commas_are_commas() -> None:
    assert outline_of("119.5，27.4\n119.6，27.4\n119.6，27.5").area > 0
