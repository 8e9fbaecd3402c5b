"""Drawing on a valid coverage leaves a valid coverage; what would not is refused and says why."""

from collections.abc import Sequence

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gridtrack.errors import Conflict, GridtrackError, Invalid
from gridtrack.geo.metric import plane_over
from gridtrack.grids.check import check
from gridtrack.grids.drawing import Drawn, apply
from gridtrack.grids.operations import (
    DeleteVertex,
    Describe,
    Draw,
    InsertVertex,
    Merge,
    MoveVertex,
    Operation,
    Remove,
    Reparent,
    Split,
)
from gridtrack.grids.rings import rounded
from gridtrack.grids.rules import FaultCode, Grid, with_paths
from gridtrack.grids.sheet import Sheet, sheet_of
from gridtrack.grids.touched import STRICT_M, judge
from tests.grid_builders import SOUTH, STEP, WEST, moved, street

EVERYWHERE = ((WEST - 1, SOUTH - 1, WEST + 1, SOUTH + 1),)
PLANE = plane_over([grid.shape for grid in street()])


def at(column: float, row: float) -> tuple[float, float]:
    """A place of the street's raster; (1, 1) is where A11, A12, A21 and A22 meet."""
    return rounded((WEST + STEP * column, SOUTH + STEP * row))


def sheet(grids: Sequence[Grid] | None = None) -> Sheet:
    return sheet_of(grids or street(), EVERYWHERE)


def made(drawn: Drawn) -> list[FaultCode]:
    return [fault.code for fault in judge(drawn, PLANE, 1.0).made]


def drawn(*operations: Operation, on: Sheet | None = None) -> Sheet:
    done = apply(on or sheet(), operations)
    assert made(done) == []
    return done.after


def touched(*operations: Operation) -> set[str]:
    changes = apply(sheet(), operations).changes
    return {grid.code for c in changes for grid in (c.before, c.after) if grid is not None}


def assert_valid(after: Sheet) -> None:
    grids = list(after.grids.values())
    for level in (1, 2, 3):
        shapes = np.array([grid.shape for grid in grids if grid.level == level], dtype=object)
        assert shapely.coverage_is_valid(shapes)
    assert check(grids, STRICT_M) == []
    assert [grid.path for grid in grids] == [grid.path for grid in with_paths(grids)]


def area(sheet: Sheet, code: str) -> float:
    return float(sheet.grid(code).shape.area)


# ---- vertices -----------------------------------------------------------------------------------


def test_a_corner_is_moved_in_every_grid_that_has_it() -> None:
    after = drawn(MoveVertex(at(1, 1), at(1.2, 1.1)))
    assert_valid(after)
    with_it = {
        grid.code
        for grid in after.grids.values()
        if shapely.intersects(shapely.boundary(grid.shape), shapely.Point(at(1.2, 1.1)))
    }
    assert with_it == {"A11", "A12", "A21", "A22", "A1", "A2"}


def test_a_border_of_communities_takes_every_level_along() -> None:
    assert touched(MoveVertex(at(2, 1), at(2.2, 1))) == {
        "A21", "A22", "B11", "B12", "A2", "B1", "A", "B",
    }  # fmt: skip


def test_the_outer_rim_moves_with_its_parents() -> None:
    after = drawn(MoveVertex(at(0, 0), at(-0.3, -0.2)))
    assert_valid(after)
    assert area(after, "A") > area(sheet(), "A")


def test_a_vertex_put_into_an_edge_is_in_both_neighbours_and_moves_no_ground() -> None:
    after = drawn(InsertVertex(at(1, 0.5)))
    assert_valid(after)
    assert area(after, "A11") == pytest.approx(area(sheet(), "A11"), rel=1e-9)
    assert touched(InsertVertex(at(1, 0.5))) == {"A11", "A21", "A1", "A2"}


def test_an_edge_is_dragged_in_its_middle() -> None:
    after = drawn(InsertVertex(at(1, 0.5), at(1.3, 0.5)))
    assert_valid(after)
    assert area(after, "A11") == pytest.approx(1.15 * STEP**2)


def test_an_edge_dragged_onto_a_corner_of_its_own_grid_is_refused() -> None:
    assert FaultCode.INVALID_POLYGON in made(apply(sheet(), [InsertVertex(at(2.5, 0), at(2, 1))]))


def test_a_vertex_between_two_grids_can_go_again() -> None:
    bent = drawn(InsertVertex(at(1, 0.5), at(1.3, 0.5)))
    after = drawn(DeleteVertex(at(1.3, 0.5)), on=bent)
    assert_valid(after)
    assert area(after, "A11") == pytest.approx(STEP**2)


def test_a_corner_of_three_borders_cannot_go() -> None:
    with pytest.raises(Invalid, match="draw-corner"):
        apply(sheet(), [DeleteVertex(at(1, 1))])


