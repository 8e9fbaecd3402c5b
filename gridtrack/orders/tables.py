"""Reminders and written orders. What was said in each round of an order is in the matter's events.

A row is written under the lock of its matter, never by itself.
"""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from gridtrack.db.base import Base
from gridtrack.db.types import BigKey, Instant, PathText
from gridtrack.orders.rules import number_of

# Queries say these very words: with a parameter in them SQLite would not use the index.
OPEN = text("supervise_order.state IN ('issued', 'answered')")
_OPEN = text("state IN ('issued', 'answered')")


class Urge(Base):
    """One reminder of one matter, by a person to whoever handled it then."""

    __tablename__ = "urge"
    __table_args__ = (Index("ix_urge_incident", "incident_id", "by_id", "at"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"))
    by_id: Mapped[int] = mapped_column(BigInteger)
    to_id: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(Instant)
    reason: Mapped[str] = mapped_column(Text, default="")


class Order(Base):
    """A written order; `round` rises when its answer is sent back, `due_at` is the round's."""

    __tablename__ = "supervise_order"
    __table_args__ = (
        UniqueConstraint("year", "seq"),
        Index("ix_order_open", "due_at", "id", postgresql_where=_OPEN, sqlite_where=_OPEN),
        # At most one order is open on a matter: two clocks of one kind cannot run on it.
        Index("ix_order_open_incident", "incident_id", unique=True, postgresql_where=_OPEN,
              sqlite_where=_OPEN),
        Index("ix_order_incident", "incident_id", "id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"))
    year: Mapped[int]
    seq: Mapped[int]
    level: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text)
    to_kind: Mapped[str] = mapped_column(String(10))  # handler, post
    to_id: Mapped[int] = mapped_column(BigInteger)  # the person meant when it was issued
    to_name: Mapped[str] = mapped_column(String(80))
    to_role: Mapped[str] = mapped_column(String(20))
    to_scope: Mapped[str] = mapped_column(PathText, default="")
    issued_by: Mapped[int] = mapped_column(BigInteger)
    issuer_name: Mapped[str] = mapped_column(String(80))
    issuer_role: Mapped[str] = mapped_column(String(20))
    issuer_scope: Mapped[str] = mapped_column(PathText, default="")
    issued_at: Mapped[datetime] = mapped_column(Instant)
    due_at: Mapped[datetime] = mapped_column(Instant)
    round: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(String(10))
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    answered_by: Mapped[int | None] = mapped_column(BigInteger)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)

    @property
    def number(self) -> str:
        """The number that is printed on it: 督〔2026〕12号."""
        return number_of(self.year, self.seq)
