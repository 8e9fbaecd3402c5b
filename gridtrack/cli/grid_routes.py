"""A CSV of points in, the same rows with their grid out."""

import csv
import gzip
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import IO

import numpy as np

from gridtrack.errors import Invalid, Unavailable
from gridtrack.geo.datum import datum_named, to_wgs84
from gridtrack.geo.points import checked_point
from gridtrack.geo.unpack import unpacked
from gridtrack.grids.partition import Partition
from gridtrack.i18n.sentences import sentence

ADDED = ("grid_code", "grid_path", "outcome", "border_distance_m")
UNUSABLE = ["", "", "unusable", ""]
BATCH = 10_000
MOST_CELL = 10_000_000
SHOWN = 10
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Route:
    """The columns to read, their datum, and how far outside a point still snaps."""

    lon: str
    lat: str
    datum: str
    snap_m: float


@dataclass(slots=True)
class Routed:
    """How many rows had each outcome, how many each fault, and the first faulty rows."""

    outcomes: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    first: list[tuple[int, Invalid]] = field(default_factory=list)

    def add(self, row: int, fault: Invalid) -> None:
        self.faults[fault.code] += 1
        if len(self.first) < SHOWN:
            self.first.append((row, fault))

    def told(self, locale: str) -> Iterator[str]:
        """What came out, in lines for a person."""
        counts = ", ".join(f"{outcome} {n}" for outcome, n in sorted(self.outcomes.items()))
        yield sentence("grids-routed", locale, count=sum(self.outcomes.values()), value=counts)
        for row, fault in self.first:
            said = sentence(fault.code, locale, **fault.params)
            yield sentence("grids-row", locale, row=row, fault=said)
        if len(self.first) < sum(self.faults.values()):
            kinds = ", ".join(f"{code} {n}" for code, n in self.faults.items())
            yield sentence("grids-row-faults", locale, value=kinds)


def route_file(
    partition: Partition, points: Path, out: str, how: Route, progress: Progress
) -> Routed:
    """Write every row of `points`, in order, with the grid it lies in; all of them or no file.

    Raises Invalid: "points-column-missing", "table-unreadable", "datum-unknown" or those of
    `unpack`; Unavailable("no-edition").
    """
    if not len(partition):
        raise Unavailable("no-edition")
    datum_named(how.datum)
    routed = Routed()
    with unpacked(points) as plain, _reader(plain, points.name) as (rows, file), _writer(out) as to:
        writer = csv.writer(to, lineterminator="\n")
        header = next(rows, [])
        at = [_column(header, name, points.name) for name in (how.lon, how.lat)]
        writer.writerow([*header, *ADDED])
        size, start = plain.stat().st_size, 0
        while batch := list(islice(rows, BATCH)):
            batch = [_even(row, len(header)) for row in batch]
            pairs = [(row[at[0]], row[at[1]]) for row in batch]
            found = _locate(partition, pairs, how, routed, start)
            writer.writerows([*row, *cells] for row, cells in zip(batch, found, strict=True))
            start += len(batch)
            progress(file.tell(), size)
    return routed


def _locate(
    partition: Partition,
    pairs: Sequence[tuple[str, str]],
    how: Route,
    routed: Routed,
    start: int,
) -> list[list[str]]:
    """The added cells of each pair; those that are no place are counted, not stopped at."""
    cells = [UNUSABLE] * len(pairs)
    usable, points = [], []
    for i, (lon, lat) in enumerate(pairs):
        try:
            points.append(checked_point(lon, lat))
            usable.append(i)
        except Invalid as fault:
            routed.add(start + i + 1, fault)
    given = np.array(points, dtype=np.float64).reshape(-1, 2)
    x, y = to_wgs84(given[:, 0], given[:, 1], how.datum)
    located = partition.locate_many(x, y, snap_m=how.snap_m)
    away = partition.border_distances(x, y, located).tolist()
    pairs_found = zip(located.leaf.tolist(), located.snapped.tolist(), strict=True)
    for i, (leaf, snapped), metres in zip(usable, pairs_found, away, strict=True):
        if leaf < 0:
            cells[i] = ["", "", "outside", f"{metres:.2f}"]
        else:
            outcome = "snapped" if snapped else "inside"
            cells[i] = [partition.codes[leaf], partition.paths[leaf], outcome, f"{metres:.2f}"]
    routed.outcomes.update(cell[2] for cell in cells)
    return cells


def _even(row: list[str], width: int) -> list[str]:
    """A row as wide as the header: filled up, or with what is too much in its last cell."""
    if len(row) <= width:
        return row + [""] * (width - len(row))
    return [*row[: width - 1], ",".join(row[width - 1 :])]


def _column(header: Sequence[str], name: str, file: str) -> int:
    if name not in header:
        there = ", ".join(header)[:300]
        raise Invalid("points-column-missing", field="column", value=name, file=file, there=there)
    return list(header).index(name)


@contextmanager
def _reader(plain: Path, name: str) -> Iterator[tuple[Iterator[list[str]], IO[bytes]]]:
    """The rows that are not blank, and the file under them, which tells how far it is read."""
    csv.field_size_limit(MOST_CELL)
    with plain.open("rb") as file:
        text = TextIOWrapper(file, encoding=_encoding(plain), newline="")
        lines = csv.reader(text, delimiter=_delimiter(plain))

        def rows() -> Iterator[list[str]]:
            try:
                yield from (row for row in lines if row)
            except (csv.Error, UnicodeDecodeError) as error:
                raise Invalid(
                    "table-unreadable",
                    field="file",
                    value=name,
                    file=name,
                    line=lines.line_num,
                    reason=str(error),
                ) from None

        yield rows(), file


def _encoding(plain: Path) -> str:
    """UTF-8 with or without mark; a file that is not is what Excel writes in Chinese."""
    try:
        with plain.open(encoding="utf-8-sig") as file:
            while file.read(1 << 20):
                pass
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8-sig"


def _delimiter(plain: Path) -> str:
    with plain.open("rb") as file:
        header = file.readline(1 << 16)
    return max(",;\t", key=lambda mark: header.count(mark.encode()))


@contextmanager
def _writer(out: str) -> Iterator[IO[str]]:
    """A text file that appears under its name only when it is whole."""
    if out == "-":
        yield sys.stdout
        return
    part = Path(f"{out}.part")
    opened = gzip.open if out.endswith(".gz") else open
    try:
        with opened(part, "wt", encoding="utf-8", newline="") as file:
            yield file
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
