"""The drawing page without scripts, and what the map on it sends and asks."""

import re
from typing import Any

import pytest
from werkzeug.test import TestResponse

from gridtrack.grids import store as grids
from gridtrack.grids.operations import MoveVertex, as_data
from gridtrack.usecases.edit_draft import edit_draft
from tests.builders import SOUTH, STEP, WEST, Site
from tests.usecases.test_edit_draft import MOVE, at, last_edit
from tests.usecases.test_editions import a_copy, edition
from tests.web.visitor import Visitor, a_visitor


@pytest.fixture
def draft(lite: Site) -> int:
    return a_copy(lite)


def name_of(site: Site, draft: int, code: str) -> str:
    with site.look() as work:
        return {g.code: g.name for g in grids.grids_of(work.session, draft)}[code]


def send(visitor: Visitor, draft: int, what: str, body: dict[str, Any]) -> TestResponse:
    """What the map sends: JSON with the token of the page."""
    page = visitor.page(f"/grids/{draft}/draw")
    token = re.search(r'name="csrf-token" content="([^"]+)"', page)
    assert token is not None
    return visitor.client.post(
        f"/grids/{draft}/draw/{what}",
        json=body,
        headers={"X-CSRFToken": token.group(1), "Accept": "application/json"},
    )


def form(visitor: Visitor, draft: int, code: str = "A11", **fields: Any) -> TestResponse:
    here = f"/grids/{draft}/draw"
    return visitor.post(here, {"grid": code, "revision": 0, **fields}, seen=here)


def rows(page: str, name: str) -> list[str]:
    return re.findall(rf'name="{name}" value="([^"]*)"', page)


def lines(*places: tuple[float, float]) -> str:
    return "\n".join(f"{lon} {lat}" for lon, lat in (at(*place) for place in places))


def test_the_edition_leads_to_its_drawing_page(lite: Site, draft: int) -> None:
    assert f"/grids/{draft}/draw" in a_visitor(lite, "secretary-a").page(f"/grids/{draft}")


def test_a_vertex_is_moved_by_its_row_without_scripts(lite: Site, draft: int) -> None:
    visitor = a_visitor(lite, "secretary-a")
    page = visitor.page(f"/grids/{draft}/draw?grid=A11")
    lon, lat = rows(page, "lon"), rows(page, "lat")
    n = next(
        i
        for i in range(len(lon))
        if (float(lon[i]), float(lat[i])) == pytest.approx(at(1, 1), abs=1e-9)
    )
    lon[n] = str(at(1.2, 1)[0])
    sent = {"do": "vertices", "at": rows(page, "at"), "ring": rows(page, "ring")}
    answer = form(visitor, draft, **sent, lon=lon, lat=lat)
    assert answer.status_code == 303
    assert edition(lite, draft).revision == 1
    assert lon[n] in visitor.page(f"/grids/{draft}/draw?grid=A22")


def test_rows_are_added_and_deleted_without_scripts(lite: Site, draft: int) -> None:
    visitor = a_visitor(lite, "secretary-a")
    page = visitor.page(f"/grids/{draft}/draw?grid=A11")
    names = ("at", "ring", "lon", "lat")
    shown = {name: rows(page, name) for name in names}
    lon, lat = shown["lon"], shown["lat"]
    north = [i + 1 for i in range(len(lon)) if float(lat[i]) == max(map(float, lat))]
    new = {"after": min(north), "new_lon": f"{WEST + STEP / 2}", "new_lat": f"{SOUTH + STEP / 2}"}
    assert form(visitor, draft, do="vertices", **shown, **new).status_code == 303
    page = visitor.page(f"/grids/{draft}/draw?grid=A11")
    shown = {name: rows(page, name) for name in names}
    gone = next(i for i, text in enumerate(shown["lat"]) if float(text) > SOUTH + STEP / 4)
    answer = form(visitor, draft, do="vertices", **shown, drop=gone, revision=1)
    assert answer.status_code == 303
    assert len(rows(visitor.page(f"/grids/{draft}/draw?grid=A11"), "lat")) == len(lat)


@pytest.mark.parametrize(
    "fields",
    [
        {"do": "describe", "code": "A11", "name": "新名"},
        {"do": "merge", "other": "A12"},
        {"do": "split", "line": f"{WEST + STEP * 0.4} {SOUTH - STEP}\n{WEST + STEP * 0.4},{SOUTH}"},
        {
            "do": "draw", "level": 3, "parent": "A1", "cut": 1,
            "line": lines((0.2, 1.2), (0.8, 1.2), (0.5, 1.8)),
        },
    ],
    ids=lambda fields: fields["do"],
)  # fmt: skip
def test_the_other_forms_save_at_once(lite: Site, draft: int, fields: dict[str, Any]) -> None:
    assert form(a_visitor(lite, "secretary-a"), draft, **fields).status_code == 303
    assert edition(lite, draft).revision == 1


def test_what_cannot_be_drawn_is_said_and_what_was_typed_is_kept(lite: Site, draft: int) -> None:
    visitor = a_visitor(lite, "secretary-a")
    page = visitor.page(f"/grids/{draft}/draw?grid=A11")
    shown = {name: rows(page, name) for name in ("at", "ring", "lon", "lat")}
    shown["lon"][0] = "east"
    answer = form(visitor, draft, do="vertices", **shown)
    assert answer.status_code == 422
    assert "is no coordinate" in answer.text
    assert 'value="east"' in answer.text


