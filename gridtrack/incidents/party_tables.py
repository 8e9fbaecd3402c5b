"""Whom a matter is about: never told of it, never given it, never shown it."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gridtrack.db.base import Base
from gridtrack.db.types import BigKey, Instant


class Party(Base):
    """One person, or whoever manages one estate, that a matter is about."""

    __tablename__ = "party"
    __table_args__ = (UniqueConstraint("incident_id", "person_id", "zone"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    zone: Mapped[str | None] = mapped_column(String(64), index=True)
    marked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    marked_at: Mapped[datetime] = mapped_column(Instant)
