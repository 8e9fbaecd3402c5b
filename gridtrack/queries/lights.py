"""The lights of clocks as of now: the one place where pages, lists and the API get them from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from gridtrack.deadlines import calendar_store, counting, store
from gridtrack.deadlines.lights import Light, Turns, turns
from gridtrack.deadlines.rules import ClockState, Kind
from gridtrack.deadlines.store import CLOCK
from gridtrack.work import Work

_RUNNING = select(
    CLOCK.c.incident_id, CLOCK.c.kind, CLOCK.c.policy_version, CLOCK.c.calendar,
    CLOCK.c.started_at, CLOCK.c.due_at, CLOCK.c.base_at, CLOCK.c.paused_us,
).where(
    CLOCK.c.incident_id.in_(bindparam("ids", expanding=True)),
    CLOCK.c.state == ClockState.RUNNING.value,
)  # fmt: skip


def turns_of(work: Work, clock: Any) -> Turns:
    """When a running clock turns yellow and red, by the version it was promised under."""
    policy = store.policy_version(work.session, work.memo, clock.policy_version)
    found = calendar_store.calendars(work.session, work.memo, work.settings.timezone)
    time = counting.working_time(found.working, clock.calendar)
    return turns(policy.lights(Kind(clock.kind)), clock, time)


def light_of(work: Work, clock: Any) -> Light:
    """The light of a running clock now."""
    return turns_of(work, clock).at(work.now)


@dataclass(frozen=True, slots=True)
class ClockShown:
    """The clock that an incident of a list shows, and the one that runs out after it, if any."""

    kind: str | None = None
    turns: Turns | None = None
    light: str | None = None
    then: str | None = None
    then_due_at: datetime | None = None


NO_CLOCK = ClockShown()


def clocks_shown(work: Work, rows: Sequence[Any]) -> Mapping[int, ClockShown]:
    """The clock that each incident of a list shows, by its id; one query.

    An incident shows the clock that its own `due_at` is taken from.
    """
    shown = {row.id: row.due_at for row in rows if row.due_at is not None}
    if not shown:
        return {}
    running: dict[int, list[Any]] = {}
    for clock in work.session.execute(_RUNNING, {"ids": list(shown)}):
        running.setdefault(clock.incident_id, []).append(clock)
    found = {}
    for incident_id, clocks in running.items():
        one = next((c for c in clocks if c.due_at == shown[incident_id]), None)
        if one is not None:
            found[incident_id] = _shown(work, one, clocks)
    return found


def _shown(work: Work, one: Any, clocks: Sequence[Any]) -> ClockShown:
    later = [clock for clock in clocks if clock is not one]
    then = min(later, key=lambda clock: clock.due_at, default=None)
    turns = turns_of(work, one)
    light = turns.at(work.now).value
    if then is None:
        return ClockShown(one.kind, turns, light)
    return ClockShown(one.kind, turns, light, then.kind, then.due_at)
