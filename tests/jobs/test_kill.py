"""Real workers, killed in the middle of it again and again: nothing missing, nothing double."""

import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import event

from gridtrack.analytics.auditor import audit
from gridtrack.clock import ManualClock, SystemClock
from gridtrack.deadlines.tables import ClockRow, Quarantine
from gridtrack.grids import store as grids
from gridtrack.incidents.rules import Action, replay
from gridtrack.incidents.tables import Event, Incident
from gridtrack.jobs.deliverer import deliver
from gridtrack.jobs.mover import Mover
from gridtrack.jobs.senders import make_senders
from gridtrack.jobs.sweeper import tick
from gridtrack.notifications.store import LEASE
from gridtrack.notifications.tables import Message, Subscription
from gridtrack.settings import Settings
from gridtrack.usecases.handle import handle
from gridtrack.usecases.report import report_incident
from gridtrack.work import make_runtime
from tests.builders import LAMP, PARKING, Site, a_report
from tests.edition_builders import NOW_A12, a_draft, a_shift, in_force, redraw, strip
from tests.servers import a_hook

ENVIRON = os.environ  # noqa: TID251 - what a process needs that is not ours
BATCH = 400
SOON_S = 60.0  # a patience that only a broken worker uses up
pytestmark = pytest.mark.slow


@contextmanager
def own_process(module: str, settings: Settings, *words: str) -> Iterator[subprocess.Popen[str]]:
    """`python -m module` on the database of `settings`; killed at the end."""
    environ = {
        **{name: value for name, value in ENVIRON.items() if not name.startswith("GRIDTRACK_")},
        "GRIDTRACK_INSTANCE": str(settings.instance),
        "GRIDTRACK_DATABASE_URL": settings.database_url,
        "GRIDTRACK_OUTBOUND_HOSTS": "127.0.0.1",
    }
    command = [sys.executable, "-m", module, *words]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, env=environ, text=True, stdin=pipe, stdout=pipe, stderr=pipe
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def workers(site: Site, count: int) -> Iterator[list[subprocess.Popen[str]]]:
    """`count` processes of `gridtrack worker` that have begun to sweep."""
    with ExitStack() as stack:
        begun = [
            stack.enter_context(own_process("gridtrack", site.runtime.settings, "worker"))
            for _ in range(count)
        ]
        for process in begun:
            assert process.stderr is not None
            assert any("sweeps every second" in line for line in process.stderr)
        yield begun


def due_now(site: Site, count: int) -> list[int]:
    """Lamps reported five minutes ago: their promise is missed at this very moment."""
    then = SystemClock().now() - timedelta(minutes=5)
    with site.runtime.work(now=then) as work:
        return [report_incident(work, a_report(LAMP)).incident_id for _ in range(count)]


def climbed(site: Site) -> int:
    with site.look() as work:
        return work.session.query(Incident).filter(Incident.rung.is_not(None)).count()


def until(true: Callable[[], bool]) -> None:
    """Wait for what other processes do."""
    over, pause = time.monotonic() + SOON_S, threading.Event()
    while not true() and time.monotonic() < over:
        pause.wait(0.02)


def check(site: Site, ids: list[int]) -> None:
    """Each of `ids` has climbed exactly one rung, was told once, and adds up."""
    with site.look() as work:
        found = audit(work)
        assert (found.missing, found.double, found.early) == (0, 0, 0), found.faults[:5]
        events: dict[int, list[Event]] = {one: [] for one in ids}
        for one in work.session.query(Event).order_by(Event.incident_id, Event.seq):
            events[one.incident_id].append(one)
        steps = Counter(e.incident_id for of in events.values() for e in of if "step" in e.data)
        assert steps == dict.fromkeys(ids, 1)
        for row in work.session.query(Incident):
            summed = replay((e.seq, e.data) for e in events[row.id])
            assert {name: getattr(row, name) for name in summed} == summed
        told = work.session.query(Message).filter_by(kind="escalated", channel="inbox")
        assert Counter(m.incident_id for m in told) == dict.fromkeys(ids, 1)
        assert {clock.step for clock in work.session.query(ClockRow)} == {1}
        assert work.session.query(Quarantine).count() == 0


