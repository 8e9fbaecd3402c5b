"""Which door plates would lie in another base grid. A part of the impact page."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import ColumnElement, false, or_, select

from gridtrack.access import Permission, require
from gridtrack.addresses.tables import Address
from gridtrack.db.sql import table_of
from gridtrack.grids.changes import Box
from gridtrack.grids.partition import Partition
from gridtrack.work import Work

ADDRESS = table_of(Address)
_BOXES = 100  # more are asked for as one


@dataclass(frozen=True, slots=True)
class Doors:
    """Plates and households that change grids, of all in the changed ground."""

    plates: int
    households: int
    of_plates: int
    homes_before: dict[str, int]  # households by path, in changed ground
    homes_after: dict[str, int]


def doors_moved(
    work: Work, boxes: Sequence[Box], before: Partition, after: Partition
) -> Doors | None:
    """The plates inside `boxes` by the grids of two editions; None where there is no book."""
    require(work.actor, Permission.GRIDS_DRAW)
    rows = work.session.execute(
        select(ADDRESS.c.lon, ADDRESS.c.lat, ADDRESS.c.households).where(
            ADDRESS.c.status == "live", ADDRESS.c.lon.is_not(None), or_(*_within(boxes))
        )
    ).all()
    if not rows and work.session.scalar(select(ADDRESS.c.id).limit(1)) is None:
        return None
    lons = np.array([row.lon for row in rows], dtype=float)
    lats = np.array([row.lat for row in rows], dtype=float)
    homes = np.array([row.households or 0 for row in rows], dtype=np.int64)
    old, new = (_paths(one, lons, lats) for one in (before, after))
    moved = np.array([a != b for a, b in zip(old, new, strict=True)], dtype=bool)
    return Doors(
        plates=int(moved.sum()),
        households=int(homes[moved].sum()) if len(rows) else 0,
        of_plates=len(rows),
        homes_before=_summed(old, homes),
        homes_after=_summed(new, homes),
    )


def _within(boxes: Sequence[Box]) -> list[ColumnElement[bool]]:
    if len(boxes) > _BOXES:
        edges = np.array(boxes)
        low, high = edges[:, :2].min(axis=0), edges[:, 2:].max(axis=0)
        boxes = [(float(low[0]), float(low[1]), float(high[0]), float(high[1]))]
    return [
        ADDRESS.c.lon.between(west, east) & ADDRESS.c.lat.between(south, north)
        for west, south, east, north in boxes
    ] or [false()]


def _paths(partition: Partition, lons: np.ndarray, lats: np.ndarray) -> list[str]:
    if not len(lons):
        return []
    found = partition.locate_many(lons, lats).leaf.tolist()
    return [partition.paths[leaf] if leaf >= 0 else "" for leaf in found]


def _summed(paths: Sequence[str], homes: np.ndarray) -> dict[str, int]:
    found: dict[str, int] = {}
    for path, count in zip(paths, homes.tolist(), strict=True):
        found[path] = found.get(path, 0) + count
    return found
