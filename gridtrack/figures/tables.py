"""One narrow row for each matter, and how far the log was read for them."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from gridtrack.db.base import Base
from gridtrack.db.types import BigKey, Instant, PathText


class Fact(Base):
    """What a matter came to (`figures.rules.fact`); derived, without a key to the incident.

    It names nobody who reported and holds no words, so counts stay right after a matter was purged.
    """

    __tablename__ = "matter_fact"
    __table_args__ = (Index("ix_matter_fact_day", "day", "path"),)

    incident_id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=False)
    version: Mapped[int]
    day: Mapped[int]  # the ordinal of the local date it was reported on
    hour: Mapped[int]
    reported_s: Mapped[int] = mapped_column(BigInteger)
    path: Mapped[str] = mapped_column(PathText)
    edition_id: Mapped[int | None] = mapped_column(BigInteger)
    category: Mapped[str] = mapped_column(String(8))
    source: Mapped[str] = mapped_column(String(20))
    sensitivity: Mapped[int]
    state: Mapped[str] = mapped_column(String(16))
    is_open: Mapped[bool]
    resolved_s: Mapped[int | None] = mapped_column(BigInteger)
    ended_s: Mapped[int | None] = mapped_column(BigInteger)
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    acknowledge_due_s: Mapped[int | None] = mapped_column(BigInteger)
    acknowledge_met_s: Mapped[int | None] = mapped_column(BigInteger)
    arrive_due_s: Mapped[int | None] = mapped_column(BigInteger)
    arrive_met_s: Mapped[int | None] = mapped_column(BigInteger)
    resolve_due_s: Mapped[int | None] = mapped_column(BigInteger)
    resolve_met_s: Mapped[int | None] = mapped_column(BigInteger)
    paused_s: Mapped[int] = mapped_column(BigInteger)
    extended: Mapped[int]
    person_id: Mapped[int | None] = mapped_column(BigInteger)  # who answered, else who has it
    returned: Mapped[int]
    reopened: Mapped[int]
    climbed: Mapped[int]
    above: Mapped[bool]  # came to the street or a department
    late_ms: Mapped[int | None] = mapped_column(BigInteger)  # the worst of its climbs
    stars: Mapped[int | None]
    ever_resolved: Mapped[bool]


class FactMark(Base):
    """How far the log was read."""

    __tablename__ = "fact_mark"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    event_id: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime | None] = mapped_column(Instant)
