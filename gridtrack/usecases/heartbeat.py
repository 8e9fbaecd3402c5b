"""A worker says that it lives; whoever watches looks at overdue work, not at who claims to run."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from gridtrack.access import Permission, require
from gridtrack.deadlines import store as deadlines
from gridtrack.deadlines.tables import Heartbeat, Quarantine
from gridtrack.incidents.store import earliest_due
from gridtrack.incidents.tables import Incident
from gridtrack.notifications.tables import DEAD, WAITING, Message
from gridtrack.work import Work


def heartbeat(work: Work, worker: str, tick_ms: float, fired: int) -> None:
    """Write down that `worker` finished a tick that took `tick_ms` and fired so many rungs."""
    require(work.actor, Permission.ENGINE)
    row = {"worker": worker[:80], "beat_at": work.now, "tick_ms": tick_ms, "fired": fired}
    deadlines.beat(work.session, row)


@dataclass(frozen=True, slots=True)
class Health:
    """How the machine is doing."""

    workers: tuple[tuple[str, datetime, float], ...]
    overdue_s: float  # how long the oldest due step has been waiting to be fired
    waiting: int  # messages not sent yet
    oldest_waiting_s: float
    dead: int  # messages given up
    quarantined: int
    now: datetime

    @property
    def well(self) -> bool:
        """True when something swept lately and nothing due is left lying."""
        lately = any((self.now - beat).total_seconds() < 10 for _, beat, _ in self.workers)
        return lately and self.overdue_s < 10 and not self.quarantined


def health(work: Work) -> Health:
    """The present state of workers, sweep and outbox."""
    require(work.actor, Permission.HEALTH)
    beats = work.session.execute(
        select(Heartbeat.worker, Heartbeat.beat_at, Heartbeat.tick_ms)
        .order_by(Heartbeat.beat_at.desc())
        .limit(20)
    ).all()
    earliest = earliest_due(work.session)
    count, oldest = work.session.execute(
        select(func.count(), func.min(Message.created_at)).where(WAITING)
    ).one()
    dead = select(func.count()).select_from(Message).where(DEAD)
    # Answered by a human in the meantime: nothing waits for its step any more.
    apart = (
        select(func.count())
        .join_from(Quarantine, Incident, Incident.id == Quarantine.incident_id)
        .where(Incident.next_due_at.is_not(None))
    )
    return Health(
        workers=tuple((b.worker, b.beat_at, b.tick_ms) for b in beats),
        overdue_s=max(0.0, (work.now - earliest).total_seconds()) if earliest else 0.0,
        waiting=count,
        oldest_waiting_s=(work.now - oldest).total_seconds() if oldest else 0.0,
        dead=work.session.scalar(dead) or 0,
        quarantined=work.session.scalar(apart) or 0,
        now=work.now,
    )
