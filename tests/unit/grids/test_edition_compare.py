"""What differs between two editions, grid by grid."""

from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gridtrack.geo.metric import plane_over
from gridtrack.grids.compare import Difference, Kind, compare, summary
from gridtrack.grids.rules import Grid, with_paths
from tests.grid_builders import square, street

STREET = with_paths(street())
PLANE = plane_over(np.array([grid.shape for grid in STREET], dtype=object))


def differences(after: list[Grid], before: list[Grid] | None = None) -> list[Difference]:
    """What differs, given as the database gives it: only grids without a twin."""
    old, new = before or STREET, with_paths(after)
    return compare([g for g in old if g not in new], [g for g in new if g not in old], PLANE)


def kinds(after: list[Grid]) -> dict[str, tuple[str, ...]]:
    return {d.grid.code: tuple(kind.value for kind in d.kinds) for d in differences(after)}


def with_code(code: str, **changes: object) -> list[Grid]:
    return [replace(g, **changes) if g.code == code else g for g in STREET]


def test_the_same_grids_do_not_differ() -> None:
    assert differences(list(STREET)) == []


def test_a_grid_may_come_and_go() -> None:
    extra = Grid("A19", 3, "A1", "新", square(20, 20))
    assert kinds([*STREET, extra]) == {"A19": ("added",)}
    assert kinds([g for g in STREET if g.code != "A11"]) == {"A11": ("removed",)}


def test_a_new_name_is_no_other_grid() -> None:
    (found,) = differences(with_code("A11", name="改名"))
    assert found.kinds == (Kind.RENAMED,)
    assert (found.moved_m2, round(found.area_change_m2)) == (0, 0)


def test_a_border_that_moved_is_measured() -> None:
    a11 = next(g for g in STREET if g.code == "A11")
    west, south, east, north = a11.shape.bounds
    half = shapely.box(west, south, (west + east) / 2, north)
    (found,) = differences(with_code("A11", shape=half))
    assert found.kinds == (Kind.MOVED,)
    assert found.area_change_percent == pytest.approx(-50, abs=0.01)
    assert found.moved_m2 == pytest.approx(found.area_before_m2 / 2)


def test_a_ring_that_begins_elsewhere_is_the_same_ground() -> None:
    a11 = next(g for g in STREET if g.code == "A11")
    ring = list(a11.shape.exterior.coords)[:-1]
    turned = shapely.Polygon(ring[2:] + ring[:2])
    assert turned.wkb != a11.shape.wkb
    assert differences(with_code("A11", shape=turned)) == []


def test_the_same_ground_under_another_code_is_renumbered() -> None:
    after = [replace(g, code="A99") if g.code == "A11" else g for g in STREET]
    (found,) = differences(after)
    assert found.kinds == (Kind.RENUMBERED,)
    assert (found.before and found.before.code, found.grid.code) == ("A11", "A99")


def test_below_a_grid_with_another_code_the_parent_is_the_same() -> None:
    after = [
        replace(
            g, code="Z1" if g.code == "A1" else g.code,
            parent="Z1" if g.parent == "A1" else g.parent,
        )
        for g in STREET
    ]  # fmt: skip
    found = kinds(after)
    assert found["Z1"] == ("renumbered",)
    assert {code: k for code, k in found.items() if code.startswith("A1")} == {
        g.code: ("renumbered",) for g in STREET if g.parent == "A1"
    }


def test_another_parent_is_told() -> None:
    other = next(g.code for g in STREET if g.level == 2 and g.code != "A1")
    assert kinds(with_code("A11", parent=other))["A11"] == ("parent",)


def test_the_summary_counts_each_way_once() -> None:
    found = differences(
        [*with_code("A11", name="改名"), Grid("A19", 3, "A1", "新", square(20, 20))]
    )
    assert summary(found) == {"added": 1, "renamed": 1}


@given(st.permutations(range(len(STREET))), st.sets(st.sampled_from([g.code for g in STREET])))
def test_there_and_back_are_mirrored(order: list[int], gone: set[str]) -> None:
    """What one way was added is the other way removed, whatever the order of the grids."""
    less = [STREET[n] for n in order if STREET[n].code not in gone]
    there = compare([g for g in STREET if g not in less], [], PLANE)
    back = compare([], [g for g in STREET if g not in less], PLANE)
    assert {d.grid.code for d in there} == {d.grid.code for d in back} == gone
    assert {d.kinds for d in there} <= {(Kind.REMOVED,)}
    assert {d.kinds for d in back} <= {(Kind.ADDED,)}
