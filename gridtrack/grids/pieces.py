"""Map pieces: an edition cut beforehand into bundles of a few grids each, thinned and packed.

A set belongs to an edition at a revision and is complete or not there. It holds the levels and
zooms that would take long to make at the moment of asking (docs/adr/0011).
"""

import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, not_, or_, select, update
from sqlalchemy.orm import Session

from gridtrack.db.sql import insert_new, run, table_of
from gridtrack.geo.box import Box
from gridtrack.grids.tables import Edition, MapPiece, MapSet

EDITION, SET, PIECE = table_of(Edition), table_of(MapSet), table_of(MapPiece)

ZOOMS = (7, 9, 11, 13, 15)  # every second: a view gets at most twice the detail it can show
MOST_GRIDS = 2000  # more of one level on one screen are a grey field
MOST_BYTES = 145_000  # of one level in one answer: two full ones stay under 300 KB
FEW_GRIDS = 64
LEASE = timedelta(minutes=5)


class Crowded(Exception):
    """A view holds more grids than a screen can show."""

    def __init__(self, count: int) -> None:
        """`count` of them; those of a piece that lie just outside are counted too."""
        self.count = count


def serves(ready: MapSet, level: int, zoom: int | None) -> bool:
    """True when the set holds this level at such a zoom."""
    return zoom is not None and zoom <= ZOOMS[-1] and bool(ready.zooms(level))


def ready(session: Session, edition_id: int, revision: int) -> MapSet | None:
    """The complete set of an edition at a revision, if there is one."""
    return session.scalar(
        select(MapSet).where(
            MapSet.edition_id == edition_id, MapSet.revision == revision, MapSet.ready
        )
    )


def features(
    session: Session, found: MapSet, level: int, zoom: int, box: Box | None
) -> list[str] | None:
    """The features of the pieces that touch `box`, with the detail of `zoom`, or with less.

    None where they are few and large, and better cut to the box; an empty list never means that
    something was left out. Raises Crowded where neither screen nor line can carry them.
    """
    grids = 0
    for cut in _best_first(found.zooms(level), zoom):
        where = _where(found, level, cut, box)
        weight = select(func.sum(PIECE.c.grids), func.sum(PIECE.c.size)).where(*where)
        grids, size = (int(n or 0) for n in run(session, weight).one())
        if size <= MOST_BYTES and grids <= MOST_GRIDS:
            bodies = run(session, select(PIECE.c.body).where(*where).order_by(PIECE.c.id))
            return [zlib.decompress(body).decode() for (body,) in bodies]
        if box is not None and grids <= FEW_GRIDS:
            return None
    raise Crowded(grids)


def _best_first(zooms: Sequence[int], zoom: int) -> list[int]:
    """The coarsest that is fine enough, then coarser ones; else the finest there is."""
    enough = [one for one in zooms if one >= zoom]
    return [*enough[:1], *sorted((one for one in zooms if one < zoom), reverse=True)]


def _where(found: MapSet, level: int, zoom: int, box: Box | None) -> list[ColumnElement[bool]]:
    where = [PIECE.c.set_id == found.id, PIECE.c.level == level, PIECE.c.zoom == zoom]
    if box is None:
        return where
    return [
        *where,
        PIECE.c.min_lon <= box.east,
        PIECE.c.max_lon >= box.west,
        PIECE.c.min_lat <= box.north,
        PIECE.c.max_lat >= box.south,
    ]


# ---- making them -------------------------------------------------------------------------------


def next_edition(session: Session, now: datetime) -> tuple[int, int] | None:
    """An edition and its revision that was checked and has no set yet, nor is one being made."""
    checked = or_(
        EDITION.c.state.not_in(("draft", "retired")),
        and_(EDITION.c.state == "draft", EDITION.c.checked_revision == EDITION.c.revision),
    )
    held = (
        select(SET.c.id)
        .where(
            SET.c.edition_id == EDITION.c.id,
            SET.c.revision == EDITION.c.revision,
            or_(SET.c.ready, SET.c.lease_until > now),
        )
        .exists()
    )
    row = run(
        session,
        select(EDITION.c.id, EDITION.c.revision)
        .where(checked, not_(held))
        .order_by(EDITION.c.id.desc())
        .limit(1),
    ).one_or_none()
    return None if row is None else (row.id, row.revision)


def begin(session: Session, edition_id: int, revision: int, now: datetime) -> int | None:
    """Take up the making of a set and return its id; None where another worker was faster.

    What was begun before and not finished goes, and so do the sets of older revisions.
    """
    stale = select(SET.c.id).where(
        SET.c.edition_id == edition_id,
        or_(SET.c.revision != revision, and_(not_(SET.c.ready), SET.c.lease_until <= now)),
    )
    run(session, delete(PIECE).where(PIECE.c.set_id.in_(stale)))
    run(session, delete(SET).where(SET.c.id.in_(stale)))
    row = {"key": f"{edition_id}:{revision}", "edition_id": edition_id, "revision": revision,
           "ready": False, "lease_until": now + LEASE, "levels": {}}  # fmt: skip
    made: int | None = insert_new(session, SET, row, key="key")
    return made


def add(session: Session, set_id: int, rows: Sequence[Mapping[str, Any]], now: datetime) -> bool:
    """Store pieces and prolong the lease; False where the set is no longer ours to make."""
    kept = run(
        session,
        update(SET).where(SET.c.id == set_id, not_(SET.c.ready)).values(lease_until=now + LEASE),
    )
    if kept.rowcount != 1:
        return False
    if rows:
        run(session, PIECE.insert(), [{**row, "set_id": set_id} for row in rows])
    return True


def finish(session: Session, set_id: int, levels: Mapping[str, Any]) -> None:
    """Say that the set is complete: `levels` by number, each with `fit` and `zooms`."""
    run(session, update(SET).where(SET.c.id == set_id).values(ready=True, levels=dict(levels)))


def piece(features: Sequence[str], bounds: Sequence[float]) -> dict[str, Any]:
    """The columns of a piece that holds these features."""
    body = zlib.compress(",".join(features).encode(), 6)
    west, south, east, north = bounds
    return {"min_lon": west, "min_lat": south, "max_lon": east, "max_lat": north,
            "grids": len(features), "size": len(body), "body": body}  # fmt: skip