def test_an_error_says_which_operation_it_was() -> None:
    with pytest.raises(Invalid, match="draw-no-vertex") as caught:
        apply(sheet(), [InsertVertex(at(1, 0.5)), MoveVertex(at(0.5, 0.5), at(0, 0))])
    assert caught.value.params["operation"] == 1


def test_a_corner_dragged_across_its_grid_is_seen() -> None:
    assert FaultCode.INVALID_POLYGON in made(apply(sheet(), [MoveVertex(at(1, 1), at(3.5, 0.5))]))


def test_a_neighbour_that_does_not_share_the_vertex_is_seen_to_be_overrun() -> None:
    grids = [
        Grid(g.code, g.level, g.parent, g.name, moved(g.shape, east_m=0.5), g.path)
        if g.path.startswith("B")
        else g
        for g in street()
    ]
    assert FaultCode.OVERLAP in made(apply(sheet(grids), [MoveVertex(at(2, 1), at(2.2, 1))]))


def test_faults_that_were_there_do_not_stop_a_drawing_elsewhere() -> None:
    grids = [
        Grid(g.code, 3, "A1", g.name, shapely.box(WEST, SOUTH, *at(0.8, 1)), g.path)
        if g.code == "A11"
        else g
        for g in street()
    ]
    done = apply(sheet(grids), [MoveVertex(at(1, 2), at(1.1, 2.1))])
    assert made(done) == []


# ---- grids --------------------------------------------------------------------------------------


def test_a_grid_is_split_by_a_line_and_the_larger_part_keeps_its_code() -> None:
    after = drawn(Split("A11", (at(0.3, -0.1), at(0.3, 1.1)), "A13", "新格"))
    assert_valid(after)
    new = after.grid("A13")
    assert (new.name, new.parent, new.path) == ("新格", "A1", "A/A1/A13")
    assert area(after, "A11") == pytest.approx(0.7 * STEP**2, rel=1e-6)


def test_a_line_that_ends_beside_a_slanting_border_gives_both_sides_one_vertex() -> None:
    # Its end and the crossing are a step of the kept precision apart, which ring meets first
    # depends on the way it runs.
    slanting = MoveVertex(at(2, 1), (119.5021258, 27.4009006))
    line = ((119.5020151, 27.4001078), (119.5016418, 27.40106), (119.5008197, 27.4019357))
    moved_on = drawn(slanting, MoveVertex(at(1, 0), (119.5009687, 27.4000444)))
    assert_valid(drawn(Merge("A21", "A22"), Split("A21", line, "A29"), on=moved_on))


def test_a_split_without_a_code_counts_on() -> None:
    assert "A13" in {g.code for g in drawn(Split("A11", (at(0.3, 0), at(0.3, 1)))).grids.values()}


def test_a_line_that_stops_inside_does_not_split() -> None:
    with pytest.raises(Invalid, match="draw-line-short"):
        apply(sheet(), [Split("A11", (at(0.3, 0), at(0.3, 0.5)))])


def test_a_line_that_crosses_twice_does_not_split() -> None:
    there_and_back = (at(0.2, -0.1), at(0.2, 1.1), at(0.6, 1.1), at(0.6, -0.1))
    with pytest.raises(Invalid, match="draw-line-parts"):
        apply(sheet(), [Split("A11", there_and_back)])


def test_a_parent_is_split_along_its_children() -> None:
    after = drawn(Split("A1", (at(0, 1), at(1, 1)), "A3"))
    assert_valid(after)
    assert len({after.grid("A11").parent, after.grid("A12").parent}) == 2


def test_a_parent_is_not_split_through_a_child() -> None:
    assert FaultCode.OUTSIDE_PARENT in made(
        apply(sheet(), [Split("A1", (at(0, 0.5), at(1, 0.5)), "A3")])
    )


def test_siblings_are_merged() -> None:
    after = drawn(Merge("A11", "A12"))
    assert_valid(after)
    assert area(after, "A11") == pytest.approx(2 * STEP**2)


def test_merged_parents_keep_all_children() -> None:
    after = drawn(Merge("A1", "A2"))
    assert_valid(after)
    assert {after.grid(code).path for code in ("A21", "A22")} == {"A/A1/A21", "A/A1/A22"}


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        (Merge("A11", "A21"), "draw-not-siblings"),
        (Merge("A11", "A11"), "draw-not-siblings"),
        (Remove("A1"), "draw-has-children"),
        (Reparent("A11", "B2"), "draw-apart"),
        (Reparent("A11", "A"), "draw-no-parent"),
        (Draw(3, "A1", (at(0, 0), at(1, 1), at(1, 0), at(0, 1)), cut=True), "draw-crossing"),
        (Draw(3, "A1", (at(0, 0), at(0, 1), at(1, 1), at(1, 0)), cut=True), "draw-swallows"),
        (Draw(3, "A1", (at(0.4, -1), at(0.6, -1), at(0.6, 1), at(0.4, 1)), cut=True), "draw-cuts"),
        (Draw(3, "A1", (at(0.5, 0.5), at(1.5, 0.5), at(1, 0.8)), cut=True), "draw-of-another"),
        (Draw(3, "A1", (at(0.2, 0.2), at(0.8, 0.2), at(0.5, 0.8))), "draw-collapsed"),
    ],
)
def test_what_cannot_be_done_says_why(operation: Operation, code: str) -> None:
    with pytest.raises(Invalid, match=code):
        apply(sheet(), [operation])


