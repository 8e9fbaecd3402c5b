"""The pages of an import, without scripts: what was said is kept, what is wrong is told."""

import io
import re

import pytest

from gridtrack.http import sizes
from gridtrack.tasks import files
from gridtrack.tasks.rules import State
from gridtrack.web import imports as pages
from tests.builders import Site
from tests.imports import FIELDS, as_file, looked, nothing_left, row_of, written
from tests.jobs.test_imports import GAP
from tests.jobs.toil import do_next
from tests.web.visitor import Visitor, a_visitor

START = "/grids/import"


@pytest.fixture
def admin(lite: Site) -> Visitor:
    return a_visitor(lite, "admin")


def sent(data: bytes | None = None, name: str = "街道 网格.geojson") -> tuple[io.BytesIO, str]:
    return io.BytesIO(written(as_file()) if data is None else data), name


def send(visitor: Visitor, **form: object) -> str:
    """Send a file; the address of the import."""
    answer = visitor.post(START, form, seen=START)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"].removesuffix("/place")


def test_all_the_way_from_a_file_to_a_draft(lite: Site, admin: Visitor) -> None:
    at = send(admin, file0=sent())
    assert "Waiting for the worker" in admin.page(f"{at}/place")
    assert do_next(lite) is State.DONE
    page = admin.page(f"{at}/place")
    assert "街道 网格.geojson" in page
    assert page.count('class="ours"') == 4
    assert "14 polygons" in page
    answer = admin.post(f"{at}/place", {"datum": "wgs84"}, seen=f"{at}/place")
    assert answer.headers["Location"] == f"{at}/fields"
    page = admin.page(f"{at}/fields")
    assert '<option value="parent" selected>' in page
    form = {**FIELDS, "tolerance": "1", "depth": "3"}
    answer = admin.post(f"{at}/fields", form, seen=f"{at}/fields")
    assert answer.headers["Location"] == f"{at}/findings"
    do_next(lite)
    page = admin.page(f"{at}/findings")
    assert "No faults beyond the tolerance" in page
    answer = admin.post(f"{at}/findings", {"name": "spring"}, seen=f"{at}/findings")
    assert answer.headers["Location"] == f"{at}/store"
    assert "Waiting for the worker" in admin.page(f"{at}/store")
    do_next(lite)
    answer = admin.get(f"{at}/store")
    assert answer.headers["Location"] == f"/grids/{row_of(lite, 1).edition_id}"
    assert "spring" in admin.page(answer.headers["Location"])


def test_one_file_for_each_level(lite: Site, admin: Visitor) -> None:
    whole = as_file()
    given = {}
    for level in (1, 2, 3):
        rows = [row for row in whole["features"] if row["properties"]["level"] == level]
        part = written({"type": "FeatureCollection", "features": rows})
        given[f"file{level}"] = sent(part, f"level{level}.json")
    at = send(admin, **given)
    do_next(lite)
    admin.post(f"{at}/place", {"datum": "wgs84"}, seen=f"{at}/place")
    page = admin.page(f"{at}/fields")
    assert 'id="f-level"' not in page
    form = {**FIELDS, "level": "", "tolerance": "1", "depth": "3"}
    assert admin.post(f"{at}/fields", form, seen=f"{at}/fields").status_code == 303
    assert do_next(lite) is State.DONE
    assert "No faults" in admin.page(f"{at}/findings")


def test_faults_are_listed_and_taken_by_kind_with_a_reason(lite: Site, admin: Visitor) -> None:
    at = send(admin, file0=sent(written(as_file(**GAP))))
    do_next(lite)
    admin.post(f"{at}/place", {"datum": "wgs84"}, seen=f"{at}/place")
    form = {**FIELDS, "tolerance": "1", "depth": "3"}
    admin.post(f"{at}/fields", form, seen=f"{at}/fields")
    do_next(lite)
    seen = f"{at}/findings"
    assert "belong to no grid" in admin.page(seen) or "no grid of level 3" in admin.page(seen)
    answer = admin.post(seen, {"name": "spring", "note": "typed"}, seen=seen)
    assert answer.status_code == 422
    assert "1 faults were not taken" in answer.text
    assert "typed</textarea>" in answer.text
    answer = admin.post(seen, {"name": "spring", "accept": "gap", "note": ""}, seen=seen)
    assert answer.status_code == 422
    assert re.search(r'name="accept" value="gap" checked', answer.text)
    answer = admin.post(seen, {"name": "spring", "accept": "gap", "note": "agreed"}, seen=seen)
    assert answer.status_code == 303


