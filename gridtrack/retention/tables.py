"""The register of what was removed, and the leave to remove events that only a purge gives."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from gridtrack.db.base import Base
from gridtrack.db.types import BigKey, Instant


class PurgeLine(Base):
    """One thing that was removed of one matter: what, by which rule, when; never what it said."""

    __tablename__ = "purge_line"
    __table_args__ = (Index("ix_purge_line_incident", "incident_id"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    what: Mapped[str] = mapped_column(String(10))
    incident_id: Mapped[int] = mapped_column(BigInteger)
    number: Mapped[str] = mapped_column(String(30))
    category: Mapped[str] = mapped_column(String(8))
    ended_at: Mapped[datetime] = mapped_column(Instant)
    rules_version: Mapped[int]
    days: Mapped[int]  # how long it was to be kept; 0: the person asked for it
    rows: Mapped[int]
    person_id: Mapped[int | None] = mapped_column(BigInteger)  # who ordered it; None: the worker


class PurgeLeave(Base):
    """While a matter stands here its events may be deleted; no transaction leaves a row behind."""

    __tablename__ = "purge_leave"

    incident_id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=False)