def test_a_new_grid_is_cut_out_of_its_siblings() -> None:
    ring = (at(0.2, 0.8), at(0.2, 1.2), at(0.8, 1.2), at(0.8, 0.8))
    after = drawn(Draw(3, "A1", ring, cut=True, code="A1X", name="中间"))
    assert_valid(after)
    assert area(after, "A1X") == pytest.approx(0.24 * STEP**2)


def test_a_new_grid_at_the_rim_widens_its_parents() -> None:
    ring = (at(0.5, 0.5), at(-1, 0), at(-1, 1))
    after = drawn(Draw(3, "A1", ring, code="A1X"))
    assert_valid(after)
    assert after.grid("A1X").shape.area == pytest.approx(area(after, "A") - area(sheet(), "A"))


def test_a_grid_at_the_rim_is_removed_with_its_ground() -> None:
    after = drawn(Remove("A11"))
    assert_valid(after)
    assert area(after, "A1") == pytest.approx(STEP**2)


def test_the_last_grid_of_a_parent_stays() -> None:
    with pytest.raises(Conflict, match="draw-last-child"):
        apply(drawn(Remove("A11")), [Remove("A12")])


def test_a_grid_goes_to_another_community_with_its_ground() -> None:
    after = drawn(Reparent("A22", "B1"))
    assert_valid(after)
    assert after.grid("A22").path == "B/B1/A22"
    assert area(after, "B") == pytest.approx(5 * STEP**2)


def test_another_code_is_in_every_path_below() -> None:
    after = drawn(Describe("A1", code="Z9", name="改名"))
    assert_valid(after)
    assert (after.grid("A11").path, after.grid("A11").parent) == ("A/Z9/A11", "Z9")


def test_a_code_that_is_taken_is_refused() -> None:
    with pytest.raises(Conflict, match="draw-code-taken"):
        apply(sheet(), [Describe("A1", code="B1")])


# ---- whatever one does --------------------------------------------------------------------------

PART = st.floats(-0.4, 1.4).map(lambda n: round(n, 3))
PICK = st.integers(0, 10_000)


@st.composite
def operation(draw: st.DrawFn, on: Sheet) -> Operation:
    """Something that somebody might do to one of the grids, sensible or not."""
    grids = list(on.grids.values())
    grid = grids[draw(PICK) % len(grids)]
    xy = shapely.get_coordinates(grid.shape)[:-1]
    n, m = draw(PICK) % len(xy), draw(PICK) % len(xy)
    west, south, east, north = grid.shape.bounds

    def somewhere() -> tuple[float, float]:
        return rounded((west + (east - west) * draw(PART), south + (north - south) * draw(PART)))

    vertex, other = rounded(xy[n]), rounded(xy[m])
    middle = rounded((xy[n] + xy[(n + 1) % len(xy)]) / 2)
    siblings = [g.code for g in grids if (g.level, g.parent) == (grid.level, grid.parent)]
    above = [g.code for g in grids if g.level == grid.level - 1] or ["none"]
    ring = (somewhere(), somewhere(), somewhere(), somewhere())
    return draw(
        st.sampled_from(
            [
                MoveVertex(vertex, somewhere()),
                MoveVertex(vertex, other),
                InsertVertex(middle, somewhere()),
                InsertVertex(middle),
                DeleteVertex(vertex),
                Split(grid.code, (vertex, other)),
                Split(grid.code, (middle, somewhere(), other)),
                Merge(grid.code, siblings[draw(PICK) % len(siblings)]),
                Draw(grid.level, grid.parent, ring, cut=draw(st.booleans())),
                Reparent(grid.code, above[draw(PICK) % len(above)]),
                Remove(grid.code),
            ]
        )
    )


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_any_sequence_of_operations_leaves_a_valid_coverage(data: st.DataObject) -> None:
    now, accepted = sheet(), 0
    for _ in range(data.draw(st.integers(1, 10))):
        asked = data.draw(operation(now))
        try:
            done = apply(now, [asked])
        except GridtrackError:
            continue
        if made(done):
            continue
        now, accepted = done.after, accepted + 1
        assert_valid(now)
