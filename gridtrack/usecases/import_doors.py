"""Door plates out of a table into the book, in batches; a bad row is told and the others go on.

A plate has the same mark in every run (the keeper's key, else its own spelling), so importing a
file again changes nothing. A preview is the same without writing.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import islice
from typing import Any

import numpy as np

from gridtrack.access import Permission, permits, require
from gridtrack.addresses import store as addresses
from gridtrack.addresses.columns import Meaning, Read, checked, read_plate
from gridtrack.addresses.rules import Keys, Plate, Status, keys_of
from gridtrack.errors import GridtrackError, Invalid
from gridtrack.geo.datum import Datum, to_wgs84
from gridtrack.grids import store as grids
from gridtrack.sheets.rows import BadRow, TableRow
from gridtrack.sheets.sheet import Sheet
from gridtrack.usecases.place import path_at
from gridtrack.work import Work

BATCH = 1000  # rows in a transaction
SHOWN = 20
SAMPLE = 5000  # points by which the declared datum is doubted
_DOUBT = 0.05  # another datum puts so much more of them where they are said to be
COMPARED = (
    "text", "town", "road", "number", "estate", "building", "unit", "kind", "aliases",
    "given_lon", "given_lat", "datum", "households", "status",
)  # fmt: skip
OpenWork = Callable[[], AbstractContextManager[Work]]
Refused = tuple[int, Sequence[GridtrackError]]  # the line of a row, and all that is wrong with it


@dataclass(slots=True)
class Result:
    """What came, or would come, of an import, in rows."""

    added: int = 0
    changed: int = 0
    same: int = 0
    again: int = 0  # they stand in the file twice
    refused: int = 0
    pointless: int = 0  # taken in without a point
    nowhere: int = 0  # with a point that lies in no grid
    stopped: bool = False
    codes: Counter[str] = field(default_factory=Counter)
    first: list[tuple[int, GridtrackError]] = field(default_factory=list)
    datum: str = ""
    better: str = ""  # a datum in which more points would lie where they should
    seen: dict[int, int] = field(default_factory=dict)  # mark and content, as numbers
    sample: list[tuple[float, float, str]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The result for machines."""
        counts = ("added", "changed", "same", "again", "refused", "pointless", "nowhere", "stopped")
        return {
            **{name: getattr(self, name) for name in counts},
            "faults": dict(self.codes.most_common()),
            "better_datum": self.better or None,
        }


@dataclass(frozen=True, slots=True)
class _Row:
    """A plate on its way in: where it stands in the file, where it lies, what it is found by."""

    line: int
    plate: Plate
    keys: Keys
    values: dict[str, Any]
    path: str
    grid: str


def import_doors(
    open_work: OpenWork,
    sheet: Sheet,
    meaning: Meaning,
    *,
    write: bool,
    watch: Callable[[Result], bool] = lambda _: True,
    keep: Callable[[int, Sequence[str], Sequence[GridtrackError]], None] = lambda *_: None,
) -> Result:
    """Take in a table batch by batch, each in a work of its own; `write` False only looks.

    `watch` hears of each batch and stops the import with False; `keep` gets every refused row.
    Raises Rejected where the columns or the datum cannot be used, Forbidden.
    """
    meaning = checked(meaning, sheet.header)
    result, rows = Result(datum=meaning.datum), sheet.rows()
    while batch := list(islice(rows, BATCH)):
        with open_work() as work:
            faults = take_in(work, [row for row, _ in batch], meaning, result, write=write)
            if not write and not result.better:
                result.better = _doubted(work, result)
        cells = {row.line: kept for row, kept in batch}
        for line, why in faults:
            result.refused += 1
            result.codes.update(one.code for one in why)
            result.first += [(line, one) for one in why[: SHOWN - len(result.first)]]
            keep(line, cells[line], why)
        if not watch(result):
            result.stopped = True
            break
    return result


def take_in(
    work: Work, rows: Iterable[TableRow | BadRow], meaning: Meaning, result: Result, *, write: bool
) -> list[Refused]:
    """One batch: counts into `result`, writes where asked, returns the refused rows with why."""
    require(work.actor, Permission.DOORS_EDIT)
    read = [(row.line, _read(row, meaning)) for row in rows]
    faults: list[Refused] = [(line, one.faults) for line, one in read if one.plate is None]
    placed = _placed(work, read, meaning)
    there = addresses.known(work.session, [one.keys.mark for one in placed])
    new: list[tuple[dict[str, Any], Keys]] = []
    for one in placed:
        row = there.get(one.keys.mark)
        verdict = _judged(work, one, row, result)
        if isinstance(verdict, Invalid):
            faults.append((one.line, (verdict,)))
            continue
        _count(one, verdict, result)
        if write and verdict == "added":
            new.append((one.values, one.keys))
        elif write and row is not None and verdict == "changed":
            addresses.change(work.session, row.id, one.values, one.keys, work.now)
    addresses.add(work.session, new, work.now)
    if write:
        addresses.learned(work.memo)
    return sorted(faults, key=lambda pair: pair[0])


