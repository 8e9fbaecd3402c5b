"""The demo lives on: new reports every few seconds, people who answer or not, in real time.

One thread beside the web server. The product's own worker sweeps; nothing here does. The matters of
one person, the gridworker whom a visitor may be, are left to the visitor.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from gridtrack.clock import ManualClock
from gridtrack.incidents.tables import Incident
from gridtrack.simulation import town
from gridtrack.simulation.crowd import Crowd
from gridtrack.simulation.day import Arrival, Day, run
from gridtrack.simulation.demo import mark_of, quick
from gridtrack.simulation.life import Life
from gridtrack.simulation.reports import Reports
from gridtrack.simulation.texts import Words
from gridtrack.work import Runtime

BETWEEN_S = (10.0, 25.0)  # seconds from one report to the next
TICK_S = 0.5
PACE = 0.1  # handling goes ten times as fast as in life, or nobody would see its end
SPREAD = timedelta(minutes=10)  # what was left lying while the demo stood still is done within
VISITOR_EVERY = 4  # one report in so many is for the visitor, while they have fewer waiting than
VISITOR_MOST = 3
# Reported so many seconds before the start: the first told stay silent, so that the five minutes
# of one after the other run out while somebody watches.
SILENT_S = (285.0, 262.0, 238.0, 205.0, 170.0)
ANSWERED_S = (40.0, 25.0, 8.0)  # these will be answered
VISITOR_S = 75.0  # this one is the visitor's
UNPLACED_S = 15.0  # and this one has an address only, so the desk must find its grid
log = structlog.get_logger()


@dataclass(slots=True)
class Live:
    """The town in real time, on the database of a demo."""

    runtime: Runtime
    day: Day
    life: Life
    reports: Reports
    random: Random
    next_report: datetime
    filed: int = 0

    @classmethod
    def begin(cls, runtime: Runtime) -> "Live":
        """Go on from what the database holds, with some matters a few minutes old already."""
        seed = (mark_of(runtime) or {}).get("seed", 0)
        now, zone = runtime.clock.now(), ZoneInfo(runtime.settings.timezone)
        crowd = Crowd.shipped(zone.key, seed, "demo-people.toml")
        life = Life(crowd, Words.shipped(), PACE)
        with runtime.look() as work:
            place = town.load(work)
            reports = Reports.of(place, quick(work), zone, seed, now.isoformat())
            last = work.session.scalar(select(func.max(Incident.reported_at))) or now
        life.visitor_id = place.visitor_id
        day = Day(runtime, crowd, life)
        with runtime.look() as work:
            day.catch_up(work, spread=SPREAD)
        live = cls(runtime, day, life, reports, reports.random, now)
        live._lead_in(now, last)
        return live

    def run(self, stop: threading.Event) -> None:
        """Report and answer until told to stop; a database that is away is tried again."""
        while not stop.wait(TICK_S):
            try:
                self.tick()
            except OperationalError as error:
                log.warning("database-away", error=type(error.orig).__name__)

    def tick(self) -> None:
        """Whatever is due by now: somebody's step, a new report; then look into the inboxes."""
        now = self.runtime.clock.now()
        with self.runtime.look() as work:
            self.day.read_notices(work)
        while (at := self.day.next_step()) is not None and at <= now:
            self.day.take_next()
        if now >= self.next_report:
            self.day.report(self._next(now))
            self.next_report = now + timedelta(seconds=self.random.uniform(*BETWEEN_S))

    def _next(self, now: datetime) -> Arrival:
        self.filed += 1
        if self.filed % VISITOR_EVERY == 1 and self._visitor_waits() < VISITOR_MOST:
            return self.reports.one(now, plates=self._plates(visitor=True), quick=True)
        return self.reports.one(now)

    def _visitor_waits(self) -> int:
        with self.runtime.look() as work:
            waiting = select(func.count()).where(
                Incident.handler_id == self.life.visitor_id,
                Incident.is_open,
                Incident.acknowledged_at.is_(None),
            )
            return work.session.scalar(waiting) or 0

    def _plates(self, *, visitor: bool) -> list[town.Plate]:
        place = self.reports.town
        known = (place.visitor_grid,) if visitor else tuple(place.workers)
        return [
            plate
            for plate in place.plates
            if plate.grid in known and (visitor or plate.grid != place.visitor_grid)
        ]

    def _lead_in(self, now: datetime, last: datetime) -> None:
        """The last minutes before the start, as far as no earlier start has filled them."""
        clock = ManualClock(max(last, now - timedelta(minutes=5)))
        self.day.runtime = replace(self.runtime, clock=clock)
        run(self.day, clock, self._latest(now, last), until=now, sweeps=False)
        self.day.runtime = self.runtime

    def _latest(self, now: datetime, last: datetime) -> Iterator[Arrival]:
        ages = [*((age, "silent") for age in SILENT_S), *((age, "") for age in ANSWERED_S)]
        ages += [(VISITOR_S, "visitor"), (UNPLACED_S, "unplaced")]
        for age, about in sorted(ages, reverse=True):
            at = now - timedelta(seconds=age)
            if at <= last:
                continue
            plates = self._plates(visitor=about == "visitor")
            one = self.reports.one(at, plates=plates, quick=True)
            if about == "unplaced":
                one = replace(one, report=replace(one.report, place=None))
            yield replace(one, about=about)


def start(runtime: Runtime) -> threading.Event:
    """Let the town live in a thread of its own; returns what stops it."""
    stop = threading.Event()

    def go() -> None:
        Live.begin(runtime).run(stop)

    threading.Thread(target=go, name="demo", daemon=True).start()
    return stop
