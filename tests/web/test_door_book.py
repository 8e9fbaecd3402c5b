"""The pages of the door-plate book: who reads, who keeps, import, coverage."""

import csv
import io
import re

import pytest

from gridtrack.addresses import store
from gridtrack.jobs.perform import perform
from gridtrack.usecases.run_task import take_task
from tests.builders import Site, middle
from tests.door_builders import BOOK, a_row, as_csv, bring_in, texts, the_book
from tests.web.visitor import Visitor, a_visitor


@pytest.fixture
def book(lite: Site) -> Site:
    bring_in(lite, the_book())
    return lite


def a_plate(**given: str) -> dict[str, str]:
    lon, lat = middle("A11")
    plain = {"address": "映溪街道环城路99号", "lon": f"{lon:.6f}", "lat": f"{lat:.6f}"}
    return {**plain, "datum": "wgs84", "households": "4", **given}


def version_in(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found is not None
    return found.group(1)


# --- reading ---


@pytest.mark.parametrize(("who", "status"), [("secretary-a", 200), ("admin", 200), ("street", 200)])
def test_keepers_read_the_book(book: Site, who: str, status: int) -> None:
    answer = a_visitor(book, who).get("/doors")
    assert answer.status_code == status
    assert BOOK[0][0] in answer.text


@pytest.mark.parametrize("page", ["", "/1", "/new", "/import", "/coverage"])
def test_nobody_else_does(book: Site, page: str) -> None:
    assert a_visitor(book, "worker-a11").get(f"/doors{page}").status_code == 403
    assert a_visitor(book).get(f"/doors{page}").status_code == 302


def test_a_search_shows_score_and_why(book: Site) -> None:
    page = a_visitor(book, "street").page("/doors?q=朝日新村33号")
    assert BOOK[0][0] in page
    assert "nearly alike" in page


def test_a_search_for_nothing_known_says_so(book: Site) -> None:
    assert "No plate is like this" in a_visitor(book, "street").page("/doors?q=xyzzy")


def test_an_empty_book_says_what_to_do(lite: Site) -> None:
    assert "The book is empty" in a_visitor(lite, "street").page("/doors")


def test_a_long_book_comes_in_pages(lite: Site) -> None:
    bring_in(lite, [a_row(f"环城路{n}号") for n in range(120)])
    visitor, seen, address = a_visitor(lite, "street"), [], "/doors"
    while address:
        page = visitor.page(address)
        seen += re.findall(r'href="/doors/\d+">([^<]+)<', page)
        found = re.search(r'rel="next" href="([^"]+)"', page)
        address = found.group(1) if found else ""
    assert seen == texts(lite)


# --- one plate ---


def test_a_plate_is_added_and_found(book: Site) -> None:
    visitor = a_visitor(book, "secretary-a")
    answer = visitor.post("/doors/new", a_plate(aliases="新邮局"), seen="/doors/new")
    assert answer.status_code == 303, answer.text
    found = a_visitor(book).get("/doors/suggest?q=新邮局").get_json()["doors"]
    assert [one["text"] for one in found] == ["映溪街道环城路99号"]


def test_faults_are_named_and_nothing_typed_is_lost(book: Site) -> None:
    form = a_plate(address="=1+1", lon="x", households="many", aliases="旧名")
    answer = a_visitor(book, "street").post("/doors/new", form, seen="/doors/new")
    assert answer.status_code == 422
    for field in ("lon", "households"):
        assert f'href="#f-{field}"' in answer.text
    assert 'value="旧名"' in answer.text


def test_a_plate_that_is_there_already_is_told(book: Site) -> None:
    form = a_plate(address=BOOK[2][0], road="环城路", number="7")
    answer = a_visitor(book, "street").post("/doors/new", form, seen="/doors/new")
    assert answer.status_code == 409
    assert len(texts(book)) == 5


def test_a_plate_is_changed_and_a_second_editor_is_told(book: Site) -> None:
    visitor = a_visitor(book, "street")
    seen = version_in(visitor.page("/doors/1"))
    form = {**a_plate(address=BOOK[0][0], households="9"), "version": seen}
    assert visitor.post("/doors/1", form, seen="/doors/1").status_code == 303
    answer = visitor.post("/doors/1", {**form, "households": "8"}, seen="/doors/1")
    assert answer.status_code == 409
    with book.look() as work:
        assert store.get(work.session, 1).households == 9


def test_a_retired_plate_is_found_no_more_and_can_be_taken_back(book: Site) -> None:
    visitor = a_visitor(book, "street")
    assert visitor.post("/doors/1/retire", {}, seen="/doors/1").status_code == 303
    ask = "/doors/suggest?q=朝阳新村33号"
    texts_found = [one["text"] for one in a_visitor(book).get(ask).get_json()["doors"]]
    assert BOOK[0][0] not in texts_found
    visitor.post("/doors/1/restore", {}, seen="/doors/1")
    assert a_visitor(book).get(ask).get_json()["doors"][0]["text"] == BOOK[0][0]


def test_a_secretary_keeps_their_own_community_only(book: Site) -> None:
    visitor = a_visitor(book, "secretary-a")
    assert "Retire this plate" in visitor.page("/doors/1")
    assert "Retire this plate" not in visitor.page("/doors/4")
    assert visitor.post("/doors/4/retire", {}, seen="/doors").status_code == 403
    lon, lat = middle("B11")
    away = a_plate(lon=str(lon), lat=str(lat))
    assert visitor.post("/doors/new", away, seen="/doors/new").status_code == 403


# --- import ---


def sent(visitor: Visitor, text: bytes, name: str = "book.csv", datum: str = "wgs84"):
    form = {"file": (io.BytesIO(text), name), "datum": datum}
    return visitor.post("/doors/import", form, seen="/doors/import")


def confirm_form(page: str) -> tuple[str, dict[str, str]]:
    """Where the preview's form goes, and what it would send."""
    address = re.search(r'action="(/doors/import/[^"]+)"', page)
    assert address is not None
    chosen = {}
    for select in re.findall(r'<select id="f-[^"]+" name="([^"]+)"(.*?)</select>', page, re.DOTALL):
        found = re.search(r'value="([^"]*)" selected', select[1])
        chosen[select[0]] = found.group(1) if found else ""
    return address.group(1), chosen


def do_task(site: Site) -> None:
    with site.work() as work:
        taken = take_task(work)
    assert taken is not None
    perform(site.runtime, taken)


def test_a_table_is_looked_at_then_brought_in_by_the_worker(lite: Site) -> None:
    visitor = a_visitor(lite, "secretary-a")
    answer = sent(visitor, as_csv(the_book()).encode("gb18030"))
    assert answer.status_code == 200, answer.text
    assert "Nothing is written yet" in answer.text
    assert texts(lite) == []
    address, form = confirm_form(answer.text)
    task = visitor.post(address, {**form, "act": "import"}, seen="/doors")
    assert task.status_code == 303
    do_task(lite)
    assert texts(lite) == [row[0] for row in BOOK if row[4].startswith("A")]
    number = task.headers["Location"].rsplit("/", 1)[-1]
    page = visitor.page(f"/doors/imported/{number}")
    assert "Some rows were refused" in page
    assert "line 5" in page
    assert f"/doors/imported/{number}" in visitor.page(task.headers["Location"])


def test_without_a_datum_the_preview_asks_for_it_and_goes_on(lite: Site) -> None:
    visitor = a_visitor(lite, "street")
    answer = sent(visitor, as_csv(the_book()).encode(), datum="")
    assert answer.status_code == 422
    address, form = confirm_form(answer.text)
    again = visitor.post(address, {**form, "datum": "bd09", "act": "look"}, seen="/doors")
    assert again.status_code == 200
    assert "The datum may be wrong" in again.text


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsx", b"no workbook"),
        ("a.txt", b"x"),
        ("a.csv", b""),
        ("a.csv", b"a,a\n1,2\n"),
        ("", b""),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_words(lite: Site, name: str, content: bytes):
    answer = sent(a_visitor(lite, "street"), content, name)
    assert answer.status_code == 422
    assert "error-summary" in answer.text


def test_somebody_elses_upload_cannot_be_named(lite: Site) -> None:
    visitor = a_visitor(lite, "street")
    for name in ("..", "x", "00000000-0000-0000-0000-000000000000"):
        assert (
            visitor.post(f"/doors/import/{name}", {"act": "look"}, seen="/doors").status_code == 404
        )


# --- coverage ---


def test_the_coverage_page_names_what_strays_and_what_adds_up(book: Site) -> None:
    bring_in(book, [a_row("无坐标路1号", lon="", lat=""), {**a_row("外地路2号"), "lon": "119.6"}])
    page = a_visitor(book, "street").page("/doors/coverage")
    for text in ("无坐标路1号", "外地路2号", "no point", "in no grid", "153"):
        assert text in page


def test_the_report_goes_out_as_csv_and_no_cell_calculates(book: Site) -> None:
    bring_in(book, [a_row("无坐标路1号", lon="", lat="")])
    visitor = a_visitor(book, "street")
    rows = list(csv.DictReader(io.StringIO(visitor.get("/doors/coverage/grids.csv").text[1:])))
    assert sum(int(row["households"]) for row in rows if row["level"] == "1") == 153
    assert sum(int(row["households"]) for row in rows if row["level"] == "3") == 153
    plates = visitor.get("/doors/coverage/plates.csv").text
    assert "无坐标路1号" in plates


def test_without_grids_the_page_says_so(lite: Site) -> None:
    answer = a_visitor(lite, "street").get("/doors/coverage?edition=999")
    assert answer.status_code == 404
