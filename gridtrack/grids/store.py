"""Saving and loading editions, their grids and zones; polygons are read once per process."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import shapely
from sqlalchemy import false, or_, select, true, update
from sqlalchemy.orm import Session

from gridtrack.access import Actor
from gridtrack.db.memo import Memo
from gridtrack.db.sql import table_of
from gridtrack.errors import Conflict, NotFound
from gridtrack.grids.lifecycle import State
from gridtrack.grids.partition import Partition
from gridtrack.grids.rules import Grid
from gridtrack.grids.tables import Edition, EditionEntry, GridRow, ZoneRow

GRID, EDITION, ZONE = table_of(GridRow), table_of(Edition), table_of(ZoneRow)
ENTRY = table_of(EditionEntry)
_BATCH = 1000
_GRID = ("code", "level", "parent", "name", "shape", "path", "name_en")  # as Grid has them
_AT_ONCE = 250  # rows: fetching more at a time would keep every other thread waiting
_MAX_AGE_S = 1.0  # another process's new edition is seen within this many seconds
# So long after its beginning an edition may still be made ready while the one before answers: a
# report waits for no polygons, and what it was told is put right (usecases/moves.py).
GRACE = timedelta(seconds=30)


def save_edition(
    session: Session,
    edition: Edition,
    rows: Sequence[Mapping[str, Any]],
    progress: Callable[[int, int], None] | None = None,
) -> Edition:
    """Store a draft edition with its grids; each mapping names the columns of `grid`.

    `progress(done, total)` is told after each batch of rows.
    """
    session.add(edition)
    session.flush()  # the grids need its id
    for start in range(0, len(rows), _BATCH):
        batch = rows[start : start + _BATCH]
        session.execute(GRID.insert(), [{**row, "edition_id": edition.id} for row in batch])
        if progress is not None:
            progress(start + len(batch), len(rows))
    return edition


def record(
    session: Session,
    edition_id: int,
    kind: str,
    data: Mapping[str, Any],
    *,
    actor: Actor,
    at: datetime,
) -> None:
    """Append a line to the record of an edition: who did what to it, and when."""
    row = {"edition_id": edition_id, "at": at, "actor_id": actor.person_id}
    said = {"actor_name": actor.name[:80], "kind": kind, "data": dict(data)}
    session.execute(ENTRY.insert(), {**row, **said})


def entries(session: Session, edition_id: int) -> Sequence[EditionEntry]:
    """The record of an edition, newest first."""
    return session.scalars(
        select(EditionEntry)
        .where(EditionEntry.edition_id == edition_id)
        .order_by(EditionEntry.id.desc())
    ).all()


def editions(session: Session) -> Sequence[Edition]:
    """Every edition, newest first, but those that are still being stored."""
    there = Edition.state != State.ARRIVING.value
    return session.scalars(select(Edition).where(there).order_by(Edition.id.desc())).all()


def edition(session: Session, edition_id: int) -> Edition:
    """The edition; raises NotFound."""
    found = session.get(Edition, edition_id)
    if found is None or found.state == State.ARRIVING.value:
        raise NotFound("edition-not-found", id=edition_id)
    return found


def revision_of(session: Session, edition_id: int) -> int:
    """The revision of an edition, without its findings; raises NotFound."""
    found = session.scalar(select(EDITION.c.revision).where(EDITION.c.id == edition_id))
    if found is None:
        raise NotFound("edition-not-found", id=edition_id)
    return int(found)


def edition_at(session: Session, at: datetime) -> Edition | None:
    """The edition in force at `at` by its dates: exactly one, or none before the first."""
    return session.scalar(
        select(Edition)
        .where(
            Edition.valid_from <= at,
            or_(Edition.valid_to.is_(None), Edition.valid_to > at),
        )
        .order_by(Edition.valid_from.desc())
        .limit(1)
    )


def activate(session: Session, edition_id: int, at: datetime) -> Edition:
    """Let an edition be in force from `at` on; the one before ends there and stays readable.

    What was checked and who decided is `usecases.activate_edition`'s to ask.
    """
    one = edition(session, edition_id)
    if one.valid_from is not None:
        raise Conflict("edition-state", id=edition_id, state=one.state)
    session.execute(
        update(EDITION)
        .where(
            EDITION.c.state == "active",
            or_(EDITION.c.valid_to.is_(None), EDITION.c.valid_to > at),
        )
        .values(valid_to=at, state="retired")
    )
    one.state, one.valid_from, one.valid_to = "active", at, None
    session.flush()  # lookups in the same work do not autoflush
    return one


def grids_of(
    session: Session, edition_id: int, level: int | None = None, under: str | None = None
) -> list[Grid]:
    """The grids of an edition, of one level and below one path where these are given."""
    path = GRID.c.path
    wanted = select(*(GRID.c[name] for name in _GRID)).where(GRID.c.edition_id == edition_id)
    if level is not None:
        wanted = wanted.where(GRID.c.level == level)
    if under:
        wanted = wanted.where((path == under) | ((path >= f"{under}/") & (path < f"{under}0")))
    rows = session.execute(wanted.order_by(path), execution_options={"yield_per": _AT_ONCE})
    return [Grid(*row) for row in rows]


def paths(session: Session, edition_id: int, scopes: Iterable[str], most: int) -> list[str]:
    """The first `most` paths of an edition that lie in one of `scopes`, in order."""
    path = GRID.c.path
    near = [or_(path == one, path.startswith(f"{one}/")) if one else true() for one in scopes]
    wanted = select(path).where(GRID.c.edition_id == edition_id, or_(false(), *near))
    return list(session.scalars(wanted.order_by(path).limit(most)))


def names(session: Session, memo: Memo, edition_id: int, locale: str = "zh") -> Mapping[str, str]:
    """The names of an edition's grids by code; the English one where there is one to show."""

    def load() -> Mapping[str, str]:
        columns = (GRID.c.code, GRID.c.name, GRID.c.name_en)
        rows = session.execute(select(*columns).where(GRID.c.edition_id == edition_id))
        return {row.code: (locale == "en" and row.name_en) or row.name for row in rows}

    return memo.get(("grid-names", edition_id, locale), load)


