"""What a table gives: rows with the line they stand on, and what was no row at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gridtrack.errors import Invalid

NOTES = "fault_"  # columns that a list of refused rows adds: they are no part of a row


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row with its place in the file; `copy` counts rows that are alike, from 1."""

    line: int
    cells: Mapping[str, str]
    copy: int = 1


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that is no row of this table; `cells` is what could be kept of it."""

    line: int
    cells: Sequence[str]
    fault: Invalid
