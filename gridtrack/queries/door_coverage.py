"""The coverage report (全覆盖): every door plate in exactly one base grid of an edition.

A plate on a border belongs to one grid by the border rule; one that lies inside of two, or in none,
is told with its place. Households add up: the grids of each level and what lies nowhere are the
whole book.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from sqlalchemy import func, select

from gridtrack.access import Permission, Role, covers, require, scopes
from gridtrack.accounts import store as accounts
from gridtrack.addresses.coverage import NOWHERE, Count, Whole, counted, size_of
from gridtrack.addresses.rules import Status
from gridtrack.addresses.store import ADDRESS
from gridtrack.errors import NotFound
from gridtrack.grids import store as grids
from gridtrack.grids.partition import Partition
from gridtrack.grids.tables import Edition
from gridtrack.work import Work

_CHUNK = 100_000  # points whose leaves are looked for at once
_IDS = 500
_LIVE = ADDRESS.c.status == Status.LIVE.value


@dataclass(frozen=True, slots=True)
class GridLine:
    """A grid of any level with what lies in it; `size` and `on_duty` are told of base grids."""

    code: str
    path: str
    level: int
    leaf: bool
    name: str
    addresses: int
    households: int
    size: str  # "small", "large", "" for the recommended size
    on_duty: tuple[str, ...]

    @property
    def unmanned(self) -> bool:
        """True for a base grid whose gridworker and deputy are both missing or away."""
        return self.leaf and not self.on_duty


@dataclass(frozen=True, slots=True)
class Stray:
    """A plate that is not in exactly one base grid; `kind`: pointless, outside or overlap.

    `grids` are those it lies in, or the nearest one, `away_m` metres off.
    """

    id: int
    text: str
    kind: str
    households: int | None
    lon: float | None
    lat: float | None
    grids: tuple[str, ...] = ()
    away_m: float | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """The report over one edition: sums, grids, and every plate that strays."""

    edition_id: int
    edition_name: str
    addresses: int
    households: int
    placed_households: int
    lines: tuple[GridLine, ...]
    strays: tuple[Stray, ...]
    least: int
    most: int

    def count(self, kind: str) -> int:
        """How many plates stray in this way."""
        return sum(one.kind == kind for one in self.strays)

    @property
    def leaves(self) -> tuple[GridLine, ...]:
        """The base grids."""
        return tuple(line for line in self.lines if line.leaf)

    @property
    def complete(self) -> bool:
        """True where every plate lies in exactly one base grid."""
        return not self.strays


@dataclass(frozen=True, slots=True)
class _Book:
    """Where the plates of the book lie in an edition; made once for each state of the book."""

    stamp: tuple[Any, ...]
    addresses: int
    households: int
    placed: int
    counts: tuple[Count, ...]
    strays: tuple[Stray, ...]


def coverage(work: Work, edition_id: int | None = None, locale: str = "zh") -> Coverage:
    """The report over an edition, the one in force where none is named; raises NotFound.

    Grids are those under the actor's scopes; plates that stray are told to all who may read.
    """
    require(work.actor, Permission.GRIDS_DRAW)
    edition = _edition(work, edition_id)
    book = _book(work, edition)
    names = grids.names(work.session, work.memo, edition.id, locale)
    own = scopes(work.actor, Permission.GRIDS_DRAW)
    seen = [one for one in book.counts if any(covers(scope, one.path) for scope in own)]
    parents = {one.path.rpartition("/")[0] for one in book.counts}
    duty = _on_duty(work)
    limits = work.settings.grid_households_min, work.settings.grid_households_max
    return Coverage(
        edition_id=edition.id,
        edition_name=edition.name,
        addresses=book.addresses,
        households=book.households,
        placed_households=book.placed,
        lines=tuple(_line(one, names, duty, limits, one.path not in parents) for one in seen),
        strays=book.strays,
        least=limits[0],
        most=limits[1],
    )


def _edition(work: Work, edition_id: int | None) -> Edition:
    if edition_id is not None:
        return grids.edition(work.session, edition_id)
    found = grids.edition_at(work.session, work.now)
    if found is None:
        raise NotFound("no-edition")
    return found


def _line(
    one: Count,
    names: Mapping[str, str],
    duty: Mapping[str, tuple[str, ...]],
    limits: tuple[int, int],
    leaf: bool,  # noqa: FBT001 - a fact of the grid, not a way to go
) -> GridLine:
    code = one.path.rpartition("/")[2]
    return GridLine(
        code=code,
        path=one.path,
        level=one.path.count("/") + 1,
        leaf=leaf,
        name=names.get(code, code),
        addresses=one.addresses,
        households=one.households,
        size=size_of(one.households, *limits) if leaf else "",
        on_duty=duty.get(one.path, ()) if leaf else (),
    )


def _on_duty(work: Work) -> dict[str, tuple[str, ...]]:
    """Gridworkers who are present now, by scope: the holder before the deputy."""
    found: dict[str, list[tuple[bool, str]]] = {}
    for one in accounts.below(work.session, "", work.now):
        if one.role == Role.GRIDWORKER and one.present:
            found.setdefault(one.scope, []).append((one.deputy, one.name))
    return {scope: tuple(name for _, name in sorted(people)) for scope, people in found.items()}


def _book(work: Work, edition: Edition) -> _Book:
    """Where the plates lie, from memory while neither the book nor the edition has changed."""
    changed = select(func.count(), func.max(ADDRESS.c.id), func.max(ADDRESS.c.changed_at))
    stamp = (edition.revision, *work.session.execute(changed).one())
    key = ("door-coverage", edition.id)
    found = work.memo.get(key, lambda: _read(work, edition, stamp))
    if found.stamp != stamp:
        work.memo.forget(key)
        found = work.memo.get(key, lambda: _read(work, edition, stamp))
    return found


def _read(work: Work, edition: Edition, stamp: tuple[Any, ...]) -> _Book:
    columns = (ADDRESS.c.id, ADDRESS.c.lon, ADDRESS.c.lat, ADDRESS.c.households)
    rows = work.session.execute(select(*columns).where(_LIVE).order_by(ADDRESS.c.id)).all()
    partition = grids.partition_of(work.session, work.memo, edition.id, edition.revision)
    ids = np.array([row.id for row in rows], dtype=np.int64)
    lons = np.array([np.nan if row.lon is None else row.lon for row in rows], dtype=np.float64)
    lats = np.array([np.nan if row.lat is None else row.lat for row in rows], dtype=np.float64)
    homes = np.array([row.households or 0 for row in rows], dtype=np.int64)
    leaf, strays = _located(partition, ids, lons, lats)
    return _Book(
        stamp=stamp,
        addresses=len(rows),
        households=int(homes.sum()),
        placed=int(homes[leaf != NOWHERE].sum()),
        counts=tuple(counted(partition.paths, leaf, homes)),
        strays=tuple(_told(work, strays)),
    )


Found = tuple[int, str, tuple[str, ...], float | None]  # id, kind, grids, metres away


def _located(partition: Partition, ids: Whole, lons: Any, lats: Any) -> tuple[Whole, list[Found]]:
    """The leaf of each plate, and those that are not in exactly one."""
    leaf = np.full(len(ids), NOWHERE, dtype=np.int64)
    strays: list[Found] = []
    known = np.isfinite(lons)
    strays += [(int(one), "pointless", (), None) for one in ids[~known]]
    at = np.flatnonzero(known)
    for begin in range(0, len(at), _CHUNK):
        part = at[begin : begin + _CHUNK]
        x, y = lons[part], lats[part]
        located = partition.locate_many(x, y, snap_m=0.0)
        leaf[part] = located.leaf
        points, hits = partition.holding(x, y)
        for point in np.flatnonzero(np.bincount(points, minlength=len(part)) > 1):
            codes = tuple(sorted(partition.codes[n] for n in hits[points == point]))
            strays.append((int(ids[part[point]]), "overlap", codes, None))
        lost = np.flatnonzero(located.leaf == NOWHERE)
        if len(lost) and len(partition):
            strays += _outside(partition, ids[part[lost]], x[lost], y[lost])
        else:
            strays += [(int(ids[part[n]]), "outside", (), None) for n in lost]
    return leaf, strays


def _outside(partition: Partition, ids: Whole, x: Any, y: Any) -> list[Found]:
    """Plates in no grid, with how far the nearest one is: a drawing's gap, or another town."""
    located = partition.locate_many(x, y, snap_m=0.0)
    metres = partition.border_distances(x, y, located)
    nearest = partition.locate_many(x, y, snap_m=float("inf")).leaf
    return [
        (int(one), "outside", (partition.codes[leaf],), float(away))
        for one, leaf, away in zip(ids, nearest, metres, strict=True)
    ]


