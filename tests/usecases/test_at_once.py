"""Several people and workers at the same instant, in real transactions on PostgreSQL."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from gridtrack.analytics.auditor import audit
from gridtrack.deadlines.offline import Phone
from gridtrack.deadlines.tables import ClockRow
from gridtrack.errors import Conflict, GridtrackError
from gridtrack.incidents.rules import Action
from gridtrack.incidents.tables import Incident, Reporter
from gridtrack.jobs.mover import Mover
from gridtrack.jobs.sweeper import tick
from gridtrack.notifications.tables import Message
from gridtrack.usecases.assign import assign
from gridtrack.usecases.handle import handle
from gridtrack.usecases.report import report_incident
from gridtrack.usecases.send_act import Acted, Sent, send_act
from gridtrack.work import Runtime, make_runtime
from tests.builders import LAMP, PARKING, Site, a_report
from tests.edition_builders import NOW_A12, a_shift, in_force

CLIENT_ID = "0b0e2c9e-94a6-4b0e-8a54-3f1ad0a3ef10"


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run each act in a thread of its own, all let go together; answers or errors in order."""
    start = threading.Barrier(len(acts))
    answers: list[Any] = [None] * len(acts)

    def run(place: int) -> None:
        start.wait()
        try:
            answers[place] = acts[place]()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            answers[place] = error

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


@contextmanager
def others(site: Site, count: int) -> Iterator[list[Runtime]]:
    """As other processes have it: engines of their own on the same database."""
    with ExitStack() as stack:
        made = [make_runtime(site.runtime.settings, site.clock) for _ in range(count)]
        for runtime in made:
            stack.callback(runtime.engine.dispose)
        yield made


def rungs_after_answer(site: Site, incident_id: int) -> list[str]:
    kinds = site.kinds(incident_id)
    return [k for k in kinds[kinds.index("acknowledged") :] if k in ("escalated", "rung-skipped")]


# --- a person and the sweep ---


@pytest.mark.postgres
def test_an_answer_and_the_sweep_at_the_same_instant_leave_one_story(elephant: Site) -> None:
    ids = [elephant.report(LAMP).incident_id for _ in range(30)]
    worker = elephant.actor("worker-a11")
    elephant.clock.advance(minutes=5)

    def answer_all() -> None:
        for one in ids:
            elephant.acknowledge(one, worker)

    answers = at_once(answer_all, *[lambda: tick(elephant.runtime, batch=3)] * 3)
    assert [a for a in answers if isinstance(a, Exception)] == []
    for one in ids:
        assert elephant.incident(one).state == "acknowledged"
        assert elephant.incident(one).next_due_at is None
        assert rungs_after_answer(elephant, one) == []
        assert elephant.sums_up(one)


@pytest.mark.postgres
def test_after_that_nothing_is_left_to_fire_and_every_rung_was_told_once(elephant: Site) -> None:
    ids = [elephant.report(LAMP).incident_id for _ in range(20)]
    worker = elephant.actor("worker-a11")
    elephant.clock.advance(minutes=5)
    at_once(
        *[lambda: tick(elephant.runtime, batch=3)] * 2,
        *[lambda one=one: elephant.acknowledge(one, worker) for one in ids[:6]],
    )
    elephant.sweep(seconds=1)
    with elephant.look() as work:
        found = audit(work)
        assert (found.missing, found.double, found.early) == (0, 0, 0)
        keys = Counter(m.key for m in work.session.query(Message).filter_by(kind="escalated"))
    told = [key for one in ids for key in elephant.kinds(one) if key == "escalated"]
    assert sum(keys.values()) == len(told)


@pytest.mark.postgres
def test_many_sweepers_fire_each_step_once(elephant: Site) -> None:
    ids = [elephant.report(LAMP).incident_id for _ in range(60)]
    elephant.clock.advance(minutes=5)
    with others(elephant, 4) as runtimes:
        answers = at_once(*[lambda r=r: tick(r, batch=7) for r in runtimes])
    assert sum(len(done.rungs) for done in answers) == len(ids)
    assert {kind for one in ids for kind in elephant.kinds(one)[2:]} == {"escalated"}


# --- the grids change ---


