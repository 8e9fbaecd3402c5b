"""The one place that reads the time; everybody else is handed an instant."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Where a door gets `now` from."""

    def now(self) -> datetime:
        """The present instant, timezone-aware, in UTC."""
        ...


class SystemClock:
    """The computer's clock."""

    def now(self) -> datetime:
        """The present instant in UTC."""
        return datetime.now(UTC)


class ManualClock:
    """A clock that stands still until it is moved: for tests, replays and made-up days."""

    def __init__(self, start: datetime) -> None:
        """Start at `start`, which must carry a zone."""
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        """The instant it was last set to."""
        return self._now

    def set(self, instant: datetime) -> None:
        """Jump to `instant`, forwards or back."""
        self._now = instant.astimezone(UTC)

    def advance(self, **amount: float) -> None:
        """Move forwards by `timedelta(**amount)`."""
        self._now += timedelta(**amount)


def monotonic() -> float:
    """Seconds that never go back, for ageing caches and measuring work; no date in it."""
    return time.monotonic()