def _told(work: Work, found: Sequence[Found]) -> list[Stray]:
    """The plates that stray with their texts and places, overlaps first."""
    columns = (ADDRESS.c.id, ADDRESS.c.text, ADDRESS.c.lon, ADDRESS.c.lat, ADDRESS.c.households)
    rows: dict[int, Any] = {}
    ids = [one[0] for one in found]
    for begin in range(0, len(ids), _IDS):
        wanted = select(*columns).where(ADDRESS.c.id.in_(ids[begin : begin + _IDS]))
        rows |= {row.id: row for row in work.session.execute(wanted)}
    order = {"overlap": 0, "outside": 1, "pointless": 2}
    told = []
    for one, kind, codes, away in found:
        row = rows[one]
        told.append(Stray(one, row.text, kind, row.households, row.lon, row.lat, codes, away))
    return sorted(told, key=lambda one: (order[one.kind], one.id))


def as_json(report: Coverage) -> dict[str, Any]:
    """The report for machines."""
    return {**summary(report), "grids": [asdict(one) for one in report.lines],
            "strays": [asdict(one) for one in report.strays]}  # fmt: skip


def summary(report: Coverage) -> dict[str, Any]:
    """The sums of the report by name."""
    return {
        "edition_id": report.edition_id,
        "edition": report.edition_name,
        "addresses": report.addresses,
        "households": report.households,
        "placed_households": report.placed_households,
        **{kind: report.count(kind) for kind in ("overlap", "outside", "pointless")},
        "leaves": len(report.leaves),
        "small": sum(one.size == "small" for one in report.leaves),
        "large": sum(one.size == "large" for one in report.leaves),
        "unmanned": sum(one.unmanned for one in report.leaves),
    }
