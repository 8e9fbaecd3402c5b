"""The door-plate book as its keepers read it: page by page, and one plate with what it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from gridtrack.access import Permission, permits, require
from gridtrack.addresses import store as addresses
from gridtrack.addresses.rules import Status
from gridtrack.addresses.tables import Address
from gridtrack.grids import store as grids
from gridtrack.grids.partition import Partition
from gridtrack.work import Work

PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """A plate in the list, with its base grid in force now."""

    id: int
    text: str
    aliases: tuple[str, ...]
    households: int | None
    kind: str
    live: bool
    lon: float | None
    lat: float | None
    grid_name: str
    may_edit: bool
    version: int
    changed_at: datetime
    changed_by: str


@dataclass(frozen=True, slots=True)
class BookPage:
    """A page of the book: `after` continues it, None on the last."""

    lines: tuple[Line, ...]
    count: int
    after: int | None


def book_page(work: Work, after: int = 0, locale: str = "zh") -> BookPage:
    """Plates in the order in which they came in, from `after` on."""
    require(work.actor, Permission.GRIDS_DRAW)
    rows = addresses.page(work.session, after, PAGE + 1)
    more = len(rows) > PAGE
    return BookPage(
        lines=_lines(work, rows[:PAGE], locale),
        count=addresses.count(work.session),
        after=rows[PAGE - 1].id if more else None,
    )


def found_lines(work: Work, ids: Sequence[int], locale: str = "zh") -> tuple[Line, ...]:
    """The plates with these ids, in this order."""
    require(work.actor, Permission.GRIDS_DRAW)
    rows = {row.id: row for row in addresses.some(work.session, ids)}
    return _lines(work, [rows[one] for one in ids if one in rows], locale)


def door(work: Work, address_id: int, locale: str = "zh") -> tuple[Line, Address]:
    """One plate with all that is kept of it; raises NotFound."""
    require(work.actor, Permission.GRIDS_DRAW)
    row = addresses.get(work.session, address_id)
    return _lines(work, [row], locale)[0], row


def _lines(work: Work, rows: Sequence[Address], locale: str) -> tuple[Line, ...]:
    partition = grids.partition_at(work.session, work.memo, work.now)
    names: Mapping[str, str] = {}
    if partition.edition_id is not None:
        names = grids.names(work.session, work.memo, partition.edition_id, locale)
    return tuple(_line(work, row, partition, names) for row in rows)


def _line(work: Work, row: Address, partition: Partition, names: Mapping[str, str]) -> Line:
    path, grid = "", ""
    if row.lon is not None and row.lat is not None:
        at = partition.locate(row.lon, row.lat, snap_m=work.settings.snap_m)
        path, grid = at.path, names.get(at.code or "", "")
    return Line(
        id=row.id,
        text=row.text,
        aliases=tuple(row.aliases),
        households=row.households,
        kind=row.kind,
        live=row.status == Status.LIVE,
        lon=row.lon,
        lat=row.lat,
        grid_name=grid,
        may_edit=permits(work.actor, Permission.DOORS_EDIT, path),
        version=row.version,
        changed_at=row.changed_at,
        changed_by=row.changed_by,
    )
