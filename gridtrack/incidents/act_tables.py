"""Acts that carried an id of their own: the same one again gets the first answer."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from gridtrack.db.base import Base
from gridtrack.db.types import Instant


class Act(Base):
    """One act by the id that the phone made, what it said, and what was answered. Kept for ever."""

    __tablename__ = "act"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    digest: Mapped[str] = mapped_column(String(64))
    version: Mapped[int]
    state: Mapped[str] = mapped_column(String(12))
    outcome: Mapped[str] = mapped_column(String(10))  # done, noted
    received_at: Mapped[datetime] = mapped_column(Instant)
