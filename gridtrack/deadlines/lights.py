"""When a clock turns yellow and red: shares of its limit, from the instants that are stored. Pure.

Counted on the clock's own calendar: a night or a weekend that is not worked uses up nothing. What
it rested is not part of its limit.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from gridtrack.deadlines.calendar import WorkingTime
from gridtrack.deadlines.counting import US
from gridtrack.deadlines.policy_parts import Lights


class Light(StrEnum):
    """How a clock that runs stands."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


class Lit(Protocol):
    """A clock that runs, as far as its lights are concerned."""

    @property
    def started_at(self) -> datetime: ...
    @property
    def due_at(self) -> datetime: ...
    @property
    def base_at(self) -> datetime | None: ...
    @property
    def paused_us(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Turns:
    """The instants from which a clock is yellow, and red; a page that stays open goes by them."""

    yellow_at: datetime
    red_at: datetime

    def at(self, now: datetime) -> Light:
        """The light at an instant; the very instant of a turn belongs to what comes."""
        if now >= self.red_at:
            return Light.RED
        return Light.YELLOW if now >= self.yellow_at else Light.GREEN


def turns(lights: Lights, clock: Lit, time: WorkingTime) -> Turns:
    """When a running clock turns, its whole limit counted on its calendar.

    The rests are kept by the wall: on a calendar that closes they may count for more than they
    took of its limit, which lets it turn later, never past its due instant.
    """
    base_at = clock.base_at or clock.started_at
    left = time.between(base_at, clock.due_at)
    used = time.between(clock.started_at, base_at) - clock.paused_us * US
    whole = left + max(used, 0 * US)

    def turn(share: float) -> datetime:
        if share >= 1:
            return clock.due_at
        before = left - (1 - share) * whole
        return time.add(base_at, before) if before > 0 * US else base_at

    return Turns(turn(lights.yellow), turn(lights.red))
