"""What the auditor found: one row a promise, one verdict a day, and how far the log was read."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Date, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from gridtrack.db.base import Base
from gridtrack.db.types import Instant

EXPECTED = text("expected_at IS NOT NULL")
FAULTY = text("faults > 0")


class AuditedPromise(Base):
    """What the log says of one promise; the auditor's own, nothing else reads or writes it."""

    __tablename__ = "audited_promise"
    __table_args__ = (
        Index("ix_audited_promise_expected", "expected_at", postgresql_where=EXPECTED,
              sqlite_where=EXPECTED),
        Index("ix_audited_promise_faulty", "made_at", postgresql_where=FAULTY,
              sqlite_where=FAULTY),
        Index("ix_audited_promise_day", "day"),
    )  # fmt: skip

    incident_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    clock: Mapped[str] = mapped_column(String(12), primary_key=True)
    cycle: Mapped[int] = mapped_column(primary_key=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
    day: Mapped[date] = mapped_column(Date)  # of made_at, in the deployment's zone
    fired: Mapped[int]
    late: Mapped[int]
    worst_late_ms: Mapped[int] = mapped_column(BigInteger)
    missing: Mapped[int]
    double: Mapped[int]
    early: Mapped[int]
    misjudged: Mapped[int] = mapped_column(default=0, server_default="0")
    faults: Mapped[int]
    expected_at: Mapped[datetime | None] = mapped_column(Instant)


class AuditVerdict(Base):
    """The sum over the promises of one local day; `final_at` when the day was walked anew whole."""

    __tablename__ = "audit_verdict"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    promises: Mapped[int]
    on_time: Mapped[int]
    fired: Mapped[int]
    late: Mapped[int]
    worst_late_ms: Mapped[int] = mapped_column(BigInteger)
    missing: Mapped[int]
    double: Mapped[int]
    early: Mapped[int]
    misjudged: Mapped[int] = mapped_column(default=0, server_default="0")
    final_at: Mapped[datetime | None] = mapped_column(Instant)


class AuditMark(Base):
    """How far the log was read (`event_id`), when, and how long that took; one row."""

    __tablename__ = "audit_mark"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    event_id: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime | None] = mapped_column(Instant)
    took_ms: Mapped[float]