def test_an_old_page_does_not_overwrite(lite: Site, draft: int) -> None:
    with lite.work("street") as work:
        edit_draft(work, draft, [MOVE], 0)
    answer = form(a_visitor(lite, "secretary-a"), draft, do="describe", code="A11", name="x")
    assert answer.status_code == 409
    assert "street changed this draft" in answer.text
    assert name_of(lite, draft, "A11") != "x"


def test_a_saved_change_is_undone_and_done_again_from_the_list(lite: Site, draft: int) -> None:
    visitor = a_visitor(lite, "secretary-a")
    form(visitor, draft, do="describe", code="A11", name="新名")
    here = f"/grids/{draft}/draw"
    for revision, expected in ((1, "A11网格"), (2, "新名")):
        sent = {"edit": last_edit(lite, draft), "revision": revision}
        assert visitor.post(f"{here}/undo", sent, seen=here).status_code == 303
        assert name_of(lite, draft, "A11") == expected


def test_a_preview_answers_what_changes_and_saves_nothing(lite: Site, draft: int) -> None:
    answer = send(a_visitor(lite, "secretary-a"), draft, "preview", {"operations": [as_data(MOVE)]})
    assert answer.status_code == 200
    changed = {one["properties"]["code"] for one in answer.json["changed"]["features"]}
    assert changed == {"A11", "A12", "A21", "A22", "A1", "A2"}
    assert edition(lite, draft).revision == 0


def test_a_save_answers_the_new_revision(lite: Site, draft: int) -> None:
    body = {"operations": [as_data(MOVE)], "revision": 0}
    answer = send(a_visitor(lite, "secretary-a"), draft, "save", body)
    assert (answer.status_code, answer.json["revision"]) == (200, 1)
    assert answer.json["faults"]["features"] == []


def test_a_second_save_at_the_same_revision_is_a_conflict(lite: Site, draft: int) -> None:
    visitor = a_visitor(lite, "secretary-a")
    body = {"operations": [as_data(MOVE)], "revision": 0}
    send(visitor, draft, "save", body)
    answer = send(visitor, draft, "save", body)
    assert (answer.status_code, answer.json["code"]) == (409, "edition-changed")
    assert "secretary-a" in answer.json["title"]


@pytest.mark.parametrize(
    ("operations", "status", "code"),
    [
        ([], 422, "draw-nothing"),
        ("x", 422, "draw-nothing"),
        ([{}], 422, "draw-unknown"),
        ([{"kind": "move-vertex", "at": [1, 2]}], 422, "required"),
        ([{"kind": "move-vertex", "at": [1, 2], "to": [None, 2]}], 422, "coordinate-not-a-number"),
        ([{"kind": "move-vertex", "at": [1, 2], "to": [1, 200]}], 422, "coordinate-out-of-range"),
        ([{"kind": "move-vertex", "at": [1, 2], "to": "12"}], 422, "draw-point"),
        ([{"kind": "merge", "grid": "A11", "other": 7}], 422, "draw-text"),
        ([{"kind": "describe", "grid": "A11", "code": "a/b"}], 422, "draw-code"),
        ([{"kind": "split", "grid": "A11", "line": [[1, 2]]}], 422, "draw-points"),
        ([{"kind": "draw", "level": 0, "ring": [[1, 2], [3, 4]]}], 422, "draw-level"),
        ([{"kind": "remove", "grid": "Z"}], 404, "draw-no-grid"),
        ([{"kind": "describe", "grid": "A11", "code": "A12"}], 409, "draw-code-taken"),
        ([as_data(MoveVertex(at(3, 1), at(3.1, 1)))], 403, "draw-outside-scope"),
        ([{"kind": "remove", "grid": "A11"}] * 501, 422, "draw-too-many"),
    ],
)
def test_bad_operations_say_what_is_wrong(
    lite: Site, draft: int, operations: Any, status: int, code: str
) -> None:
    answer = send(a_visitor(lite, "secretary-a"), draft, "preview", {"operations": operations})
    assert (answer.status_code, answer.json["code"]) == (status, code)


def test_the_state_is_not_sent_twice(lite: Site, draft: int) -> None:
    visitor = a_visitor(lite, "secretary-a")
    first = visitor.get(f"/grids/{draft}/draw/state")
    again = visitor.get(f"/grids/{draft}/draw/state", **{"If-None-Match": first.headers["ETag"]})
    assert (first.json["revision"], again.status_code) == (0, 304)
    with lite.work("street") as work:
        edit_draft(work, draft, [MOVE], 0)
    now = visitor.get(f"/grids/{draft}/draw/state", **{"If-None-Match": first.headers["ETag"]})
    assert (now.json["revision"], now.json["by"]) == (1, "street")


def test_nobody_draws_in_what_is_in_force(lite: Site) -> None:
    assert a_visitor(lite, "secretary-a").get("/grids/1/draw").status_code == 409


def test_a_gridworker_does_not_draw(lite: Site, draft: int) -> None:
    assert a_visitor(lite, "worker-a11").get(f"/grids/{draft}/draw").status_code == 403
