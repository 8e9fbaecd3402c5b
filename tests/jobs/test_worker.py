"""The ticker: once a second, never twice at once, and somebody watches it by another clock."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from apscheduler.job import Job
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from gridtrack.deadlines.tables import Heartbeat
from gridtrack.incidents.tables import Event
from gridtrack.jobs import worker as ticking
from gridtrack.jobs.worker import EverySecond, Worker
from gridtrack.notifications.channels.fake import FakeSender
from gridtrack.notifications.tables import Subscription
from gridtrack.usecases.heartbeat import health, heartbeat
from tests.builders import LAMP, Site

SOON_S = 20.0  # a patience that only a broken worker uses up


def until(true: Callable[[], bool]) -> bool:
    """Ask again and again for some seconds; what is awaited comes from threads of the worker."""
    over, pause = time.monotonic() + SOON_S, threading.Event()
    while time.monotonic() < over:
        if true():
            return True
        pause.wait(0.02)
    return False


def lives(site: Site, worker: Worker) -> bool:
    """Whether the worker's beat is in the database."""
    with site.look() as work:
        return work.session.get(Heartbeat, worker.name) is not None


@pytest.fixture
def worker(lite: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[Worker]:
    """A worker on a street, with a supervisor that looks twenty times a second."""
    monkeypatch.setattr(ticking, "SILENT_S", 0.2)
    made = Worker(lite.runtime, {"webhook": FakeSender()})
    monkeypatch.setattr(ticking, "EVERY_S", 0.05)
    yield made
    if made._scheduler.running:
        made.stop()


# --- the trigger ---


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the library reads the same clock


def run_times(worker: Worker, at: datetime) -> list[datetime]:
    worker._scheduler.start(paused=True)
    job: Job = worker._scheduler.get_job("sweep")
    return list(job._get_run_times(at))


def test_a_clock_that_jumps_a_year_is_one_tick_not_thirty_million(worker: Worker) -> None:
    assert len(run_times(worker, now() + timedelta(days=365))) == 1


def test_the_next_tick_is_a_second_from_now_whatever_was_missed() -> None:
    at = now()
    for previous in (at, at - timedelta(days=365), at + timedelta(hours=1)):
        assert EverySecond().get_next_fire_time(previous, at) == at + timedelta(seconds=1)


def test_the_first_tick_is_at_once() -> None:
    at = now()
    assert EverySecond().get_next_fire_time(None, at) == at


@pytest.mark.parametrize("name", ["sweep", "deliver", "follow"])
def test_a_job_is_never_missed_never_piled_up_and_never_twice_at_once(
    worker: Worker, name: str
) -> None:
    worker._scheduler.start(paused=True)
    job = worker._scheduler.get_job(name)
    assert (job.misfire_grace_time, job.coalesce, job.max_instances) == (None, True, 1)


# --- ticking ---


def test_a_worker_sweeps_delivers_and_says_that_it_lives(lite: Site, worker: Worker) -> None:
    with lite.work() as work:
        person = lite.people["deputy-a11"]
        work.session.add(Subscription(person_id=person, channel="webhook", target="https://x",
                                      secret="", locale="zh", active=True))  # fmt: skip
        work.session.flush()
    one = lite.report(LAMP).incident_id
    lite.clock.advance(minutes=5)
    worker.start()
    fake = worker._senders["webhook"]
    assert isinstance(fake, FakeSender)
    assert until(lambda: lite.incident(one).rung == "deputy" and bool(fake.messages))
    # The beat is written after the sweep, in a transaction of its own.
    assert until(lambda: lives(lite, worker))


def test_the_supervisor_sweeps_where_the_ticker_is_silent(lite: Site, worker: Worker) -> None:
    one = lite.report(LAMP).incident_id
    worker.start()
    assert until(lambda: worker._beaten > 0)
    worker._scheduler.pause()
    lite.clock.advance(minutes=5)
    assert until(lambda: lite.incident(one).rung == "deputy")


def test_the_supervisor_wakes_a_scheduler_that_waits_for_a_time_that_was(worker: Worker) -> None:
    worker.start()
    assert until(lambda: worker._beaten > 0)
    for job in worker._scheduler.get_jobs():  # as after the clock was set back an hour
        job.modify(next_run_time=now() + timedelta(hours=1))
    soon = timedelta(minutes=1)
    assert until(lambda: all(j.next_run_time < now() + soon for j in worker._scheduler.get_jobs()))


@pytest.mark.parametrize(
    "error", [OperationalError("SELECT", {}, ConnectionError("gone")), RuntimeError("planted")]
)
def test_the_supervisor_outlives_whatever_a_tick_does(
    lite: Site, worker: Worker, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    tried = threading.Event()

    def fails(_runtime: object) -> None:
        tried.set()
        raise error

    one = lite.report(LAMP).incident_id
    with monkeypatch.context() as patch:
        patch.setattr(ticking, "tick", fails)
        worker.start()
        worker._scheduler.pause()
        assert tried.wait(SOON_S)
    lite.clock.advance(minutes=5)
    assert until(lambda: lite.incident(one).rung == "deputy")


def test_a_tick_that_hangs_is_not_joined_by_a_second_one(
    lite: Site, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside, over, begun = threading.Event(), threading.Event(), []
    real = ticking.tick

    def hangs(runtime):  # type: ignore[no-untyped-def]
        begun.append(1)
        inside.set()
        over.wait(SOON_S)
        return real(runtime)

    monkeypatch.setattr(ticking, "tick", hangs)
    worker.start()
    assert inside.wait(SOON_S)
    for _ in range(3):
        worker.sweep_once()  # as the supervisor would
    assert begun == [1]
    over.set()


def test_a_channel_that_hangs_does_not_hold_up_a_deadline(lite: Site, worker: Worker) -> None:
    inside, over = threading.Event(), threading.Event()

    class Hangs(FakeSender):
        def send(self, message):  # type: ignore[no-untyped-def]
            inside.set()
            over.wait(SOON_S)
            return super().send(message)

    with lite.work() as work:
        work.session.add(Subscription(scope="", channel="webhook", target="https://x", secret="",
                                      locale="zh", active=True))  # fmt: skip
        work.session.flush()
    lite.runtime.memo.forget("subscriptions")
    worker._senders = {"webhook": Hangs()}
    one = lite.report(LAMP).incident_id
    worker.start()
    assert inside.wait(SOON_S)
    lite.clock.advance(minutes=5)
    assert until(lambda: lite.incident(one).rung == "deputy")
    over.set()


def test_a_stopped_worker_ticks_no_more(lite: Site, worker: Worker) -> None:
    worker.start()
    assert until(lambda: worker._beaten > 0)
    worker.stop()
    one = lite.report(LAMP).incident_id
    lite.clock.advance(minutes=5)
    threading.Event().wait(0.5)
    assert lite.incident(one).rung is None
    worker.wait()


# --- the heartbeat ---


def test_somebody_who_beat_lately_is_well(site: Site) -> None:
    with site.work() as work:
        heartbeat(work, "host:1", 3.5, 0)
    with site.look() as work:
        assert health(work).well


def test_a_worker_that_fell_silent_is_not_well(site: Site) -> None:
    with site.work() as work:
        heartbeat(work, "host:1", 3.5, 0)
    site.clock.advance(seconds=11)
    with site.look() as work:
        assert not health(work).well


def test_a_worker_with_a_very_long_name_beats_too(site: Site) -> None:
    with site.work() as work:
        heartbeat(work, "host" * 60, 3.5, 0)
    with site.look() as work:
        assert len(health(work).workers) == 1


# --- within the second ---


class _Waits(threading.Event):
    """An event that lets the street's clock go on instead of waiting."""

    def __init__(self, site: Site) -> None:
        super().__init__()
        self.site, self.waited = site, list[float]()

    def wait(self, timeout: float | None = None) -> bool:
        self.waited.append(timeout or 0.0)
        self.site.clock.advance(seconds=timeout or 0.0)
        return False


def a_second(lite: Site, monkeypatch: pytest.MonkeyPatch, until_due_s: float) -> list[float]:
    """What the first tick waits for where a promise is missed so many seconds after it."""
    made = Worker(lite.runtime, {})
    waits = made._stopped = _Waits(lite)
    monkeypatch.setattr(ticking, "monotonic", lambda: 0.0)
    lite.report(LAMP)
    lite.clock.advance(seconds=300 - until_due_s)
    made.sweep_a_second()
    return waits.waited


def lateness(site: Site) -> list[int]:
    with site.look() as work:
        steps = work.session.scalars(select(Event.data).where(Event.kind == "escalated"))
        return [data["late_ms"] for data in steps]


def test_what_falls_due_within_the_second_is_fired_at_its_instant(lite, monkeypatch) -> None:
    assert a_second(lite, monkeypatch, 0.5) == [0.5]
    assert lateness(lite) == [0]


def test_what_falls_due_after_the_second_is_left_to_the_next_tick(lite, monkeypatch) -> None:
    assert a_second(lite, monkeypatch, 0.9) == []
    assert lateness(lite) == []


def test_what_falls_due_in_a_stream_is_fired_ten_times_a_second(lite, monkeypatch) -> None:
    assert a_second(lite, monkeypatch, 0.001) == [0.1]
    assert lateness(lite) == [99]


def test_nothing_is_waited_for_by_a_clock_that_is_not_believed(lite, monkeypatch) -> None:
    made = Worker(lite.runtime, {})
    made._guard.held = True
    waits = made._stopped = _Waits(lite)
    monkeypatch.setattr(made._guard, "may_sweep", lambda: False)
    lite.report(LAMP)
    lite.clock.advance(minutes=5)
    made.sweep_a_second()
    assert (waits.waited, lateness(lite)) == ([], [])
