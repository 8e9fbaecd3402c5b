"""What would have become of these matters under other rules. Pure; linear in the matters.

Each matter climbs its ladder by the very rule of the sweep (`deadlines.rules.decide`), on a clock
of its own, as if nobody answered; that is done once. Then, for each draw, everybody who is told
answers after a delay drawn from how they answered so far, and the first answer ends the climb. The
luck of a draw hangs on seed, matter and rung and on nothing else, so two sets of rules are compared
on the same luck. Only the first promise of a matter counts.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Protocol
from zlib import crc32

from gridtrack.analytics.load import Day, Hour, Load
from gridtrack.analytics.reactions import DESK, FIRST, PROPERTY, Curve, Reactions
from gridtrack.deadlines.rules import ClockFace, Ladder, Rung, decide

_MASK = (1 << 64) - 1


@dataclass(frozen=True, slots=True)
class Matter:
    """A report as it came in; `path` is the grid it lies in, "" where none owns the place."""

    id: int
    at: datetime
    category: str
    sensitivity: int
    path: str
    zone: str | None = None
    reporter_id: int | None = None
    condition: str = ""  # as it was reported


@dataclass(frozen=True, slots=True)
class Someone:
    """A person in a role."""

    person_id: int
    role: str


@dataclass(frozen=True, slots=True)
class Start:
    """A matter as the rules begin it: promised until when, which ladder, who is told first."""

    due_at: datetime
    ladder: Ladder
    handler: Someone | None
    co_handler: Someone | None = None


class Rules(Protocol):
    """Policy, duty and grids, as a forecast asks them."""

    def start(self, matter: Matter) -> Start:
        """Promise, ladder and first people of a matter."""
        ...

    def holder(self, matter: Matter, rung: Rung, at: datetime) -> Someone | None:
        """Who is present for a rung at an instant."""
        ...

    def desk(self, matter: Matter, at: datetime) -> Sequence[Someone]:
        """Who is told of what nobody has, or nobody answered."""
        ...


@dataclass(frozen=True, slots=True)
class Told:
    """A notice; `hour` and `day` are the local ones it falls in."""

    at_s: float
    person_id: int
    rung: str
    curve: Curve
    luck: int
    when: tuple[Day, Hour]


@dataclass(frozen=True, slots=True)
class Fired:
    """What happens at one instant: notices go out, rungs are climbed or passed by."""

    at_s: float
    told: tuple[Told, ...]
    climbed: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    exhausted: bool = False


@dataclass(slots=True)
class Course:
    """The whole way of a matter if nobody ever answers, worked out as far as it is asked for."""

    due_s: float
    begin_s: float
    own: int | None  # the reporter is the one responsible: answered at once
    _steps: Iterator[Fired]
    _known: list[Fired] = field(default_factory=list)

    def step(self, n: int) -> Fired | None:
        """The step `n`, None behind the last."""
        while len(self._known) <= n:
            step = next(self._steps, None)
            if step is None:
                return None
            self._known.append(step)
        return self._known[n]


class Wording(Protocol):
    """Local days and hours of instants."""

    def __call__(self, at: datetime) -> tuple[Day, Hour]:
        """The local day and hour."""
        ...


def course(matter: Matter, rules: Rules, reactions: Reactions, when: Wording) -> Course:
    """The way of a matter under `rules`."""
    start = rules.start(matter)
    handler = start.handler
    own = handler is not None and handler.person_id == matter.reporter_id
    steps = _Climb(matter, rules, reactions, when).steps(start)
    begin_s = matter.at.timestamp()
    mine = handler.person_id if handler is not None and own else None
    return Course(start.due_at.timestamp(), begin_s, mine, steps)


class _Climb:
    """One matter on its ladder, nobody answering."""

    def __init__(self, matter: Matter, rules: Rules, reactions: Reactions, when: Wording) -> None:
        self._matter, self._rules, self._reactions, self._when = matter, rules, reactions, when
        self._luck = _mix(matter.id)

    def steps(self, start: Start) -> Iterator[Fired]:
        """The first notices, then every step of the ladder."""
        at = self._matter.at
        if start.handler is None:
            first = [(one, DESK) for one in self._rules.desk(self._matter, at)]
        else:
            first = [(start.handler, FIRST)]
            first += [(start.co_handler, PROPERTY)] if start.co_handler else []
        yield Fired(at.timestamp(), self._tell(at, first, 0))
        yield from self._ladder(start)

    def _ladder(self, start: Start) -> Iterator[Fired]:
        ladder, last = start.ladder, start.ladder.rungs[-1]
        handler_id = start.handler.person_id if start.handler else None
        at = start.due_at + ladder.rungs[0].after
        face: ClockFace | None = ClockFace(start.due_at, at, 0, 0)
        while face is not None:
            at, people = face.next_fire_at, dict[int, Someone]()

            def holder_of(
                rung: Rung,
                at: datetime = at,
                has_it: int | None = handler_id,
                people: dict[int, Someone] = people,
            ) -> int | None:
                # As the sweep asks: whoever has it already is passed by, but at the top.
                found = self._rules.holder(self._matter, rung, at)
                if found is None or (found.person_id == has_it and rung is not last):
                    return None
                people[found.person_id] = found
                return found.person_id

            decision = decide(face, ladder, at, holder_of)
            told: list[tuple[Someone, str]] = []
            for fired in decision.fired:
                if fired.holder is not None:
                    told.append((people[fired.holder], fired.rung.code))
                    handler_id = fired.holder if fired.rung.takes_over else handler_id
            if decision.exhausted:
                told += [(one, DESK) for one in self._rules.desk(self._matter, at)]
            yield Fired(
                at.timestamp(),
                self._tell(at, told, decision.fired[-1].repeat + 1),
                tuple(f.rung.code for f in decision.fired if f.holder is not None),
                tuple(f.rung.code for f in decision.fired if f.holder is None),
                decision.exhausted,
            )
            after, step, repeat = decision.next_fire_at, decision.step, decision.repeat
            face = ClockFace(start.due_at, after, step, repeat) if after is not None else None

    def _tell(
        self, at: datetime, told: Iterable[tuple[Someone, str]], time: int
    ) -> tuple[Told, ...]:
        at_s, when = at.timestamp(), self._when(at)
        return tuple(
            Told(
                at_s, one.person_id, rung, self._reactions.of(one.person_id, rung, one.role),
                self._luck ^ _place(rung, time, n if rung == DESK else 0), when,
            )
            for n, (one, rung) in enumerate(told)
        )  # fmt: skip


@lru_cache(maxsize=4096)
def _place(rung: str, time: int, n: int) -> int:
    return _mix(crc32(f"{rung}/{time}/{n}".encode()) + 1)


def _mix(number: int) -> int:
    """Spread a number over 64 bits (the finaliser of splitmix64, Steele et al. 2014)."""
    number = (number * 0x9E3779B97F4A7C15) & _MASK
    number = ((number ^ (number >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    number = ((number ^ (number >> 27)) * 0x94D049BB133111EB) & _MASK
    return number ^ (number >> 31)


@dataclass(frozen=True, slots=True)
class Answer:
    """How the wait of a matter ended; `rung` is that by which the one who answered was told."""

    at_s: float
    person_id: int
    rung: str


@dataclass(slots=True)
class Draw:
    """Counts of one draw over all matters, or of what really happened."""

    matters: int = 0
    in_time: int = 0
    answered: int = 0
    exhausted: int = 0
    answered_by: Counter[str] = field(default_factory=Counter)
    climbed: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    waited_s: list[float] = field(default_factory=list)
    load: Load = field(default_factory=Load)

    def end(self, answer: Answer | None, begin_s: float, due_s: float) -> None:
        """A matter came to its end, or never did."""
        self.matters += 1
        if answer is None:
            return
        self.answered += 1
        self.in_time += answer.at_s <= due_s
        self.answered_by[answer.rung] += 1
        self.waited_s.append(answer.at_s - begin_s)
        self.load.answered[answer.person_id] += 1

    def climb(self, step: Fired) -> None:
        """A step of the ladder was taken."""
        for code in step.climbed:
            self.climbed[code] += 1
        for code in step.skipped:
            self.skipped[code] += 1
        self.exhausted += step.exhausted


@dataclass(slots=True)
class Forecast:
    """Draws side by side, and what the answers in them were drawn from."""

    seed: int
    draws: list[Draw]
    basis: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, seed: int, draws: int) -> "Forecast":
        """Nothing yet."""
        return cls(seed, [Draw() for _ in range(draws)])

    def add(self, one: Course) -> None:
        """Let a matter go its way once for each draw."""
        for n, draw in enumerate(self.draws):
            self._go(one, draw, _mix(self.seed * 1_000_003 + n + 1))

    def _go(self, one: Course, draw: Draw, seed: int) -> None:
        if one.own is not None:
            draw.end(Answer(one.begin_s, one.own, FIRST), one.begin_s, one.due_s)
            return
        waiting: dict[int, Answer] = {}
        answer: Answer | None = None
        n = 0
        while (step := one.step(n)) is not None:
            # Whoever answers at the very instant a clock runs out is in time.
            if answer is not None and answer.at_s <= step.at_s:
                break
            draw.climb(step)
            for told in step.told:
                draw.load.told(told.person_id, told.when)
                self.basis[told.curve.basis] += 1
                delay = told.curve.after(_mix(told.luck ^ seed) / _MASK)
                # Told again is told anew: an answer still to come is drawn again.
                waiting.pop(told.person_id, None)
                if delay is not None:
                    at_s = told.at_s + delay
                    waiting[told.person_id] = Answer(at_s, told.person_id, told.rung)
            answer = min(waiting.values(), key=lambda one: one.at_s, default=None)
            n += 1
        draw.end(answer, one.begin_s, one.due_s)
