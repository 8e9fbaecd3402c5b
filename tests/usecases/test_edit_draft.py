"""Drawing in a draft, on both databases: two editors, undo, scopes, and what is written."""

from collections.abc import Sequence

import pytest
import shapely

from gridtrack.errors import Conflict, Forbidden, Invalid
from gridtrack.grids import drafts
from gridtrack.grids import store as grids
from gridtrack.grids.operations import (
    DeleteVertex,
    Describe,
    Draw,
    InsertVertex,
    Merge,
    MoveVertex,
    Operation,
    Reparent,
    Split,
)
from gridtrack.grids.rings import rounded
from gridtrack.grids.rules import Grid
from gridtrack.usecases.activate_edition import activate_edition
from gridtrack.usecases.edit_draft import Edited, edit_draft, preview_edit, undo_edit
from tests.builders import SOUTH, STEP, WEST, Site
from tests.usecases.test_editions import a_copy, edition, kinds


def at(column: float, row: float) -> tuple[float, float]:
    """A place on the street, from its south-west; (1, 1) is where A11, A12, A21 and A22 meet."""
    return rounded((WEST + STEP * column, SOUTH + STEP * (row - 2)))


MOVE = MoveVertex(at(1, 1), at(1.2, 1.1))


def draw(
    site: Site, draft: int, *operations: Operation, who: str = "secretary-a", revision: int = 0
) -> Edited:
    with site.work(who) as work:
        return edit_draft(work, draft, operations, revision)


def undo(site: Site, draft: int, edit: int, revision: int, who: str = "secretary-a") -> Edited:
    with site.work(who) as work:
        return undo_edit(work, draft, edit, revision)


def stored(site: Site, draft: int) -> dict[str, Grid]:
    with site.look() as work:
        return {grid.code: grid for grid in grids.grids_of(work.session, draft)}


def last_edit(site: Site, draft: int) -> int:
    with site.look() as work:
        return drafts.edits(work.session, draft, 1)[0].id


def assert_valid(found: dict[str, Grid]) -> None:
    for level in (1, 2, 3):
        shapes = [grid.shape for grid in found.values() if grid.level == level]
        assert shapely.coverage_is_valid(shapes)


def test_a_corner_is_moved_on_every_level_and_written(site: Site) -> None:
    draft = a_copy(site)
    done = draw(site, draft, MOVE)
    found = stored(site, draft)
    assert_valid(found)
    with_it = {c for c, g in found.items() if g.shape.touches(shapely.Point(at(1.2, 1.1)))}
    assert with_it == {"A11", "A12", "A21", "A22", "A1", "A2"}
    assert {c.before.code for c in done.changes if c.before} == with_it
    assert (done.revision, edition(site, draft).revision) == (1, 1)


def test_bounds_and_area_of_what_moved_are_written_too(site: Site) -> None:
    draft = a_copy(site)
    draw(site, draft, MoveVertex(at(0, 2), at(-0.5, 2.5)))
    with site.look() as work:
        row = work.session.query(grids.GRID).filter_by(edition_id=draft, code="A").one()
    assert (row.min_lon, row.max_lat) == pytest.approx(at(-0.5, 2.5))
    assert row.area_m2 > 300_000


def test_every_kind_of_operation_in_one_save(site: Site) -> None:
    draft = a_copy(site)
    done = draw(
        site,
        draft,
        InsertVertex(at(0.5, 1), at(0.5, 1.1)),
        DeleteVertex(at(0.5, 1.1)),
        Split("A11", (at(0.4, 1), at(0.4, 2)), "A13"),
        Merge("A11", "A12"),
        Draw(3, "A2", (at(0.4, 0.4), at(0.6, 0.4), at(0.6, 0.6)), cut=True, code="A29"),
        Describe("A29", name="新格", name_en="New"),
        Reparent("A13", "A1"),
        Describe("A1", code="A9"),
    )
    found = stored(site, draft)
    assert_valid(found)
    assert done.faults == ()
    assert {grid.path for grid in found.values() if grid.level == 3 and grid.path[0] == "A"} == {
        "A/A9/A11", "A/A9/A13", "A/A2/A21", "A/A2/A22", "A/A2/A29",
    }  # fmt: skip


def test_a_preview_writes_nothing(site: Site) -> None:
    draft = a_copy(site)
    with site.look("secretary-a") as work:
        seen = preview_edit(work, draft, [MOVE])
    assert len(seen.changes) == 6
    assert edition(site, draft).revision == 0
    assert stored(site, draft)["A11"].shape.equals(stored(site, 1)["A11"].shape)


def test_the_second_editor_is_told_who_and_when_and_nothing_is_overwritten(site: Site) -> None:
    draft = a_copy(site)
    draw(site, draft, MOVE)
    with pytest.raises(Conflict, match="edition-changed") as told:
        draw(site, draft, MoveVertex(at(1, 1), at(0.8, 1)), who="street")
    assert told.value.params["by"] == "secretary-a"
    assert told.value.params["at"] == "2026-11-20 10:00"
    assert stored(site, draft)["A11"].shape.touches(shapely.Point(at(1.2, 1.1)))


def test_the_second_editor_saves_after_loading(site: Site) -> None:
    draft = a_copy(site)
    draw(site, draft, MOVE)
    draw(site, draft, MoveVertex(at(3, 1), at(3.1, 1)), who="secretary-b", revision=1)
    assert edition(site, draft).revision == 2


def test_an_edit_is_undone_and_done_again_across_saves(site: Site) -> None:
    draft = a_copy(site)
    before = stored(site, draft)
    draw(site, draft, Split("A11", (at(0.4, 1), at(0.4, 2)), "A13"), MOVE)
    after = stored(site, draft)
    undo(site, draft, last_edit(site, draft), 1)
    assert stored(site, draft) == before
    undo(site, draft, last_edit(site, draft), 2)
    assert stored(site, draft) == after
    assert edition(site, draft).revision == 3


