"""A change of the calendars reaches the clocks that run across it: a batch, one transaction.

A due instant only ever moves later: what was promised to a handler is not taken away, and it is
never in the past. What a clock had left is counted again from where it was counted from, so doing
it twice comes to the same.
"""

from gridtrack.access import Permission, require
from gridtrack.deadlines import counting
from gridtrack.deadlines import store as deadlines
from gridtrack.deadlines.calendar import WorkingTime
from gridtrack.deadlines.rules import ClockState
from gridtrack.deadlines.tables import ClockRow
from gridtrack.incidents import moving
from gridtrack.incidents import store as incidents
from gridtrack.incidents.moving import Moving
from gridtrack.incidents.rules import Happening
from gridtrack.usecases.going_on import calendars_of
from gridtrack.usecases.promise import Clocks
from gridtrack.work import Work

BATCH = 100


def stale(work: Work, limit: int = BATCH) -> list[int]:
    """Matters with a clock that was counted on calendars as they are no more."""
    require(work.actor, Permission.ENGINE)
    return deadlines.counted_before(work.session, calendars_of(work).rev, limit)


def recompute(work: Work, limit: int = BATCH) -> int:
    """Count the clocks of up to `limit` matters again; returns how many were looked at."""
    rows = moving.lock_all(work.session, stale(work, limit))
    moved = []
    for row in rows:
        happening = _count_again(work, row)
        if happening is None:
            continue
        moved.append(moving.moved(row, dict(happening.changes)))
        events = incidents.event_rows(row.id, row.version, [happening], work.actor, work.now)
        incidents.append(work.session, events)
    work.session.flush()
    if moved:
        moving.move(work.session, moved, work.now)
    return len(rows)


def _count_again(work: Work, row: Moving) -> Happening | None:
    """One event for a matter of which a clock is due later now; None where none is."""
    calendars = calendars_of(work)
    clocks = Clocks(work, row)
    for clock in clocks.live():
        if clock.calendar is None or clock.state != ClockState.RUNNING.value:
            continue
        _count_clock(work, clocks, clock, counting.working_time(calendars.working, clock.calendar))
        clock.calendar_rev = calendars.rev
    if "moved" not in clocks.said:
        return None
    key = f"recomputed:{row.id}:{calendars.rev}"
    data = {"rev": calendars.rev, **clocks.said}
    return Happening("deadline-recomputed", work.now, clocks.changes(), data, key)


def _count_clock(work: Work, clocks: Clocks, clock: ClockRow, time: WorkingTime) -> None:
    missed = clock.breached_at is not None or clock.due_at <= work.now
    if missed or clock.base_at is None or clock.left_us is None:
        return
    due_at = counting.due_after(clock.base_at, clock.left_us, time)
    if due_at > clock.due_at:
        clocks.move(clock, due_at)