@pytest.mark.postgres
def test_a_change_of_the_grids_the_sweep_and_answers_at_the_same_instant(elephant: Site) -> None:
    """Each matter is moved once, climbs once or is answered, in whatever order they come."""
    ids = [elephant.report(LAMP, at=NOW_A12).incident_id for _ in range(40)]
    elephant.clock.advance(minutes=5)
    in_force(elephant, a_shift(elephant))
    worker = elephant.actor("leader-a1")

    def answer() -> list[Any]:
        return [at_once(lambda one=one: elephant.acknowledge(one, worker))[0] for one in ids[::4]]

    with others(elephant, 2) as runtimes:
        movers = [Mover(runtime) for runtime in runtimes]
        answers = at_once(
            *[mover.follow for mover in movers],
            *[lambda: tick(elephant.runtime, batch=3)] * 2,
            answer,
        )
        for mover in movers:
            mover.follow()
    assert [a for a in answers if isinstance(a, Exception)] == []
    assert answers[4] == [a for a in answers[4] if isinstance(a, int)]
    check_moved_once(elephant, ids)


def check_moved_once(site: Site, ids: list[int]) -> None:
    tick(site.runtime)
    for one in ids:
        row, kinds = site.incident(one), site.kinds(one)
        assert kinds.count("rerouted") == 1
        assert (row.grid_path, row.edition_id) == ("A/A1/A12", 2)
        assert kinds.count("escalated") <= 1
        assert site.sums_up(one)
        if "acknowledged" in kinds:
            assert (row.state, row.next_due_at) == ("acknowledged", None)
            assert rungs_after_answer(site, one) == []
        with site.look() as work:
            keys = Counter(m.key for m in work.session.query(Message).filter_by(incident_id=one))
        assert set(keys.values()) == {1}


# --- two people ---


@pytest.mark.postgres
def test_of_two_who_acknowledge_one_has_it_and_the_other_is_told(elephant: Site) -> None:
    for _ in range(10):
        one = elephant.report(LAMP).incident_id
        actors = [elephant.actor(who) for who in ("worker-a11", "leader-a1")]
        answers = at_once(*[lambda a=a, one=one: elephant.acknowledge(one, a) for a in actors])
        (refused,) = [a for a in answers if isinstance(a, Exception)]
        assert isinstance(refused, Conflict)
        winner = actors[answers.index(next(a for a in answers if isinstance(a, int)))]
        assert elephant.incident(one).handler_id == winner.person_id
        assert elephant.kinds(one).count("acknowledged") == 1


@pytest.mark.postgres
def test_one_person_who_taps_twice_is_answered_twice_and_written_once(elephant: Site) -> None:
    one = elephant.report(LAMP).incident_id
    worker = elephant.actor("worker-a11")
    answers = at_once(*[lambda: elephant.acknowledge(one, worker)] * 4)
    assert len(set(answers)) == 1
    assert elephant.kinds(one).count("acknowledged") == 1


@pytest.mark.postgres
def test_of_two_who_saw_the_same_version_one_is_refused(elephant: Site) -> None:
    one = elephant.report(LAMP).incident_id
    seen = elephant.incident(one).version

    def note(who: str) -> int:
        with elephant.work(who) as work:
            return handle(work, one, Action.NOTE, {"text": who}, version=seen)

    answers = at_once(lambda: note("worker-a11"), lambda: note("leader-a1"))
    assert sorted(isinstance(answer, Conflict) for answer in answers) == [False, True]
    assert elephant.sums_up(one)


@pytest.mark.postgres
def test_whoever_acts_on_two_matters_in_any_order_does_not_lock_up(elephant: Site) -> None:
    ids = [elephant.report(PARKING).incident_id for _ in range(6)]
    elephant.clock.advance(minutes=5)

    def shuffle(order: list[int], who: str, to: str) -> None:
        for one in order:
            with elephant.work(who) as work:
                assign(work, one, elephant.people[to])

    answers = at_once(
        lambda: shuffle(ids, "leader-a1", "worker-a11"),
        lambda: shuffle(ids[::-1], "secretary-a", "worker-a12"),
        lambda: tick(elephant.runtime, batch=2),
    )
    assert [a for a in answers if isinstance(a, Exception) and not isinstance(a, Conflict)] == []
    for one in ids:
        assert elephant.sums_up(one)
        with elephant.look() as work:
            clocks = work.session.query(ClockRow).filter_by(incident_id=one, state="running")
            assert clocks.count() == 1


# --- one report, many times ---


@pytest.mark.postgres
def test_a_report_sent_eight_times_at_once_is_one_matter(elephant: Site) -> None:
    answers = at_once(*[lambda: elephant.report(LAMP, client_id=CLIENT_ID)] * 8)
    assert len({(a.incident_id, a.number, a.code) for a in answers}) == 1
    assert Counter(a.created for a in answers) == {True: 1, False: 7}
    with elephant.look() as work:
        assert work.session.query(Incident).count() == 1
        assert work.session.query(Reporter).count() == 1
        assert work.session.query(Message).count() == 1
        assert work.session.query(ClockRow).count() == 1