def test_households_are_added_up_and_come_back(site: Site) -> None:
    draft = a_copy(site)

    def counted(code: str) -> int | None:
        with site.look() as work:
            return drafts.households(work.session, draft, [code]).get(code)

    draw(site, draft, Merge("A11", "A12"))
    assert counted("A11") == 400
    undo(site, draft, last_edit(site, draft), 1)
    assert (counted("A11"), counted("A12")) == (200, 200)


def test_an_edit_is_undone_once(site: Site) -> None:
    draft = a_copy(site)
    draw(site, draft, MOVE)
    first = last_edit(site, draft)
    undo(site, draft, first, 1)
    with pytest.raises(Conflict, match="edit-undone"):
        undo(site, draft, first, 2)


def test_an_edit_that_others_built_upon_is_not_undone(site: Site) -> None:
    draft = a_copy(site)
    draw(site, draft, MOVE)
    first = last_edit(site, draft)
    draw(site, draft, Describe("A11", name="改过"), revision=1)
    with pytest.raises(Conflict, match="edit-built-upon") as told:
        undo(site, draft, first, 2)
    assert told.value.params["grids"] == ["A11"]


@pytest.mark.parametrize(
    "operation",
    [
        MoveVertex(at(3, 1), at(3.1, 1)),  # inside community B
        MoveVertex(at(2, 1), at(2.1, 1)),  # the border that A and B share
        Describe("B11", name="x"),
        Reparent("A12", "B1"),
        Split("B11", (at(2.4, 1), at(2.4, 2))),
    ],
)
def test_a_secretary_changes_no_ground_of_another_community(
    site: Site, operation: Operation
) -> None:
    draft = a_copy(site)
    with pytest.raises(Forbidden, match="draw-outside-scope"):
        draw(site, draft, operation)
    assert edition(site, draft).revision == 0


def test_a_split_may_end_on_the_border_of_another_community(site: Site) -> None:
    draft = a_copy(site)
    draw(site, draft, Split("A12", (at(1, 1.4), at(2, 1.4)), "A13"))
    assert_valid(stored(site, draft))


def test_the_street_moves_the_border_between_communities(site: Site) -> None:
    draft = a_copy(site)
    draw(site, draft, MoveVertex(at(2, 1), at(2.1, 1)), who="street")
    assert_valid(stored(site, draft))


def test_nobody_else_draws(site: Site) -> None:
    draft = a_copy(site)
    with pytest.raises(Forbidden):
        draw(site, draft, MOVE, who="leader-a1")


def test_what_makes_a_fault_is_refused_as_a_whole(site: Site) -> None:
    draft = a_copy(site)
    with pytest.raises(Invalid, match="draw-makes-crossing"):
        draw(site, draft, MOVE, MoveVertex(at(1.2, 1.1), at(1.2, 3)))
    assert edition(site, draft).revision == 0
    assert stored(site, draft) == stored(site, 1)


def test_a_draft_with_faults_is_saved_and_says_so(site: Site) -> None:
    draft = a_copy(site)
    with site.work() as work:
        narrow = shapely.box(*at(0, 0), *at(0.7, 1))
        rows = grids.GRID.update().where(grids.GRID.c.edition_id == draft)
        work.session.execute(rows.where(grids.GRID.c.code == "A21").values(shape=narrow))
    done = draw(site, draft, MoveVertex(at(4, 0), at(4, -0.1)), who="street")
    assert done.faults == ()  # none is near
    done = draw(site, draft, MoveVertex(at(1, 1), at(1, 0.95)), revision=1)
    assert [fault.code.value for fault, _ in done.faults] == ["gap"]


def test_an_edition_in_force_is_not_drawn_in(site: Site) -> None:
    with pytest.raises(Conflict, match="edition-state"):
        draw(site, 1, MOVE)


def test_drawing_in_a_checked_draft_makes_it_a_draft_that_must_be_checked_again(
    site: Site,
) -> None:
    draft = a_copy(site)
    with site.work() as work:
        grids.edition(work.session, draft).state = "checked"
    draw(site, draft, MOVE)
    assert edition(site, draft).state == "draft"
    assert edition(site, draft).checked_revision != edition(site, draft).revision
    with pytest.raises(Conflict), site.work("admin") as work:
        activate_edition(work, draft)


def test_the_record_says_who_drew_what(site: Site) -> None:
    draft = a_copy(site)
    draw(site, draft, MOVE)
    with site.look() as work:
        line = grids.entries(work.session, draft)[0]
    assert kinds(site, draft)[-1] == "edited"
    assert (line.actor_name, line.data["operations"]) == ("secretary-a", {"move-vertex": 1})
    assert line.data["grids"] == ["A1", "A11", "A12", "A2", "A21", "A22"]


def test_only_the_rows_around_are_read(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    draft, asked = a_copy(site), []
    near = drafts.near
    monkeypatch.setattr(drafts, "near", lambda *a: asked.append(near(*a)) or near(*a))
    draw(site, draft, MoveVertex(at(0, 2), at(-0.1, 2.1)))
    assert {grid.code[0] for found in asked for grid in found} == {"A"}


def operations_in_order(site: Site, draft: int) -> Sequence[list[str]]:
    with site.look() as work:
        found = drafts.edits(work.session, draft, 10)
    return [[one["kind"] for one in edit.operations] for edit in found]


def test_edits_keep_their_operations_newest_first(site: Site) -> None:
    draft = a_copy(site)
    draw(site, draft, MOVE)
    draw(site, draft, Merge("A11", "A12"), revision=1)
    assert operations_in_order(site, draft) == [["merge"], ["move-vertex"]]
