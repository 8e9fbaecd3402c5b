"""The tree: parents one level above, one code for one grid, no level without grids."""

import pytest
import shapely

from gridtrack.grids.rules import FaultCode, Grid, depth_of, tree_faults, with_paths
from tests.grid_builders import changed, street, without

NOWHERE = shapely.Polygon()


def grid(code, level, parent=""):
    return Grid(code, level, parent, code, NOWHERE)


def found(grids, depth=3):
    return [(fault.code.value, fault.level, fault.rows) for fault in tree_faults(grids, depth)]


def test_a_sound_tree_has_no_faults():
    assert found(street()) == []


def test_paths_are_the_codes_from_the_root():
    assert [g.path for g in street() if g.code in ("B", "B2", "B21")] == ["B", "B/B2", "B/B2/B21"]


def test_paths_do_not_depend_on_the_order_of_rows():
    backwards = with_paths(list(reversed(street())))
    assert {g.code: g.path for g in backwards} == {g.code: g.path for g in street()}


def test_a_broken_chain_starts_anew():
    assert with_paths([grid("A11", 3, "A1")])[0].path == "A11"


def test_a_grid_that_names_no_parent_is_found():
    faults = tree_faults(changed(street(), "A11", parent=""), 3)
    assert [(f.code, f.params["reason"]) for f in faults] == [(FaultCode.MISSING_PARENT, "none")]


def test_a_grid_whose_parent_is_not_there_is_found():
    assert [code for code, _, _ in found(without(street(), "B2"))] == ["missing-parent"] * 2


@pytest.mark.parametrize("parent", ["A", "A11", "A12"])
def test_a_parent_stands_exactly_one_level_above(parent):
    assert [code for code, _, _ in found(changed(street(), "A11", parent=parent))] == [
        "missing-parent"
    ]


def test_what_the_first_level_hangs_under_is_not_looked_at():
    assert found(changed(street(), "A", parent="the-city")) == []


def test_a_second_parent_is_found_beside_the_second_use_of_the_code():
    grids = [*street(), grid("A11", 3, "B1")]
    rows = tuple(i for i, g in enumerate(grids) if g.code == "A11")
    assert found(grids) == [("missing-parent", 3, rows), ("duplicate-code", 3, rows)]


def test_a_code_names_one_grid_whatever_its_level():
    grids = [grid("1", 1), grid("1", 2, "1"), grid("x", 3, "1")]
    assert found(grids) == [("duplicate-code", 2, (0, 1))]


def test_every_empty_level_is_found():
    assert found([grid("A", 1)]) == [("empty-level", 2, ()), ("empty-level", 3, ())]


def test_a_set_may_go_deeper_than_asked_but_not_shallower():
    assert (depth_of([grid("A", 1)]), depth_of([grid("A", 5)])) == (3, 5)
