"""A day goes by: reports come in, clocks run out, people answer, each at its instant.

The next thing is whichever is earliest: a report, a due instant, somebody's step. Everything goes
through the use cases and the sweep of the product, on a clock that jumps from one to the next.
"""

import heapq
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any, Protocol

from sqlalchemy import bindparam, func, select

from gridtrack.clock import ManualClock
from gridtrack.errors import GridtrackError
from gridtrack.incidents.intake import Report
from gridtrack.incidents.rules import Action, State
from gridtrack.incidents.store import earliest_due
from gridtrack.incidents.tables import Incident
from gridtrack.jobs.sweeper import tick
from gridtrack.notifications.store import INBOX, MESSAGE
from gridtrack.simulation.cast import Cast
from gridtrack.simulation.crowd import Crowd
from gridtrack.simulation.picture import photo
from gridtrack.simulation.steps import ANSWER, FOUND, TELLS, Step, take
from gridtrack.usecases.add_photo import add_report_photo
from gridtrack.usecases.report import Receipt, report_incident
from gridtrack.work import Runtime, Work

SECOND = timedelta(seconds=1)
ANSWERED = frozenset({"assigned", "co-assigned", "escalated"})
FOR_THE_DESK = frozenset({"triage", "returned", "exhausted"})
_NEW = (
    select(
        MESSAGE.c.id, MESSAGE.c.key, MESSAGE.c.kind, MESSAGE.c.incident_id,
        MESSAGE.c.recipient_id, MESSAGE.c.facts, MESSAGE.c.created_at,
    )
    .where(MESSAGE.c.channel == INBOX)
    .order_by(MESSAGE.c.id)
)  # fmt: skip
_SINCE = _NEW.where(MESSAGE.c.id > bindparam("last"))


@dataclass(frozen=True, slots=True)
class Arrival:
    """A report that somebody (None: a resident) will hand in; `about` is for the script."""

    at: datetime
    report: Report
    reporter_id: int | None = None
    about: Any = None
    photo: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """What lies in somebody's in-app inbox."""

    key: str
    kind: str
    incident_id: int
    person_id: int
    rung: str | None
    at: datetime


class Script(Protocol):
    """What people do once a matter is theirs."""

    def arrived(self, arrival: Arrival, receipt: Receipt) -> Iterable[Step]:
        """Steps that follow a report whatever anybody answers."""
        ...

    def minds(self, notice: Notice) -> bool:
        """False where the one who got this notice leaves it alone."""
        ...

    def after(self, work: Work, step: Step, done: str) -> Iterable[Step]:
        """Steps that follow a step that was taken; `done` is the action it turned out to be."""
        ...

    def resume(self, work: Work, incident: Incident) -> Iterable[Step]:
        """Steps still to come for an open incident that was answered before this day began."""
        ...


