"""From a limit to an instant: on which calendar it counts, and what is left of it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from gridtrack.deadlines.calendar import WorkingTime
from gridtrack.deadlines.policy_parts import ALWAYS
from gridtrack.limits import Limit, Unit

US = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Counted:
    """A due instant with what it was counted on; `calendar` None: one that never rests."""

    due_at: datetime
    calendar: str | None
    left_us: int


def working_time(working: Mapping[str, WorkingTime], code: str | None) -> WorkingTime:
    """The working time of a calendar; one that is there no more counts day and night.

    That errs towards too early, and a report is never refused for want of a calendar.
    """
    return working.get(code or ALWAYS) or working[ALWAYS]


def count(limit: Limit, start: datetime, code: str, working: Mapping[str, WorkingTime]) -> Counted:
    """When `limit` from `start` is used up on the calendar `code`."""
    time = working_time(working, code)
    due_at = _due(limit, start, time)
    left = time.between(start, due_at) // US
    return Counted(due_at, None if time.always else code, left)


def _due(limit: Limit, start: datetime, time: WorkingTime) -> datetime:
    if limit.unit is Unit.SAME_DAY:
        return time.end_of_day(start)
    if limit.unit in (Unit.DAY, Unit.WORKDAY):
        return time.add_workdays(start, limit.amount)
    minutes = limit.amount * (1 if limit.unit is Unit.MINUTE else 60)
    return time.add(start, timedelta(minutes=minutes))


def left_at(due_at: datetime, at: datetime, time: WorkingTime) -> int:
    """The working microseconds from `at` to `due_at`."""
    return time.between(at, due_at) // US


def due_after(base_at: datetime, left_us: int, time: WorkingTime) -> datetime:
    """When what was left at `base_at` is used up."""
    return time.add(base_at, left_us * US)
