"""A worker says that it lives; whoever watches looks at overdue work, not at who claims to run."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from gridtrack.access import Permission, require
from gridtrack.deadlines import audit_store, calendar_store
from gridtrack.deadlines import store as deadlines
from gridtrack.deadlines.audit_store import Verdict
from gridtrack.deadlines.tables import USED_UP, ClockRow, Heartbeat, Quarantine
from gridtrack.incidents.numbers import number
from gridtrack.incidents.store import earliest_due
from gridtrack.incidents.tables import Incident
from gridtrack.notifications import store as notifications
from gridtrack.notifications.tables import DEAD, WAITING, Message
from gridtrack.queries.followed import Named, triage_scope
from gridtrack.usecases.watch_clock import held
from gridtrack.work import Work

AUDIT_FRESH = timedelta(minutes=5)
REMEMBERED = timedelta(days=1)  # a worker is named after its process: each start makes another
MOST = 20
LATE_S = 10.0  # a step this late, or a worker this silent, is a fault (measured-escalation.md §4)


def heartbeat(work: Work, worker: str, tick_ms: float, fired: int) -> None:
    """Write down that `worker` finished a tick that took `tick_ms` and fired so many rungs."""
    require(work.actor, Permission.ENGINE)
    row = {"worker": worker[:80], "beat_at": work.now, "tick_ms": tick_ms, "fired": fired}
    deadlines.beat(work.session, row)


@dataclass(frozen=True, slots=True)
class Apart:
    """A matter that was set apart: by number only, and the kind of error, never what it held."""

    incident_id: int
    number: str
    error: str
    tries: int
    since_at: datetime


@dataclass(frozen=True, slots=True)
class Health:
    """How the machine is doing."""

    workers: tuple[tuple[str, datetime, float], ...]  # of the last day, the newest beat first
    overdue: int  # open matters past their promise
    overdue_s: float  # how long the oldest due step has been waiting to be fired
    waiting: int  # messages not sent yet
    oldest_waiting_s: float
    stuck: int  # messages long past their turn, or leased for ever
    dead: int  # messages given up
    quarantined: int
    apart: tuple[Apart, ...]  # the oldest of them
    used_up: int  # promises that everybody was told of and nobody answered
    verdict: Verdict  # of the promises made today and yesterday
    audited_at: datetime | None
    calendar_missing: tuple[int, ...]
    triage: Named  # the scope whose desk gets what no grid owns, as set and as it is now
    held: tuple[tuple[str, float], ...]  # machines whose clock is not believed, seconds ahead
    now: datetime

    @property
    def beat_s(self) -> float | None:
        """How long ago some worker finished a tick; None where none ever did."""
        beats = [(self.now - beat).total_seconds() for _, beat, _ in self.workers]
        return min(beats, default=None)

    @property
    def beating(self) -> int:
        """How many workers finished a tick within `LATE_S`."""
        return sum((self.now - beat).total_seconds() <= LATE_S for _, beat, _ in self.workers)

    @property
    def audit_fresh(self) -> bool:
        """True when the log was looked at within some minutes."""
        return self.audited_at is not None and self.now - self.audited_at < AUDIT_FRESH

    @property
    def sweeping(self) -> bool:
        """True when something swept lately and nothing due is left lying."""
        return self.beating > 0 and self.overdue_s <= LATE_S

    @property
    def well(self) -> bool:
        """True when it is sweeping, nothing had to be set apart, and every clock is believed."""
        return self.sweeping and not self.quarantined and not self.held


# Answered by a human in the meantime: nothing waits for its step any more.
_APART = (
    select(
        Quarantine.incident_id, Incident.reported_at, Quarantine.error, Quarantine.tries,
        Quarantine.since_at,
    )
    .join_from(Quarantine, Incident, Incident.id == Quarantine.incident_id)
    .where(Incident.next_due_at.is_not(None))
    .subquery()
)  # fmt: skip


def _set_apart(work: Work) -> tuple[Apart, ...]:
    zone = ZoneInfo(work.settings.timezone)
    rows = work.session.execute(select(_APART).order_by(_APART.c.since_at).limit(MOST))
    return tuple(
        Apart(
            row.incident_id,
            number(row.incident_id, row.reported_at.astimezone(zone).date()),
            row.error.partition(":")[0],
            row.tries,
            row.since_at,
        )
        for row in rows
    )


def health(work: Work) -> Health:
    """The present state of workers, sweep and outbox."""
    require(work.actor, Permission.HEALTH)
    beats = work.session.execute(
        select(Heartbeat.worker, Heartbeat.beat_at, Heartbeat.tick_ms)
        .where(Heartbeat.beat_at > work.now - REMEMBERED)
        .order_by(Heartbeat.beat_at.desc())
        .limit(MOST)
    ).all()
    earliest = earliest_due(work.session)
    count, oldest = work.session.execute(
        select(func.count(), func.min(Message.created_at)).where(WAITING)
    ).one()
    dead = select(func.count()).select_from(Message).where(DEAD)
    apart = select(func.count()).select_from(_APART)
    used_up = select(func.count()).select_from(ClockRow).where(USED_UP)
    overdue = select(func.count()).where(Incident.due_at <= work.now)
    today = work.now.astimezone(ZoneInfo(work.settings.timezone)).date()
    calendars = calendar_store.calendars(work.session, work.memo, work.settings.timezone)
    return Health(
        workers=tuple((b.worker, b.beat_at, b.tick_ms) for b in beats),
        overdue=work.session.scalar(overdue) or 0,
        overdue_s=max(0.0, (work.now - earliest).total_seconds()) if earliest else 0.0,
        waiting=count,
        oldest_waiting_s=(work.now - oldest).total_seconds() if oldest else 0.0,
        stuck=notifications.stuck(work.session, work.now),
        dead=work.session.scalar(dead) or 0,
        quarantined=work.session.scalar(apart) or 0,
        apart=_set_apart(work),
        used_up=work.session.scalar(used_up) or 0,
        verdict=audit_store.since(work.session, today - timedelta(days=1)),
        audited_at=audit_store.mark(work.session).at,
        calendar_missing=calendars.days.missing(today),
        triage=triage_scope(work),
        held=tuple(held(work)),
        now=work.now,
    )
