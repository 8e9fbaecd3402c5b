"""Rows of a file of reports that happened: every one is used or told why not. Pure.

Times without an offset are local times of the zone given.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from gridtrack.errors import Invalid, Rejected
from gridtrack.geo.points import checked_point

_NAMESPACE = uuid.UUID("3f0c4c2e-6f2b-5c0e-9a53-8b1f6d4e7a10")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a file: its cells by column, or the fault for which it is no row.

    `copy` counts the lines of the file that say the same, from 1.
    """

    file: str
    number: int
    cells: Mapping[str, str]
    copy: int = 1
    fault: Invalid | None = None


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds what; None where the file has none."""

    lon: str
    lat: str
    at: str
    closed: str | None = None
    category: str | None = None
    text: str | None = None

    def named(self) -> dict[str, str]:
        """The option of each column that is asked for."""
        options = {
            "--lon": self.lon,
            "--lat": self.lat,
            "--at": self.at,
            "--closed": self.closed,
            "--category": self.category,
            "--text": self.text,
        }
        return {option: column for option, column in options.items() if column is not None}


@dataclass(frozen=True, slots=True)
class Row:
    """A usable row; degrees in the datum of the file, instants in UTC."""

    at: datetime
    closed_at: datetime | None
    lon: float
    lat: float
    category: str
    text: str
    client_id: str = ""
    file: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Unusable:
    """A row that cannot be used, and why."""

    file: str
    line: int
    error: Invalid


@dataclass(frozen=True, slots=True)
class Read:
    """All of a file or several: rows in the order of their times, and those left out.

    `repeated` counts rows that stand in more than one file: they are one report.
    """

    rows: tuple[Row, ...]
    unusable: tuple[Unusable, ...]
    repeated: int = 0

    @property
    def total(self) -> int:
        """How many lines were read."""
        return len(self.rows) + len(self.unusable) + self.repeated


def check_columns(found: Sequence[str], columns: Columns) -> None:
    """Raise Rejected naming every column asked for that a file lacks."""
    missing = [
        Invalid("column-missing", field=option, value=column, known=", ".join(found))
        for option, column in columns.named().items()
        if column not in found
    ]
    if missing:
        raise Rejected(missing)


def read(lines: Iterable[Line], columns: Columns, zone: ZoneInfo, seed: int) -> Read:
    """The lines as reports of a run with `seed`.

    The same row has the same client id in every run with that seed, so that a run which was stopped
    goes on where it stood.
    """
    rows: dict[str, Row] = {}
    unusable: list[Unusable] = []
    repeated = 0
    for line in lines:
        try:
            row = _row(line, columns, zone)
        except Invalid as error:
            unusable.append(Unusable(line.file, line.number, error))
            continue
        client_id = _identity(line, seed)
        repeated += client_id in rows
        rows.setdefault(client_id, replace(row, client_id=client_id))
    ordered = sorted(rows.values(), key=lambda row: row.at)
    return Read(tuple(ordered), tuple(unusable), repeated)


def _identity(line: Line, seed: int) -> str:
    content = "\x1f".join(line.cells.values())
    return str(uuid.uuid5(_NAMESPACE, f"{seed}\x1f{line.copy}\x1f{content}"))


def _row(line: Line, columns: Columns, zone: ZoneInfo) -> Row:
    if line.fault is not None:
        raise line.fault
    cells = line.cells
    lon, lat = checked_point(cells.get(columns.lon), cells.get(columns.lat))
    at = _instant(cells, columns.at, zone)
    if at is None:
        raise Invalid("required", field=columns.at)
    return Row(
        at=at,
        closed_at=_instant(cells, columns.closed, zone) if columns.closed else None,
        lon=lon,
        lat=lat,
        category=cells.get(columns.category or "", "").strip(),
        text=cells.get(columns.text or "", "").strip(),
        file=line.file,
        line=line.number,
    )


def _instant(cells: Mapping[str, str], column: str, zone: ZoneInfo) -> datetime | None:
    text = cells.get(column, "").strip()
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Invalid("not-a-time", field=column, value=text) from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
