"""Messages as rows: written with their cause, sent later, never lost in between."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from gridtrack.db.base import Base
from gridtrack.db.types import BigKey, Instant, Json

# Queries say these very words: with a parameter in them SQLite would not use the index.
WAITING = text("state IN ('pending', 'leased')")
UNREAD = text("channel = 'inbox' AND read_at IS NULL")
NOTICE = text("channel = 'inbox'")
DEAD = text("state = 'dead'")


class Message(Base):
    """One thing to tell one recipient over one channel; `key` makes it unique for ever."""

    __tablename__ = "message"
    __table_args__ = (
        Index("ix_message_waiting", "next_attempt_at", "id", postgresql_where=WAITING,
              sqlite_where=WAITING),
        Index("ix_message_unread", "recipient_id", "id", postgresql_where=UNREAD,
              sqlite_where=UNREAD),
        Index("ix_message_notices", "recipient_id", "id", postgresql_where=NOTICE,
              sqlite_where=NOTICE),
        Index("ix_message_dead", "id", postgresql_where=DEAD, sqlite_where=DEAD),
        Index("ix_message_incident_id", "incident_id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    key: Mapped[str] = mapped_column(String(160), unique=True)
    incident_id: Mapped[int | None] = mapped_column(ForeignKey("incident.id"))
    recipient_id: Mapped[int | None] = mapped_column(BigInteger)  # a person; none for a group
    channel: Mapped[str] = mapped_column(String(12))  # inbox, webhook, email, robot
    subscription_id: Mapped[int | None] = mapped_column(ForeignKey("subscription.id"))
    kind: Mapped[str] = mapped_column(String(20))
    facts: Mapped[dict[str, Any]] = mapped_column(Json)
    state: Mapped[str] = mapped_column(String(10))  # pending leased sent dead superseded
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Instant)
    next_attempt_at: Mapped[datetime | None] = mapped_column(Instant)
    lease_until: Mapped[datetime | None] = mapped_column(Instant)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    read_at: Mapped[datetime | None] = mapped_column(Instant)
    error: Mapped[str | None] = mapped_column(String(300))


class Pace(Base):
    """How many calls of a robot are left (`robot` is a digest of its address); all share it."""

    __tablename__ = "pace"

    robot: Mapped[str] = mapped_column(String(32), primary_key=True)
    tokens: Mapped[float]
    at: Mapped[datetime] = mapped_column(Instant)
    quiet_until: Mapped[datetime | None] = mapped_column(Instant)


class Subscription(Base):
    """Where else a person, or a group working a scope, wants to be told."""

    __tablename__ = "subscription"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    scope: Mapped[str | None] = mapped_column(String(200))  # a group's: told of all below it
    channel: Mapped[str] = mapped_column(String(12))
    target: Mapped[str] = mapped_column(String(500))
    secret: Mapped[str] = mapped_column(String(120), default="")
    locale: Mapped[str] = mapped_column(String(8), default="zh")
    active: Mapped[bool] = mapped_column(default=True)
