"""The door-plate book (门楼牌库), and what its plates are found by."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from gridtrack.db.base import Base
from gridtrack.db.types import BigKey, Instant, Json, PathText


class Address(Base):
    """A door plate: its text and parts, its point in WGS-84 with the raw values, its households.

    `mark` is what makes it the same plate in the next file: the keeper's key or its own spelling.
    """

    __tablename__ = "address"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    mark: Mapped[str] = mapped_column(PathText, unique=True)
    text: Mapped[str] = mapped_column(String(200))
    town: Mapped[str] = mapped_column(String(80), default="")
    road: Mapped[str] = mapped_column(String(80), default="")
    number: Mapped[str] = mapped_column(String(40), default="")
    estate: Mapped[str] = mapped_column(String(80), default="")
    building: Mapped[str] = mapped_column(String(40), default="")
    unit: Mapped[str] = mapped_column(String(40), default="")
    kind: Mapped[str] = mapped_column(String(40), default="")
    aliases: Mapped[list[str]] = mapped_column(Json)
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    given_lon: Mapped[float | None]
    given_lat: Mapped[float | None]
    datum: Mapped[str | None] = mapped_column(String(10))
    households: Mapped[int | None]
    status: Mapped[str] = mapped_column(String(10))  # live, retired
    version: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by: Mapped[str] = mapped_column(String(80))
    changed_at: Mapped[datetime] = mapped_column(Instant)
    changed_by: Mapped[str] = mapped_column(String(80))


class AddressKey(Base):
    """A key (addresses/spelling.py) of a live plate; a retired one has none and is not found."""

    __tablename__ = "address_key"
    __table_args__ = (
        Index("ix_address_key_address_id", "address_id"),
        {"sqlite_with_rowid": False},
    )

    key: Mapped[str] = mapped_column(PathText, primary_key=True)
    address_id: Mapped[int] = mapped_column(ForeignKey("address.id"), primary_key=True)
    own: Mapped[bool]  # False: an alias


class AddressName(Base):
    """A name met in the book: `t:` and a town's key, or `p:` and that of a road or estate."""

    __tablename__ = "address_name"

    mark: Mapped[str] = mapped_column(PathText, primary_key=True)
