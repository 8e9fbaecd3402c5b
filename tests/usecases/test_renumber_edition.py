"""A draft gets new codes as shown, with its table, and nothing else that names a grid changes."""

import json

import click
import pytest
from click.testing import CliRunner
from sqlalchemy import select

from gridtrack.accounts.tables import Post
from gridtrack.app import create_app
from gridtrack.cli.context import Doors
from gridtrack.cli.grids import grids as commands
from gridtrack.errors import Conflict, Forbidden, Invalid
from gridtrack.grids import store as grids
from gridtrack.queries.codes import codes_page, mapping_rows, names_old_codes
from gridtrack.usecases.edit_draft import undo_edit
from gridtrack.usecases.renumber_edition import apply_renumbering, plan_renumbering
from tests.builders import Site
from tests.usecases.test_check_edition import accept, check, spoil
from tests.usecases.test_editions import a_copy, edition
from tests.web.visitor import a_visitor

SCHEME = """name = "letters"
[levels]
2 = "{parent}-{serial:1}"
3 = "{parent}-{serial:02}"
"""


@pytest.fixture
def schemed(site: Site) -> Site:
    """The site with a scheme that its letters fit."""
    site.runtime.settings.instance.mkdir(parents=True, exist_ok=True)
    (site.runtime.settings.instance / "codes.toml").write_text(SCHEME, "utf-8")
    return site


def plan(site: Site, draft: int, **how: bool):
    with site.look("admin") as work:
        return plan_renumbering(work, draft, **how)


def do(site: Site, planned) -> None:
    with site.work("admin") as work:
        apply_renumbering(work, planned)


def codes(site: Site, edition_id: int) -> dict[str, str]:
    with site.look() as work:
        return {g.code: g.path for g in grids.grids_of(work.session, edition_id)}


def posts(site: Site) -> list[str]:
    with site.look() as work:
        return list(work.session.scalars(select(Post.scope).order_by(Post.id)))


def test_a_draft_is_renumbered_with_its_table(schemed: Site) -> None:
    draft, before = a_copy(schemed), posts(schemed)
    do(schemed, plan(schemed, draft))
    new = codes(schemed, draft)
    assert new["A-1-01"] == "A/A-1/A-1-01"
    assert len(new) == len(codes(schemed, 1))
    with schemed.look("admin") as work:
        entry = grids.entries(work.session, draft)[0]
        rows = mapping_rows(work, draft, entry.data["edit"])
        assert codes_page(work, draft).fault_count == 0
    assert (entry.kind, entry.data["count"]) == ("renumbered", len(rows))
    assert {row[3] for row in rows} <= set(new)
    assert posts(schemed) == before


def test_what_names_old_paths_is_listed(schemed: Site) -> None:
    draft = a_copy(schemed)
    schemed.report()
    planned = plan(schemed, draft)
    with schemed.look("admin") as work:
        named = names_old_codes(work, planned.paths)
    assert named.open_matters == 1
    assert {then for *_, then in named.posts} <= set(planned.paths.values())
    assert named.post_count == len(named.posts) > 0


def test_what_was_accepted_stays_accepted(schemed: Site) -> None:
    draft = a_copy(schemed)
    spoil(schemed, draft)
    check(schemed, draft)
    faults = (edition(schemed, draft).findings or {})["faults"]
    accept(schemed, draft, *range(len(faults)))
    do(schemed, plan(schemed, draft))
    check(schemed, draft)
    assert edition(schemed, draft).state == "checked"


def test_renumbering_is_undone_like_any_edit(schemed: Site) -> None:
    draft = a_copy(schemed)
    do(schemed, plan(schemed, draft))
    with schemed.work("admin") as work:
        entry = grids.entries(work.session, draft)[0]
        undo_edit(work, draft, entry.data["edit"], entry.data["revision"])
    assert codes(schemed, draft) == codes(schemed, 1)


def test_a_draft_that_was_changed_meanwhile_keeps_its_codes(schemed: Site) -> None:
    draft = a_copy(schemed)
    planned = plan(schemed, draft)
    spoil(schemed, draft)
    with pytest.raises(Conflict, match="edition-other-revision"):
        do(schemed, planned)
    with pytest.raises(Conflict, match="edition-state"):
        plan(schemed, 1)


def test_nothing_to_renumber_is_told(schemed: Site) -> None:
    draft = a_copy(schemed)
    do(schemed, plan(schemed, draft))
    with pytest.raises(Invalid, match="codes-nothing"):
        do(schemed, plan(schemed, draft, keep=True))


def test_only_the_administrator_renumbers(schemed: Site) -> None:
    draft = a_copy(schemed)
    planned = plan(schemed, draft)
    with pytest.raises(Forbidden), schemed.work("secretary-a") as work:
        apply_renumbering(work, planned)


def test_the_page_shows_the_table_then_does_it(lite: Site) -> None:
    lite.runtime.settings.instance.mkdir(parents=True, exist_ok=True)
    (lite.runtime.settings.instance / "codes.toml").write_text(SCHEME, "utf-8")
    draft = a_copy(lite)
    visitor, seen = a_visitor(lite, "admin"), f"/grids/{draft}/codes"
    assert "does not fit" in visitor.page(seen) or "do not fit" in visitor.page(seen)
    assert "A-1-01" in visitor.page(f"{seen}?plan=all")
    answer = visitor.post(f"{seen}/do", {"plan": "all", "revision": "9"}, seen=seen)
    assert answer.status_code == 409
    answer = visitor.post(f"{seen}/do", {"plan": "all", "revision": "0"}, seen=seen)
    assert answer.status_code == 303
    page = visitor.page(seen)
    assert "Every code fits the scheme" in page
    (address,) = {
        word.split('"')[0] for word in page.split('href="') if ".csv" in word.split('"')[0]
    }
    table = visitor.get(address)
    assert table.mimetype == "text/csv"
    assert "A-1-01" in table.text


def test_codes_that_cannot_be_made_are_told_on_the_page(lite: Site) -> None:
    draft = a_copy(lite)  # the shipped scheme wants twelve digits where the street has letters
    answer = a_visitor(lite, "admin").get(f"/grids/{draft}/codes?plan=all")
    assert answer.status_code == 422
    assert "correct that of the community first" in answer.text


def test_the_command_checks_and_renumbers(lite: Site) -> None:
    lite.runtime.settings.instance.mkdir(parents=True, exist_ok=True)
    (lite.runtime.settings.instance / "codes.toml").write_text(SCHEME, "utf-8")
    draft = a_copy(lite)
    settings = lite.runtime.settings.model_copy(update={"locale": "en"})
    here = Doors(settings, create_app, lite.clock)

    def run(*words: object):
        group = click.Group("gridtrack", commands=[commands])
        line = ["grids", "codes", *(str(word) for word in words)]
        return CliRunner().invoke(group, line, obj=here, catch_exceptions=False)

    checked = run("check", draft, "--json")
    assert checked.exit_code == 1
    assert {row["kind"] for row in json.loads(checked.stdout)["rows"]} == {"pattern"}
    table = lite.runtime.settings.instance / "table.csv"
    assert run("renumber", draft, "--csv", table).exit_code == 0
    assert "A-1-01" in table.read_text()
    assert "A11" in codes(lite, draft)
    assert run("renumber", draft, "--apply").exit_code == 0
    assert run("check", draft).exit_code == 0
