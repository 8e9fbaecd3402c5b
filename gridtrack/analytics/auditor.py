"""Was every promise kept or climbed? Derived again from the event log, trusting no stored state.

The ladder is walked here a second time, with code of its own: what the engine's own rule decided is
never asked. A fault in the sweep, in its rule or in the armed instants of the rows shows up here.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import func, select

from gridtrack.access import Permission, require
from gridtrack.deadlines.rules import GAP, Kind, Ladder
from gridtrack.deadlines.store import CLOCK, policy_at, policy_version
from gridtrack.incidents.store import EVENT, INCIDENT
from gridtrack.work import Work

PATIENCE = timedelta(seconds=60)  # a step this late and still not fired is missing
STEPS = frozenset({"escalated", "rung-skipped"})
ENDS = frozenset({"acknowledged", "reject", "merged"})  # after these nothing may climb
# Neither a promise nor a step nor an end; kinds of event that are not known yet are read.
QUIET = frozenset({"note", "photo", "start", "hold", "resume", "resolve", "closed", "triaged"})
CHUNK = 2000  # incidents read at a time: memory stays flat however long the log is


@dataclass(frozen=True, slots=True)
class Fault:
    """One step that is `missing`, `double` or `early`; `due_at` is when it should have fired."""

    code: str
    incident_id: int
    cycle: int
    step: int
    repeat: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Audit:
    """What the log says: promises made, steps fired, and every step that does not fit."""

    promises: int
    fired: int
    faults: tuple[Fault, ...]
    worst_late_ms: int

    @property
    def missing(self) -> int:
        """Steps due for over a minute, before any human act, that nobody fired."""
        return self._count("missing")

    @property
    def double(self) -> int:
        """Steps fired a second time."""
        return self._count("double")

    @property
    def early(self) -> int:
        """Steps fired before they were due, or after the matter had been taken up."""
        return self._count("early")

    def _count(self, code: str) -> int:
        return sum(fault.code == code for fault in self.faults)


def audit(work: Work, since: datetime | None = None) -> Audit:
    """Every promise of the incidents that changed after `since` (None: ever) or still wait.

    Reads the log once, in order, some thousand incidents at a time.
    """
    require(work.actor, Permission.AUDIT)
    found = _Tally()
    for incident_id, events, versions in _logs(work, since):
        for promise in _promises(incident_id, events):
            version = versions.get(promise.cycle)
            policy = (
                policy_at(work.session, work.memo, promise.made_at)
                if version is None
                else policy_version(work.session, work.memo, version)
            )
            _walk(promise, policy.ladders[promise.ladder], work.now, found)
    return Audit(found.promises, found.fired, tuple(found.faults), found.worst_late_ms)


@dataclass(slots=True)
class _Tally:
    promises: int = 0
    fired: int = 0
    worst_late_ms: int = 0
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Step:
    """A step as the log tells it; `taken_up` is True where a human had acted before it."""

    at: datetime
    step: int
    repeat: int
    skipped: bool
    taken_up: bool


@dataclass(slots=True)
class _Promise:
    incident_id: int
    cycle: int
    made_at: datetime
    due_at: datetime
    ladder: str
    ended_at: datetime | None = None
    steps: list[_Step] = field(default_factory=list)


def _logs(work: Work, since: datetime | None) -> Iterator[tuple[int, list[Any], dict[int, int]]]:
    """Each incident with its events in order and the policy version of each of its clocks."""
    last = work.session.scalar(select(func.max(INCIDENT.c.id))) or 0
    for low in range(1, last + 1, CHUNK):
        chosen = select(INCIDENT.c.id).where(INCIDENT.c.id.between(low, low + CHUNK - 1))
        if since is not None:
            chosen = chosen.where((INCIDENT.c.updated_at >= since) | INCIDENT.c.due_at.is_not(None))
        events = work.session.execute(
            select(EVENT.c.incident_id, EVENT.c.kind, EVENT.c.at, EVENT.c.data)
            .where(EVENT.c.incident_id.in_(chosen), EVENT.c.kind.not_in(QUIET))
            .order_by(EVENT.c.incident_id, EVENT.c.seq)
        )
        versions = _versions(work, low)
        for incident_id, rows in groupby(events, key=lambda row: row.incident_id):
            yield incident_id, list(rows), versions.get(incident_id, {})


def _versions(work: Work, low: int) -> dict[int, dict[int, int]]:
    rows = work.session.execute(
        select(CLOCK.c.incident_id, CLOCK.c.cycle, CLOCK.c.policy_version).where(
            CLOCK.c.incident_id.between(low, low + CHUNK - 1),
            CLOCK.c.kind == Kind.ACKNOWLEDGE.value,
        )
    )
    found: dict[int, dict[int, int]] = {}
    for row in rows:
        found.setdefault(row.incident_id, {})[row.cycle] = row.policy_version
    return found


def _promises(incident_id: int, events: Iterable[Any]) -> Sequence[_Promise]:
    """The promises of one incident, each with the steps the log has for it."""
    made: list[_Promise] = []
    for event in events:
        given = event.data.get("promise")
        if given is not None:
            if made:
                made[-1].ended_at = made[-1].ended_at or event.at
            due_at = datetime.fromisoformat(given["due_at"])
            made.append(_Promise(incident_id, len(made) + 1, event.at, due_at, given["ladder"]))
        elif event.kind in ENDS and made:
            made[-1].ended_at = made[-1].ended_at or event.at
        elif event.kind in STEPS and event.data["clock"] == Kind.ACKNOWLEDGE.value:
            _file(made, event)
    return made


def _file(made: Sequence[_Promise], event: Any) -> None:
    cycle = event.data["cycle"]
    if 1 <= cycle <= len(made):
        promise = made[cycle - 1]
        skipped = event.kind == "rung-skipped"
        taken_up = promise.ended_at is not None
        promise.steps.append(
            _Step(event.at, event.data["step"], event.data["repeat"], skipped, taken_up)
        )


@dataclass(slots=True)
class _Expected:
    """The step that comes next; `due_at` None: the ladder is used up."""

    step: int
    repeat: int
    due_at: datetime | None


def _walk(promise: _Promise, ladder: Ladder, now: datetime, found: _Tally) -> None:
    """Climb the ladder again beside what the log says was climbed."""
    found.promises += 1
    expected = _Expected(0, 0, promise.due_at + ladder.rungs[0].after)
    seen: set[tuple[int, int]] = set()
    for fired in promise.steps:
        found.fired += 1
        place = (fired.step, fired.repeat)
        if place in seen:
            found.faults.append(_fault("double", promise, *place, fired.at))
            continue
        seen.add(place)
        while expected.due_at is not None and (expected.step, expected.repeat) < place:
            # The log jumps: what lies between never fired, and would have been due by now.
            fault = _fault("missing", promise, expected.step, expected.repeat, expected.due_at)
            found.faults.append(fault)
            _climb(expected, ladder, expected.due_at, skipped=False)
        due_at = expected.due_at
        if due_at is None or fired.at < due_at or fired.taken_up:
            found.faults.append(_fault("early", promise, *place, due_at or fired.at))
        else:
            late = fired.at - due_at
            found.worst_late_ms = max(found.worst_late_ms, int(late / timedelta(milliseconds=1)))
        expected = _Expected(*place, due_at or fired.at)
        _climb(expected, ladder, fired.at, skipped=fired.skipped)
    until = min(now, promise.ended_at) if promise.ended_at else now
    if expected.due_at is not None and expected.due_at + PATIENCE < until:
        found.faults.append(
            _fault("missing", promise, expected.step, expected.repeat, expected.due_at)
        )


def _climb(expected: _Expected, ladder: Ladder, fired_at: datetime, *, skipped: bool) -> None:
    """What comes after a step fired at `fired_at`.

    Behind a vacant rung the next is due at once; behind a gap it gets its whole window from then.
    """
    assert expected.due_at is not None
    base = fired_at if fired_at - expected.due_at > GAP else expected.due_at
    last = len(ladder.rungs) - 1
    if expected.step < last:
        expected.step += 1
        wait = timedelta(0) if skipped else ladder.rungs[expected.step].after
        expected.due_at = (expected.due_at if skipped else base) + wait
    elif expected.repeat < ladder.repeat_max:
        expected.repeat += 1
        expected.due_at = base + ladder.repeat_every
    else:
        expected.due_at = None


def _fault(code: str, promise: _Promise, step: int, repeat: int, due_at: datetime) -> Fault:
    return Fault(code, promise.incident_id, promise.cycle, step, repeat, due_at)
