"""What each machine's clock was last believed to be, and whether it is believed now."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from gridtrack.db.base import Base
from gridtrack.db.types import Instant


class ClockWatch(Base):
    """The clock of one machine: the last reading that was believed, and how far ahead it is since.

    `ahead_s` over 0: steps are held. `confirmed_s` is the jump that an operator said is right.
    """

    __tablename__ = "clock_watch"

    host: Mapped[str] = mapped_column(String(80), primary_key=True)
    boot: Mapped[str] = mapped_column(String(40))  # which start of the machine `steady_s` counts
    wall_at: Mapped[datetime] = mapped_column(Instant)
    steady_s: Mapped[float]
    ahead_s: Mapped[float] = mapped_column(default=0.0)
    confirmed_s: Mapped[float | None]
