"""Repairs do what they said, make nothing worse, and leave everybody else alone."""

from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gridtrack.grids.check import Rule, examine
from gridtrack.grids.repairs import Kind, kind_for, offered, repair
from gridtrack.grids.rules import with_paths
from gridtrack.grids.surroundings import Ground
from tests.grid_builders import METRE, STEP, changed, moved, square, street, without

EAST_M = METRE / 0.8878 / STEP  # a metre to the east, in squares of the raster


def shape_of(code):
    return next(grid.shape for grid in street() if grid.code == code)


def planned(grids, kind, tolerance_m=1.0):
    findings = examine(grids, Rule(tolerance_m))
    ground = Ground.of(grids, findings.rule)
    return ground, repair(ground, kind, findings.faults)


def after(grids, done):
    new = {effect.before.code: effect.after for effect in done.changes}
    kept = [new.get(grid.code, grid) for grid in grids]
    return [grid for grid in kept if grid is not None]


def moved_m2(ground, grids, repaired):
    """The ground that lies with somebody else than before, whoever that is."""
    now = {grid.code: grid.shape for grid in repaired}
    apart = [
        shapely.symmetric_difference(grid.shape, now[grid.code])
        for grid in grids
        if grid.code in now
    ]
    return ground.area_m2(shapely.union_all(apart))


def slit(metres, code="A11"):
    """A leaf with a slit along its border to its neighbour."""
    cut = square(0.2, 1 - metres * METRE / STEP, 0.6, metres * METRE / STEP)
    return changed(street(), code, shape=shape_of(code) - cut)


def test_a_small_gap_goes_to_the_neighbour_with_the_longest_border_on_it():
    grids = slit(4)
    ground, done = planned(grids, Kind.CLOSE_GAP)
    repaired = after(grids, done)
    (effect,) = done.changes
    assert effect.before.code == "A11"
    assert effect.after_m2 - effect.before_m2 == pytest.approx(done.moved_m2, abs=0.01)
    assert examine(repaired, Rule()).faults == ()
    assert moved_m2(ground, grids, repaired) <= done.moved_m2 + 0.01


def test_a_gap_at_the_edge_stays_with_its_parent():
    strip = square(1 - 3 * EAST_M, 0, 3 * EAST_M, 1)  # between A11 and A21, which is under A2
    grids = changed(street(), "A11", shape=shape_of("A11") - strip)
    _, done = planned(grids, Kind.CLOSE_GAP)
    assert [effect.before.code for effect in done.changes] == ["A11"]
    assert examine(after(grids, done), Rule()).faults == ()


def test_a_wide_gap_is_a_decision_and_no_repair():
    _, done = planned(without(street(), "A21"), Kind.CLOSE_GAP)
    assert done.changes == ()


def drawn_over(metres):
    """A leaf drawn some metres into its neighbour."""
    return changed(street(), "A11", shape=square(0, 0, 1 + metres * EAST_M, 1))


@pytest.mark.parametrize(
    "grids",
    [drawn_over(0.2), drawn_over(0.6), slit(0.2), slit(0.6)],
    ids=["over by 0.2", "over by 0.6", "slit of 0.2", "slit of 0.6"],
)
def test_borders_drawn_twice_become_one(grids):
    ground, done = planned(grids, Kind.SNAP)
    repaired = after(grids, done)
    assert {effect.before.code for effect in done.changes} <= {"A11", "A12", "A21", "A22"}
    leaves = [grid.shape for grid in repaired if grid.level == 3]
    assert shapely.coverage_is_valid(leaves)
    assert examine(repaired, Rule()).within_tolerance == {}
    assert 0 < moved_m2(ground, grids, repaired) <= done.moved_m2 + 0.01


def test_what_is_wider_than_the_tolerance_is_not_snapped():
    grids = changed(street(), "A11", shape=square(0, 0, 1 + 3 * EAST_M, 1))
    assert planned(grids, Kind.SNAP)[1].changes == ()


def test_a_grid_drawn_under_two_codes_loses_the_second():
    twin = replace(next(g for g in street() if g.code == "A11"), code="A11b")
    grids = with_paths([*street(), twin])
    _, done = planned(grids, Kind.DROP_DUPLICATE)
    (effect,) = done.changes
    assert (effect.before.code, effect.after, done.moved_m2) == ("A11b", None, 0.0)
    assert examine(after(grids, done), Rule()).faults == ()


def test_grids_that_only_overlap_are_no_duplicates():
    grids = changed(street(), "A11", shape=square(0, 0, 1.25, 1))
    assert planned(grids, Kind.DROP_DUPLICATE)[1].changes == ()


@pytest.mark.parametrize("parent", ["B1", "nobody", ""])
def test_a_child_goes_to_the_parent_that_it_lies_in(parent):
    grids = with_paths(changed(street(), "A11", parent=parent))
    _, done = planned(grids, Kind.REASSIGN)
    (effect,) = done.changes
    assert (effect.after.parent, effect.after.path) == ("A1", "A/A1/A11")
    assert effect.after_m2 == effect.before_m2
    assert done.moved_m2 == pytest.approx(effect.before_m2, rel=1e-6)
    assert examine(after(grids, done), Rule()).faults == ()


