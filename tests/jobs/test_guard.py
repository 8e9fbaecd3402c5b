"""By a clock that jumped forward nothing climbs, until it is right again or an operator agrees."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from gridtrack.errors import NotFound
from gridtrack.jobs import guard, standby
from gridtrack.jobs.guard import ClockGuard, this_boot
from gridtrack.jobs.standby import Standby
from gridtrack.jobs.worker import Worker
from gridtrack.usecases.heartbeat import health
from gridtrack.usecases.watch_clock import confirm_clocks
from tests.builders import LAMP, Site


@pytest.fixture(autouse=True)
def no_second_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The streets' time is made up: the database server's own would object to it."""
    monkeypatch.setattr(guard, "behind_database", lambda _work: None)


@pytest.fixture
def worker(site: Site) -> Iterator[Worker]:
    """A worker that is made to tick by hand."""
    made = Worker(site.runtime, {})
    made.sweep_once()
    return made


def jump(site: Site, **amount: float) -> None:
    site.clock.set(site.clock.now() + timedelta(**amount))


def told(site: Site) -> tuple[bool, list[float]]:
    with site.look() as work:
        found = health(work)
    return found.well, [ahead_s for _, ahead_s in found.held]


@pytest.mark.parametrize("amount", [{"hours": 1}, {"days": 30}, {"days": 365}])
def test_a_jump_forward_escalates_nothing_and_is_told(
    site: Site, worker: Worker, amount: dict[str, float]
) -> None:
    one = site.report(LAMP).incident_id
    jump(site, **amount)
    for _ in range(3):
        worker.sweep_once()
        site.clock.advance(seconds=1)
    assert site.incident(one).rung is None
    assert told(site) == (False, [timedelta(**amount).total_seconds()])


def test_a_clock_that_is_put_right_goes_on_as_if_nothing_had_been(
    site: Site, worker: Worker
) -> None:
    one = site.report(LAMP).incident_id
    jump(site, days=1)
    worker.sweep_once()
    jump(site, days=-1)
    site.clock.advance(minutes=4, seconds=59)
    worker.sweep_once()
    assert (site.incident(one).rung, told(site)[1]) == (None, [])
    site.clock.advance(seconds=1)
    worker.sweep_once()
    assert site.incident(one).rung == "deputy"


def test_what_an_operator_confirms_is_time(site: Site, worker: Worker) -> None:
    one = site.report(LAMP).incident_id
    jump(site, hours=1)
    worker.sweep_once()
    with site.work() as work:
        assert [ahead_s for _, ahead_s in confirm_clocks(work)] == [3600]
    worker.sweep_once()
    assert (site.incident(one).rung, told(site)) == ("deputy", (True, []))
    jump(site, hours=1)  # another one is another question
    worker.sweep_once()
    assert told(site)[1] == [3600]


def test_one_word_is_enough_for_all_processes_of_a_machine(site: Site) -> None:
    both = [ClockGuard(site.runtime, "boot 1") for _ in range(2)]
    assert all(one.may_sweep() for one in both)
    jump(site, hours=1)
    assert not any(one.may_sweep() for one in both)
    with site.work() as work:
        confirm_clocks(work)
    assert all(one.may_sweep() for one in both)


def test_there_is_nothing_to_confirm_where_no_clock_jumped(site: Site, worker: Worker) -> None:
    worker.sweep_once()
    with site.work() as work, pytest.raises(NotFound, match="no-clock-held"):
        confirm_clocks(work)


def test_a_clock_set_back_is_believed(site: Site, worker: Worker) -> None:
    one = site.report(LAMP).incident_id
    jump(site, hours=-1)
    worker.sweep_once()
    site.clock.advance(hours=1, minutes=5)
    worker.sweep_once()
    assert site.incident(one).rung == "deputy"


def test_time_that_passed_while_the_process_was_away_is_no_jump(site: Site) -> None:
    before = ClockGuard(site.runtime, "boot 1")
    assert before.may_sweep()
    site.clock.advance(hours=6)
    assert ClockGuard(site.runtime, "boot 1").may_sweep()


def test_a_new_process_knows_the_time_before_it(site: Site) -> None:
    assert ClockGuard(site.runtime, "boot 1").may_sweep()
    jump(site, hours=6)
    assert not ClockGuard(site.runtime, "boot 1").may_sweep()
    assert not ClockGuard(site.runtime, "boot 1").may_sweep()  # nor does the next one
    assert ClockGuard(site.runtime, "boot 2").may_sweep()  # its counter began anew


def test_the_database_objects_to_a_machine_that_is_ahead(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "behind_database", lambda _work: -90.0)
    one = ClockGuard(site.runtime, "boot 1")
    assert not one.may_sweep()
    assert told(site)[1] == [90]
    monkeypatch.setattr(guard, "behind_database", lambda _work: 0.0)
    assert one.may_sweep()


def test_the_machine_says_which_start_it_is() -> None:
    assert this_boot() == this_boot()


# --- who does not sweep stands by ---


def test_where_nothing_sweeps_a_web_process_does_so_after_half_a_minute(
    lite: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed = [0.0]
    monkeypatch.setattr(standby, "monotonic", lambda: passed[0])
    one = lite.report(LAMP).incident_id
    waiting = Standby(lite.runtime)
    lite.clock.advance(minutes=5)
    for seconds, fired in ((29, 0), (31, 1)):
        passed[0] = seconds
        assert waiting.look() == fired
    assert lite.incident(one).rung == "deputy"


def test_a_worker_that_was_stopped_in_its_turn_holds_nobody_up(
    lite: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed = [0.0]
    monkeypatch.setattr(standby, "monotonic", lambda: passed[0])
    lite.report(LAMP)
    waiting = Standby(lite.runtime)
    lite.clock.advance(minutes=5)
    passed[0] = 31
    assert lite.runtime.sweeping is not None
    with lite.runtime.sweeping.taken():
        assert waiting.look() == 1


def test_while_a_worker_sweeps_it_only_looks(
    lite: Site, worker_of_lite: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed = [0.0]
    monkeypatch.setattr(standby, "monotonic", lambda: passed[0])
    waiting = Standby(lite.runtime)
    lite.report(LAMP)
    lite.clock.advance(minutes=5)
    worker_of_lite._beaten = 0.0
    worker_of_lite.sweep_once()
    passed[0] = 100
    assert waiting.look() == 0


@pytest.fixture
def worker_of_lite(lite: Site) -> Worker:
    return Worker(lite.runtime, {})