def _read(row: TableRow | BadRow, meaning: Meaning) -> Read:
    if isinstance(row, BadRow):
        return Read(None, (row.fault,))
    return read_plate(row.cells, meaning)


def _placed(work: Work, read: Sequence[tuple[int, Read]], meaning: Meaning) -> list[_Row]:
    """The plates with their points in WGS-84 and the paths of the grids these lie in."""
    plates = [(line, one.plate, one.grid) for line, one in read if one.plate is not None]
    at = [n for n, (_, plate, _g) in enumerate(plates) if plate.lon is not None]
    given = np.array([(plates[n][1].lon, plates[n][1].lat) for n in at], dtype=float).reshape(-1, 2)
    lons, lats = to_wgs84(given[:, 0], given[:, 1], meaning.datum or Datum.WGS84)
    partition = grids.partition_at(work.session, work.memo, work.now)
    leaves = partition.locate_many(lons, lats, snap_m=work.settings.snap_m).leaf
    points = {
        n: (float(lon), float(lat), partition.paths[leaf] if leaf >= 0 else "")
        for n, lon, lat, leaf in zip(at, lons, lats, leaves, strict=True)
    }
    found = []
    for n, (line, plate, grid) in enumerate(plates):
        lon, lat, path = points.get(n, (None, None, ""))
        values = values_of(plate, (lon, lat), work.actor.name)
        found.append(_Row(line, plate, keys_of(plate), values, path, grid))
    return found


def values_of(
    plate: Plate, point: tuple[float | None, float | None], by: str, status: str = Status.LIVE
) -> dict[str, Any]:
    """The columns of `address` for a plate whose point in WGS-84 is `point`."""
    parts = ("text", "town", "road", "number", "estate", "building", "unit", "kind", "datum")
    return {
        **{name: getattr(plate, name) for name in parts},
        "aliases": list(plate.aliases),
        "households": plate.households,
        "given_lon": plate.lon,
        "given_lat": plate.lat,
        "lon": point[0],
        "lat": point[1],
        "status": str(status),
        "changed_by": by[:80],
    }


def _judged(work: Work, one: _Row, row: Any, result: Result) -> Invalid | str:
    """Whether a plate is new, changed or the same, or why it cannot come in."""
    content = tuple(one.values[name] for name in COMPARED)
    mark, says = _hash(one.keys.mark), _hash(repr(content))
    before = result.seen.get(mark)
    if before is not None:
        return (
            "again"
            if before == says
            else Invalid("door-twice", field="address", value=one.plate.text)
        )
    if not permits(work.actor, Permission.DOORS_EDIT, one.path):
        return Invalid("door-outside-scope", field="address", value=one.plate.text)
    verdict = "added" if row is None else "changed"
    if row is not None and tuple(getattr(row, name) for name in COMPARED) == content:
        verdict = "same"
    elif row is not None and not permits(
        work.actor, Permission.DOORS_EDIT, path_at(work, row.lon, row.lat)
    ):
        return Invalid("door-outside-scope", field="address", value=row.text)
    result.seen[mark] = says
    return verdict


def _count(one: _Row, verdict: str, result: Result) -> None:
    setattr(result, verdict, getattr(result, verdict) + 1)
    if verdict == "again":
        return
    if one.plate.lon is None or one.plate.lat is None:
        result.pointless += 1
        return
    result.nowhere += not one.path
    if len(result.sample) < SAMPLE:
        result.sample.append((one.plate.lon, one.plate.lat, one.grid))


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest())


def _doubted(work: Work, result: Result) -> str:
    """The datum in which clearly more points lie where they should than in the declared one.

    Where they should: in the grid that their row names, else in any.
    """
    if not result.sample:
        return ""
    partition = grids.partition_at(work.session, work.memo, work.now)
    given = np.array([one[:2] for one in result.sample])
    named = [one[2] for one in result.sample]
    shares = {}
    for datum in (Datum.WGS84, Datum.GCJ02, Datum.BD09):
        lons, lats = to_wgs84(given[:, 0], given[:, 1], datum)
        leaves = partition.locate_many(lons, lats, snap_m=0).leaf
        right = [
            leaf >= 0 and (not grid or partition.codes[leaf] == grid)
            for leaf, grid in zip(leaves, named, strict=True)
        ]
        shares[datum.value] = sum(right) / len(right)
    declared = Datum.WGS84 if result.datum == Datum.CGCS2000 else Datum(result.datum)
    best = max(shares, key=lambda name: shares[name])
    return best if shares[best] > shares[declared.value] + _DOUBT else ""
