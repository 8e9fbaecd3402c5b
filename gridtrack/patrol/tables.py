"""Patrols with their tracks, and checkpoints with who passed them."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from gridtrack.db.base import Base
from gridtrack.db.types import BigKey, Instant, PathText


class Patrol(Base):
    """One walk on duty; its sums stay when its points are deleted."""

    __tablename__ = "patrol"
    __table_args__ = (Index("ix_patrol_person", "person_id", "started_at"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    client_id: Mapped[str] = mapped_column(String(36), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    started_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    received_at: Mapped[datetime] = mapped_column(Instant)
    points: Mapped[int]
    metres: Mapped[int]
    all_normal: Mapped[bool]
    note: Mapped[str] = mapped_column(String(500))


class PatrolPoint(Base):
    """Where somebody was on a walk; deleted after `patrol_days`."""

    __tablename__ = "patrol_point"
    __table_args__ = (Index("ix_patrol_point_at", "at"),)

    patrol_id: Mapped[int] = mapped_column(ForeignKey("patrol.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant, primary_key=True)
    lon: Mapped[float]
    lat: Mapped[float]
    accuracy_m: Mapped[float]


class Checkpoint(Base):
    """A place with a QR code on the wall; `code` is what the code says."""

    __tablename__ = "checkpoint"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    code: Mapped[str] = mapped_column(String(16), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    grid_path: Mapped[str] = mapped_column(PathText, index=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by: Mapped[str] = mapped_column(String(80))
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class CheckpointPass(Base):
    """Somebody on duty was at a checkpoint."""

    __tablename__ = "checkpoint_pass"
    __table_args__ = (Index("ix_checkpoint_pass", "checkpoint_id", "at"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    checkpoint_id: Mapped[int] = mapped_column(ForeignKey("checkpoint.id"))
    person_id: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(Instant)