@pytest.mark.postgres
def test_of_different_reports_under_one_id_one_is_taken(elephant: Site) -> None:
    answers = at_once(
        *[
            lambda n=n: elephant.report(LAMP, client_id=CLIENT_ID, description=f"第{n}盏")
            for n in range(6)
        ]
    )
    refused = [a for a in answers if isinstance(a, GridtrackError)]
    assert {a.code for a in refused} == {"client-id-reused"}
    assert len(refused) == 5


@pytest.mark.postgres
def test_a_report_that_waits_for_its_twin_which_then_fails_is_taken_itself(elephant: Site) -> None:
    begun, over = threading.Event(), threading.Event()

    def fails() -> None:
        with elephant.work("desk") as work:
            report_incident(work, a_report(LAMP, client_id=CLIENT_ID))
            begun.set()
            over.wait(60)
            raise LookupError

    def waits() -> Any:
        begun.wait(60)
        threading.Timer(0.2, over.set).start()
        return elephant.report(LAMP, client_id=CLIENT_ID)

    _, answer = at_once(fails, waits)
    assert answer.created
    assert elephant.kinds(answer.incident_id) == ["reported", "assigned"]


# --- SQLite: two processes' worth of runtimes on one file ---


@pytest.fixture
def second(lite: Site) -> Iterator[Runtime]:
    """Another process on the same file: its own engine, its own gate."""
    with others(lite, 1) as (runtime,):
        yield runtime


def test_two_processes_on_one_file_answer_and_sweep_without_locking_up(
    lite: Site, second: Runtime
) -> None:
    ids = [lite.report(LAMP).incident_id for _ in range(60)]
    lite.clock.advance(minutes=5)
    other = Site(second, lite.clock, lite.people)
    who = lite.actor("worker-a11")

    def answer(site: Site, mine: list[int]) -> None:
        for one in mine:
            site.acknowledge(one, who)

    answers = at_once(
        lambda: answer(lite, ids[0::3]),
        lambda: answer(other, ids[1::3]),
        lambda: [tick(lite.runtime, batch=2) for _ in range(10)],
        lambda: [tick(second, batch=2) for _ in range(10)],
    )
    assert [a for a in answers if isinstance(a, Exception)] == []
    for one in (*ids[0::3], *ids[1::3]):
        assert rungs_after_answer(lite, one) == []
    for one in ids:
        assert lite.kinds(one).count("escalated") <= 1
        assert lite.sums_up(one)
    assert {lite.incident(one).rung for one in ids[2::3]} == {"deputy"}


def test_two_processes_on_one_file_move_and_report_without_locking_up(
    lite: Site, second: Runtime
) -> None:
    ids = [lite.report(LAMP, at=NOW_A12).incident_id for _ in range(60)]
    in_force(lite, a_shift(lite))
    second.memo.forget()
    movers = [Mover(lite.runtime), Mover(second)]
    other = Site(second, lite.clock, lite.people)
    answers = at_once(
        *[mover.follow for mover in movers],
        lambda: [other.report(LAMP, at=NOW_A12).incident_id for _ in range(20)],
    )
    assert [a for a in answers if isinstance(a, Exception)] == []
    check_moved_once(lite, ids)
    assert {lite.incident(one).grid_code for one in answers[2]} == {"A12"}


# --- an act that a phone sends again while the first try is still under way ---


@pytest.mark.postgres
def test_one_act_sent_four_times_at_once_is_done_once_and_answered_alike(elephant: Site) -> None:
    one = elephant.report(LAMP).incident_id
    worker = elephant.actor("worker-a11")
    elephant.clock.advance(minutes=2)
    now = elephant.clock.now()
    sent = Sent("0b0e2c9e-94a6-4b0e-8a54-3f1ad0a3ef11", Phone(now - timedelta(minutes=1), now))
    words = {"text": "写一次"}

    def note(runtime: Runtime) -> Acted:
        with runtime.work(worker) as work:
            return send_act(
                work, one, Action.NOTE, words, sent=sent,
                verb=lambda made: handle(work, one, Action.NOTE, words, made=made),
            )  # fmt: skip

    with others(elephant, 4) as runtimes:
        answers = at_once(*[partial(note, runtime) for runtime in runtimes])
    assert {one.version for one in answers} == {3}
    assert elephant.kinds(one).count("note") == 1
