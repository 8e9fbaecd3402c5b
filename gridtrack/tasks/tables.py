"""Long work that the worker does: imports, checks, exports. One row each, with its progress."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from gridtrack.db.base import Base
from gridtrack.db.types import BigKey, Instant, Json

_LEFT = text("finished_at IS NULL")


class Task(Base):
    """Something that takes longer than a request may: who asked, how far it is, what came out."""

    __tablename__ = "task"
    __table_args__ = (
        Index("ix_task_waiting", "id", postgresql_where=_LEFT, sqlite_where=_LEFT),
        Index("ix_task_created_by", "created_by", "id"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(10))  # waiting, running, done, failed, cancelled
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by: Mapped[int | None] = mapped_column(BigInteger)
    params: Mapped[dict[str, Any]] = mapped_column(Json)
    phase: Mapped[str] = mapped_column(String(40), default="")
    # When the phase began and when it was last told of: the pace is computed from these.
    phase_at: Mapped[datetime | None] = mapped_column(Instant)
    told_at: Mapped[datetime | None] = mapped_column(Instant)
    done: Mapped[int] = mapped_column(BigInteger, default=0)
    total: Mapped[int] = mapped_column(BigInteger, default=0)
    result: Mapped[dict[str, Any] | None] = mapped_column(Json)
    error: Mapped[dict[str, Any] | None] = mapped_column(Json)
    cancel_asked: Mapped[bool] = mapped_column(default=False)
    lease_until: Mapped[datetime | None] = mapped_column(Instant)
    attempts: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime | None] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
