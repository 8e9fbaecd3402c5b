"""The ticker: APScheduler says "now" once a second, the database says what is due and when next.

APScheduler keeps no deadline: its memory store holds a few jobs that never run twice at once, never
pile up and never count as missed (measured-escalation.md §2). The supervisor goes by a clock that
cannot jump, and sweeps by itself where no tick was finished for five seconds.
"""

import os
import socket
import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from sqlalchemy.exc import OperationalError

from gridtrack.clock import monotonic
from gridtrack.incidents.store import earliest_due
from gridtrack.jobs.auditing import audit_news, ping_outside
from gridtrack.jobs.deliverer import deliver
from gridtrack.jobs.gathering import gather_news
from gridtrack.jobs.guard import ClockGuard
from gridtrack.jobs.indexer import index_news
from gridtrack.jobs.mapper import cut_maps
from gridtrack.jobs.mover import Mover
from gridtrack.jobs.purging import purge_by_itself
from gridtrack.jobs.recounter import recount
from gridtrack.jobs.sealer import seal
from gridtrack.jobs.sweeper import Tick, tick
from gridtrack.jobs.tasks import TaskRunner
from gridtrack.notifications.channels.port import Sender
from gridtrack.usecases.heartbeat import heartbeat
from gridtrack.usecases.patrol import forget_tracks
from gridtrack.usecases.remind import remind
from gridtrack.usecases.remind_used_up import remind_of_used_up
from gridtrack.usecases.warn_holes import warn_of_holes
from gridtrack.work import Runtime

EVERY_S = 1.0
WITHIN = 0.8  # of a second: then the tick must be over, or the next one would be left out
SOONEST_S = 0.1  # what falls due in a stream is fired ten times a second, not one by one
SILENT_S = 5.0
BEAT_EVERY_S = 2.0
AUDIT_EVERY_S = 60.0
DUTY_EVERY_S = 600.0
DUE_SOON_EVERY_S = 30.0
THREADS = ("sweep", "deliver", "follow", "maps", "audit", "duty", "figures", "words", "purge")
MAPS_EVERY_S = 10.0
FIGURES_EVERY_S = 10.0
REMIND_EVERY_S = 600.0
PURGE_EVERY_S = 3600.0
WORDS_EVERY_S = 2.0
log = structlog.get_logger()


class EverySecond(BaseTrigger):  # type: ignore[misc]
    """One second after now (or as many as it is told), whatever was missed.

    The library's interval trigger enumerates every missed tick: a clock set forward by a year cost
    119 s and 3.2 GB (measured-escalation.md §2, no. 7).
    """

    def __init__(self, seconds: float | None = None) -> None:
        """Every second, or every `seconds`."""
        self._seconds = seconds

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:
        """The next tick."""
        return now if previous is None else now + timedelta(seconds=self._seconds or EVERY_S)