@dataclass(slots=True)
class Day:
    """The state of a simulated day: what is planned, who has been told, what went wrong."""

    runtime: Runtime
    crowd: Crowd
    script: Script
    cast: Cast = field(default_factory=Cast)
    reported: int = 0
    swept: int = 0
    refused: list[tuple[Arrival, GridtrackError]] = field(default_factory=list)
    failed: Counter[str] = field(default_factory=Counter)
    _agenda: list[tuple[datetime, int, Step]] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=count)
    _read_up_to: int = 0
    _sorted: set[str] = field(default_factory=set)
    _waiting: set[int] = field(default_factory=set)
    _due: datetime | None = None

    def plan(self, steps: Iterable[Step]) -> None:
        """Put steps on the agenda; of two at one instant the first planned comes first."""
        for step in steps:
            heapq.heappush(self._agenda, (step.at, next(self._numbers), step))

    def planned(self) -> int:
        """How many steps are on the agenda."""
        return len(self._agenda)

    def next_step(self) -> datetime | None:
        """When the next planned step is to be taken."""
        return self._agenda[0][0] if self._agenda else None

    def read_notices(self, work: Work) -> None:
        """Let people look into their inboxes: whoever was told something decides when to answer."""
        for row in work.session.execute(_SINCE, {"last": self._read_up_to}).all():
            self._read_up_to = row.id
            self.plan(self._answers(_notice(row)))

    def catch_up(
        self, work: Work, mine: Collection[int] | None = None, spread: timedelta = timedelta(0)
    ) -> None:
        """Go on from what the database holds: answers still owed, and what follows the given ones.

        `mine`: only these incidents. What was drawn before is drawn again from the seed; what is
        past by now happens within `spread`.
        """
        for incident in work.session.scalars(select(Incident).where(Incident.is_open)).all():
            if mine is not None and incident.id not in mine:
                continue
            if incident.acknowledged_at is not None:
                steps = self.script.resume(work, incident)
            else:
                told = work.session.execute(_NEW.where(MESSAGE.c.incident_id == incident.id))
                steps = (step for row in told.all() for step in self._answers(_notice(row)))
            late = self.crowd.random("late", incident.id).random() * spread
            self.plan(replace(s, at=s.at if s.at > work.now else work.now + late) for s in steps)
        self._read_up_to = work.session.scalar(select(func.max(MESSAGE.c.id))) or 0

    def _answers(self, notice: Notice) -> Iterator[Step]:
        desk = notice.kind in FOR_THE_DESK
        if not (desk or notice.kind in ANSWERED) or not self.script.minds(notice):
            return
        if desk:
            cause = notice.key.rsplit(":", 2)[0]
            if cause in self._sorted:
                return  # several sit at the desk: one of them sorts it
            self._sorted.add(cause)
        self._waiting.add(notice.incident_id)
        after = self.crowd.answer(notice.kind, notice.rung, notice.key, notice.at)
        if after is None:
            return
        action, given = (Action.ASSIGN.value, {"to": FOUND}) if desk else (ANSWER, {})
        at = notice.at + after
        yield Step(at, notice.incident_id, action, notice.person_id, given, reply=True)

    def report(self, arrival: Arrival) -> datetime | None:
        """Hand a report in; returns the next due instant. A refusal is kept in `refused`."""
        try:
            with self.runtime.work() as work:
                actor = self.cast.actor(work.session, arrival.reporter_id, work.now)
                assert actor is not None
                theirs = replace(work, actor=actor)
                receipt = report_incident(theirs, arrival.report)
                if arrival.photo:
                    taken = photo(work, arrival.report.category, "report", receipt.incident_id)
                    add_report_photo(theirs, receipt.incident_id, taken)
                self.plan(self.script.arrived(arrival, receipt))
                if receipt.state == State.ACKNOWLEDGED:  # whoever reports what is theirs has it
                    own = Step(work.now, receipt.incident_id, ANSWER)
                    self.plan(self.script.after(work, own, ANSWER))
                self.read_notices(work)
                self._due = earliest_due(work.session)
        except GridtrackError as error:
            self.refused.append((arrival, error))
        else:
            self.reported += 1
        return self._due

    def take_next(self) -> datetime | None:
        """Take the first planned step; returns the next due instant.

        What the product refuses (somebody was faster, the matter moved on) is counted by its code.
        """
        _at, _, step = heapq.heappop(self._agenda)
        if step.reply and step.incident_id not in self._waiting:
            return self._due  # somebody else was faster
        try:
            with self.runtime.work() as work:
                done = take(work, self.cast, step)
                if done is not None:
                    self._follow(work, step, done)
        except GridtrackError as error:
            self.failed[error.code] += 1
        return self._due

    def _follow(self, work: Work, step: Step, done: str) -> None:
        if step.reply:
            self._waiting.discard(step.incident_id)
        self.plan(self.script.after(work, step, done))
        if done in TELLS:
            self.read_notices(work)
            self._due = earliest_due(work.session)

    def sweep(self) -> datetime | None:
        """Let the product's own sweep fire what is due; returns the next due instant.

        An answer only ever takes a due instant away, so the one remembered may have gone: then
        there is nothing to sweep yet.
        """
        now = self.runtime.clock.now()
        if (due := self.due()) is None or due > now:
            return due
        done = tick(self.runtime)
        self.swept += done.claimed
        with self.runtime.look() as work:
            self.read_notices(work)
            self._due = earliest_due(work.session)
        if self._due is not None and self._due <= now and not done.claimed:
            self._due = now + SECOND  # held by somebody else: come back as the ticker would
        return self._due

    def due(self) -> datetime | None:
        """The next due instant, asked anew."""
        with self.runtime.look() as work:
            self._due = earliest_due(work.session)
        return self._due


def _notice(row: Any) -> Notice:
    return Notice(
        row.key,
        row.kind,
        row.incident_id,
        row.recipient_id,
        row.facts.get("rung"),
        row.created_at,
    )


def run(
    day: Day,
    clock: ManualClock,
    arrivals: Iterable[Arrival],
    *,
    until: datetime | None = None,
    sweeps: bool = True,
    watch: Callable[[], bool] = lambda: True,
) -> bool:
    """Let time go by until nothing is left to happen, or nothing before `until`.

    `clock` is the one of the day's runtime. `watch` is asked after every happening and answers
    whether to go on; False is returned where it said no. Without `sweeps` somebody else sweeps.
    Whoever answers at the very instant a clock runs out is in time.
    """
    coming = iter(arrivals)
    arrival = next(coming, None)
    due = day.due()
    while watch():
        step = day.next_step()
        reported = arrival.at if arrival is not None else None
        due = due if sweeps else None
        at = min((t for t in (reported, due, step) if t is not None), default=None)
        if at is None or (until is not None and at > until):
            return True
        clock.set(max(at, clock.now()))
        if step == at:
            due = day.take_next()
        elif arrival is not None and reported == at:
            due = day.report(arrival)
            arrival = next(coming, None)
        else:
            due = day.sweep()
    return False
