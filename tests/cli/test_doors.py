"""`gridtrack doors` from the outside."""

import csv
import json
from pathlib import Path

import pytest

from tests.builders import Site
from tests.cli.conftest import Run
from tests.door_builders import BOOK, a_row, as_csv, bring_in, texts, the_book


@pytest.fixture
def book(lite: Site, tmp_path: Path) -> Path:
    path = tmp_path / "book.csv"
    path.write_bytes(as_csv(the_book()).encode("gb18030"))
    return path


def test_a_book_comes_in_and_a_second_time_nothing(run: Run, lite: Site, book: Path) -> None:
    told = run("doors", "import", book, "--datum", "wgs84")
    assert told.exit_code == 0, told.output
    assert "5 added, 0 changed" in told.output
    assert "5 unchanged" in run("doors", "import", book, "--datum", "wgs84").output
    assert len(texts(lite)) == 5


def test_without_a_datum_the_file_is_refused_with_the_way_out(run: Run, book: Path) -> None:
    told = run("doors", "import", book)
    assert told.exit_code == 2
    assert "wgs84" in told.output


def test_a_preview_writes_nothing_and_doubts_a_datum(run: Run, lite: Site, book: Path) -> None:
    told = run("doors", "import", book, "--datum", "bd09", "--preview")
    assert "5 would be added" in told.output
    assert "The datum may be wrong" in told.output
    assert texts(lite) == []


def test_columns_are_named_where_they_cannot_be_guessed(run: Run, lite: Site, tmp_path: Path):
    path = tmp_path / "odd.csv"
    path.write_text("wo,households\n环城路1号,x\n", "utf-8")
    assert run("doors", "import", path).exit_code == 2
    told = run("doors", "import", path, "--map", "address=wo", "--map", "households=")
    assert told.exit_code == 0, told.output
    assert texts(lite) == ["环城路1号"]


def test_refused_rows_are_kept_whole_and_can_be_mended(run: Run, lite: Site, tmp_path: Path):
    path, faults = tmp_path / "book.csv", tmp_path / "faults.csv"
    path.write_text(as_csv([a_row("环城路1号"), a_row("环城路3号", households="many")]), "utf-8")
    told = run("doors", "import", path, "--datum", "wgs84", "--faults", faults)
    assert told.exit_code == 1
    assert "line 3" in told.output
    (kept,) = csv.DictReader(faults.read_text("utf-8-sig").splitlines())
    assert (kept["fault_line"], kept["fault_codes"]) == ("3", "door-households")
    faults.write_text(faults.read_text("utf-8-sig").replace("many", "4"), "utf-8")
    assert run("doors", "import", faults, "--datum", "wgs84").exit_code == 0
    assert texts(lite) == ["环城路1号", "环城路3号"]


def test_the_result_is_there_for_machines(run: Run, book: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    run("doors", "import", book, "--datum", "wgs84", "--json", out)
    assert json.loads(out.read_text("utf-8"))["added"] == 5


def test_search_tells_score_and_why(run: Run, lite: Site) -> None:
    bring_in(lite, the_book())
    told = run("doors", "search", "朝阳新村三十三号")
    assert told.output.splitlines()[0].startswith(f"1.00\t{BOOK[0][0]}\texact\t")
    found = json.loads(run("doors", "search", "朝日新村33号", "--json").output)
    assert (found[0]["text"], found[0]["why"]) == (BOOK[0][0], "fuzzy")
    assert run("doors", "search", "nowhere").exit_code == 1


def test_the_list_has_every_plate(run: Run, lite: Site) -> None:
    bring_in(lite, the_book())
    assert [line.split("\t")[1] for line in run("doors", "list").output.splitlines()] == texts(lite)
    assert len(run("doors", "list", "--limit", "2").output.splitlines()) == 2
