"""Which matter is part of a larger one; the events say so as well, lists are read from this."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from gridtrack.db.base import Base
from gridtrack.db.types import Instant


class Parent(Base):
    """A matter and the one that it is part of: one level, never a chain."""

    __tablename__ = "matter_parent"

    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), primary_key=True)
    parent_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), index=True)
    set_at: Mapped[datetime] = mapped_column(Instant)