def partition_at(session: Session, memo: Memo, at: datetime) -> Partition:
    """The leaves in force at `at`, ready for look-ups; an empty one where nothing is in force."""
    rows = [row for row in known_editions(session, memo) if row.valid_from <= at]
    for n, row in enumerate(rows):
        if row.valid_to is not None and row.valid_to <= at:
            continue
        before = rows[n + 1] if n + 1 < len(rows) else None
        if before is not None and memo.kept_warm and at - row.valid_from < GRACE:
            keys = [("partition", one.id, one.revision) for one in (row, before)]
            if not memo.has(keys[0]) and memo.has(keys[1]):
                row = before  # noqa: PLW2901 - it is being made ready: nobody waits for it
        return partition_of(session, memo, row.id, row.revision)
    return memo.get("no-partition", lambda: Partition([], edition_id=None))


def known_editions(session: Session, memo: Memo) -> Sequence[Any]:
    """The editions with dates, the latest first: id, revision, valid_from, valid_to."""

    def load() -> Sequence[Any]:
        return session.execute(
            select(EDITION.c.id, EDITION.c.revision, EDITION.c.valid_from, EDITION.c.valid_to)
            .where(EDITION.c.valid_from.is_not(None))
            .order_by(EDITION.c.valid_from.desc(), EDITION.c.id.desc())
        ).all()

    return memo.get("editions", load, _MAX_AGE_S)


def partition_of(session: Session, memo: Memo, edition_id: int, revision: int) -> Partition:
    """The leaves of an edition as they are in `revision`, ready for look-ups."""
    return memo.get(
        ("partition", edition_id, revision),
        lambda: Partition(_leaves(session, edition_id), edition_id=edition_id),
    )


def _leaves(session: Session, edition_id: int) -> list[Grid]:
    grids = grids_of(session, edition_id)
    parents = {grid.parent for grid in grids}
    return [grid for grid in grids if grid.code not in parents]


class Zones:
    """The zones in force, ready for look-ups."""

    def __init__(self, rows: Sequence[Any]) -> None:
        """An index over zone rows."""
        self._codes = [row.code for row in rows]
        self._tree = shapely.STRtree([row.shape for row in rows])

    def zone_of(self, lon: float, lat: float) -> str | None:
        """The code of the zone that covers the point; of several the first by code."""
        if not self._codes:
            return None
        hits = self._tree.query(shapely.Point(lon, lat), predicate="intersects")
        return min((self._codes[n] for n in np.atleast_1d(hits)), default=None)


def zones_at(session: Session, memo: Memo, at: datetime) -> Zones:
    """The zones in force at `at`."""

    def load() -> Sequence[Any]:
        return session.execute(select(ZONE).order_by(ZONE.c.code)).all()

    rows = memo.get("zones", load, 5.0)
    valid = tuple(
        row for row in rows if row.from_at <= at and (row.until_at is None or row.until_at > at)
    )
    # The outline of a zone is never changed: another takes its place.
    return memo.get(("zone-index", tuple([row.id for row in valid])), lambda: Zones(valid))


def add_zones(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Store zones; each mapping names the columns of `zone`."""
    if rows:
        session.execute(ZONE.insert(), list(rows))
