"""Reading the first sheet of an Excel workbook as the rows of a table.

Cells are taken as what they hold. A formula is told instead of calculated, and a date that a
spreadsheet made out of a house number (3-5) is told as well: neither is what somebody meant to say.
"""

import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from gridtrack.errors import Invalid
from gridtrack.geo.unpack import LIMITS
from gridtrack.sheets.rows import BadRow, TableRow

ZIP, OLD = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
COLUMNS_MOST = 200
# Whatever a damaged or hostile file makes of the parser is one answer: this is no workbook.
_BROKEN = (
    BadZipFile, InvalidFileException, KeyError, ValueError, TypeError, AttributeError, IndexError,
    SyntaxError, EOFError, OSError,
)  # fmt: skip


def is_workbook(path: Path) -> bool:
    """True where a file begins as workbooks do, old ones included."""
    with path.open("rb") as file:
        return file.read(4) in (ZIP, OLD)


@dataclass(slots=True)
class Workbook:
    """An open sheet: its header, and rows one after the other."""

    header: list[str]
    size: int  # rows, as far as the file says
    _rows: Iterator[Sequence[Any]]
    _name: str
    read: int = 1

    def rows(self) -> Iterator[tuple[TableRow | BadRow, Sequence[str]]]:
        """Every row that is not empty, with its cells as text."""
        while True:
            try:
                cells = next(self._rows)
            except StopIteration:
                return
            except _BROKEN as error:
                raise _broken(self._name, error) from error
            self.read += 1
            texts, fault = _texts(cells[: len(self.header)], self.header)
            if fault is not None:
                yield BadRow(self.read, texts, fault), texts
            elif any(text.strip() for text in texts):
                texts += [""] * (len(self.header) - len(texts))
                yield TableRow(self.read, dict(zip(self.header, texts, strict=True))), texts


@contextmanager
def open_workbook(path: Path) -> Iterator[Workbook]:
    """The first sheet of a workbook. Raises Invalid: "workbook-old", "workbook-broken", …"""
    with path.open("rb") as file:
        if file.read(4) == OLD:
            raise Invalid("workbook-old", field="file", value=path.name)
        try:
            _check_size(path)
            book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
            sheet = book.worksheets[0]
            rows = sheet.iter_rows(max_col=COLUMNS_MOST)
            first = next(rows, ())
        except _BROKEN as error:
            raise _broken(path.name, error) from error
        yield Workbook(_header(first, path.name), sheet.max_row or 0, rows, path.name)
        book.close()


def _check_size(path: Path) -> None:
    """What it says it unpacks to; zipfile itself refuses a member that is longer than it says."""
    with zipfile.ZipFile(path) as archive:
        total = sum(member.file_size for member in archive.infolist())
    if total > LIMITS.unpacked:
        raise Invalid("file-unpacks-too-large", field="file", value=path.name, most=LIMITS.unpacked)


def _header(cells: Sequence[Any], name: str) -> list[str]:
    header = ["" if cell.value is None else str(cell.value).strip() for cell in cells]
    while header and not header[-1]:
        header.pop()
    if not header:
        raise Invalid("table-empty", field=name, value="")
    twice = [column for column in header if header.count(column) > 1]
    if twice:
        raise Invalid("column-twice", field=name, value=twice[0])
    return header


def _texts(cells: Sequence[Any], header: Sequence[str]) -> tuple[list[str], Invalid | None]:
    texts: list[str] = []
    fault: Invalid | None = None
    for column, cell in zip(header, cells, strict=False):
        value = cell.value
        texts.append(_text(value))
        if fault is None and cell.data_type == "f":
            fault = Invalid("cell-formula", field=column, value=_text(value))
        elif fault is None and isinstance(value, datetime | date | time):
            fault = Invalid("cell-date", field=column, value=_text(value))
    return texts, fault


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def _broken(name: str, error: Exception) -> Invalid:
    return Invalid("workbook-broken", field="file", value=name, reason=str(error)[:200])
