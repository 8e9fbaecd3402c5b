"""A draft is checked again and faults are taken knowingly, on both databases."""

import pytest
from sqlalchemy import update

from gridtrack.errors import Conflict, Forbidden, Invalid
from gridtrack.grids import store as grids
from gridtrack.grids.store import GRID
from gridtrack.usecases.check_edition import accept_faults, keep_check, read_edition
from tests.builders import Site
from tests.grid_builders import moved
from tests.usecases.test_editions import a_copy, edition, kinds


def spoil(site: Site, edition_id: int, code: str = "A11", east_m: float = -20) -> None:
    """Push a grid of a draft, as an editor would."""
    with site.work() as work:
        one = grids.edition(work.session, edition_id)
        found = {g.code: g.shape for g in grids.grids_of(work.session, edition_id)}
        where = (GRID.c.edition_id == edition_id) & (GRID.c.code == code)
        shape = moved(found[code], east_m)
        work.session.execute(update(GRID).where(where).values(shape=shape))
        one.revision += 1
        work.session.flush()


def check(site: Site, edition_id: int, who: str = "admin") -> None:
    with site.look(who) as work:
        examined = read_edition(work, edition_id).examined()
    with site.work(who) as work:
        keep_check(work, examined)


def accept(site: Site, edition_id: int, *numbers: int, reason: str = "a wall", revision: int = 1):
    with site.work("admin") as work:
        accept_faults(work, edition_id, numbers, revision, reason=reason)


def test_a_clean_draft_is_checked_in_by_its_check(site: Site) -> None:
    draft = a_copy(site)
    check(site, draft)
    assert edition(site, draft).state == "checked"
    assert kinds(site, draft) == ["copied", "examined", "checked"]


def test_a_secretary_checks_and_the_draft_stays_one(site: Site) -> None:
    draft = a_copy(site)
    check(site, draft, "secretary-a")
    assert (edition(site, draft).state, edition(site, draft).checked_revision) == ("draft", 0)


def test_faults_keep_a_draft_open_until_each_is_accepted(site: Site) -> None:
    draft = a_copy(site)
    spoil(site, draft)
    check(site, draft)
    faults = (edition(site, draft).findings or {})["faults"]
    assert {row["code"] for row in faults} == {"gap", "outside-parent"}
    assert all(row["outline"] for row in faults)
    accept(site, draft, 0)
    assert edition(site, draft).state == "draft"
    accept(site, draft, *range(len(faults)))
    assert edition(site, draft).state == "checked"
    taken = edition(site, draft).accepted
    assert [row["reason"] for row in taken] == ["a wall"] * len(faults)


def test_accepting_wants_a_reason_and_faults_that_there_are(site: Site) -> None:
    draft = a_copy(site)
    spoil(site, draft)
    check(site, draft)
    with pytest.raises(Invalid, match="required"):
        accept(site, draft, 0, reason=" ")
    with pytest.raises(Invalid, match="faults-none"):
        accept(site, draft)
    with pytest.raises(Invalid, match="fault-unknown"):
        accept(site, draft, 99)


def test_who_looked_at_an_older_revision_is_told(site: Site) -> None:
    draft = a_copy(site)
    spoil(site, draft)
    with site.look("admin") as work:
        examined = read_edition(work, draft).examined()
    spoil(site, draft, "A12")
    with pytest.raises(Conflict, match="edition-other-revision"), site.work("admin") as work:
        keep_check(work, examined)
    assert edition(site, draft).findings is None or edition(site, draft).checked_revision != 2
    with pytest.raises(Conflict, match="edition-other-revision"):
        accept(site, draft, 0, revision=1)


def test_what_is_in_force_is_checked_without_being_changed(site: Site) -> None:
    check(site, 1)
    assert edition(site, 1).state == "active"
    with pytest.raises(Conflict, match="edition-state"):
        accept(site, 1, 0, revision=0)


def test_only_the_administrator_accepts_and_gridworkers_do_not_check(site: Site) -> None:
    draft = a_copy(site)
    with pytest.raises(Forbidden), site.work("secretary-a") as work:
        accept_faults(work, draft, [0], 0, reason="x")
    with pytest.raises(Forbidden), site.look("worker-a11") as work:
        read_edition(work, draft).examined()
