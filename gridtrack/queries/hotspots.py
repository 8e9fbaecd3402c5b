"""Where matters gather, and where nothing is ever reported."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any

import numpy as np
from sqlalchemy import select

from gridtrack.access import Permission, covers, permits, require
from gridtrack.categories import store as categories
from gridtrack.figures.measures import Facts
from gridtrack.grids import store as grids
from gridtrack.incidents.tables import Incident
from gridtrack.queries.figures import Wanted, grid_names, load
from gridtrack.queries.scope import mapped
from gridtrack.work import Work

CELL_M = 60.0  # a yard, a gate, a market's corner
LEAST = 3  # fewer at a place are no pattern
MOST = 20
_M_PER_DEGREE = 111_320.0


@dataclass(frozen=True, slots=True)
class Hotspot:
    """A cell of `CELL_M` with many matters: its middle in WGS-84, and what happens there most."""

    lon: float
    lat: float
    count: int
    address: str
    grid: str
    kinds: tuple[tuple[str, int], ...]
    ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Quiet:
    """A base grid of which nobody reported anything in the span."""

    path: str
    name: str
    patrolled: bool = False


def hotspots(work: Work, wanted: Wanted, locale: str) -> list[Hotspot]:
    """The places with most matters, most first; sealed matters have no place."""
    require(work.actor, Permission.FIGURES)
    facts = load(work, wanted)
    placed = facts.only(~np.isnan(facts["lon"]) & ~np.isnan(facts["lat"]))
    keys = _keys(placed)
    cells = Counter(map(tuple, keys.tolist()))
    most = [cell for cell, count in cells.most_common(MOST) if count >= LEAST]
    return [_hotspot(work, placed.only(np.all(keys == cell, axis=1)), locale) for cell in most]


def _keys(facts: Facts) -> Any:
    if not len(facts):
        return np.empty((0, 2), dtype=np.int64)
    middle = float(np.mean(facts["lat"]))
    east = facts["lon"] * _M_PER_DEGREE * cos(radians(middle))
    north = facts["lat"] * _M_PER_DEGREE
    return np.floor(np.column_stack([east, north]) / CELL_M).astype(np.int64)


def _hotspot(work: Work, facts: Facts, locale: str) -> Hotspot:
    ids: list[int] = facts["incident_id"].tolist()
    rows = work.session.execute(
        select(Incident.id, Incident.address).where(Incident.id.in_(ids[:500]), mapped(work.actor))
    ).all()
    addresses = Counter(row.address for row in rows if row.address)
    tree = categories.tree(work.memo, work.settings.instance)
    kinds = Counter(facts["category"].tolist()).most_common(3)
    path = Counter(facts["path"].tolist()).most_common(1)[0][0]
    return Hotspot(
        float(np.mean(facts["lon"])), float(np.mean(facts["lat"])), len(facts),
        addresses.most_common(1)[0][0] if addresses else "",
        grid_names(work, [path], None, locale).get(path, ""),
        tuple((tree.categories[code].name(locale), n) for code, n in kinds
              if code in tree.categories),
        tuple(ids),
    )  # fmt: skip


def quiet_grids(work: Work, wanted: Wanted, locale: str) -> Sequence[Quiet]:
    """Base grids in force now from which nothing came in the span: nothing there, or nobody."""
    require(work.actor, Permission.FIGURES)
    edition = grids.edition_at(work.session, work.now)
    if edition is None:
        return []
    leaves = grids.partition_of(work.session, work.memo, edition.id, edition.revision)
    heard = set(load(work, wanted)["path"].tolist())
    paths = sorted(
        path for path in leaves.paths if path not in heard and _mine(work, path, wanted.scope)
    )
    names = grid_names(work, paths, None, locale)
    return [Quiet(path, names.get(path, path)) for path in paths]


def _mine(work: Work, path: str, scope: str) -> bool:
    return covers(scope, path) and permits(work.actor, Permission.FIGURES, path)
