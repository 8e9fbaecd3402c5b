"""Handlers are reminded before a clock is due: once for each reminder of the policy in force.

Nothing is kept for each matter. A reminder "two hours before" looks at clocks that are due within
two hours and were not when it looked last; so its mark moves along the due instants. A clock that
is due later after a rest or with more time is passed again, and its handler reminded again.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from gridtrack.access import Permission, require
from gridtrack.db.sql import guard_long_work, one_at_a_time
from gridtrack.deadlines import calendar_store, counting
from gridtrack.deadlines import reminder_store as store
from gridtrack.deadlines.policy_parts import Policy
from gridtrack.deadlines.reminder_store import Mark
from gridtrack.deadlines.rules import Kind
from gridtrack.deadlines.store import policy_at
from gridtrack.incidents.tables import Incident
from gridtrack.limits import Limit
from gridtrack.notifications.rules import Kind as Message
from gridtrack.notifications.store import Told
from gridtrack.usecases.tell import facts, send
from gridtrack.work import Work

BATCH = 200


def remind(work: Work) -> int:
    """One look at every reminder; returns how many handlers were told.

    Writes nothing where nothing is due soon. A reminder that the policy has only now is begun from
    here: what it would have said before is not said.
    """
    require(work.actor, Permission.ENGINE)
    policy = policy_at(work.session, work.memo, work.now)
    wanted = [(kind, before) for kind in Kind for before in policy.remind(kind)]
    if not wanted:
        return 0
    guard_long_work(work.session)
    one_at_a_time(work.session, "reminders")
    told = [one for kind, before in wanted for one in _remind(work, policy, kind, before)]
    send(work, told)
    return len(told)


def _remind(work: Work, policy: Policy, kind: Kind, before: Limit) -> list[Told]:
    name = f"{kind.value}:{before}"
    ahead = _after(work, policy, kind, (before, work.now))
    mark = store.mark(work.session, name)
    if mark is None:
        store.keep_mark(work.session, name, Mark.all_of(ahead))
        return []
    # What is overdue has its ladder; after a time away only what is still to come is reminded of.
    begin = mark if mark.until_at > work.now else Mark.all_of(work.now)
    clocks = store.due_between(work.session, kind, begin, ahead, BATCH)
    if not clocks:
        return []
    full = len(clocks) == BATCH
    end = Mark(clocks[-1].due_at, clocks[-1].incident_id) if full else Mark.all_of(ahead)
    store.keep_mark(work.session, name, end)
    # Who was given less time than that from the beginning knows.
    long = [c for c in clocks if _after(work, policy, kind, (before, c.started_at)) < c.due_at]
    return list(_told(work, str(before), long))


def _after(work: Work, policy: Policy, kind: Kind, span: tuple[Limit, datetime]) -> datetime:
    limit, start = span
    found = calendar_store.calendars(work.session, work.memo, work.settings.timezone)
    return counting.count(limit, start, policy.calendar(kind, limit.unit), found.working).due_at


def _told(work: Work, before: str, clocks: Sequence[Any]) -> Iterator[Told]:
    if not clocks:
        return
    wanted = select(Incident).where(Incident.id.in_([clock.incident_id for clock in clocks]))
    incidents = {one.id: one for one in work.session.scalars(wanted)}
    for clock in clocks:
        incident = incidents[clock.incident_id]
        if incident.handler_id is None or not incident.is_open:
            continue
        due = clock.due_at.isoformat()
        cause = f"remind:{incident.id}:{clock.kind}:{clock.cycle}:{before}"
        about = {**facts(work, incident.id, incident), "until": due}
        yield Told(
            f"{cause}:{int(clock.due_at.timestamp())}",
            Message.REMINDER.value,
            incident.id,
            (incident.handler_id,),
            incident.grid_path,
            about,
            groups=False,
        )
