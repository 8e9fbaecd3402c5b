"""The pages of editions, without scripts: the record, the steps, and who may take them."""

import pytest
from flask import url_for

from gridtrack.grids import store as grids
from tests.builders import FUNERAL, LAMP, Site
from tests.edition_builders import NOW_A12, NOW_B11, a_shift, moved
from tests.usecases.test_editions import a_copy, edition
from tests.web.visitor import a_visitor


@pytest.fixture
def draft(lite: Site) -> int:
    """A draft with the grids of the street, made by the system administrator."""
    return a_copy(lite)


def test_the_list_leads_to_each_edition(lite: Site) -> None:
    assert 'href="/grids/1"' in a_visitor(lite, "admin").page("/grids")


def test_a_secretary_reads_editions_and_gets_no_step_of_the_law(lite: Site, draft: int) -> None:
    page = a_visitor(lite, "secretary-a").page(f"/grids/{draft}")
    assert "Make a draft from this edition" in page
    assert "/do/check" not in page
    assert "Copied from edition 1" in page


def test_the_page_links_only_to_what_there_is(lite: Site) -> None:
    visitor = a_visitor(lite, "admin")
    app = visitor.client.application
    page = visitor.page("/grids/1")
    for part in ("findings", "draw", "compare", "impact", "codes", "export"):
        endpoint = f"web.edition_{part}"
        if endpoint in app.view_functions:
            with app.test_request_context():
                address = url_for(endpoint, edition_id=1)
            assert (f'href="{address}"' in page) == (part not in ("draw", "impact")), part
        else:
            assert f"/grids/1/{part}" not in page, part


def test_a_draft_is_made_and_shown(lite: Site) -> None:
    visitor = a_visitor(lite, "secretary-a")
    answer = visitor.post("/grids/1/copy", {"name": "spring"}, seen="/grids/1")
    assert answer.status_code == 303
    assert "spring" in visitor.page(answer.headers["Location"])


def test_a_draft_needs_a_name(lite: Site) -> None:
    answer = a_visitor(lite, "admin").post("/grids/1/copy", {"name": " "}, seen="/grids/1")
    assert answer.status_code == 422
    assert 'id="f-copy-name-error"' in answer.text


def test_putting_in_force_needs_a_reason(lite: Site, draft: int) -> None:
    visitor, seen = a_visitor(lite, "admin"), f"/grids/{draft}"
    visitor.post(f"{seen}/do/check", {}, seen=seen)
    answer = visitor.post(f"{seen}/do/activate", {"reason": ""}, seen=seen)
    assert answer.status_code == 422
    answer = visitor.post(f"{seen}/do/activate", {"reason": "council"}, seen=seen)
    assert answer.status_code == 303
    assert edition(lite, draft).state == "active"
    assert "council" in visitor.page(seen)


def test_a_schedule_is_in_the_zone_of_the_deployment(lite: Site, draft: int) -> None:
    visitor, seen = a_visitor(lite, "admin"), f"/grids/{draft}"
    visitor.post(f"{seen}/do/check", {}, seen=seen)
    form = {"at": "2026-12-01T00:00", "reason": "December"}
    assert visitor.post(f"{seen}/do/schedule", form, seen=seen).status_code == 303
    begins = edition(lite, draft).valid_from
    assert begins is not None
    assert begins.isoformat() == "2026-11-30T16:00:00+00:00"
    assert "Dec 1, 2026 00:00" in visitor.page(seen)


def test_a_check_that_is_not_current_is_told_on_the_page(lite: Site, draft: int) -> None:
    with lite.work() as work:
        grids.edition(work.session, draft).revision += 1
        work.session.flush()
    visitor, seen = a_visitor(lite, "admin"), f"/grids/{draft}"
    answer = visitor.post(f"{seen}/do/check", {}, seen=seen)
    assert answer.status_code == 409
    assert "has not been checked since it was changed" in answer.text


def test_a_step_that_there_is_not_is_a_page_that_is_not_there(lite: Site, draft: int) -> None:
    visitor, seen = a_visitor(lite, "admin"), f"/grids/{draft}"
    assert visitor.post(f"{seen}/do/retire", {}, seen=seen).status_code == 404


def test_a_discarded_draft_leaves_the_list_and_keeps_its_page(lite: Site, draft: int) -> None:
    visitor, seen = a_visitor(lite, "admin"), f"/grids/{draft}"
    visitor.post(f"{seen}/do/discard", {"reason": "a trial"}, seen=seen)
    assert f'href="{seen}"' not in visitor.page("/grids")
    assert "a trial" in visitor.page(seen)


def test_editions_are_not_for_gridworkers(lite: Site) -> None:
    assert a_visitor(lite, "worker-a11").get("/grids/1").status_code == 403


def test_two_editions_are_compared_as_a_list(lite: Site) -> None:
    draft = a_shift(lite)
    page = a_visitor(lite, "secretary-a").page(f"/grids/{draft}/compare")
    assert "border moved" in page
    for code in ("A11", "A12", "B11"):
        assert f"Grid {code}" in page
    assert "Grid B12" not in page
    assert "changed hands" in page


def test_the_differences_are_drawn_and_asked_for_once(lite: Site) -> None:
    visitor, address = a_visitor(lite, "admin"), f"/grids/{a_shift(lite)}/compare/map?with=1"
    first = visitor.get(address)
    found = [(f["properties"].get("code"), f["properties"]["kind"]) for f in first.json["features"]]
    assert {("A11", "moved"), ("B11", "moved")} <= set(found)
    assert [kind for _, kind in found].count("ground") == 2
    again = visitor.get(address, **{"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_an_edition_like_its_original_has_no_difference(lite: Site, draft: int) -> None:
    assert "No difference" in a_visitor(lite, "admin").page(f"/grids/{draft}/compare?with=1")


@pytest.mark.parametrize(("other", "status"), [("x", 422), ("99", 404), ("１", 422)])
def test_an_edition_that_is_none_is_refused(lite: Site, other: str, status: int) -> None:
    assert a_visitor(lite, "admin").get(f"/grids/1/compare?with={other}").status_code == status


def test_the_impact_is_shown_before_and_the_decision_is_carried_out(lite: Site) -> None:
    waits = lite.report(LAMP, at=NOW_A12).incident_id
    taken = lite.report(LAMP, at=NOW_A12).incident_id
    lite.acknowledge(taken, "worker-a11")
    draft = a_shift(lite)
    assert "1 goes to somebody else" in a_visitor(lite, "street").page(f"/grids/{draft}/impact")
    visitor, seen = a_visitor(lite, "admin"), f"/grids/{draft}"
    visitor.post(f"{seen}/do/check", {}, seen=seen)
    form = {"reason": "council", "acknowledged": "hand-over"}
    visitor.post(f"{seen}/do/activate", form, seen=f"{seen}/impact")
    moved(lite)
    for one in (waits, taken):
        assert lite.incident(one).handler_id == lite.people["worker-a12"]
    page = a_visitor(lite, "worker-a12").page(f"/incidents/{waits}")
    assert "The grids changed: now worker-a12&#39;s" in page


def test_the_impact_names_no_matter_to_who_may_not_see_it(lite: Site) -> None:
    one = lite.report(FUNERAL, at=NOW_B11)
    page = a_visitor(lite, "admin").page(f"/grids/{a_shift(lite)}/impact")
    assert one.number not in page
    assert "1 more that you may not open" in page
    assert "(1 of them sealed)" in page