class Worker:
    """Sweeps, delivers and does long work for one process until it is stopped."""

    def __init__(self, runtime: Runtime, senders: Mapping[str, Sender]) -> None:
        """A worker that has not begun."""
        self.name = f"{socket.gethostname()}:{os.getpid()}"
        self._runtime = runtime
        self._senders = senders
        self._mover = Mover(runtime)
        self._guard = ClockGuard(runtime)
        self._stopped = threading.Event()
        self._ticked = monotonic()
        self._beaten = 0.0
        self._warned: float | None = None
        self._reminded: float | None = None
        self._purged: float | None = None
        self._busy = threading.Lock()
        self._scheduler = self._make_scheduler()
        self._tasks = TaskRunner(runtime)
        self._supervisor = threading.Thread(target=self._supervise, name="supervisor", daemon=True)

    def start(self) -> None:
        """Begin ticking in threads of its own; call it after a fork, never before."""
        self._scheduler.start()
        self._tasks.start()
        self._supervisor.start()

    def stop(self) -> None:
        """Finish what is under way and end."""
        self._stopped.set()
        self._tasks.stop()
        if self._supervisor.is_alive():
            self._supervisor.join()  # it may be in the middle of a sweep of its own
        self._scheduler.shutdown(wait=True)

    def wait(self) -> None:
        """Block until `stop` is called."""
        self._stopped.wait()

    def sweep_once(self) -> None:
        """One tick: everything due, then the heartbeat; a database that is away is tried again.

        A clock that jumped forward fires nothing, but is told: the beat goes on.
        """
        if not self._busy.acquire(blocking=False):
            return
        try:
            began = monotonic()
            done = tick(self._runtime) if self._guard.may_sweep() else Tick()
            self._ticked = monotonic()
            if self._ticked - self._beaten >= BEAT_EVERY_S or done.claimed:
                took_ms = (self._ticked - began) * 1000
                with self._runtime.work() as work:
                    heartbeat(work, self.name, took_ms, len(done.rungs))
                self._beaten = self._ticked
        except OperationalError as error:
            log.warning("database-away", error=type(error.orig).__name__)
        except Exception as error:  # noqa: BLE001 - the supervisor's thread must outlive anything
            log.warning("tick-failed", error=repr(error))
        finally:
            self._busy.release()

    def sweep_a_second(self) -> None:
        """A tick, and one more at each instant in this second at which something falls due."""
        until = monotonic() + EVERY_S * WITHIN
        self.sweep_once()
        while not self._guard.held:
            due_s = self._until_due()
            wait_s = EVERY_S if due_s is None else max(due_s, SOONEST_S)
            if monotonic() + wait_s > until or self._stopped.wait(wait_s):
                return
            self.sweep_once()

    def deliver_once(self) -> None:
        """One round of sending; a database that is away is tried again."""
        try:
            deliver(self._runtime, self._senders)
        except OperationalError as error:
            log.warning("database-away", error=type(error.orig).__name__)

    def follow_once(self) -> None:
        """Follow the editions once; whatever fails is tried again a second later."""
        if self._guard.held:
            return
        try:
            self._mover.follow()
            recount(self._runtime)
        except OperationalError as error:
            log.warning("database-away", error=type(error.orig).__name__)
        except Exception as error:  # noqa: BLE001 - what is left to do is found again
            log.warning("follow-failed", error=repr(error))

    def cut_once(self) -> None:
        """Cut the maps of editions that were checked; without pieces they are only slower."""
        try:
            cut_maps(self._runtime)
        except OperationalError as error:
            log.warning("database-away", error=type(error.orig).__name__)

    def audit_once(self) -> None:
        """One look at what is new in the log, then the word to the outside that all is well."""
        if self._guard.held:  # by a wrong time everything would be missing
            return
        try:
            seal(self._runtime)
            if audit_news(self._runtime):
                ping_outside(self._runtime, self._senders)
        except OperationalError as error:
            log.warning("database-away", error=type(error.orig).__name__)
        except Exception as error:  # noqa: BLE001 - a fault of the auditor must not end its turns
            log.error("audit-failed", error=repr(error))  # noqa: TRY400 - kept

    def gather_once(self) -> None:
        """Let the figures follow the log."""
        try:
            gather_news(self._runtime)
        except OperationalError as error:
            log.warning("database-away", error=type(error.orig).__name__)
        except Exception as error:  # noqa: BLE001 - figures are made again, the ticks go on
            log.warning("figures-failed", error=repr(error))

    def warn_once(self) -> None:
        """Tell of holes in the rosters of the coming week; forget tracks that are too old."""
        if self._warned is not None and monotonic() - self._warned < DUTY_EVERY_S:
            return
        try:
            with self._runtime.work() as work:
                warn_of_holes(work)
                forget_tracks(work)
            self._warned = monotonic()
        except OperationalError as error:
            log.warning("database-away", error=type(error.orig).__name__)
        except Exception as error:  # noqa: BLE001 - the next turn looks anew
            log.warning("holes-failed", error=repr(error))

    def purge_once(self) -> None:
        """Take away what is no longer kept, where the rules say that this happens by itself."""
        if self._purged is not None and monotonic() - self._purged < PURGE_EVERY_S:
            return
        try:
            purge_by_itself(self._runtime)
            self._purged = monotonic()
        except OperationalError as error:
            log.warning("database-away", error=type(error.orig).__name__)
        except Exception as error:  # noqa: BLE001 - rules that cannot be read are doctor's to tell
            log.error("purge-failed", error=repr(error))  # noqa: TRY400 - kept

    def remind_once(self) -> None:
        """Say again, once a day, what nobody answered up to the top."""
        if self._reminded is not None and monotonic() - self._reminded < REMIND_EVERY_S:
            return
        try:
            with self._runtime.work() as work:
                remind_of_used_up(work)
            self._reminded = monotonic()
        except OperationalError as error:
            log.warning("database-away", error=type(error.orig).__name__)
        except Exception as error:  # noqa: BLE001 - the next turn looks anew
            log.warning("reminder-failed", error=repr(error))

    def due_soon_once(self) -> None:
        """Remind handlers of what is due soon."""
        try:
            with self._runtime.work() as work:
                remind(work)
        except OperationalError as error:
            log.warning("database-away", error=type(error.orig).__name__)
        except Exception as error:  # noqa: BLE001 - the next turn looks anew
            log.warning("due-soon-failed", error=repr(error))

    def index_once(self) -> None:
        """Take new matters into the index of words; until then a search reads them one by one."""
        try:
            index_news(self._runtime)
        except OperationalError as error:
            log.warning("database-away", error=type(error.orig).__name__)
        except Exception as error:  # noqa: BLE001 - what is left is read again
            log.warning("words-failed", error=repr(error))

    def _make_scheduler(self) -> BackgroundScheduler:
        scheduler = BackgroundScheduler(
            jobstores={"default": MemoryJobStore()},
            # A thread each: a channel that hangs must not hold up a deadline.
            executors={name: ThreadPoolExecutor(1) for name in THREADS},
            timezone="UTC",
        )
        options: dict[str, Any] = {
            "coalesce": True,
            "max_instances": 1,
            "misfire_grace_time": None,
        }
        for name, once in (
            ("sweep", self.sweep_a_second),
            ("deliver", self.deliver_once),
            ("follow", self.follow_once),
        ):
            scheduler.add_job(once, EverySecond(), executor=name, id=name, **options)
        every = EverySecond(MAPS_EVERY_S)
        scheduler.add_job(self.cut_once, every, executor="maps", id="maps", **options)
        every = EverySecond(FIGURES_EVERY_S)
        scheduler.add_job(self.gather_once, every, executor="figures", id="figures", **options)
        every = EverySecond(AUDIT_EVERY_S)
        scheduler.add_job(self.audit_once, every, executor="audit", id="audit", **options)
        scheduler.add_job(self.purge_once, every, executor="purge", id="purge", **options)
        scheduler.add_job(self.warn_once, every, executor="duty", id="duty", **options)
        scheduler.add_job(self.remind_once, every, executor="duty", id="remind", **options)
        every = EverySecond(WORDS_EVERY_S)
        scheduler.add_job(self.index_once, every, executor="words", id="words", **options)
        soon = EverySecond(DUE_SOON_EVERY_S)
        scheduler.add_job(self.due_soon_once, soon, executor="duty", id="due-soon", **options)
        return scheduler

    def _until_due(self) -> float | None:
        """Seconds until the next step is due, None where none is promised or nobody can say."""
        try:
            with self._runtime.look() as work:
                earliest = earliest_due(work.session)
                return None if earliest is None else (earliest - work.now).total_seconds()
        except OperationalError as error:
            log.warning("database-away", error=type(error.orig).__name__)
            return None

    def _supervise(self) -> None:
        while not self._stopped.wait(EVERY_S):
            if monotonic() - self._ticked > SILENT_S:
                log.error("ticker-silent", seconds=round(monotonic() - self._ticked, 1))
                self.sweep_once()
                # A clock set back leaves the scheduler waiting for a time that was: wake it.
                for job in self._scheduler.get_jobs():
                    job.reschedule(job.trigger)