def test_what_hangs_below_goes_with_it():
    grids = with_paths(changed(street(), "A1", parent="B"))
    repaired = after(grids, planned(grids, Kind.REASSIGN)[1])
    assert {g.code: g.path for g in repaired} == {g.code: g.path for g in street()}


def test_a_child_that_is_only_pushed_stays_where_it_is():
    grids = changed(street(), "A11", shape=moved(shape_of("A11"), east_m=-10))
    assert planned(grids, Kind.REASSIGN)[1].changes == ()


def test_an_offer_counts_what_it_might_help():
    findings = examine(slit(4), Rule())
    assert offered(findings.faults, {"gap": 3}) == {Kind.SNAP: 3, Kind.CLOSE_GAP: 1}
    assert {kind_for(fault) for fault in findings.faults} == {Kind.CLOSE_GAP}


def test_a_repair_that_would_spoil_something_is_not_made():
    """A gap between two levels' borders: whoever took it would leave its own parent."""
    strip = square(1 - 3 * EAST_M, 0, 3 * EAST_M, 2)
    grids = changed(street(), "A1", shape=shape_of("A1") - strip)
    grids = changed(grids, "A11", shape=shape_of("A11") - strip)
    grids = changed(grids, "A12", shape=shape_of("A12") - strip)
    ground, done = planned(grids, Kind.CLOSE_GAP)
    before, now = examine(grids, Rule()), examine(after(grids, done), Rule())
    assert len(now.faults) <= len(before.faults)
    assert done.left + done.done == len([f for f in before.faults if f.code == "gap"])
    assert ground.rule.tolerance_m == 1.0


KINDS = st.sampled_from(list(Kind))
CODES = st.sampled_from([grid.code for grid in street()])
LEAVES = st.sampled_from([grid.code for grid in street() if grid.level == 3])


@st.composite
def spoiled(draw):
    """The street with some of the faults that real files have."""
    grids = street()
    for _ in range(draw(st.integers(1, 3))):
        code = draw(LEAVES)
        how = draw(st.sampled_from(["push", "shrink", "slit", "parent", "twin"]))
        shape = next(grid.shape for grid in grids if grid.code == code)
        if how == "push":
            east_m, north_m = draw(st.floats(-4, 4)), draw(st.floats(-4, 4))
            grids = changed(grids, code, shape=moved(shape, east_m, north_m))
        elif how == "shrink":
            less = draw(st.floats(0.2, 6)) * METRE
            grids = changed(grids, code, shape=shapely.buffer(shape, -less, join_style="mitre"))
        elif how == "slit":
            west, south, east, _ = shape.bounds
            wide = draw(st.floats(0.1, 8)) * METRE
            cut = shapely.box(west + wide, south, east - wide, south + wide)
            grids = changed(grids, code, shape=shapely.difference(shape, cut))
        elif how == "parent":
            grids = changed(grids, code, parent=draw(st.sampled_from(["A1", "A2", "B1", ""])))
        else:
            grid = next(grid for grid in grids if grid.code == code)
            grids = [*grids, replace(grid, code=f"{code}t{len(grids)}")]
    return with_paths(grids)


def total(findings):
    return sum(fault.size for fault in findings.faults)


@settings(max_examples=40, deadline=None)
@given(grids=spoiled(), kind=KINDS)
def test_a_repair_keeps_its_word(grids, kind):
    ground, done = planned(grids, kind)
    repaired = after(grids, done)
    # No more ground moves than it said.
    if kind in (Kind.SNAP, Kind.CLOSE_GAP):
        assert moved_m2(ground, grids, repaired) <= done.moved_m2 + 0.01
    for effect in done.changes:
        now_m2 = 0.0 if effect.after is None else ground.area_m2(effect.after.shape)
        assert now_m2 == effect.after_m2
    # No fault is new.
    rule = ground.rule
    known = {(f.code, f.level, *sorted(f.grids)) for f in examine(grids, rule).faults}
    new = examine(repaired, rule)
    assert {(f.code, f.level, *sorted(f.grids)) for f in new.faults} <= known
    # Whom it does not name keeps every byte.
    named = {effect.before.code for effect in done.changes}
    old = {grid.code: grid for grid in grids}
    for grid in repaired:
        if grid.code not in named:
            assert grid is old[grid.code]
        else:
            assert grid.shape.is_valid


def test_a_repair_of_a_larger_land_touches_only_its_place():
    def shifted(grid, n):
        shape = shapely.transform(grid.shape, lambda xy: np.add(xy, [0.004 * n, 0]))
        parent = f"{n}{grid.parent}" if grid.parent else ""
        return replace(grid, shape=shape, code=f"{n}{grid.code}", parent=parent)

    columns = [shifted(grid, n) for n in range(5) for grid in street()]
    cut = square(8.2, 0.5, 0.6, 4 * METRE / STEP)
    spoilt = [replace(g, shape=g.shape - cut) if g.code == "2A11" else g for g in columns]
    _, done = planned(with_paths(spoilt), Kind.CLOSE_GAP)
    assert [effect.before.code for effect in done.changes] == ["2A11"]