def test_a_worker_killed_in_the_middle_again_and_again_loses_and_doubles_nothing(
    street: Site,
) -> None:
    site, chance, ids = street, random.Random(1), []
    for _ in range(4):
        before = climbed(site)
        ids += due_now(site, BATCH)
        with workers(site, 1) as (process,):
            until(lambda before=before: climbed(site) > before)  # type: ignore[misc]
            threading.Event().wait(chance.uniform(0, 0.15))
            process.kill()
    with workers(site, 1):
        until(lambda: climbed(site) == len(ids))
    check(site, ids)


@pytest.mark.postgres
def test_four_workers_of_which_three_are_killed_lose_and_double_nothing(
    elephant: Site,
) -> None:
    site, chance = elephant, random.Random(2)
    ids = due_now(site, BATCH)
    with workers(site, 4) as processes:
        for process in processes[1:]:
            ids += due_now(site, BATCH)
            threading.Event().wait(chance.uniform(0, 0.3))
            process.kill()
        ids += due_now(site, BATCH)
        until(lambda: climbed(site) == len(ids))
    check(site, ids)


def test_a_sweep_killed_at_every_point_of_its_transaction_is_done_once(
    street: Site,
) -> None:
    site = street
    ids = due_now(site, 3)
    points = statements_of_a_sweep(site)
    assert points >= 5
    with own_process("tests.jobs.dying", site.runtime.settings, "sweep") as dying:
        assert dying.stdin is not None
        assert dying.stdout is not None
        for point in range(points + 1):  # the last one dies between its last word and the commit
            ids += due_now(site, 3)
            print(point, file=dying.stdin, flush=True)
            assert dying.stdout.readline() == f"{point} died\n"
            assert climbed(site) == len(ids) - 3
            # PostgreSQL takes a moment to notice that whoever held the rows is gone.
            until(partial(done, site, len(ids)))
            assert climbed(site) == len(ids)
    check(site, ids)


def done(site: Site, count: int) -> bool:
    """Whether nothing is left to sweep and `count` matters have climbed."""
    return not tick(site.runtime).rungs and climbed(site) == count


def statements_of_a_sweep(site: Site) -> int:
    """How many statements a batch takes; the batch is done."""
    said: list[str] = []

    def keep(*given: object) -> None:
        said.append(str(given[2]))

    event.listen(site.runtime.engine, "before_cursor_execute", keep)
    assert tick(site.runtime).rungs
    event.remove(site.runtime.engine, "before_cursor_execute", keep)
    return len(said)


# --- the move of matters when the grids change ---


def kept_moving(site: Site, draft: int) -> list[int]:
    """Three matters in ground that `draft`, now put in force, gives to another grid."""
    ids = [site.report(PARKING, at=NOW_A12).incident_id for _ in range(3)]
    in_force(site, draft)
    return ids


def the_other_way(site: Site, n: int) -> int:
    """A draft that moves the border between A11 and A12 there, and the next time back."""
    if n % 2 == 0:
        return a_shift(site)
    draft = a_draft(site)
    redraw(site, draft, {"A11": strip(0, 3), "A12": strip(3, 5)})
    return draft


def put_away(site: Site, ids: list[int]) -> None:
    for one in ids:
        with site.work("street") as work:
            handle(work, one, Action.REJECT, {"reason": "over"})


def check_moved(site: Site, ids: list[int], edition: int) -> None:
    """Each matter was moved by this edition once, told once, and adds up."""
    code = site.incident(ids[0]).grid_code
    with site.look() as work:
        found = grids.partition_at(work.session, work.memo, work.now).locate(*NOW_A12)
        for one in ids:
            row = work.session.get(Incident, one)
            assert row is not None
            assert (row.grid_code, row.edition_id) == (found.code, edition)
            keys = [e.key for e in work.session.query(Event).filter_by(incident_id=one)]
            assert keys.count(f"reroute:{edition}:{one}") == 1
            told = work.session.query(Message).filter_by(incident_id=one, channel="inbox")
            mine = Counter(m.key for m in told if m.key.startswith(f"reroute:{edition}:"))
            assert sorted(key.split(":")[3] for key in mine) == ["assigned", "moved-away"]
            assert set(mine.values()) == {1}
    assert code in ("A11", "A12")
    assert all(site.sums_up(one) for one in ids)


