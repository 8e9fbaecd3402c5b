"""The ladder walked a second time beside the log. Pure, and shares no rule with the sweep.

What the engine's own rule decided is never asked: a fault in the sweep, in its rule or in the armed
instants of the rows shows up here.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from gridtrack.analytics.rederive import Turn
from gridtrack.deadlines.policy_parts import Offline
from gridtrack.deadlines.rules import GAP, Kind, Ladder

PATIENCE = timedelta(seconds=60)  # a step this late and still not fired is missing
STEPS = frozenset({"escalated", "rung-skipped"})
_EVERY = tuple(kind.value for kind in Kind)
# After these nothing of that clock may climb.
ENDS: Mapping[str, tuple[str, ...]] = {
    "acknowledged": ("acknowledge",),
    "start": ("arrive",),
    "resolve": ("arrive", "resolve"),
    **dict.fromkeys(("order-answered", "order-withdrawn"), ("supervise",)),
    **dict.fromkeys(("reject", "merged", "closed"), _EVERY),
}
_MS = timedelta(milliseconds=1)
_Given = Sequence[Mapping[str, Any]]


class Line(NamedTuple):
    """What the walk needs of one event of the log; `at` is when it was recorded.

    A step is judged by what was known then: an acknowledgement that arrived later, whenever it was
    made, had not come yet.
    """

    incident_id: int
    kind: str
    at: datetime
    promises: _Given | None  # clocks that start with it, and when they are due
    promise: Mapping[str, Any] | None  # the same, as it was written when there was one clock
    paused: _Given | None
    resumed: _Given | None
    moved: _Given | None  # clocks that are due at another instant from here on
    until: str | None
    clock: str | None
    cycle: int | None
    step: int | None
    repeat: int | None
    offline: str | None = None  # what a phone said of an act made without a signal, as JSON


@dataclass(frozen=True, slots=True)
class Fault:
    """One step that is `missing`, `double` or `early`; `due_at` is when it should have fired.

    `misjudged` is an answer whose time of making counted and should not have, or the other way, or
    a due instant that does not come out where the log says that a clock went on or moved.
    """

    code: str
    incident_id: int
    clock: str
    cycle: int
    step: int
    repeat: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class _Step:
    """A step as the log tells it; `barred` is True where a human had acted, or it rested."""

    at: datetime
    step: int
    repeat: int
    skipped: bool
    barred: bool


@dataclass(slots=True)
class Promise:
    """A promise as the log tells it, with the steps that the log has for it.

    `due_at` is what it was in the end: pauses, extensions and changes of the calendar moved it.
    """

    incident_id: int
    clock: str
    cycle: int
    made_at: datetime
    due_at: datetime
    ladder: str
    policy: int | None
    rests_until: datetime | None = None
    ended_at: datetime | None = None
    answered_at: datetime | None = None  # the earliest answer, by the time that counts
    steps: list[_Step] = field(default_factory=list)
    answers: list[tuple[datetime, str | None]] = field(default_factory=list)
    made: Mapping[str, Any] = field(default_factory=dict)  # as the log says it
    turns: list[Turn] = field(default_factory=list)

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

    def misjudge(self, at: datetime) -> None:
        """One more fault: what the log says of `at` does not come out."""
        self.faults.append(_fault("misjudged", self.promise, 0, 0, at))

    def count(self, code: str) -> int:
        """How many faults of a kind."""
        return sum(fault.code == code for fault in self.faults)


def promises(lines: Iterable[Line]) -> Sequence[Promise]:
    """The promises of one incident from its events in order."""
    made: dict[tuple[str, int], Promise] = {}
    for line in lines:
        for ended in ENDS.get(line.kind, ()):
            _end(made, ended, line)
        if line.kind == "late-act" and (line.clock, line.cycle) in made:
            made[line.clock or "", line.cycle or 0].answers.append((line.at, line.offline))
        for given in line.promises or _in_old_form(line, made):
            _end(made, given["clock"], line)
            promise = _promise(line, given)
            made[promise.clock, promise.cycle] = promise
        _rest(made, line)
        if line.kind in STEPS:
            _file(made, line)
    return list(made.values())


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


def _in_old_form(
    line: Line, made: Mapping[tuple[str, int], Promise]
) -> Sequence[Mapping[str, Any]]:
    if line.promise is None:
        return ()
    return ({**line.promise, "clock": Kind.ACKNOWLEDGE.value, "cycle": len(made) + 1},)


def _promise(line: Line, given: Mapping[str, Any]) -> Promise:
    return Promise(
        line.incident_id,
        given["clock"],
        given["cycle"],
        line.at,
        datetime.fromisoformat(given["due_at"]),
        given["ladder"],
        given.get("policy"),
        made=given,
    )


def _end(made: Mapping[tuple[str, int], Promise], clock: str, line: Line) -> None:
    for promise in made.values():
        if promise.clock == clock and promise.ended_at is None:
            promise.ended_at, promise.rests_until = line.at, None
            if line.kind == "acknowledged" and clock == Kind.ACKNOWLEDGE.value:
                promise.answers.append((line.at, line.offline))


def _rest(made: Mapping[tuple[str, int], Promise], line: Line) -> None:
    """A hold began or ended, or the due instant was moved."""
    for given in line.paused or ():
        assert line.until is not None
        promise = made[given["clock"], given["cycle"]]
        promise.rests_until = datetime.fromisoformat(line.until)
        promise.turns.append(Turn("paused", line.kind, line.at, given))
    for given in line.resumed or ():
        promise = made[given["clock"], given["cycle"]]
        promise.rests_until = None
        # A hold that comes to its own end ends then, whenever that is seen.
        own = line.until if line.kind == "hold-ended" else None
        at = datetime.fromisoformat(own) if own else line.at
        promise.turns.append(Turn("resumed", line.kind, at, given))
    for given in line.moved or ():
        promise = made[given["clock"], given["cycle"]]
        promise.turns.append(Turn("moved", line.kind, line.at, given))
    for given in (*(line.resumed or ()), *(line.moved or ())):
        due_at = datetime.fromisoformat(given["due_at"])
        made[given["clock"], given["cycle"]].due_at = due_at


def _file(made: Mapping[tuple[str, int], Promise], line: Line) -> None:
    assert line.clock is not None
    assert line.cycle is not None
    assert line.step is not None
    assert line.repeat is not None
    promise = made.get((line.clock, line.cycle))
    if promise is not None:
        barred = promise.ended_at is not None or promise.rests_until is not None
        skipped = line.kind == "rung-skipped"
        promise.steps.append(_Step(line.at, line.step, line.repeat, skipped, barred))


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
        if due_at is None or fired.at < due_at or fired.barred:
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
    if promise.rests_until is not None:
        due_at = promise.rests_until  # then it goes on, whoever says so
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
    return Fault(code, promise.incident_id, promise.clock, promise.cycle, step, repeat, due_at)
