"""Each kind of fault is found with its grids, its size and its place, and nothing else is."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gridtrack.errors import Invalid
from gridtrack.grids.check import Rule, check, examine
from gridtrack.grids.rules import Grid, with_paths
from tests.grid_builders import (
    METRE,
    STEP,
    changed,
    leaves,
    moved,
    square,
    street,
    without,
)

LEAF_M2 = pytest.approx(98.84 * 110.8, rel=0.01)


def summary(grids, tolerance_m=1.0, **rule):
    return examine(grids, Rule(tolerance_m, **rule)).summary


def shape_of(code):
    return next(grid.shape for grid in street() if grid.code == code)


def only_of(faults):
    (fault,) = faults
    return fault


def only(grids):
    return only_of(check(grids))


def inside(fault, shape):
    return shape.covers(shapely.Point(fault.place))


def test_a_sound_street_has_no_faults():
    assert check(street()) == []


def test_no_grids_at_all_are_three_empty_levels():
    assert summary([]) == {"empty-level": 3}


def test_a_missing_leaf_among_others_is_a_gap_where_it_was():
    fault = only(without(street(), "A21"))
    assert (fault.code, fault.level, fault.unit, fault.size) == ("gap", 3, "m2", LEAF_M2)
    assert inside(fault, shape_of("A21"))


def test_a_missing_leaf_at_the_edge_is_a_gap_of_its_parents():
    fault = only(without(street(), "A11"))
    assert (fault.code, fault.params["kind"], fault.grids) == ("gap", "uncovered", ("A1",))


def test_an_enclosed_gap_names_the_grids_around_it():
    hole = square(0.25, 0.25, 0.5, 0.5)
    fault = only(changed(street(), "A11", shape=shape_of("A11").difference(hole)))
    assert (fault.params["kind"], fault.grids) == ("hole", ("A11",))


def test_a_parent_without_children_is_one_gap_of_its_size():
    fault = only(without(street(), "A11", "A12"))
    assert (fault.code, fault.level, fault.grids) == ("gap", 3, ("A1",))


def test_ground_beyond_the_outline_of_everything_is_no_gap():
    chain = (("C", 1, ""), ("C1", 2, "C"), ("C11", 3, "C1"))
    island = [Grid(code, level, parent, "", square(9, 9)) for code, level, parent in chain]
    assert check(with_paths([*street(), *island])) == []


def test_an_island_in_a_hole_is_no_part_of_the_gap():
    ring = square(0, 0, 5, 5).difference(square(1, 1, 3, 3))
    grids = [Grid("A", 1, "", "A", ring), Grid("B", 1, "", "B", square(2, 2))]
    fault = only_of(examine(grids, Rule(depth=1)).faults)
    assert fault.size == pytest.approx(8 * 98.84 * 110.8, rel=0.01)


def test_grids_over_each_other_overlap_by_what_they_share():
    wide = square(0, 0, 1.25, 1)
    faults = check(changed(street(), "A11", shape=wide))
    overlap = only_of(f for f in faults if f.code == "overlap")
    assert (overlap.grids, overlap.size) == (("A11", "A21"), pytest.approx(2738, rel=0.01))
    assert overlap.params["width_m"] == pytest.approx(24.7, abs=0.2)


def test_a_grid_inside_another_overlaps_it():
    grids = [Grid("A", 1, "", "A", square(0, 0, 5, 5)), Grid("B", 1, "", "B", square(2, 2))]
    assert summary(grids, depth=1) == {"overlap": 1}


def test_the_same_ground_under_two_codes_overlaps():
    twin = Grid("A11b", 3, "A1", "", shape_of("A11"))
    assert summary([*street(), twin]) == {"overlap": 1}


def test_a_row_that_stands_twice_is_a_duplicate_and_no_overlap():
    assert summary([*street(), leaves()[0]]) == {"duplicate-code": 1}


def test_a_leaf_claimed_by_two_communities_is_told():
    again = [grid for grid in street() if grid.code == "A11"]
    claimed = [*street(), *changed(again, "A11", parent="B1")]
    assert summary(claimed) == {"missing-parent": 1, "duplicate-code": 1}


def test_a_child_over_the_border_is_outside_its_parent():
    faults = check(changed(street(), "A11", shape=moved(shape_of("A11"), east_m=-10)))
    fault = only_of(f for f in faults if f.code == "outside-parent")
    assert (fault.grids, fault.level) == (("A11", "A1"), 3)
    assert fault.params["farthest_m"] == pytest.approx(10, abs=0.05)
    assert fault.size == pytest.approx(1108, rel=0.01)


def test_a_child_under_the_wrong_parent_is_outside_it():
    fault = only(changed(street(), "A11", parent="B1"))
    assert (fault.code, fault.params["share"]) == ("outside-parent", 1.0)


def test_twins_outside_their_parent_do_not_cancel_out():
    away = [Grid(f"A11{n}", 3, "A1", "", square(9, 9)) for n in "ab"]
    faults = [fault.grids for fault in check([*street(), *away]) if fault.code == "outside-parent"]
    assert sorted(faults) == [("A11a", "A1"), ("A11b", "A1")]


def test_a_child_without_parent_is_not_called_outside():
    assert summary(changed(street(), "A11", parent="X")) == {"missing-parent": 1}


BOW_TIE = shapely.Polygon(
    [(119.5, 27.4), (119.501, 27.401), (119.501, 27.4), (119.5, 27.401), (119.5, 27.4)]
)


def test_a_bow_tie_is_invalid_where_it_crosses_itself():
    faults = check(changed(street(), "A11", shape=BOW_TIE))
    fault = only_of(f for f in faults if f.code == "invalid-polygon")
    assert fault.place == pytest.approx((119.5005, 27.4005))
    assert (fault.params["reason"], fault.grids) == ("Self-intersection", ("A11",))


def test_the_check_goes_on_with_the_repaired_form():
    assert summary(changed(street(), "A11", shape=BOW_TIE)) == {"invalid-polygon": 1, "gap": 2}


@pytest.mark.parametrize(
    "shape",
    [
        shapely.Polygon(square(0, 0).exterior, [square(3, 3, 0.1, 0.1).exterior]),
        shapely.MultiPolygon([square(0, 0), square(0, 0, 0.5, 0.5)]),
        shapely.Polygon([(119.5, 27.4)] * 4),
    ],
    ids=["hole outside", "part inside part", "one point"],
)
def test_other_ways_not_to_be_a_polygon_are_found(shape):
    assert summary([Grid("A", 1, "", "A", shape)], depth=1) == {"invalid-polygon": 1}


def test_a_border_tangled_beyond_repair_is_told_and_not_waited_for():
    corners = np.random.default_rng(1).uniform((119.5, 27.4), (119.51, 27.41), (20_000, 2))
    fault = only_of(
        examine([Grid("A", 1, "", "A", shapely.Polygon(corners))], Rule(depth=1)).faults
    )
    assert (fault.code, fault.params["area_after_m2"]) == ("invalid-polygon", 0.0)


def test_a_border_that_crosses_itself_often_is_repaired():
    steps = np.linspace(0, 0.01, 1500)
    zigzag = np.column_stack([119.5 + steps, 27.4 + 0.001 * (np.arange(1500) % 2)])
    ring = [*zigzag.tolist(), *zigzag[::-1, :].tolist()[5:]]
    fault = only_of(examine([Grid("A", 1, "", "A", shapely.Polygon(ring))], Rule(depth=1)).faults)
    assert fault.code == "invalid-polygon"


def test_a_grid_without_any_shape_is_invalid():
    fault = only_of(
        f
        for f in check(changed(street(), "A11", shape=shapely.Polygon()))
        if f.code == "invalid-polygon"
    )
    assert (fault.params["reason"], fault.place) == ("Empty", None)


@pytest.mark.parametrize(("metres", "expected"), [(0.5, {}), (1.5, {"gap": 1})])
def test_a_slit_counts_from_the_tolerance_on(metres, expected):
    slit = square(0.2, 0.5, 0.6, metres * METRE / STEP)
    assert summary(changed(street(), "A11", shape=shape_of("A11") - slit)) == expected


@pytest.mark.parametrize(
    ("metres", "expected"), [(0.5, {}), (1.5, {"overlap": 1, "outside-parent": 1})]
)
def test_a_strip_shared_counts_from_the_tolerance_on(metres, expected):
    wide = square(0, 0, 1 + metres * METRE / STEP / 0.8878, 1)
    assert summary(changed(street(), "A11", shape=wide)) == expected


def test_what_the_tolerance_hides_is_counted():
    slit = square(0.2, 0.5, 0.6, 0.5 * METRE / STEP)
    findings = examine(changed(street(), "A11", shape=shape_of("A11") - slit), Rule())
    assert findings.within_tolerance == {"gap": 1}


def test_with_tolerance_zero_nothing_is_hidden():
    slit = square(0.2, 0.5, 0.6, 0.001 * METRE / STEP)
    assert summary(changed(street(), "A11", shape=shape_of("A11") - slit), 0) == {"gap": 1}


def test_a_long_strip_is_measured_by_its_width_not_by_its_area():
    strip = square(0.01, 0.5, 0.98, 0.9 * METRE / STEP)  # 87 m2, 0.9 m wide
    assert summary(changed(street(), "A11", shape=shape_of("A11") - strip)) == {}


def test_the_plane_may_be_chosen_and_is_recorded():
    findings = examine(without(street(), "A21"), Rule(plane="EPSG:32650"))
    assert (findings.rule.plane, findings.summary) == ("EPSG:32650", {"gap": 1})


@pytest.mark.parametrize("tolerance", [-1, float("nan"), 1000])
def test_a_senseless_tolerance_is_refused(tolerance):
    with pytest.raises(Invalid, match="tolerance"):
        check(street(), tolerance)


def test_a_grid_on_another_continent_is_named():
    with pytest.raises(Invalid, match="grid='B21'"):
        check(changed(street(), "B21", shape=shapely.box(2, 48, 2.001, 48.001)))


def test_progress_counts_to_its_end():
    told = []
    examine(street(), Rule(), lambda done, total: told.append((done, total)))
    assert told == [(n, 8) for n in range(1, 9)]


def test_four_levels_are_checked_when_there_are_four():
    deeper = [*street(), *(Grid(f"{g.code}x", 4, g.code, "", g.shape) for g in leaves())]
    assert summary(deeper) == {}
    assert summary(without(deeper, "A21x")) == {"gap": 1}


@settings(max_examples=40, deadline=None)
@given(
    code=st.sampled_from([grid.code for grid in leaves()]),
    east_m=st.floats(-30, 30),
    north_m=st.floats(-30, 30),
)
def test_a_leaf_moved_farther_than_the_tolerance_is_never_missed(code, east_m, north_m):
    grids = changed(street(), code, shape=moved(shape_of(code), east_m, north_m))
    if max(abs(east_m), abs(north_m)) > 1.1:
        assert check(grids) != []
    elif math.hypot(east_m, north_m) < 0.9:
        assert check(grids) == []


@settings(max_examples=30, deadline=None)
@given(columns=st.integers(1, 6), rows=st.integers(1, 6), cut=st.floats(0.1, 0.9))
def test_any_raster_is_a_partition(columns, rows, cut):
    whole = square(0, 0, columns + cut, rows)
    cells = [square(c, r) for c in range(columns) for r in range(rows)]
    cells += [square(columns, r, cut, 1) for r in range(rows)]
    grids = [Grid("A", 1, "", "", whole), Grid("A1", 2, "A", "", whole)]
    grids += [Grid(f"A1-{n}", 3, "A1", "", cell) for n, cell in enumerate(cells)]
    assert check(grids) == []