@pytest.mark.parametrize(
    ("form", "field", "words"),
    [
        ({}, "files", "No file was chosen"),
        ({"file0": ("plan.dwg", b"x")}, "file0", "plan.dwg"),
        ({"file2": ("two.json", b"")}, "file2", "is empty"),
        ({"file0": ("a.json", b"{}"), "file1": ("b.json", b"{}")}, "files", "not clear"),
    ],
)
def test_what_cannot_be_taken_is_told_at_its_field_and_nothing_typed_is_lost(
    lite: Site, admin: Visitor, form: dict[str, tuple[str, bytes]], field: str, words: str
) -> None:
    data = {name: (io.BytesIO(body), called) for name, (called, body) in form.items()}
    answer = admin.post(START, {**data, "crs": "EPSG:4490"}, seen=START)
    assert answer.status_code == 422
    assert f'id="f-{field}-error"' in answer.text
    assert words in answer.text
    assert 'value="EPSG:4490"' in answer.text
    assert nothing_left(lite)


def test_a_file_over_the_limit_is_told_and_leaves_nothing(
    lite: Site, admin: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "MOST_BYTES", 1000)
    answer = admin.post(START, {"file0": sent()}, seen=START)
    assert answer.status_code == 422
    assert "is too large" in answer.text
    assert nothing_left(lite)


def test_only_this_door_takes_so_much(lite: Site, admin: Visitor) -> None:
    app = admin.client.application
    wide = [name for name, view in app.view_functions.items() if hasattr(view, sizes.MARK)]
    assert wide == ["web.import_start"]
    app.config["MAX_CONTENT_LENGTH"] = 1000
    assert admin.post("/grids/1/copy", {"name": "x" * 2000}, seen=START).status_code == 413
    assert send(admin, file0=sent())


def test_a_stranger_is_refused_before_anything_is_read(lite: Site) -> None:
    assert a_visitor(lite, "secretary-a").get(START).status_code == 403
    assert a_visitor(lite).post(START, {"file0": sent()}).status_code in (302, 401)
    assert not (lite.runtime.settings.instance / files.FOLDER).exists()


def test_an_unfinished_import_is_found_again_with_what_was_said(lite: Site, admin: Visitor) -> None:
    at = send(admin, file0=sent(), encoding="UTF-8")
    assert f'href="{at}"' in admin.page(START)
    do_next(lite)
    admin.post(f"{at}/place", {"datum": "gcj02"}, seen=f"{at}/place")
    assert admin.get(at).headers["Location"] == f"{at}/fields"
    assert re.search(r'value="gcj02" checked', admin.page(f"{at}/place"))
    again = admin.page(f"{START}?again={at.rpartition('/')[2]}")
    assert 'value="UTF-8"' in again


def test_other_files_keep_the_import_and_drop_the_old_ones(lite: Site, admin: Visitor) -> None:
    at = send(admin, file0=sent(b"{", "broken.json"))
    do_next(lite)
    page = admin.page(f"{at}/place")
    assert "no proper JSON" in page
    assert "data-poll" not in page  # it is over: the page would load itself for ever
    number = at.rpartition("/")[2]
    assert send(admin, file0=sent(), again=number) == at
    assert len(list((lite.runtime.settings.instance / files.FOLDER).iterdir())) == 1
    assert do_next(lite) is State.DONE
    assert "14 polygons" in admin.page(f"{at}/place")


def test_cancelling_leaves_nothing_and_says_so(lite: Site, admin: Visitor) -> None:
    at = send(admin, file0=sent())
    answer = admin.post(f"{at}/cancel", {}, seen=START)
    assert answer.headers["Location"] == START
    page = admin.page(START)
    assert "Nothing of it was kept" in page
    assert f'href="{at}"' not in page
    assert nothing_left(lite)
    assert admin.get(f"{at}/place").status_code == 409


def test_the_preview_is_an_answer_that_can_be_skipped(lite: Site, admin: Visitor) -> None:
    one = looked(lite)
    address = f"{START}/{one}/preview/gcj02"
    first = admin.get(address)
    assert len(first.get_json()["features"]) == 14
    again = admin.get(address, **{"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert admin.get(f"{START}/{one}/preview/wgs72").status_code == 404


def test_a_name_that_climbs_out_of_its_folder_stays_in_it(lite: Site, admin: Visitor) -> None:
    send(admin, file0=sent(name="../../../evil.geojson"))
    root = lite.runtime.settings.instance
    assert [path.name for path in root.rglob("evil*")] == ["evil.geojson"]
    assert next(root.rglob("evil*")).parent.parent.parent.name == files.FOLDER


def test_the_list_of_editions_leads_here(lite: Site, admin: Visitor) -> None:
    assert f'href="{START}"' in admin.page("/grids")
    assert f'href="{START}"' not in a_visitor(lite, "secretary-a").page("/grids")
