"""Was every promise kept or climbed? Derived again from the event log, trusting no stored state.

The whole log is read once, in order, some thousand incidents at a time: the time is linear in its
length and the memory flat. `walk_again` does the same for some incidents, which is how the worker
looks at what is new (usecases/audit.py).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select

from gridtrack.access import Permission, require
from gridtrack.analytics.rederive import Again
from gridtrack.analytics.walk import Fault, Line, Promise, Walked, promises, walk
from gridtrack.analytics.worked import Noted, Worked
from gridtrack.db.sql import table_of
from gridtrack.deadlines.calendar_tables import CalendarChange, CalendarDay, CalendarRow
from gridtrack.deadlines.policy_parts import Policy
from gridtrack.deadlines.store import policy_at, policy_version
from gridtrack.incidents.store import EVENT, INCIDENT
from gridtrack.work import Work

_CALENDAR, _DAY, _CHANGE = (table_of(t) for t in (CalendarRow, CalendarDay, CalendarChange))
# Neither a promise nor a step nor an end; kinds of event that are not known yet are read.
QUIET = ("note", "photo", "triaged", "extension-asked", "extension-refused")
CHUNK = 2000  # incidents read at a time: memory stays flat however long the log is
MOST_FAULTS = 10_000  # told one by one; more are only counted


@dataclass(frozen=True, slots=True)
class Audit:
    """What the log says: promises made, steps fired, and every step that does not fit.

    `late` steps fired over a minute behind their instant: the machine was away. `on_time` promises
    have no fault and no late step.
    """

    promises: int
    fired: int
    faults: tuple[Fault, ...]
    worst_late_ms: int
    late: int = 0
    on_time: int = 0
    missing: int = 0  # steps due for over a minute, before any human act, that nobody fired
    double: int = 0  # steps fired a second time
    early: int = 0  # steps fired before they were due, or after the matter had been taken up
    misjudged: int = 0  # answers by a time that cannot count, due instants that do not come out
    in_time: int = 0  # promises answered by their due instant, whenever that was heard of
    withdrawn: int = 0  # those of them whose ladder had climbed before the answer arrived

    @property
    def clean(self) -> bool:
        """True when nothing is missing, double, early or misjudged."""
        return not (self.missing or self.double or self.early or self.misjudged)


def audit(work: Work, since: datetime | None = None) -> Audit:
    """Every promise of the incidents that changed after `since` (None: ever) or still wait."""
    require(work.actor, Permission.AUDIT)
    tally = _Tally()
    last = work.session.scalar(select(func.max(INCIDENT.c.id))) or 0
    for low in range(1, last + 1, CHUNK):
        within = EVENT.c.incident_id.between(low, low + CHUNK - 1)
        if since is not None:
            waits = INCIDENT.c.due_at.is_not(None) | INCIDENT.c.held_until.is_not(None)
            changed = (INCIDENT.c.updated_at >= since) | waits
            chosen = select(INCIDENT.c.id).where(
                INCIDENT.c.id.between(low, low + CHUNK - 1), changed
            )
            within = EVENT.c.incident_id.in_(chosen)
        for walked in _walked(work, within):
            tally.add(walked)
    return tally.audit()


def walk_again(work: Work, incident_ids: Sequence[int]) -> Iterator[Walked]:
    """Every promise of some incidents, from the log as it is now."""
    require(work.actor, Permission.AUDIT)
    ids = list(incident_ids)
    for n in range(0, len(ids), CHUNK // 4):
        some = ids[n : n + CHUNK // 4]
        yield from _walked(work, EVENT.c.incident_id.in_(some))


@dataclass(slots=True)
class _Tally:
    promises: int = 0
    fired: int = 0
    late: int = 0
    on_time: int = 0
    in_time: int = 0
    withdrawn: int = 0
    worst_late_ms: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def add(self, walked: Walked) -> None:
        self.promises += 1
        self.fired += walked.fired
        self.late += walked.late
        self.on_time += not walked.late and not walked.faults
        self.in_time += walked.promise.in_time
        self.withdrawn += walked.promise.in_time and walked.fired > 0
        self.worst_late_ms = max(self.worst_late_ms, walked.worst_late_ms)
        for fault in walked.faults:
            self.counts[fault.code] = self.counts.get(fault.code, 0) + 1
            if len(self.faults) < MOST_FAULTS:
                self.faults.append(fault)

    def audit(self) -> Audit:
        return Audit(
            self.promises, self.fired, tuple(self.faults), self.worst_late_ms,
            self.late, self.on_time, in_time=self.in_time, withdrawn=self.withdrawn, **self.counts,
        )  # fmt: skip


_DATA = EVENT.c.data
# Only these values of the data leave the database: reading all of it cost twice the time.
_LINES = select(
    EVENT.c.incident_id, EVENT.c.kind, EVENT.c.recorded_at, _DATA["promises"], _DATA["promise"],
    _DATA["paused"], _DATA["resumed"], _DATA["moved"], _DATA["until"].as_string(),
    _DATA["clock"].as_string(), _DATA["cycle"].as_integer(), _DATA["step"].as_integer(),
    _DATA["repeat"].as_integer(), _DATA["offline"].as_string(),
).where(EVENT.c.kind.not_in(QUIET)).order_by(EVENT.c.incident_id, EVENT.c.seq)  # fmt: skip


def _walked(work: Work, events: ColumnElement[bool]) -> Iterator[Walked]:
    rows = work.session.connection().execute(_LINES.where(events))
    worked: Worked | None = None
    for _, group in groupby(map(Line._make, rows), key=lambda line: line.incident_id):
        for promise in promises(group):
            policy = _policy(work, promise)
            walked = walk(promise, policy.ladders[promise.ladder], work.now, policy.offline)
            if promise.turns:
                worked = worked or _worked(work)
                again = Again(promise.clock, promise.made, promise.made_at)
                for at in again.false(promise.turns, policy, worked):
                    walked.misjudge(at)
            yield walked


def _worked(work: Work) -> Worked:
    """The calendars as they were at each revision, from their record."""
    rows = work.session.execute(select(_CHANGE).order_by(_CHANGE.c.rev)).all()
    record = (_noted(work, row) for row in rows)
    return Worked(record, ZoneInfo(work.settings.timezone))


def _noted(work: Work, row: Any) -> Noted:
    """A change as it was written down; what older records left out is read off what it left."""
    data = dict(row.data)
    if row.kind == "notice" and "days" not in data:
        left = select(_DAY.c.date, _DAY.c.is_workday).where(
            _DAY.c.source == "notice", _DAY.c.rev == row.rev
        )
        data["days"] = [(day.isoformat(), worked) for day, worked in work.session.execute(left)]
    if row.kind == "calendars" and "workdays" not in data:
        known = select(_CALENDAR.c.code, _CALENDAR.c.workdays)
        data["workdays"] = dict(work.session.execute(known).tuples().all())
    return Noted(row.rev, row.kind, data)


def _policy(work: Work, promise: Promise) -> Policy:
    """The policy it was promised under; before that was said, the one of its instant."""
    if promise.policy is None:
        return policy_at(work.session, work.memo, promise.made_at)
    return policy_version(work.session, work.memo, promise.policy)
