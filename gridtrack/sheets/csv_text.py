"""Tables out again as CSV that spreadsheets read as it was meant."""

import csv
import io
from collections.abc import Iterable, Sequence

MARK = "\ufeff"  # makes spreadsheets read it as UTF-8
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def inert(cell: object) -> object:
    """The cell, a text that a spreadsheet would take for a formula marked as text."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def csv_text(rows: Iterable[Sequence[object]]) -> str:
    """Rows, the header first, as the text of a CSV file."""
    out = io.StringIO()
    csv.writer(out).writerows([inert(cell) for cell in row] for row in rows)
    return MARK + out.getvalue()
