"""Editions of the partition, their grids, and the zones that lie beside them."""

from datetime import datetime
from typing import Any

import shapely
from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from gridtrack.db.base import Base
from gridtrack.db.types import BigKey, Instant, Json, PathText, Shape

LASTING = text("until_at IS NULL")  # of zones: without an end so far


class Edition(Base):
    """A dated, checked set of grids; never edited once it was in force."""

    __tablename__ = "edition"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    state: Mapped[str] = mapped_column(String(10))  # draft, active, retired
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by: Mapped[str] = mapped_column(String(80))
    valid_from: Mapped[datetime | None] = mapped_column(Instant)
    valid_to: Mapped[datetime | None] = mapped_column(Instant)
    tolerance_m: Mapped[float]
    source: Mapped[dict[str, Any]] = mapped_column(Json)
    accepted: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    note: Mapped[str] = mapped_column(String(500), default="")
    # Raised by one with each change of a draft: what an editor was looking at.
    revision: Mapped[int] = mapped_column(default=0, server_default="0")
    based_on: Mapped[int | None] = mapped_column(BigKey)
    # The last check, and the revision that it saw.
    findings: Mapped[dict[str, Any] | None] = mapped_column(Json)
    checked_revision: Mapped[int | None]


class EditionEntry(Base):
    """One line of an edition's record: who did what to it, when and why. Only ever appended."""

    __tablename__ = "edition_entry"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    at: Mapped[datetime] = mapped_column(Instant)
    actor_id: Mapped[int | None] = mapped_column(BigInteger)
    actor_name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(20))
    data: Mapped[dict[str, Any]] = mapped_column(Json)


class EditionEdit(Base):
    """What was drawn in a draft at once, with every grid before and after: so it can be undone."""

    __tablename__ = "edition_edit"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    revision: Mapped[int]  # the one that it made
    at: Mapped[datetime] = mapped_column(Instant)
    actor_id: Mapped[int | None] = mapped_column(BigInteger)
    actor_name: Mapped[str] = mapped_column(String(80))
    operations: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    changes: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    undoes: Mapped[int | None] = mapped_column(BigKey)  # another edit, which this one took back


class GridRow(Base):
    """One polygon of an edition; WGS-84 lon/lat, area in square metres."""

    __tablename__ = "grid"
    __table_args__ = (
        UniqueConstraint("edition_id", "code"),
        Index("ix_grid_path", "edition_id", "path"),
        Index("ix_grid_box", "edition_id", "level", "min_lon", "max_lon", "min_lat", "max_lat"),
        Index("ix_grid_shape", "shape", postgresql_using="gist").ddl_if(dialect="postgresql"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    code: Mapped[str] = mapped_column(String(64))
    level: Mapped[int]
    parent: Mapped[str] = mapped_column(String(64), default="")
    name: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120), default="")
    path: Mapped[str] = mapped_column(PathText)
    shape: Mapped[shapely.Geometry] = mapped_column(Shape)
    area_m2: Mapped[float]
    households: Mapped[int | None]
    min_lon: Mapped[float]
    min_lat: Mapped[float]
    max_lon: Mapped[float]
    max_lat: Mapped[float]


class MapSet(Base):
    """The map pieces of an edition at a revision, complete or being made; see `pieces.py`."""

    __tablename__ = "map_set"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)  # edition:revision
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    revision: Mapped[int]
    ready: Mapped[bool]
    lease_until: Mapped[datetime] = mapped_column(Instant)
    # By level: whether its polygons fit together, and the zooms that it was cut for.
    levels: Mapped[dict[str, Any]] = mapped_column(Json)

    def zooms(self, level: int) -> tuple[int, ...]:
        """The zooms that the level was cut for, rising; none where near views need no pieces."""
        return tuple(self.levels.get(str(level), {}).get("zooms", ()))

    def fits(self, level: int) -> bool:
        """True when all vertices that neighbours of the level share were found to match."""
        return bool(self.levels.get(str(level), {}).get("fit", False))


class MapPiece(Base):
    """Some grids near each other, thinned for a zoom: GeoJSON features with commas, deflated."""

    __tablename__ = "map_piece"
    __table_args__ = (
        # Everything that is asked before the body is read.
        Index(
            "ix_map_piece_box", "set_id", "level", "zoom", "min_lon", "max_lon", "min_lat",
            "max_lat", "grids", "size",
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    set_id: Mapped[int] = mapped_column(ForeignKey("map_set.id", ondelete="CASCADE"))
    level: Mapped[int]
    zoom: Mapped[int]
    min_lon: Mapped[float]
    min_lat: Mapped[float]
    max_lon: Mapped[float]
    max_lat: Mapped[float]
    grids: Mapped[int]
    size: Mapped[int]
    body: Mapped[bytes] = mapped_column(LargeBinary)


class ZoneRow(Base):
    """Another polygon beside the grids: an estate or a unit with its property manager, by date."""

    __tablename__ = "zone"
    __table_args__ = (
        # A code may be drawn anew: what it was before stays, with an end.
        Index("ix_zone_code", "code", unique=True, postgresql_where=LASTING, sqlite_where=LASTING),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), default="estate")
    code: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(120))
    manager: Mapped[str] = mapped_column(String(120), default="")
    shape: Mapped[shapely.Geometry] = mapped_column(Shape)
    from_at: Mapped[datetime] = mapped_column(Instant)
    until_at: Mapped[datetime | None] = mapped_column(Instant)
    made_by: Mapped[str] = mapped_column(String(80), default="", server_default="")
    ended_by: Mapped[str] = mapped_column(String(80), default="", server_default="")
