"""What a filing condition that is set later changes of a clock that runs. Pure.

A longer limit counts from when the clock began, its rests added; a shorter one from when the
condition was set, so nobody is late by what they could not know.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from gridtrack.deadlines.calendar import WorkingTime
from gridtrack.deadlines.counting import US, count
from gridtrack.limits import Limit


class Running(Protocol):
    """A clock that runs and is not missed."""

    @property
    def started_at(self) -> datetime: ...
    @property
    def due_at(self) -> datetime: ...
    @property
    def paused_us(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Refiled:
    """When it is due from now on, and on which calendar (None: one that never rests)."""

    due_at: datetime
    calendar: str | None


def refile(
    clock: Running, limit: Limit, at: datetime, code: str, working: Mapping[str, WorkingTime]
) -> Refiled:
    """A clock whose limit becomes `limit` at `at`, counted on the calendar `code`."""
    whole = count(limit, clock.started_at + clock.paused_us * US, code, working)
    if whole.due_at >= clock.due_at:
        return Refiled(whole.due_at, whole.calendar)
    anew = count(limit, at, code, working)
    return Refiled(min(clock.due_at, anew.due_at), anew.calendar)
