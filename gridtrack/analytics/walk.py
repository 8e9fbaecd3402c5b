"""The ladder walked a second time beside the log. Pure, and shares no rule with the sweep.

What the engine's own rule decided is never asked: a fault in the sweep, in its rule or in the armed
instants of the rows shows up here.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from gridtrack.deadlines.policy_parts import Offline
from gridtrack.deadlines.rules import GAP, Kind, Ladder

PATIENCE = timedelta(seconds=60)  # a step this late and still not fired is missing
STEPS = frozenset({"escalated", "rung-skipped"})
ENDS = frozenset({"acknowledged", "reject", "merged"})  # after these nothing may climb
_MS = timedelta(milliseconds=1)


class Line(NamedTuple):
    """What the walk needs of one event of the log; `at` is when it was recorded.

    A step is judged by what was known then: an acknowledgement that arrived later, whenever it was
    made, had not come yet.
    """

    incident_id: int
    kind: str
    at: datetime
    promised: str | None  # when what was promised with this event is due
    ladder: str | None
    clock: str | None
    cycle: int | None
    step: int | None
    repeat: int | None
    offline: str | None = None  # what a phone said of an act made without a signal, as JSON


@dataclass(frozen=True, slots=True)
class Fault:
    """One step that is `missing`, `double` or `early`; `due_at` is when it should have fired.

    `misjudged` is an answer whose time of making counted and should not have, or the other way.
    """

    code: str
    incident_id: int
    cycle: int
    step: int
    repeat: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class _Step:
    """A step as the log tells it; `taken_up` is True where a human had acted before it."""

    at: datetime
    step: int
    repeat: int
    skipped: bool
    taken_up: bool


@dataclass(slots=True)
class Promise:
    """A promise as the log tells it, with the steps that the log has for it."""

    incident_id: int
    cycle: int
    made_at: datetime
    due_at: datetime
    ladder: str
    ended_at: datetime | None = None
    answered_at: datetime | None = None  # the earliest answer, by the time that counts
    steps: list[_Step] = field(default_factory=list)
    answers: list[tuple[datetime, str | None]] = field(default_factory=list)

    @property
    def in_time(self) -> bool:
        """True where it was answered by its due instant, whenever that was heard of."""
        return self.answered_at is not None and self.answered_at <= self.due_at


@dataclass(slots=True)
class Walked:
    """What became of one promise; `expected_at` is the next step's instant, None: none to come."""

    promise: Promise
    fired: int = 0
    late: int = 0  # steps fired more than PATIENCE behind their instant
    worst_late_ms: int = 0
    expected_at: datetime | None = None
    faults: list[Fault] = field(default_factory=list)

    def count(self, code: str) -> int:
        """How many faults of a kind."""
        return sum(fault.code == code for fault in self.faults)


def promises(lines: Iterable[Line]) -> Sequence[Promise]:
    """The promises of one incident from its events in order."""
    made: list[Promise] = []
    for line in lines:
        if line.promised is not None:
            if made:
                made[-1].ended_at = made[-1].ended_at or line.at
            due_at = datetime.fromisoformat(line.promised)
            assert line.ladder is not None
            made.append(Promise(line.incident_id, len(made) + 1, line.at, due_at, line.ladder))
        elif line.kind in ENDS and made:
            made[-1].ended_at = made[-1].ended_at or line.at
            if line.kind == "acknowledged":
                made[-1].answers.append((line.at, line.offline))
        elif line.kind == "late-act" and line.cycle is not None and line.cycle <= len(made):
            made[line.cycle - 1].answers.append((line.at, line.offline))
        elif line.kind in STEPS and line.clock == Kind.ACKNOWLEDGE.value:
            _file(made, line)
    return made


def _judge(promise: Promise, trust: Offline) -> Iterable[datetime]:
    """Find again when a promise was answered; gives the receipt of answers judged wrongly.

    The rule is that of ADR 14, written a second time. Whom a step had told, and when, is not asked
    here: a doubt that the log has of its own is believed.
    """
    for received_at, offline in promise.answers:
        at = received_at
        if offline is not None:
            told = json.loads(offline)
            acted, sent = (datetime.fromisoformat(told[name]) for name in ("acted_at", "sent_at"))
            made_at = received_at - (sent - acted)
            near = abs(received_at - sent) <= trust.skew and sent - acted <= trust.longest
            if told["counts"] and not (near and promise.made_at <= made_at <= received_at):
                yield received_at
            elif told["counts"]:
                at = made_at
        promise.answered_at = min(promise.answered_at or at, at)


def _file(made: Sequence[Promise], line: Line) -> None:
    assert line.cycle is not None
    assert line.step is not None
    assert line.repeat is not None
    if 1 <= line.cycle <= len(made):
        promise = made[line.cycle - 1]
        skipped, taken_up = line.kind == "rung-skipped", promise.ended_at is not None
        promise.steps.append(_Step(line.at, line.step, line.repeat, skipped, taken_up))


@dataclass(slots=True)
class _Expected:
    """The step that comes next; `due_at` None: the ladder is used up."""

    step: int
    repeat: int
    due_at: datetime | None


def walk(promise: Promise, ladder: Ladder, now: datetime, trust: Offline) -> Walked:
    """Climb the ladder again beside what the log says was climbed.

    `trust` is how far the policy that it was promised under believes a phone's clock.
    """
    found = Walked(promise)
    found.faults += [_fault("misjudged", promise, 0, 0, at) for at in _judge(promise, trust)]
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
            found.worst_late_ms = max(found.worst_late_ms, (fired.at - due_at) // _MS)
            found.late += fired.at - due_at > PATIENCE
        expected = _Expected(*place, due_at or fired.at)
        _climb(expected, ladder, fired.at, skipped=fired.skipped)
    _what_is_left(found, expected, now)
    return found


def _what_is_left(found: Walked, expected: _Expected, now: datetime) -> None:
    """The step that comes next is missing where it is long due, else it is still to come."""
    promise, due_at = found.promise, expected.due_at
    if due_at is None:
        return
    until = min(now, promise.ended_at) if promise.ended_at else now
    if due_at + PATIENCE < until:
        found.faults.append(_fault("missing", promise, expected.step, expected.repeat, due_at))
    elif promise.ended_at is None:
        found.expected_at = due_at


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


def _fault(code: str, promise: Promise, step: int, repeat: int, due_at: datetime) -> Fault:
    return Fault(code, promise.incident_id, promise.cycle, step, repeat, due_at)
