"""What the people of the demo place do with a matter once it is theirs: begin, note, end, check.

Drawn anew from the seed and the incident whenever it is asked for, so that a demo that was stopped
goes on with the same plans.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select

from gridtrack.categories import store as categories
from gridtrack.categories.rules import Category
from gridtrack.incidents import store as incidents
from gridtrack.incidents.rules import Action
from gridtrack.incidents.tables import Incident
from gridtrack.limits import Unit
from gridtrack.simulation.crowd import Crowd, Habit
from gridtrack.simulation.day import Arrival, Notice
from gridtrack.simulation.steps import ANSWER, Step
from gridtrack.simulation.texts import Words
from gridtrack.usecases.report import Receipt
from gridtrack.work import Work

# Chances of what may happen instead of plain handling, or beside it.
NOTE, HOLD, HAND_BACK, REJECT, MERGE, REOPEN = 0.4, 0.07, 0.04, 0.03, 0.1, 0.03
LONGEST = timedelta(days=3)
EARLIEST, LATEST = 8, 21  # local hours between which nothing that can wait is finished
_HOURS = {
    Unit.MINUTE: 1 / 60, Unit.HOUR: 1.0, Unit.DAY: 24.0, Unit.WORK_HOUR: 1.5, Unit.WORKDAY: 24.0,
    Unit.SAME_DAY: 8.0,
}  # fmt: skip


@dataclass(slots=True)
class Life:
    """The script of the demo; `pace` below 1 makes everything go faster than in life."""

    crowd: Crowd
    words: Words
    pace: float = 1.0
    silent: set[int] = field(default_factory=set)  # incidents whose first recipient stays silent
    told: set[int] = field(default_factory=set)  # incidents that a story tells
    visitor_id: int | None = None  # the person that is left to the visitor

    def arrived(self, arrival: Arrival, receipt: Receipt) -> Iterable[Step]:
        """A story goes its own way; of some matters the first one told is to stay silent."""
        about = arrival.about
        if callable(about):
            self.told.add(receipt.incident_id)
            return list(about(receipt.incident_id))
        if about == "silent":
            self.silent.add(receipt.incident_id)
        return ()

    def minds(self, notice: Notice) -> bool:
        """Stories answer for themselves, and the visitor is left to answer."""
        if notice.incident_id in self.told or notice.person_id == self.visitor_id:
            return False
        return not (
            notice.incident_id in self.silent and notice.kind in ("assigned", "co-assigned")
        )

    def after(self, work: Work, step: Step, done: str) -> Iterator[Step]:
        """What follows a step that was taken."""
        if step.incident_id in self.told:
            return
        if done == ANSWER:
            yield from self._course(work, incidents.get(work.session, step.incident_id), work.now)
        elif done == Action.RESOLVE:
            yield from self._check(work, incidents.get(work.session, step.incident_id), work.now)
        elif done == Action.CLOSE:
            yield from self._reopen(step.incident_id, work.now)

    def resume(self, work: Work, incident: Incident) -> Iterator[Step]:
        """What is still to come for an open incident that nobody waits for."""
        if incident.handler_id == self.visitor_id or incident.id in self.told:
            return
        if incident.resolved_at is not None:
            yield from self._check(work, incident, incident.resolved_at)
        elif incident.acknowledged_at is not None:
            yield from self._course(work, incident, incident.acknowledged_at)

    def _course(self, work: Work, incident: Incident, at: datetime) -> Iterator[Step]:
        """From the answer to the end, as far as the incident has not come already."""
        random = self.crowd.random("course", incident.id, at.isoformat())
        category = categories.tree(work.memo, work.settings.instance).get(incident.category)
        short = self._other_end(work, incident, at, random)
        if short is not None:
            yield short
            return
        begin = at + self.crowd.start.delay(random, self.pace)
        yield Step(begin, incident.id, Action.START.value)
        end = self._daytime(begin + self._span(category, random), category)
        if random.random() < NOTE:
            text = random.choice(self.words.said["note"])
            yield Step(
                begin + (end - begin) / 3, incident.id, Action.NOTE.value, given={"text": text}
            )
        if random.random() < HOLD:
            until = end + timedelta(days=random.randrange(1, 9))
            reason = {"reason": random.choice(self.words.said["hold"]), "until": until}
            yield Step(begin + (end - begin) / 2, incident.id, Action.HOLD.value, given=reason)
            yield Step(until, incident.id, Action.RESUME.value)
            end = until + timedelta(hours=2)
        result = {"result": random.choice(self.words.results(category.code))}
        yield Step(end, incident.id, Action.RESOLVE.value, given=result)

    def _other_end(
        self, work: Work, incident: Incident, at: datetime, random: Random
    ) -> Step | None:
        """Sometimes a matter is handed back, refused or found to be told already."""
        draw, soon = random.random(), at + timedelta(minutes=random.randrange(4, 90)) * self.pace
        said = self.words.said
        if draw < HAND_BACK and incident.handler_role == "gridworker":
            reason = {"reason": random.choice(said["hand_back"])}
            return Step(soon, incident.id, Action.HAND_BACK.value, given=reason)
        if draw < HAND_BACK + REJECT:
            who = "secretary" if incident.sensitivity >= 3 else "leader"
            reason = {"reason": random.choice(said["reject"])}
            return Step(soon, incident.id, Action.REJECT.value, who, reason)
        if draw < HAND_BACK + REJECT + MERGE and incident.sensitivity < 3:
            twin = self._twin(work, incident)
            if twin is not None:
                return Step(soon, incident.id, Action.MERGE.value, "secretary", {"into": twin})
        return None

    def _twin(self, work: Work, incident: Incident) -> int | None:
        """An older open matter of the same kind in the same community."""
        community = incident.grid_path.split("/")[0]
        twin: int | None = work.session.scalar(
            select(Incident.id)
            .where(
                Incident.category == incident.category,
                Incident.is_open,
                Incident.id < incident.id,
                Incident.grid_path.startswith(community),
            )
            .order_by(Incident.id.desc())
            .limit(1)
        )
        return twin

    def _check(self, work: Work, incident: Incident, at: datetime) -> Iterator[Step]:
        """Somebody else looks at it and closes it."""
        random = self.crowd.random("check", incident.id, at.isoformat())
        if random.random() >= self.crowd.check.chance:
            return
        # A secretary who handled it does not close it alone, and may not where two are needed.
        who = "street" if incident.handler_role == "secretary" else "secretary"
        closing = at + self.crowd.check.delay(random, self.pace)
        category = categories.tree(work.memo, work.settings.instance).get(incident.category)
        comment = {"comment": random.choice(self.words.said["close"])}
        yield Step(self._daytime(closing, category), incident.id, Action.CLOSE.value, who, comment)

    def _reopen(self, incident_id: int, at: datetime) -> Iterator[Step]:
        random = self.crowd.random("reopen", incident_id, at.isoformat())
        if random.random() < REOPEN:
            reason = {"reason": random.choice(self.words.said["reopen"])}
            later = at + timedelta(hours=random.randrange(3, 40))
            yield Step(later, incident_id, Action.REOPEN.value, "secretary", reason)

    def _span(self, category: Category, random: Random) -> timedelta:
        """How long the work takes: somewhere below the category's limit, seldom above."""
        limit = category.resolve
        hours = limit.amount * _HOURS[limit.unit] if limit else 24.0
        habit = Habit(median_s=hours * 3600 * 0.3, sigma=0.7)
        return min(habit.delay(random), LONGEST) * self.pace

    def _daytime(self, at: datetime, category: Category) -> datetime:
        """By day, unless it is urgent or the demo runs fast."""
        urgent = category.resolve is not None and category.resolve.unit in (Unit.MINUTE, Unit.HOUR)
        local = at.astimezone(self.crowd.zone)
        if self.pace < 1 or urgent or EARLIEST <= local.hour < LATEST:
            return at
        morning = local.replace(hour=EARLIEST, minute=local.minute // 2)
        return morning if local.hour < EARLIEST else morning + timedelta(days=1)
