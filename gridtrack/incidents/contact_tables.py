"""What passes between a matter and its reporter: questions with answers, and who read the name."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from gridtrack.db.base import Base
from gridtrack.db.types import BigKey, Instant


class Question(Base):
    """One question to a reporter, and what they answered on their page."""

    __tablename__ = "question"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), index=True)
    asked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    text: Mapped[str] = mapped_column(Text)
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    answer: Mapped[str] = mapped_column(Text, default="", server_default="")


class Reading(Base):
    """One reading of who reported: by whom, for which purpose, in which words. Only appended."""

    __tablename__ = "reading"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    purpose: Mapped[str] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(Text, default="", server_default="")
