"""What is kept of the screens: views of the board by name, and the keys of screens on walls."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gridtrack.db.base import Base
from gridtrack.db.types import BigKey, Instant, PathText


class SavedView(Base):
    """A filter of the board's list under a name; `query` is that of its address."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("person_id", "name"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(40))
    query: Mapped[str] = mapped_column(String(600))
    created_at: Mapped[datetime] = mapped_column(Instant)


class Wall(Base):
    """A key by which a screen shows one ground; the key itself is not kept, only its digest."""

    __tablename__ = "wall"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(40))
    scope: Mapped[str] = mapped_column(PathText)
    made_by: Mapped[int] = mapped_column(BigInteger)
    made_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
