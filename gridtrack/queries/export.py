"""Grids of an edition out again, all of them or a subtree, and the door plates inside them."""

import csv
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, func, select

from gridtrack.access import Permission, require
from gridtrack.addresses.tables import Address
from gridtrack.db.sql import table_of
from gridtrack.errors import NotFound
from gridtrack.geo.datum import Datum, from_wgs84
from gridtrack.grids import store as grids
from gridtrack.grids.outputs import PROPERTIES, Format, Progress, write_grids
from gridtrack.grids.tables import GridRow
from gridtrack.sheets.csv_text import inert
from gridtrack.work import Work

GRID, ADDRESS = table_of(GridRow), table_of(Address)
BATCH = 2000
MOST_BRANCHES = 500
COLUMNS = ("grid", "grid_name", "grid_path", "address", "road", "number", "estate", "building",
           "unit", "households", "lon", "lat", "datum")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which grids of which edition, as what: `under` is a path, empty for all."""

    edition_id: int
    format: Format
    under: str = ""
    datum: Datum = Datum.WGS84

    @property
    def name(self) -> str:
        """What the file is called, without its ending."""
        parts = [f"grids-{self.edition_id}", self.under.replace("/", "-")]
        parts.append("" if self.datum == Datum.WGS84 else self.datum.value)
        return "-".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Branch:
    """A grid that may be exported with what is below it."""

    path: str
    name: str
    level: int


def branches(
    work: Work, edition_id: int, locale: str
) -> tuple[tuple[int, str], tuple[Branch, ...]]:
    """Id and name of an edition, and its communities and their groups by path.

    Raises NotFound. Where there are more than `MOST_BRANCHES`, communities alone.
    """
    require(work.actor, Permission.GRIDS_DRAW)
    edition = grids.edition(work.session, edition_id)
    named = select(GRID.c.path, GRID.c.name, GRID.c.name_en, GRID.c.level).where(
        GRID.c.edition_id == edition_id
    )
    for deepest in (2, 1):
        rows = work.session.execute(
            named.where(GRID.c.level <= deepest).order_by(GRID.c.path).limit(MOST_BRANCHES + 1)
        ).all()
        if len(rows) <= MOST_BRANCHES:
            break
    found = tuple(
        Branch(row.path, (locale == "en" and row.name_en) or row.name, row.level)
        for row in rows[:MOST_BRANCHES]
    )
    return (edition.id, edition.name), found


def count_wanted(work: Work, wanted: Wanted) -> int:
    """How many grids that is; raises NotFound for an edition or a path that is not there."""
    require(work.actor, Permission.GRIDS_DRAW)
    grids.revision_of(work.session, wanted.edition_id)
    where = _where(wanted)
    count = work.session.scalar(select(func.count()).select_from(GRID).where(*where)) or 0
    if not count:
        raise NotFound("export-empty", value=wanted.under or wanted.edition_id)
    return count


def export_grids(work: Work, wanted: Wanted, out: Path, progress: Progress | None = None) -> int:
    """Write the grids to `out`, parents first, whole or not at all; how many there were.

    Raises NotFound("edition-not-found") or ("export-empty").
    """
    require(work.actor, Permission.GRIDS_DRAW)
    total = count_wanted(work, wanted)
    with closing(_batches(work, wanted, total, progress)) as batches:
        return write_grids(batches, out, wanted.format, wanted.datum, wanted.name)


def export_doors(work: Work, wanted: Wanted, out: Path, progress: Progress | None = None) -> int:
    """Write every live plate with the base grid it lies in, by grid; how many there were.

    Plates without a point, and those outside every grid, come last and only where all is asked
    for: they are what a coverage report is about. UTF-8 with the mark that spreadsheets look for.
    """
    require(work.actor, Permission.DOORS_EDIT)
    count_wanted(work, wanted)
    names = grids.names(work.session, work.memo, wanted.edition_id)
    revision = grids.revision_of(work.session, wanted.edition_id)
    leaves = grids.partition_of(work.session, work.memo, wanted.edition_id, revision)
    found: list[tuple[str, str, Any]] = []
    rows = work.session.execute(
        select(ADDRESS).where(ADDRESS.c.status == "live").order_by(ADDRESS.c.id)
    ).all()
    placed = [row for row in rows if row.lon is not None and row.lat is not None]
    located = leaves.locate_many([row.lon for row in placed], [row.lat for row in placed], snap_m=0)
    for row, leaf in zip(placed, located.leaf.tolist(), strict=True):
        found.append((leaves.paths[leaf], leaves.codes[leaf], row) if leaf >= 0 else ("", "", row))
    found += [("", "", row) for row in rows if row.lon is None or row.lat is None]
    chosen = [one for one in found if _below(one[0], wanted.under)]
    chosen.sort(key=lambda one: (not one[0], one[0], one[2].text))
    with out.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for n, (path, code, row) in enumerate(chosen, 1):
            writer.writerow(_line(path, code, names.get(code, ""), row, wanted.datum))
            if progress is not None and n % BATCH == 0:
                progress(n, len(chosen))
    return len(chosen)


def _below(path: str, under: str) -> bool:
    return not under or path == under or path.startswith(f"{under}/")


def _line(path: str, code: str, name: str, row: Any, datum: Datum) -> list[Any]:
    lon, lat = row.lon, row.lat
    if lon is not None and lat is not None:
        lon, lat = (round(one, 8) for one in from_wgs84(float(lon), float(lat), datum))
    texts = (code, name, path, row.text, row.road, row.number, row.estate, row.building, row.unit)
    return [
        *(inert(text) for text in texts),
        row.households,
        lon,
        lat,
        "" if lon is None else datum.value,
    ]


def _batches(
    work: Work, wanted: Wanted, total: int, progress: Progress | None
) -> Generator[Sequence[Any]]:
    columns = [GRID.c[name] for name in (*PROPERTIES, "shape")]
    rows = work.session.execute(
        select(*columns).where(*_where(wanted)).order_by(GRID.c.level, GRID.c.path),
        execution_options={"yield_per": BATCH},
    )
    done = 0
    try:
        for batch in rows.partitions():
            yield batch
            done += len(batch)
            if progress is not None:
                progress(done, total)
    finally:
        rows.close()


def _where(wanted: Wanted) -> list[ColumnElement[bool]]:
    where = [GRID.c.edition_id == wanted.edition_id]
    if wanted.under:
        below = (GRID.c.path >= f"{wanted.under}/") & (GRID.c.path < f"{wanted.under}0")
        where.append((GRID.c.path == wanted.under) | below)
    return where
