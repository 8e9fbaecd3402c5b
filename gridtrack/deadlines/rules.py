"""Clocks and ladders. Pure: values in, values out, no session and no clock read.

A breach is a fact of timestamps; the sweep only writes it down and tells people.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

# Later than this behind its due instant a step counts as caught up after a gap: the rung after it
# gets its full window from now, not from then (measured-escalation.md §4, "regrace").
GAP = timedelta(seconds=60)


class Kind(StrEnum):
    """What is promised."""

    ACKNOWLEDGE = "acknowledge"
    ARRIVE = "arrive"
    RESOLVE = "resolve"
    SUPERVISE = "supervise"  # an answer that a written order asks for


class ClockState(StrEnum):
    """How a promise stands; met late is still met, `breached_at` says that it was missed.

    One whose ladder is used up still runs: only a human act ends it.
    """

    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    CANCELLED = "cancelled"


LIVE = (ClockState.RUNNING.value, ClockState.PAUSED.value)


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder: whom to tell, how long after the step before."""

    code: str
    role: str
    after: timedelta
    deputy: bool = False
    takes_over: bool = True


@dataclass(frozen=True, slots=True)
class Ladder:
    """Rungs in order; the last repeats every `repeat_every`, `repeat_max` times.

    The rest says for which matters it is: "" in `category` and `scope` is for all.
    """

    code: str
    rungs: tuple[Rung, ...]
    repeat_every: timedelta
    repeat_max: int
    clock: Kind = Kind.ACKNOWLEDGE
    made_for: str = "default"
    category: str = ""
    scope: str = ""


@dataclass(frozen=True, slots=True)
class ClockFace:
    """A running clock as the decider sees it. `step` is the next rung, `repeat` its repetition."""

    due_at: datetime
    next_fire_at: datetime
    step: int
    repeat: int


@dataclass(frozen=True, slots=True)
class Fired:
    """One rung that was due: `holder` is None where the post is vacant."""

    rung: Rung
    step: int
    repeat: int
    due_at: datetime
    late_ms: int
    holder: int | None
    gap: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """What a due clock does now: rungs fired, then where it stands; `next_fire_at` None: done."""

    fired: tuple[Fired, ...]
    step: int
    repeat: int
    next_fire_at: datetime | None

    @property
    def exhausted(self) -> bool:
        """True when the top rung has been told for the last time."""
        return self.next_fire_at is None


class Hand(Protocol):
    """One live clock of an incident, as far as the incident's own columns are made from it."""

    @property
    def kind(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def due_at(self) -> datetime: ...
    @property
    def next_fire_at(self) -> datetime | None: ...


def standing(clocks: Iterable[Hand], held_until: datetime | None) -> dict[str, object]:
    """The columns of an incident that its clocks come to.

    `due_at` is when it must be acknowledged, and once it is, the next that runs out;
    `next_due_at` is when the sweep looks at it again: the next step, or the end of its hold.
    """
    running = [one for one in clocks if one.state == ClockState.RUNNING.value]
    first = [one.due_at for one in running if one.kind == Kind.ACKNOWLEDGE.value]
    steps = [one.next_fire_at for one in running if one.next_fire_at is not None]
    next_due_at = min([*steps, *([held_until] if held_until else [])], default=None)
    used_up = "exhausted" if running else "none"
    return {
        "due_at": min(first or [one.due_at for one in running], default=None),
        "next_due_at": next_due_at,
        "deadline_state": "armed" if next_due_at else used_up,
        "held_until": held_until,
    }


def decide(
    clock: ClockFace, ladder: Ladder, now: datetime, holder_of: Callable[[Rung], int | None]
) -> Decision:
    """Climb one rung that is due, and past it every vacant one at once.

    `holder_of(rung)` is the person on duty for the rung, None where nobody is. After a gap each
    missed rung is still taken in turn: one now, the next after its full window.
    """
    fired: list[Fired] = []
    step, repeat, at = clock.step, clock.repeat, clock.next_fire_at
    last = len(ladder.rungs) - 1
    gap = now - at > GAP
    while True:
        rung = ladder.rungs[step]
        holder = holder_of(rung)
        late_ms = max(0, int((now - at) / timedelta(milliseconds=1)))
        fired.append(Fired(rung, step, repeat, at, late_ms, holder, gap))
        if step == last:
            break
        step += 1
        if holder is not None:
            base = now if gap else at
            return Decision(tuple(fired), step, 0, base + ladder.rungs[step].after)
    if repeat >= ladder.repeat_max:
        return Decision(tuple(fired), last, repeat, None)
    return Decision(tuple(fired), last, repeat + 1, (now if gap else at) + ladder.repeat_every)


def step_key(incident_id: int, kind: str, cycle: int, step: int, repeat: int) -> str:
    """The key of one step of one promise: the same again if it has to be redone, so told once."""
    return f"esc:{incident_id}:{kind}:{cycle}:{step}" + (f":{repeat}" if repeat else "")
