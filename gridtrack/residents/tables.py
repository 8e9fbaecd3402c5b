"""Who follows a matter, where stations are, and how many wrong codes came in.

A follower is a code and nothing else: no name, no contact, nothing that says who it is.
"""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from gridtrack.db.base import Base
from gridtrack.db.types import BigKey, Instant, PathText

_STANDING = text("ended_at IS NULL")


class Follow(Base):
    """A resident who said "me too" of a matter that somebody else had reported."""

    __tablename__ = "follow"
    __table_args__ = (Index("ix_follow_incident", "incident_id"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"))
    client_id: Mapped[str] = mapped_column(String(36), unique=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Instant)


class WrongTry(Base):
    """Wrong codes in a row, by a fingerprint of the number or of the address they came from."""

    __tablename__ = "wrong_try"
    __table_args__ = (Index("ix_wrong_try_last", "last_at"),)

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(Instant)


class Station(Base):
    """A place with a sign (驿站, 公告栏): whoever scans it reports from there."""

    __tablename__ = "station"
    __table_args__ = (
        Index("ix_station_path", "grid_path", postgresql_where=_STANDING, sqlite_where=_STANDING),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    lon: Mapped[float]
    lat: Mapped[float]
    address: Mapped[str] = mapped_column(String(300), default="")
    grid_path: Mapped[str] = mapped_column(PathText)
    made_at: Mapped[datetime] = mapped_column(Instant)
    made_by: Mapped[int] = mapped_column(BigInteger)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
