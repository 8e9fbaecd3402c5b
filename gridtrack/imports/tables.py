"""Imports under way: what was given, declared and found so far. One row each."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from gridtrack.db.base import Base
from gridtrack.db.types import BigKey, Instant, Json


class GridImport(Base):
    """Grids on their way in. Nothing of it is in the tables of grids before its last step."""

    __tablename__ = "grid_import"
    __table_args__ = (Index("ix_grid_import_created_by", "created_by", "id"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    folder: Mapped[str] = mapped_column(String(36))
    state: Mapped[str] = mapped_column(String(10))  # open, done, cancelled
    step: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by: Mapped[int] = mapped_column(BigInteger)
    touched_at: Mapped[datetime] = mapped_column(Instant)
    files: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    # What a person said: crs, layer, encoding, datum, fields, the rule, name, note, accept.
    said: Mapped[dict[str, Any]] = mapped_column(Json)
    looked: Mapped[dict[str, Any] | None] = mapped_column(Json)
    checked: Mapped[dict[str, Any] | None] = mapped_column(Json)
    task_id: Mapped[int | None] = mapped_column(BigKey)
    edition_id: Mapped[int | None] = mapped_column(BigKey)
