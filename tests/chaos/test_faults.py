"""What breaks under the sweep: the disk, the line, the clock. Afterwards nothing is amiss.

Killed processes are in tests/jobs/test_kill.py, people and sweeps at one instant in
tests/usecases/test_at_once.py, a channel that hangs in tests/jobs/test_worker.py.
"""

import itertools
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, event, text
from sqlalchemy.exc import OperationalError

from gridtrack.analytics.auditor import Audit, audit
from gridtrack.clock import monotonic
from gridtrack.incidents.tables import Incident
from gridtrack.jobs.auditing import audit_news
from gridtrack.jobs.deliverer import deliver
from gridtrack.jobs.sweeper import tick
from gridtrack.notifications.channels.fake import FakeSender
from gridtrack.notifications.tables import Message, Subscription
from gridtrack.usecases.heartbeat import health
from gridtrack.work import make_runtime
from tests.builders import Site
from tests.conftest import POSTGRES

DUE = 410  # three batches


def all_due(site: Site, count: int = DUE) -> None:
    """So many promises that are missed at one instant: this one."""
    for _ in range(count):
        site.report()
    site.clock.advance(minutes=5)


def clean(site: Site) -> Audit:
    """What the auditor says; every climbed matter was told exactly once, none is stuck."""
    with site.look() as work:
        found = audit(work)
        escalated = work.session.query(Message).filter_by(kind="escalated").count()
        stuck = work.session.query(Incident).filter(
            Incident.next_due_at <= site.clock.now() - timedelta(seconds=1)
        )
        assert stuck.count() == 0
    assert (found.missing, found.double, found.early) == (0, 0, 0), found.faults[:5]
    assert escalated == found.fired
    return found


def sweep_all(site: Site) -> None:
    while tick(site.runtime).claimed:
        pass


def sweep_through(site: Site, seconds: float = 60.0) -> int:
    """Sweep as a worker does, again after each failure, until nothing is due; failures met."""
    failed, over = 0, monotonic() + seconds
    while monotonic() < over:
        try:
            if not tick(site.runtime).claimed:
                return failed
        except OperationalError:
            failed += 1
            threading.Event().wait(0.1)  # a worker waits a second
    raise AssertionError("the sweep did not get through")


# --- the disk ---


def test_a_full_disk_loses_no_step_and_is_told(lite: Site) -> None:
    all_due(lite)

    def full(connection: sqlite3.Connection, _record: object) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count={pages}")

    lite.runtime.engine.dispose()
    event.listen(lite.runtime.engine, "connect", full)
    with pytest.raises(OperationalError, match="full"):
        sweep_all(lite)
    with lite.look() as work:
        assert not health(work).well
    event.remove(lite.runtime.engine, "connect", full)
    lite.runtime.engine.dispose()
    lite.clock.advance(seconds=40)
    assert sweep_through(lite) == 0
    found = clean(lite)
    assert (found.fired, found.worst_late_ms) == (DUE, 40_000)


def test_a_copy_from_before_the_last_commits_tells_nobody_anything_twice_under_another_key(
    lite: Site, tmp_path: Path
) -> None:
    """What is restored does again what it had done: the same keys, which receivers know."""
    with lite.work() as work:
        work.session.add(Subscription(scope="", channel="webhook", target="https://x", secret="",
                                      locale="zh", active=True))  # fmt: skip
        work.session.flush()
    all_due(lite, 20)
    copy, keys = tmp_path / "copy.sqlite", []
    with sqlite3.connect(str(lite.runtime.engine.url.database)) as source:
        source.execute("VACUUM INTO ?", (str(copy),))
    source.close()
    restored = make_runtime(
        lite.runtime.settings.model_copy(update={"database_url": f"sqlite:///{copy}"}), lite.clock
    )
    for runtime in (lite.runtime, restored):
        fake = FakeSender()
        while tick(runtime).claimed:
            pass
        while deliver(runtime, {"webhook": fake}):
            pass
        keys.append(sorted(message.key for message in fake.messages))
    restored.engine.dispose()
    assert len(keys[0]) == len(set(keys[0])) == 40
    assert keys[0] == keys[1]


# --- the line ---


@pytest.mark.postgres
def test_a_line_cut_again_and_again_loses_and_doubles_nothing(elephant: Site) -> None:
    all_due(elephant)
    failures: list[int] = []

    def run() -> None:
        failures.append(sweep_through(elephant))

    sweepers = [threading.Thread(target=run) for _ in range(4)]
    with cut_at_statements(elephant, every=4, times=20) as cuts:
        for one in sweepers:
            one.start()
        for one in sweepers:
            one.join()
    assert len(failures) == 4
    assert len(cuts) >= 5
    assert sum(failures) > 0
    assert clean(elephant).fired == DUE


@contextmanager
def cut_at_statements(site: Site, *, every: int, times: int) -> Iterator[list[int]]:
    """Before each so-manieth statement the server ends the connection that is to carry it."""
    plain = POSTGRES.replace("postgresql+psycopg://", "postgresql://")
    count, cuts, one_by_one = itertools.count(1), [], threading.Lock()

    def cut(connection: Connection, *_given: object) -> None:
        with one_by_one:
            if next(count) % every or len(cuts) == times:
                return
            raw = connection.connection.driver_connection
            assert raw is not None
            admin.execute("SELECT pg_terminate_backend(%s, 20000)", (raw.info.backend_pid,))
            cuts.append(raw.info.backend_pid)

    with psycopg.connect(plain, autocommit=True) as admin:
        event.listen(site.runtime.engine, "before_cursor_execute", cut)
        yield cuts
        event.remove(site.runtime.engine, "before_cursor_execute", cut)


# --- the clock ---


def test_a_clock_set_back_an_hour_fires_nothing_twice_and_nothing_early(site: Site) -> None:
    all_due(site, 20)
    sweep_through(site)
    site.clock.advance(hours=-1)
    for _ in range(4):
        assert tick(site.runtime).rungs == []
        site.clock.advance(minutes=20)
    sweep_through(site)
    found = clean(site)
    assert found.fired == 40  # the deputy before, the leader when their five minutes were over


def test_a_clock_set_forward_a_day_takes_one_rung_and_gives_the_next_its_window(
    site: Site,
) -> None:
    all_due(site, 20)
    site.clock.advance(days=1)
    sweep_through(site)
    assert clean(site).fired == 20
    site.clock.advance(minutes=4, seconds=59)
    assert tick(site.runtime).rungs == []
    site.clock.advance(seconds=1)
    sweep_through(site)
    found = clean(site)
    assert (found.fired, found.late) == (40, 20)


def test_the_auditor_itself_outlives_a_clock_that_jumps(site: Site) -> None:
    all_due(site, 5)
    sweep_through(site)
    for jump in (timedelta(hours=-1), timedelta(days=1), timedelta(days=-2), timedelta(days=2)):
        site.clock.set(site.clock.now() + jump)
        assert audit_news(site.runtime)
    with site.look() as work:
        assert work.session.scalar(text("SELECT count(*) FROM audited_promise")) == 5
