"""The one place that reads the time; everybody else is handed an instant."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

# Linux has one that counts what the machine sleeps through; elsewhere a sleep looks like a jump.
_STEADY = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


class Clock(Protocol):
    """Where a door gets `now` from."""

    def now(self) -> datetime:
        """The present instant, timezone-aware, in UTC."""
        ...

    def steady(self) -> float:
        """Seconds that pass whatever the time is set to, those asleep included."""
        ...


class SystemClock:
    """The computer's clock."""

    def now(self) -> datetime:
        """The present instant in UTC."""
        return datetime.now(UTC)

    def steady(self) -> float:
        """Seconds since the machine was started; since some moment where nothing counts them."""
        return time.clock_gettime(_STEADY)


class ManualClock:
    """A clock that stands still until it is moved: for tests, replays and made-up days."""

    def __init__(self, start: datetime) -> None:
        """Start at `start`, which must carry a zone."""
        self._now = start.astimezone(UTC)
        self._passed = 0.0

    def now(self) -> datetime:
        """The instant it was last set to."""
        return self._now

    def steady(self) -> float:
        """The seconds by which it was advanced; a jump is no time that passed."""
        return self._passed

    def set(self, instant: datetime) -> None:
        """Jump to `instant`, forwards or back."""
        self._now = instant.astimezone(UTC)

    def advance(self, **amount: float) -> None:
        """Let `timedelta(**amount)` pass."""
        self._now += timedelta(**amount)
        self._passed += timedelta(**amount).total_seconds()


def monotonic() -> float:
    """Seconds that never go back, for ageing caches and measuring work; no date in it."""
    return time.monotonic()