def test_a_move_killed_at_every_point_is_done_once(street: Site) -> None:
    site = street
    first = kept_moving(site, the_other_way(site, 0))
    points = statements_of(site, lambda: Mover(site.runtime).follow())
    put_away(site, first)
    assert points >= 12
    with own_process("tests.jobs.dying", site.runtime.settings, "move") as dying:
        assert dying.stdin is not None
        assert dying.stdout is not None
        for point in range(points + 1):  # the last ones die between the last word and the commit
            draft = the_other_way(site, point + 1)
            ids = kept_moving(site, draft)
            print(point, file=dying.stdin, flush=True)
            assert dying.stdout.readline() == f"{point} died\n"
            assert [site.kinds(one) for one in ids] == [["reported", "assigned"]] * 3
            Mover(site.runtime).follow()
            check_moved(site, ids, draft)
            put_away(site, ids)


def statements_of(site: Site, act: Callable[[], object]) -> int:
    """How many statements an act takes."""
    said: list[str] = []

    def keep(*given: object) -> None:
        said.append(str(given[2]))

    event.listen(site.runtime.engine, "before_cursor_execute", keep)
    act()
    event.remove(site.runtime.engine, "before_cursor_execute", keep)
    return len(said)


def test_workers_killed_again_and_again_move_every_matter_once(
    street: Site,
) -> None:
    site, chance = street, random.Random(3)
    ids = [site.report(PARKING, at=NOW_A12).incident_id for _ in range(BATCH)]
    draft = a_shift(site)
    in_force(site, draft)

    def moved() -> int:
        with site.look() as work:
            return work.session.query(Incident).filter_by(grid_code="A12").count()

    for _ in range(3):
        before = moved()
        with workers(site, 1) as (process,):
            until(lambda before=before: moved() > before or moved() == len(ids))  # type: ignore[misc]
            threading.Event().wait(chance.uniform(0, 0.03))
            process.kill()
    with workers(site, 1):
        until(lambda: moved() == len(ids))
    check_moved(site, ids, draft)


def test_a_sender_killed_in_the_middle_leaves_no_message_unsent(
    street: Site,
) -> None:
    site = street
    with a_hook() as hook:
        with site.work() as work:
            work.session.add(Subscription(scope="", channel="webhook", target=hook.url,
                                          secret="s", locale="zh", active=True))  # fmt: skip
            work.session.flush()
        due_now(site, 60)
        for wanted in (10, 20, 30):
            with workers(site, 1) as (process,):
                until(lambda wanted=wanted: len(hook.calls) >= wanted)  # type: ignore[misc]
                process.kill()
        tick(site.runtime)
        send_the_rest(site)
        told = Counter(call.headers["X-Gridtrack-Key"] for call in hook.calls)
    with site.look() as work:
        every = work.session.query(Message).filter_by(channel="webhook").all()
    assert Counter(m.state for m in every if m.kind == "escalated") == {"sent": 60}
    assert {m.key for m in every if m.state == "sent"} == set(told)
    # A second time only what was on its way when its sender died, and under its own key.
    assert sum(count - 1 for count in told.values()) <= 3


def send_the_rest(site: Site) -> None:
    """Send what is left here, once the leases of the dead have run out."""
    settings = site.runtime.settings.model_copy(update={"outbound_hosts": "127.0.0.1"})
    clock = ManualClock(SystemClock().now() + LEASE)
    own = make_runtime(settings, clock)
    while deliver(own, make_senders(settings, clock)):
        pass
    own.engine.dispose()
