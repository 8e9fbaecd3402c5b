"""The lines of the audit: appended, never changed; the database itself refuses anything else."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gridtrack.audit.rules import LONGEST
from gridtrack.db.base import Base
from gridtrack.db.types import BigKey, Instant


class AuditLine(Base):
    """Who did what, on what, when, from where, and whether it was let: one line an act."""

    __tablename__ = "audit_line"
    __table_args__ = (
        UniqueConstraint("lane", "seq"),
        Index("ix_audit_line_person_id_id", "person_id", "id"),
        Index("ix_audit_line_act_id", "act", "id"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    lane: Mapped[str] = mapped_column(String(16))
    seq: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(Instant)
    # Not a foreign key: a line stands whatever becomes of the person, and checking costs.
    person_id: Mapped[int | None] = mapped_column(BigInteger)
    post: Mapped[str] = mapped_column(String(LONGEST["post"]))
    door: Mapped[str] = mapped_column(String(10))
    act: Mapped[str] = mapped_column(String(LONGEST["act"]))
    subject: Mapped[str] = mapped_column(String(LONGEST["subject"]))
    outcome: Mapped[str] = mapped_column(String(10))
    address: Mapped[str] = mapped_column(String(LONGEST["address"]))
    session: Mapped[str] = mapped_column(String(LONGEST["session"]))
    details: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(String(20))
    digest: Mapped[str] = mapped_column(String(64))
