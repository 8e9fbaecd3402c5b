"""The lights of clocks as of now: the one place where pages, lists and the API get them from."""

from collections.abc import Mapping, Sequence
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


def turns_shown(work: Work, rows: Sequence[Any]) -> Mapping[int, Turns]:
    """The turns of the clock that each incident of a list shows, by its id; one query.

    An incident shows the clock that its own `due_at` is taken from.
    """
    shown = {row.id: row.due_at for row in rows if row.due_at is not None}
    if not shown:
        return {}
    clocks = work.session.execute(_RUNNING, {"ids": list(shown)})
    return {
        clock.incident_id: turns_of(work, clock)
        for clock in clocks
        if clock.due_at == shown[clock.incident_id]
    }
