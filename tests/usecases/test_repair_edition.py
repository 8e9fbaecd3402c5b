"""Repairs of a draft: done as shown, with a line in the record, and undone like any edit."""

import pytest
import shapely
from sqlalchemy import update

from gridtrack.errors import Conflict, Forbidden, Invalid
from gridtrack.grids import drafts
from gridtrack.grids import store as grids
from gridtrack.grids.repairs import Kind
from gridtrack.grids.store import GRID
from gridtrack.usecases.edit_draft import undo_edit
from gridtrack.usecases.repair_edition import apply_repair, plan_repair
from tests.builders import Site, leaves
from tests.usecases.test_check_edition import check, spoil
from tests.usecases.test_editions import a_copy, edition, kinds


def with_slit(site: Site) -> int:
    """A draft with a slit of some metres in a leaf, along its border to the next, checked."""
    draft = a_copy(site)
    west, south, east, _ = leaves()["A11"].bounds
    cut = shapely.box(west + 0.0005, south, east - 0.0005, south + 0.00003)
    where = (GRID.c.edition_id == draft) & (GRID.c.code == "A11")
    with site.work() as work:
        shape = leaves()["A11"] - cut
        work.session.execute(update(GRID).where(where).values(shape=shape))
        grids.edition(work.session, draft).revision += 1
        work.session.flush()
    check(site, draft)
    return draft


def plan(site: Site, draft: int, kind: Kind = Kind.CLOSE_GAP):
    with site.look("admin") as work:
        return plan_repair(work, draft, kind)


def do(site: Site, planned) -> None:
    with site.work("admin") as work:
        apply_repair(work, planned)


def test_a_repair_is_done_as_shown_and_recorded(site: Site) -> None:
    draft = with_slit(site)
    planned = plan(site, draft)
    do(site, planned)
    with site.look() as work:
        stored = {g.code: g for g in grids.grids_of(work.session, draft)}
        entry = grids.entries(work.session, draft)[0]
    assert all(stored[e.before.code] == e.after for e in planned.repair.changes)
    assert entry.kind == "repaired"
    assert entry.data["moved_m2"] == round(planned.repair.moved_m2, 3) > 0
    assert [row["grid"] for row in entry.data["effects"]] == entry.data["grids"]
    check(site, draft)
    assert edition(site, draft).state == "checked"
    assert kinds(site, draft) == ["copied", "examined", "repaired", "examined", "checked"]


def test_a_repair_is_undone_like_any_edit(site: Site) -> None:
    draft = with_slit(site)
    with site.look() as work:
        before = {g.code: g.shape.wkb for g in grids.grids_of(work.session, draft)}
    do(site, plan(site, draft))
    with site.work("admin") as work:
        (edit,) = drafts.edits(work.session, draft, 5)
        undo_edit(work, draft, edit.id, edition(site, draft).revision)
    with site.look() as work:
        assert {g.code: g.shape.wkb for g in grids.grids_of(work.session, draft)} == before


def test_a_repair_of_an_older_revision_is_refused(site: Site) -> None:
    draft = with_slit(site)
    planned = plan(site, draft)
    spoil(site, draft, "B11", east_m=3)
    with pytest.raises(Conflict, match="edition-other-revision"):
        do(site, planned)
    with pytest.raises(Conflict, match="edition-not-checked"):
        plan(site, draft)


def test_what_cannot_be_repaired_changes_nothing(site: Site) -> None:
    draft = with_slit(site)
    with pytest.raises(Invalid, match="repair-nothing"):
        do(site, plan(site, draft, Kind.REASSIGN))
    assert edition(site, draft).revision == 1


def test_what_is_in_force_is_never_repaired(site: Site) -> None:
    check(site, 1)
    with pytest.raises(Conflict, match="edition-state"):
        plan(site, 1)


def test_a_secretary_sees_repairs_and_does_none(site: Site) -> None:
    draft = with_slit(site)
    with site.look("secretary-a") as work:
        planned = plan_repair(work, draft, Kind.CLOSE_GAP)
    with pytest.raises(Forbidden), site.work("secretary-a") as work:
        apply_repair(work, planned)
