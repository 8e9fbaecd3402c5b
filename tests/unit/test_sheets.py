"""Tables as they come: CSV in Chinese encodings, Excel workbooks, and what is neither."""

import datetime as dt
import zipfile
from pathlib import Path

import openpyxl
import pytest

from gridtrack.errors import Invalid
from gridtrack.sheets.rows import BadRow, TableRow
from gridtrack.sheets.sheet import open_sheet


def a_workbook(path: Path, *rows: tuple[object, ...]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def rows_of(path: Path) -> list[TableRow | BadRow]:
    with open_sheet(path) as sheet:
        return [row for row, _ in sheet.rows()]


def fault_of(path: Path) -> str:
    with pytest.raises(Invalid) as refused, open_sheet(path) as sheet:
        list(sheet.rows())
    return refused.value.code


def test_a_workbook_gives_the_rows_that_a_csv_gives(tmp_path: Path) -> None:
    book = a_workbook(tmp_path / "a.xlsx", ("地址", "户数"), ("环城路7号", 3), ("环城路9号", None))
    text = tmp_path / "a.csv"
    text.write_text("地址,户数\n环城路7号,3\n环城路9号,\n", "utf-8")
    assert rows_of(book) == rows_of(text)


def test_a_csv_in_gb18030_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("地址\n㐂路7号\n".encode("gb18030"))
    assert rows_of(path) == [TableRow(2, {"地址": "㐂路7号"})]


def test_a_formula_is_told_and_the_other_rows_go_on(tmp_path: Path) -> None:
    path = a_workbook(tmp_path / "a.xlsx", ("地址", "户数"), ("a路1号", "=1+2"), ("a路2号", 4))
    bad, good = rows_of(path)
    assert isinstance(bad, BadRow)
    assert (bad.fault.code, bad.fault.field, bad.line) == ("cell-formula", "户数", 2)
    assert good == TableRow(3, {"地址": "a路2号", "户数": "4"})


def test_a_number_that_became_a_date_is_told(tmp_path: Path) -> None:
    path = a_workbook(tmp_path / "a.xlsx", ("号",), (dt.date(2026, 3, 5),))
    (bad,) = rows_of(path)
    assert isinstance(bad, BadRow)
    assert bad.fault.code == "cell-date"


def test_empty_rows_and_columns_behind_the_header_are_left_out(tmp_path: Path) -> None:
    path = a_workbook(tmp_path / "a.xlsx", ("地址",), (None,), ("a路1号", "beyond"), ("  ",))
    assert rows_of(path) == [TableRow(3, {"地址": "a路1号"})]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("text.xlsx", b"address,households\n1,2\n", "workbook-broken"),
        ("page.xlsx", b"<html><table></table></html>", "workbook-broken"),
        ("cut.xlsx", b"PK\x03\x04" + b"\0" * 200, "workbook-broken"),
        ("old.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "workbook-old"),
        ("nothing.csv", b"", "file-empty"),
    ],
)
def test_what_is_no_workbook_is_told(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert fault_of(path) == code


def test_a_zip_of_something_else_is_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "no workbook")
    assert fault_of(path) == "workbook-broken"


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    path = a_workbook(tmp_path / "a.xlsx", ("地址",))
    archive = zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED)
    with archive, archive.open("xl/bomb.xml", "w") as out:
        for _ in range(510):
            out.write(b"\0" * 1_000_000)
    assert fault_of(path) == "file-unpacks-too-large"


def test_a_header_with_a_name_twice_is_refused(tmp_path: Path) -> None:
    assert fault_of(a_workbook(tmp_path / "a.xlsx", ("地址", "地址"))) == "column-twice"


def test_a_sheet_without_anything_is_refused(tmp_path: Path) -> None:
    assert fault_of(a_workbook(tmp_path / "a.xlsx")) == "table-empty"
