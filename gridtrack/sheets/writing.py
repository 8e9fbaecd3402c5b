"""Tables out again row by row, CSV or Excel, in constant memory however many rows there are."""

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from gridtrack.errors import Invalid
from gridtrack.sheets.csv_text import MARK, inert

XLSX_MOST = 1_048_575  # rows of a sheet below its header: the format itself has no more
CELL_MOST = 32_767  # characters of a cell
WIDTH = 18

Write = Callable[[Sequence[object]], None]


class Kind(StrEnum):
    """What a table is written as."""

    CSV = "csv"
    XLSX = "xlsx"


MEDIA = {
    Kind.CSV: "text/csv; charset=utf-8",
    Kind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def refuse_too_many(kind: Kind, rows: int) -> None:
    """Raise Invalid where a sheet cannot hold so many rows: before the work, not at its end."""
    if kind is Kind.XLSX and rows > XLSX_MOST:
        raise Invalid("sheet-too-long", field="format", value=rows, most=XLSX_MOST)


@contextmanager
def table_out(path: Path, kind: Kind, header: Sequence[str]) -> Iterator[Write]:
    """A function that writes one row; cells are made harmless, the file is whole at the end."""
    if kind is Kind.CSV:
        with path.open("w", encoding="utf-8", newline="") as file:
            file.write(MARK)
            writer = csv.writer(file)
            writer.writerow(header)
            yield lambda row: _csv_row(writer.writerow, row)
        return
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for n in range(len(header)):
        sheet.column_dimensions[chr(ord("A") + n)].width = WIDTH
    sheet.freeze_panes = "A2"
    sheet.append([_head(sheet, word) for word in header])
    with ExitStack() as undo:
        undo.callback(sheet.close)  # rows go to a file of openpyxl's own, which must be ended
        yield lambda row: sheet.append([_cell(value) for value in row])
        undo.pop_all()
        book.save(path)


def _csv_row(write: Callable[[Sequence[object]], object], row: Sequence[object]) -> None:
    write([inert(_plain(cell)) for cell in row])


def _plain(value: object) -> object:
    return value.strftime("%Y-%m-%d %H:%M:%S") if isinstance(value, datetime) else value


def _head(sheet: object, word: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=word)
    cell.font = Font(bold=True)
    return cell


def _cell(value: object) -> object:
    """A value as a sheet keeps it: local times without a zone, texts that are never a formula."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, str):
        plain = "".join(sign for sign in value[:CELL_MOST] if sign >= " " or sign in "\t\n")
        return inert(plain)
    return value
