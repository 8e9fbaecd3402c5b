"""A clock that rested goes on with what it had left. One step of several verbs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from gridtrack.deadlines import calendar_store, counting, store
from gridtrack.deadlines.calendar_store import Calendars
from gridtrack.work import Work


class Resting(Protocol):
    """A paused clock: `left_us` of its calendar's time was left at `base_at`."""

    @property
    def kind(self) -> str: ...
    @property
    def cycle(self) -> int: ...
    @property
    def policy_version(self) -> int: ...
    @property
    def ladder(self) -> str: ...
    @property
    def calendar(self) -> str | None: ...
    @property
    def base_at(self) -> datetime | None: ...
    @property
    def left_us(self) -> int | None: ...
    @property
    def paused_us(self) -> int: ...


@dataclass(frozen=True, slots=True)
class GoingOn:
    """How a clock stands that went on, and what the event says of it."""

    due_at: datetime
    next_fire_at: datetime
    base_at: datetime
    paused_us: int
    calendar_rev: int

    def said(self, clock: Resting) -> dict[str, object]:
        """Its new due instant, and how long it has rested by now, all its pauses together."""
        return {
            "clock": clock.kind,
            "cycle": clock.cycle,
            "due_at": self.due_at.isoformat(),
            "paused_s": self.paused_us // 1_000_000,
            "rev": self.calendar_rev,
        }


def going_on(work: Work, clock: Resting, at: datetime) -> GoingOn:
    """How a paused clock stands when it goes on at `at`."""
    assert clock.base_at is not None
    assert clock.left_us is not None
    calendars = calendars_of(work)
    time = counting.working_time(calendars.working, clock.calendar)
    due_at = counting.due_after(at, clock.left_us, time)
    policy = store.policy_version(work.session, work.memo, clock.policy_version)
    return GoingOn(
        due_at=due_at,
        next_fire_at=due_at + policy.ladders[clock.ladder].rungs[0].after,
        base_at=at,
        paused_us=clock.paused_us + (at - clock.base_at) // counting.US,
        calendar_rev=calendars.rev,
    )


def calendars_of(work: Work) -> Calendars:
    """The calendars that clocks count on."""
    return calendar_store.calendars(work.session, work.memo, work.settings.timezone)
