"""A table whatever it comes in: CSV, also gzipped, or an Excel workbook; told by its content."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from gridtrack.errors import Invalid
from gridtrack.sheets.rows import BadRow, TableRow
from gridtrack.sheets.table import open_table
from gridtrack.sheets.workbook import is_workbook, open_workbook

_EXCEL = (".xlsx", ".xlsm", ".xls")


class Sheet(Protocol):
    """What a table is read by, once: its header, and how far the rows have come."""

    header: list[str]
    size: int

    @property
    def read(self) -> int:
        """How much of `size` has been read."""
        ...

    def rows(self) -> Iterator[tuple[TableRow | BadRow, Sequence[str]]]:
        """Every row that is not empty."""
        ...


@contextmanager
def open_sheet(path: Path) -> Iterator[Sheet]:
    """A table to read once. Raises Invalid for a file that is none."""
    try:
        workbook = is_workbook(path)
    except OSError as error:
        raise Invalid(
            "file-missing", field="file", value=str(path), reason=error.strerror or ""
        ) from None
    if not workbook and path.suffix.lower() in _EXCEL:
        raise Invalid("workbook-broken", field="file", value=path.name, reason="no zip")
    with open_workbook(path) if workbook else open_table(path) as sheet:
        yield sheet
