"""What was missed climbs: claim a batch of due incidents, decide, write, tell; one transaction.

The incident is locked first, then its clocks; people acting on it take the same order, so nobody
waits in a circle. Nothing is sent here. A kill at any point leaves the batch either done or due.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from gridtrack.access import Permission, require
from gridtrack.accounts.rules import Holder
from gridtrack.db.sql import guard_long_work
from gridtrack.deadlines import store as deadlines
from gridtrack.deadlines.rules import ClockFace, Decision, Fired, Rung, decide, step_key
from gridtrack.deadlines.store import Running
from gridtrack.incidents import store as incidents
from gridtrack.incidents.rules import Happening, State
from gridtrack.incidents.store import Due
from gridtrack.notifications import store as notifications
from gridtrack.notifications.store import Told
from gridtrack.queries.on_duty import on_duty
from gridtrack.routing.rules import ancestors, holder_for
from gridtrack.usecases.tell import facts, used_up
from gridtrack.work import Work

BATCH = (
    200  # measured-escalation.md §4: some hundreds a transaction, a commit each is 20 times slower
)


@dataclass(slots=True)
class Swept:
    """What one batch did; `late_ms` has one figure for each rung fired."""

    claimed: int = 0
    late_ms: list[int] = field(default_factory=list)
    rungs: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Writes:
    incidents: list[dict[str, Any]] = field(default_factory=list)
    clocks: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)


def sweep(work: Work, limit: int = BATCH, only: int | None = None) -> Swept:
    """Fire what is due now for up to `limit` incidents, oldest first (`only`: just this one)."""
    require(work.actor, Permission.ENGINE)
    guard_long_work(work.session)
    swept = Swept()
    rows = incidents.claim_due(work.session, work.now, limit, only)
    swept.claimed = len(rows)
    if not rows:
        return swept
    clocks = {c.incident_id: c for c in deadlines.running(work.session, [r.id for r in rows])}
    duty = _Duty(work, rows)
    writes = _Writes()
    for row in rows:
        clock = clocks.get(row.id)
        if clock is None or clock.next_fire_at is None or clock.next_fire_at > work.now:
            # Met in the meantime: put the incident's own instant right, fire nothing.
            writes.incidents.append(incidents.rearmed(row, clock.next_fire_at if clock else None))
            continue
        for fired in _climb(work, row, clock, duty, writes):
            swept.late_ms.append(fired.late_ms)
            swept.rungs.append(fired.rung.code)
    _write(work, writes)
    return swept


def _write(work: Work, writes: _Writes) -> None:
    incidents.advance(work.session, writes.incidents, work.now)
    deadlines.release(work.session, [row["b_id"] for row in writes.incidents])
    if writes.clocks:
        deadlines.advance(work.session, writes.clocks)
        incidents.append(work.session, writes.events)
        notifications.enqueue(work.session, work.memo, writes.told, work.now)


class _Duty:
    """Who is on duty for the paths of a batch: one query, then look-ups."""

    def __init__(self, work: Work, rows: Sequence[Due]) -> None:
        scopes = {scope for row in rows for scope in ancestors(row.grid_path)}
        self._at: dict[str, list[Holder]] = {}
        self._found: dict[tuple[str, Rung], Holder | None] = {}
        for holder in on_duty(work, scopes, ()):
            self._at.setdefault(holder.scope, []).append(holder)

    def holder(self, path: str, rung: Rung) -> Holder | None:
        """The person present for a rung over `path`; found once for a batch."""
        key = (path, rung)
        if key not in self._found:
            candidates = [h for scope in ancestors(path) for h in self._at.get(scope, ())]
            self._found[key] = holder_for(path, candidates, role=rung.role, deputy=rung.deputy)
        return self._found[key]


def _climb(work: Work, row: Due, clock: Running, duty: _Duty, writes: _Writes) -> Iterator[Fired]:
    policy = deadlines.policy_version(work.session, work.memo, clock.policy_version)
    ladder = policy.ladders[clock.ladder]
    last = ladder.rungs[-1]
    holders: dict[int, Holder] = {}

    def holder_of(rung: Rung) -> int | None:
        holder = duty.holder(row.grid_path, rung)
        if holder is None or (holder.person_id == row.handler_id and rung is not last):
            return None  # nobody there, or the one who has it already: climb on at once
        holders[holder.person_id] = holder
        return holder.person_id

    assert clock.next_fire_at is not None
    face = ClockFace(clock.due_at, clock.next_fire_at, clock.step, clock.repeat)
    decision = decide(face, ladder, work.now, holder_of)
    happenings = list(_happenings(row, clock, decision, holders, work))
    version = row.version + len(happenings)
    changes: dict[str, Any] = {}
    for happening in happenings:
        changes.update(happening.changes)
    writes.incidents.append(incidents.advanced(row, version, changes))
    writes.clocks.append(_clock_changes(clock, decision))
    writes.events.extend(
        incidents.event_rows(row.id, row.version, happenings, work.actor, work.now)
    )
    writes.told.extend(_told(work, row, clock, decision))
    yield from (f for f in decision.fired if f.holder is not None)


def _happenings(
    row: Due, clock: Running, decision: Decision, holders: dict[int, Holder], work: Work
) -> Iterator[Happening]:
    promised = clock.due_at.isoformat()
    for n, fired in enumerate(decision.fired):
        changes: dict[str, object] = {}
        if n == len(decision.fired) - 1:
            changes["next_due_at"] = decision.next_fire_at
            changes["deadline_state"] = "exhausted" if decision.exhausted else "armed"
        holder = holders.get(fired.holder) if fired.holder is not None else None
        if holder is not None:
            changes["rung"] = fired.rung.code
            if fired.rung.takes_over:
                changes |= {"handler_id": holder.person_id, "handler_role": holder.role}
                # Handed back and still running: it is somebody's again, and can be acknowledged.
                changes["state"] = State.ASSIGNED.value
        yield Happening(
            kind="escalated" if holder is not None else "rung-skipped",
            at=work.now,
            changes=changes,
            data={
                "clock": clock.kind,
                "cycle": clock.cycle,
                "rung": fired.rung.code,
                "step": fired.step,
                "repeat": fired.repeat,
                "to": holder.name if holder else None,
                "promised": promised,
                "due_at": fired.due_at.isoformat(),
                "late_ms": fired.late_ms,
                "cause": "engine-gap" if fired.gap else "missed",
                "exhausted": decision.exhausted,
            },
            key=step_key(row.id, clock.kind, clock.cycle, fired.step, fired.repeat),
        )


def _clock_changes(clock: Running, decision: Decision) -> dict[str, Any]:
    return {
        "b_incident": clock.incident_id,
        "b_kind": clock.kind,
        "b_cycle": clock.cycle,
        # An exhausted promise still runs: only a human act ends it, only the ladder is used up.
        "b_state": clock.state,
        "b_step": decision.step,
        "b_repeat": decision.repeat,
        "b_next": decision.next_fire_at,
        "b_breached_at": clock.due_at,
    }


def _told(work: Work, row: Due, clock: Running, decision: Decision) -> Iterator[Told]:
    about = facts(work, row.id, row)
    for fired in decision.fired:
        if fired.holder is None:
            continue
        cause = step_key(row.id, clock.kind, clock.cycle, fired.step, fired.repeat)
        told = {**about, "rung": fired.rung.code, "since": clock.due_at.isoformat()}
        told |= {"gap": True} if fired.gap else {}
        yield Told(cause, "escalated", row.id, (fired.holder,), row.grid_path, told)
    if decision.exhausted:
        cause = step_key(row.id, clock.kind, clock.cycle, 99, 0)
        since = {**about, "since": clock.due_at.isoformat()}
        yield used_up(work, row.id, cause, since)
