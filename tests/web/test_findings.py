"""The findings of an edition without scripts: list, filter, check again, accept."""

import pytest

from tests.builders import Site
from tests.usecases.test_check_edition import check, spoil
from tests.usecases.test_editions import a_copy, edition
from tests.web.visitor import a_visitor


@pytest.fixture
def draft(lite: Site) -> int:
    """A draft with a leaf pushed over the border of its column."""
    draft = a_copy(lite)
    spoil(lite, draft)
    check(lite, draft)
    return draft


def test_each_finding_stands_with_its_grids_size_and_place(lite: Site, draft: int) -> None:
    page = a_visitor(lite, "admin").page(f"/grids/{draft}/findings")
    assert page.count('class="card finding') == 2
    assert "Outside its parent" in page
    assert "m²" in page
    assert "119.4" in page


def test_the_list_can_be_narrowed(lite: Site, draft: int) -> None:
    visitor, at = a_visitor(lite, "admin"), f"/grids/{draft}/findings"
    assert visitor.page(f"{at}?code=gap").count('class="card finding') == 1
    assert "Nothing of this kind" in visitor.page(f"{at}?level=1&weight=note")
    assert visitor.page(f"{at}?code=nonsense&level=x&page=99").count('class="card finding') == 2


def test_the_map_gets_the_findings_of_the_list(lite: Site, draft: int) -> None:
    visitor, at = a_visitor(lite, "secretary-a"), f"/grids/{draft}/findings/map"
    answer = visitor.get(f"{at}?code=gap")
    (feature,) = answer.json["features"]
    assert feature["properties"]["outline"]["type"] == "MultiPolygon"
    assert "belong" in feature["properties"]["title"] or "inside" in feature["properties"]["title"]
    again = visitor.get(f"{at}?code=gap", **{"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_a_check_from_the_page_sees_the_draft_as_it_is(lite: Site, draft: int) -> None:
    spoil(lite, draft, east_m=20)  # back
    visitor, seen = a_visitor(lite, "admin"), f"/grids/{draft}/findings"
    assert "changed after this check" in visitor.page(seen)
    assert visitor.post(f"{seen}/check", {}, seen=seen).status_code == 303
    assert "No faults beyond 1.0 m" in visitor.page(seen)


def test_what_does_not_block_is_accepted_by_its_kind(lite: Site, draft: int) -> None:
    visitor, seen = a_visitor(lite, "admin"), f"/grids/{draft}/findings"
    form = {"revision": "1", "kind": "gap", "reason": "a river"}
    assert visitor.post(f"{seen}/accept", form, seen=seen).status_code == 303
    assert len(edition(lite, draft).accepted) == 1
    answer = visitor.post(f"{seen}/accept", {"revision": "1", "reason": "x"}, seen=seen)
    assert answer.status_code == 422
    assert "No fault was chosen" in answer.text
    form = {"revision": "0", "kind": "outside-parent", "reason": "x"}
    assert visitor.post(f"{seen}/accept", form, seen=seen).status_code == 409


def test_a_secretary_reads_findings_and_accepts_none(lite: Site, draft: int) -> None:
    visitor, seen = a_visitor(lite, "secretary-a"), f"/grids/{draft}/findings"
    assert "Accept knowingly" not in visitor.page(seen)
    form = {"revision": "1", "kind": "gap", "reason": "x"}
    assert visitor.post(f"{seen}/accept", form, seen=seen).status_code == 403


def test_findings_are_not_for_gridworkers(lite: Site, draft: int) -> None:
    assert a_visitor(lite, "worker-a11").get(f"/grids/{draft}/findings").status_code == 403
