"""The clocks of one matter: started, met, cancelled, paused and gone on. One step of several verbs.

What was promised is stamped on the row and in the event, and no later policy changes it. A clock
that was missed stays missed: it neither rests nor gets more time.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from gridtrack.categories import store as categories
from gridtrack.categories.rules import Category
from gridtrack.deadlines import counting, store
from gridtrack.deadlines.calendar import WorkingTime
from gridtrack.deadlines.policy_parts import Policy
from gridtrack.deadlines.rules import LIVE, ClockState, Kind, Ladder, standing
from gridtrack.deadlines.tables import ClockRow
from gridtrack.errors import Invalid
from gridtrack.limits import Limit
from gridtrack.usecases.going_on import GoingOn, calendars_of, going_on
from gridtrack.work import Work

FROM_REPORT = (Kind.ACKNOWLEDGE, Kind.ARRIVE, Kind.RESOLVE)
MET_BY_RESOLVING = (Kind.ARRIVE, Kind.RESOLVE)  # what is done was gone to


class Matter(Protocol):
    """What a promise is made about."""

    @property
    def id(self) -> int: ...
    @property
    def category(self) -> str: ...
    @property
    def condition(self) -> str: ...
    @property
    def sensitivity(self) -> int: ...
    @property
    def grid_path(self) -> str: ...
    @property
    def held_until(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Terms:
    """What decides about a promise: whose matter it is, and where."""

    category: Category
    sensitivity: int
    path: str
    routed: bool
    condition: str = ""


def promised(
    work: Work, terms: Terms, kinds: Iterable[Kind], cycles: Mapping[Kind, int] | None = None
) -> list[dict[str, Any]]:
    """The clock rows of these kinds from now, under the policy in force; without `incident_id`.

    A kind without a limit, or without a ladder to climb, has none.
    """
    policy = store.policy_at(work.session, work.memo, work.now)
    found = []
    for kind in kinds:
        limit = limit_of(policy, kind, terms)
        ladder = policy.ladder(
            kind,
            sensitivity=terms.sensitivity,
            routed=terms.routed,
            category=terms.category.code,
            path=terms.path,
        )
        if limit is not None and ladder is not None:
            cycle = (cycles or {}).get(kind, 0) + 1
            found.append(_row(work, kind, cycle, limit, (policy, ladder)))
    return found


def limit_of(policy: Policy, kind: Kind, terms: Terms) -> Limit | None:
    """The policy's own limit, else the filing condition's, else the category's.

    Where none is said to acknowledge, the policy's default.
    """
    own = policy.limit(kind, terms.category.code, terms.path, terms.condition)
    if own is not None or kind is Kind.SUPERVISE:
        return own
    filed = terms.category.known_condition(terms.condition)
    found: Limit | None = getattr(filed, kind.value, None) or getattr(terms.category, kind.value)
    return found or (policy.acknowledge_default if kind is Kind.ACKNOWLEDGE else None)


def _row(
    work: Work, kind: Kind, cycle: int, limit: Limit, under: tuple[Policy, Ladder]
) -> dict[str, Any]:
    policy, ladder = under
    calendars = calendars_of(work)
    code = policy.calendar(kind, limit.unit)
    counted = counting.count(limit, work.now, code, calendars.working)
    return {
        "kind": kind.value,
        "cycle": cycle,
        "state": ClockState.RUNNING.value,
        "policy_version": policy.version,
        "ladder": ladder.code,
        "started_at": work.now,
        "due_at": counted.due_at,
        "met_at": None,
        "breached_at": None,
        "step": 0,
        "repeat": 0,
        "next_fire_at": counted.due_at + ladder.rungs[0].after,
        "calendar": counted.calendar,
        "calendar_rev": calendars.rev,
        "base_at": work.now,
        "left_us": counted.left_us,
        "paused_us": 0,
        "extended": 0,
        "wish_at": None,
        "wish_by": None,
    }


def _asked(
    work: Work, cycle: int, due_at: datetime, under: tuple[Policy, Ladder]
) -> dict[str, Any]:
    """The clock row of an answer: its instant is written on the order and counts on no calendar."""
    policy, ladder = under
    return {
        "kind": Kind.SUPERVISE.value,
        "cycle": cycle,
        "state": ClockState.RUNNING.value,
        "policy_version": policy.version,
        "ladder": ladder.code,
        "started_at": work.now,
        "due_at": due_at,
        "step": 0,
        "repeat": 0,
        "next_fire_at": due_at + ladder.rungs[0].after,
        "calendar": None,
        "calendar_rev": 0,
        "base_at": work.now,
        "left_us": None,
        "paused_us": 0,
        "extended": 0,
    }


def said(row: Mapping[str, Any]) -> dict[str, object]:
    """What an event says of a clock that it starts: what is promised, and on what it stands."""
    return {
        "clock": row["kind"],
        "cycle": row["cycle"],
        "due_at": row["due_at"].isoformat(),
        "ladder": row["ladder"],
        "policy": row["policy_version"],
        "calendar": row["calendar"],
        "rev": row["calendar_rev"],
    }


@dataclass(frozen=True, slots=True)
class Started:
    """A clock as it stands the moment it starts."""

    kind: str
    state: str
    due_at: datetime
    next_fire_at: datetime | None

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Started":
        """Of a row that is being written."""
        return cls(*(row[name] for name in cls.__slots__))


class Clocks:
    """The clocks of an incident that the caller has locked.

    Each act changes rows; `changes` writes them and says what they come to on the incident, and
    `said` is for the data of the event.
    """

    def __init__(self, work: Work, matter: Matter) -> None:
        """Read every cycle of every clock."""
        self._work, self._matter = work, matter
        self._rows = list(store.clocks(work.session, matter.id))
        self.held_until = matter.held_until
        self.said: dict[str, list[dict[str, object]]] = {}

    def live(self, *kinds: Kind) -> list[ClockRow]:
        """Those that run or rest, of these kinds or of all."""
        return [
            row
            for row in self._rows
            if row.state in LIVE and (not kinds or Kind(row.kind) in kinds)
        ]

    def meet(self, *kinds: Kind, at: datetime) -> None:
        """Somebody did at `at` what these clocks wait for; late is a breach whoever wrote it.

        What was done in time and heard of late was no breach, whatever was written meanwhile; of
        the answer to a report that is told on its own (usecases/late_act.py).
        """
        for row in self.live(*kinds):
            self._go_on(row, at)
            if at <= row.due_at and row.kind != Kind.ACKNOWLEDGE.value:
                row.breached_at = None
            self._end(row, ClockState.MET, at)
            row.met_at = at

    def cancel(self, *kinds: Kind) -> None:
        """Nothing is waited for any more: refused, merged, given to somebody else, made anew."""
        for row in self.live(*kinds):
            self._go_on(row, self._work.now)
            self._end(row, ClockState.CANCELLED, self._work.now)

    def start(self, kinds: Sequence[Kind], *, routed: bool, path: str | None = None) -> None:
        """Promise these anew from now; what still runs of them is cancelled."""
        matter, work = self._matter, self._work
        category = categories.tree(work.memo, work.settings.instance).get(matter.category)
        where = matter.grid_path if path is None else path
        self.cancel(*kinds)
        cycles = {kind: self._cycle(kind) for kind in kinds}
        terms = Terms(category, matter.sensitivity, where, routed, matter.condition)
        for row in promised(work, terms, kinds, cycles):
            self.begin(row)

    def ask(self, due_at: datetime) -> None:
        """Let the clock of a written order run to the instant that stands on it; see `orders`."""
        matter, work = self._matter, self._work
        policy = store.policy_at(work.session, work.memo, work.now)
        ladder = policy.ladder(
            Kind.SUPERVISE,
            sensitivity=matter.sensitivity,
            routed=True,
            category=matter.category,
            path=matter.grid_path,
        )
        self.cancel(Kind.SUPERVISE)
        if ladder is not None:
            cycle = self._cycle(Kind.SUPERVISE) + 1
            self.begin(_asked(work, cycle, due_at, (policy, ladder)))

    def begin(self, row: Mapping[str, Any]) -> None:
        """Let a clock run that was made by `promised`, or for an order."""
        clock = ClockRow(incident_id=self._matter.id, **row)
        self._work.session.add(clock)
        self._rows.append(clock)
        self._say("promises", said(row))

    def hold(self, until: datetime) -> None:
        """Let rest until then what its policy lets rest; raises Invalid for too long a rest."""
        now = self._work.now
        for row in self.live():
            policy = store.policy_version(self._work.session, self._work.memo, row.policy_version)
            rest = policy.pause(Kind(row.kind))
            if rest is None or row.state != ClockState.RUNNING.value or not self._unmissed(row):
                continue
            latest = now + rest.most - row.paused_us * counting.US
            if until > latest:
                shown = latest.isoformat(timespec="minutes")
                raise Invalid("hold-too-long", field="until", value=until.isoformat(), latest=shown)
            row.left_us = max(1, counting.left_at(row.due_at, now, self._time(row)))
            row.base_at, row.state, row.next_fire_at = now, ClockState.PAUSED.value, None
            left = {"clock": row.kind, "cycle": row.cycle, "left_s": row.left_us // 1_000_000}
            self._say("paused", left | {"rev": row.calendar_rev})
        self.held_until = until

    def go_on(self, at: datetime | None = None) -> None:
        """The hold is over since `at` (now): what rested runs again with what was left."""
        for row in self.live():
            self._go_on(row, at or self._work.now)
        self.held_until = None

    def known(self, kind: Kind) -> bool:
        """True where there is, or ever was, a clock of this kind."""
        return any(row.kind == kind.value for row in self._rows)

    def move(self, row: ClockRow, due_at: datetime, **why: object) -> None:
        """Let a running clock that nobody has missed be due at another instant; `why` is kept."""
        time, was = self._time(row), row.due_at
        wait = row.next_fire_at - was if row.next_fire_at is not None else timedelta(0)
        row.base_at, row.due_at, row.next_fire_at = self._work.now, due_at, due_at + wait
        row.left_us = max(1, counting.left_at(due_at, self._work.now, time))
        line = {"clock": row.kind, "cycle": row.cycle, "was": was.isoformat()}
        said = {"due_at": due_at.isoformat(), "rev": row.calendar_rev}
        self._say("moved", line | said | why)

    def changes(self) -> dict[str, object]:
        """Write the rows; the incident columns that they come to."""
        self._work.session.flush()
        return standing(self.live(), self.held_until)

    @property
    def due_at(self) -> datetime | None:
        """When the matter must be acknowledged; None where it is."""
        return next((row.due_at for row in self.live(Kind.ACKNOWLEDGE)), None)

    def _unmissed(self, row: ClockRow) -> bool:
        return row.breached_at is None and row.due_at > self._work.now

    def _go_on(self, row: ClockRow, at: datetime) -> None:
        if row.state != ClockState.PAUSED.value:
            return
        on = going_on(self._work, row, at)
        row.state = ClockState.RUNNING.value
        for name in GoingOn.__slots__:
            setattr(row, name, getattr(on, name))
        self._say("resumed", on.said(row))

    def _end(self, row: ClockRow, state: ClockState, at: datetime) -> None:
        if row.breached_at is None and at > row.due_at:
            row.breached_at = row.due_at
        row.state, row.next_fire_at = state.value, None
        row.wish_at = row.wish_by = None

    def _cycle(self, kind: Kind) -> int:
        return max((row.cycle for row in self._rows if row.kind == kind.value), default=0)

    def _time(self, row: ClockRow) -> WorkingTime:
        calendars = calendars_of(self._work)
        row.calendar_rev = calendars.rev
        return counting.working_time(calendars.working, row.calendar)

    def _say(self, what: str, line: dict[str, object]) -> None:
        self.said.setdefault(what, []).append(line)
