"""Whatever nobody answered up to the top is said once a day until a person acts: never silent."""

from datetime import time
from zoneinfo import ZoneInfo

from gridtrack.access import Permission, require
from gridtrack.deadlines import store as deadlines
from gridtrack.deadlines.tables import ClockRow
from gridtrack.incidents import store as incidents
from gridtrack.notifications.store import Told
from gridtrack.usecases.tell import facts, send, still_used_up
from gridtrack.work import Work

FROM = time(9)  # local: not before people are at work
MOST = 500  # the longest missed first; the next turn finds the same, and keys keep it to one a day


def remind_of_used_up(work: Work) -> int:
    """Remind the secretary of each promise whose ladder is used up; once a day by its key.

    The day on which it was missed has the word of the ladder itself. Returns how many were due.
    """
    require(work.actor, Permission.ENGINE)
    now = work.now.astimezone(ZoneInfo(work.settings.timezone))
    if now.time() < FROM:
        return 0
    told = [
        _told(work, clock, f"{now:%Y-%m-%d}")
        for clock in deadlines.used_up(work.session, MOST)
        if clock.due_at.astimezone(now.tzinfo).date() < now.date()
    ]
    send(work, told)
    return len(told)


def _told(work: Work, clock: ClockRow, day: str) -> Told:
    incident = incidents.get(work.session, clock.incident_id)
    about = {**facts(work, incident.id, incident), "since": clock.due_at.isoformat()}
    cause = f"used-up:{incident.id}:{clock.kind}:{clock.cycle}:{day}"
    return still_used_up(work, incident.id, cause, about)
