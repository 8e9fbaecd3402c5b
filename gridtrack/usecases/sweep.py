"""What was missed climbs: claim a batch of due incidents, decide, write, tell; one transaction.

The incident is locked first, then its clocks; people acting on it take the same order, so nobody
waits in a circle. Nothing is sent here. A kill at any point leaves the batch either done or due.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from gridtrack.access import Permission, require
from gridtrack.accounts.rules import Holder
from gridtrack.db.sql import guard_long_work
from gridtrack.deadlines import store as deadlines
from gridtrack.deadlines.rules import (
    ClockFace,
    ClockState,
    Decision,
    Fired,
    Kind,
    Ladder,
    Rung,
    decide,
    standing,
    step_key,
)
from gridtrack.deadlines.store import Live
from gridtrack.incidents import store as incidents
from gridtrack.incidents.rules import Happening, State
from gridtrack.incidents.store import Due
from gridtrack.notifications.store import Told
from gridtrack.queries.around import NOBODY, around, parties_of
from gridtrack.queries.on_duty import on_duty
from gridtrack.routing.rules import ancestors, holder_for, passed_over
from gridtrack.usecases.going_on import going_on
from gridtrack.usecases.order_steps import overdue_to_issuer
from gridtrack.usecases.tell import facts, send, used_up
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
    resumed: list[dict[str, Any]] = field(default_factory=list)
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
    clocks: dict[int, list[Live]] = {row.id: [] for row in rows}
    for clock in deadlines.live(work.session, clocks):
        clocks[clock.incident_id].append(clock)
    duty = _Duty(work, rows)
    writes = _Writes()
    for row in rows:
        one = _Matter(work, row, clocks[row.id], duty)
        one.sweep()
        one.write(writes)
        for fired in one.fired:
            swept.late_ms.append(fired.late_ms)
            swept.rungs.append(fired.rung.code)
    _write(work, writes)
    return swept


def _write(work: Work, writes: _Writes) -> None:
    incidents.advance(work.session, writes.incidents, work.now)
    deadlines.release(work.session, [row["b_id"] for row in writes.incidents])
    for write, rows in (
        (deadlines.advance, writes.clocks),
        (deadlines.go_on, writes.resumed),
        (incidents.append, writes.events),
    ):
        if rows:
            write(work.session, rows)
    if writes.told:
        send(work, writes.told)


class _Duty:
    """Who is on duty for the paths of a batch: one query, then look-ups."""

    def __init__(self, work: Work, rows: Sequence[Due]) -> None:
        self._about = parties_of(work, [row.id for row in rows])
        scopes = {scope for row in rows for scope in ancestors(row.grid_path)}
        self._at: dict[str, list[Holder]] = {}
        self._found: dict[tuple[str, Rung], Holder | None] = {}
        for holder in on_duty(work, scopes, ()):
            self._at.setdefault(holder.scope, []).append(holder)

    def _near(self, row: Due) -> list[Holder]:
        """Who holds a post over a matter, whom it is about marked."""
        near = [h for scope in ancestors(row.grid_path) for h in self._at.get(scope, ())]
        return around(near, self._about.get(row.id, NOBODY))

    def holder(self, row: Due, rung: Rung) -> Holder | None:
        """The person present for a rung over a matter; found once for a batch and a path."""
        path = row.grid_path
        if row.id in self._about:
            return holder_for(path, self._near(row), role=rung.role, deputy=rung.deputy)
        key = (path, rung)
        if key not in self._found:
            self._found[key] = holder_for(path, self._near(row), role=rung.role, deputy=rung.deputy)
        return self._found[key]

    def passed(self, row: Due, rung: Rung) -> tuple[str, tuple[str, ...]]:
        """Why a rung has nobody to tell of a matter, and the names it is about."""
        return passed_over(
            row.grid_path,
            self._near(row),
            role=rung.role,
            deputy=rung.deputy,
            handler_id=row.handler_id,
        )


class _Matter:
    """A due incident under its lock: its hold ends, its due clocks climb, in the order they came.

    What it finds changed by a person in the meantime it only puts right.
    """

    def __init__(self, work: Work, row: Due, clocks: list[Live], duty: _Duty) -> None:
        self._work, self._claimed, self._duty = work, row, duty
        self._row = row  # as it is after what was decided so far
        self._clocks = {clock.kind: clock for clock in clocks}
        self._happenings: list[Happening] = []
        self._climbed: list[dict[str, Any]] = []
        self._resumed: list[dict[str, Any]] = []
        self._told: list[Told] = []
        self.fired: list[Fired] = []

    def sweep(self) -> None:
        """Decide about everything that is due by now."""
        if self._row.held_until is not None and self._row.held_until <= self._work.now:
            self._end_hold(self._row.held_until)
        due = [
            (clock.next_fire_at, clock)
            for clock in self._clocks.values()
            if clock.next_fire_at is not None and clock.next_fire_at <= self._work.now
        ]
        for _, clock in sorted(due, key=lambda pair: pair[0]):
            self._climb(clock)

    def write(self, writes: _Writes) -> None:
        """Add what was decided to the writes of the batch."""
        row, work = self._claimed, self._work
        stands = standing(self._clocks.values(), self._row.held_until)
        if self._happenings:  # the row is the sum of its events: the last one says how it stands
            last = self._happenings[-1]
            self._happenings[-1] = replace(last, changes={**last.changes, **stands})
        changes = _summed(self._happenings) | stands
        version = row.version + len(self._happenings)
        writes.incidents.append(incidents.advanced(row, version, changes))
        writes.clocks += self._climbed
        writes.resumed += self._resumed
        writes.events += incidents.event_rows(
            row.id, row.version, self._happenings, work.actor, work.now
        )
        writes.told += self._told

    def _end_hold(self, until: datetime) -> None:
        """The hold ends at its own instant, however late that is seen: nobody gains by it."""
        row, work = self._row, self._work
        ended = []
        for clock in self._clocks.values():
            if clock.state == ClockState.PAUSED.value:
                on = going_on(work, clock, until)
                self._resumed.append(deadlines.resumed(clock, asdict(on)))
                ended.append(on.said(clock))
                self._clocks[clock.kind] = replace(
                    clock,
                    state=ClockState.RUNNING.value,
                    due_at=on.due_at,
                    next_fire_at=on.next_fire_at,
                )
        changes = {"state": State.IN_PROGRESS.value, "held_until": None}
        key = f"hold-ended:{row.id}:{row.version}"
        data = {"until": until.isoformat(), "resumed": ended}
        self._happenings.append(Happening("hold-ended", work.now, changes, data, key))
        self._row = replace(row, state=State.IN_PROGRESS.value, held_until=None)
        if row.handler_id is not None:
            about = facts(work, row.id, row)
            told = (row.handler_id,)
            self._told.append(Told(key, "hold-ended", row.id, told, row.grid_path, about))

    def _climb(self, clock: Live) -> None:
        row = self._row
        policy = deadlines.policy_version(self._work.session, self._work.memo, clock.policy_version)
        ladder = policy.ladders[clock.ladder]
        last = ladder.rungs[-1]
        holders: dict[int, Holder] = {}

        def holder_of(rung: Rung) -> int | None:
            holder = self._duty.holder(row, rung)
            if holder is None or (holder.person_id == row.handler_id and rung is not last):
                return None  # nobody there, or the one who has it already: climb on at once
            holders[holder.person_id] = holder
            return holder.person_id

        assert clock.next_fire_at is not None
        face = ClockFace(clock.due_at, clock.next_fire_at, clock.step, clock.repeat)
        decision = decide(face, ladder, self._work.now, holder_of)
        happenings = [
            self._why_passed(one, ladder)
            for one in _happenings(row, clock, decision, holders, self._work)
        ]
        summed = _summed(happenings)
        self._row = replace(row, **{n: v for n, v in summed.items() if n in Due.__slots__})
        self._clocks[clock.kind] = replace(
            clock, step=decision.step, repeat=decision.repeat, next_fire_at=decision.next_fire_at
        )
        self._happenings += happenings
        self._climbed.append(_clock_changes(clock, decision))
        self._told += _told(self._work, row, clock, decision)
        self.fired += (f for f in decision.fired if f.holder is not None)

    def _why_passed(self, happening: Happening, ladder: Ladder) -> Happening:
        """With the reason for which nobody was told, where that is so."""
        if happening.kind != "rung-skipped":
            return happening
        rung = next(one for one in ladder.rungs if one.code == happening.data["rung"])
        code, names = self._duty.passed(self._row, rung)
        passed = {"code": code, "names": list(names)}
        return replace(happening, data={**happening.data, "passed": passed})


def _summed(happenings: Sequence[Happening]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for happening in happenings:
        found |= happening.changes
    return found


def _happenings(
    row: Due, clock: Live, decision: Decision, holders: dict[int, Holder], work: Work
) -> Iterator[Happening]:
    promised = clock.due_at.isoformat()
    for fired in decision.fired:
        holder = holders.get(fired.holder) if fired.holder is not None else None
        yield Happening(
            kind="escalated" if holder is not None else "rung-skipped",
            at=work.now,
            changes=_taken_over(row, clock, fired, holder) if holder is not None else {},
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


def _taken_over(row: Due, clock: Live, fired: Fired, holder: Holder) -> dict[str, object]:
    changes: dict[str, object] = {"rung": fired.rung.code}
    if fired.rung.takes_over:
        changes |= {"handler_id": holder.person_id, "handler_role": holder.role}
        # Handed back and still running: it is somebody's again, and can be acknowledged. A clock
        # after that one leaves the matter as far as it has come.
        if clock.kind == Kind.ACKNOWLEDGE.value or row.state == State.REPORTED.value:
            changes["state"] = State.ASSIGNED.value
    return changes


def _clock_changes(clock: Live, decision: Decision) -> dict[str, Any]:
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


def _told(work: Work, row: Due, clock: Live, decision: Decision) -> Iterator[Told]:
    asked = clock.kind == Kind.ACKNOWLEDGE.value
    about = facts(work, row.id, row) | {"since": clock.due_at.isoformat(), "clock": clock.kind}
    about["passed"] = [fired.rung.code for fired in decision.fired if fired.holder is None]
    if clock.kind != Kind.SUPERVISE.value:
        about["missed_id"] = row.handler_id
    first = decision.fired[0] if decision.fired else None
    if clock.kind == Kind.SUPERVISE.value and first and not (first.step or first.repeat):
        climbed = {fired.holder for fired in decision.fired if fired.holder is not None}
        yield overdue_to_issuer(work, row, row.id, climbed)
    for fired in decision.fired:
        if fired.holder is None:
            continue
        cause = step_key(row.id, clock.kind, clock.cycle, fired.step, fired.repeat)
        told = {**about, "rung": fired.rung.code}
        told |= {"gap": True} if fired.gap else {}
        kind = "escalated" if asked else "overdue"
        yield Told(cause, kind, row.id, (fired.holder,), row.grid_path, told)
    if decision.exhausted:
        cause = step_key(row.id, clock.kind, clock.cycle, 99, 0)
        yield used_up(work, row.id, cause, about)
