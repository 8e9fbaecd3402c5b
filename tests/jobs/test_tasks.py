"""Long work: taken up once, told of, ended, cut short and taken up again."""

import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gridtrack.errors import Conflict, Forbidden, Invalid, NotFound, Rejected
from gridtrack.jobs.progress import EVERY_S, Progress
from gridtrack.jobs.tasks import TaskRunner
from gridtrack.queries.tasks import own_tasks, task_page
from gridtrack.tasks import files
from gridtrack.tasks.rules import KEPT, LEASE, MOST_ATTEMPTS, State
from gridtrack.usecases.run_task import Taken, hold_task, take_task, task_waits
from gridtrack.work import Runtime
from tests.builders import Site
from tests.jobs.toil import a_kind, ask, cancel, do_next, task


def plain(_runtime: Runtime, taken: Taken, _progress: Progress) -> dict[str, Any]:
    return {"sum": sum(taken.params["numbers"])}


def take(site: Site) -> Taken:
    with site.work() as work:
        taken = take_task(work)
    assert taken is not None
    return taken


# --- taken up ---


def test_work_is_asked_for_done_and_its_result_kept(site: Site) -> None:
    with a_kind(plain):
        one = ask(site, numbers=[1, 2, 3])
        assert do_next(site) is State.DONE
    found = task(site, one)
    assert (found.state, found.result, found.error) == ("done", {"sum": 6}, None)


def test_two_workers_never_have_the_same_task(site: Site) -> None:
    with a_kind(plain):
        first, second = ask(site), ask(site)
        assert [take(site).id, take(site).id] == [first, second]
        with site.work() as work:
            assert take_task(work) is None
            assert not task_waits(work)


def test_a_stranger_may_not_ask_for_what_only_others_may(site: Site) -> None:
    with a_kind(plain), pytest.raises(Forbidden):
        ask(site, "worker-a11")


def test_a_kind_that_nobody_knows_is_refused(lite: Site) -> None:
    with pytest.raises(Invalid, match="task-kind-unknown"):
        ask(lite)


def test_work_of_somebody_who_lost_the_right_fails_by_its_handler(lite: Site) -> None:
    with a_kind(plain):
        one = ask(lite)
    assert do_next(lite) is State.FAILED  # no such kind in this process
    assert task(lite, one).error["code"] == "task-kind-unknown"


# --- how far ---


def test_progress_is_told_at_most_twice_a_second(site: Site) -> None:
    seconds = [0.0]
    with a_kind(plain):
        one = ask(site)
        taken = take(site)
        progress = Progress(site.runtime, taken, lambda: seconds[0])
        progress.phase("read", 10)
        progress(1, 10)
        assert task(site, one).done == 0  # too soon after the phase began
        seconds[0] += EVERY_S
        progress(5, 10)
        assert (task(site, one).phase, task(site, one).done) == ("read", 5)


def test_the_time_left_comes_from_the_rows(site: Site) -> None:
    seconds = [0.0]
    with a_kind(plain):
        one = ask(site)
        progress = Progress(site.runtime, take(site), lambda: seconds[0])
        progress.phase("read", 100)
        site.clock.advance(seconds=10)
        seconds[0] += 10
        progress(25, 100)
    with site.look("secretary-a") as work:
        page = task_page(work, one)
    assert page.per_s is not None
    assert (page.share, round(page.per_s, 3), page.left) == (0.25, 2.5, timedelta(seconds=30))


def test_a_phase_that_the_kind_does_not_have_is_a_mistake(lite: Site) -> None:
    with a_kind(plain):
        ask(lite)
        with pytest.raises(AssertionError, match="dance"):
            Progress(lite.runtime, take(lite)).phase("dance")


# --- ended ---


def test_what_waits_is_cancelled_at_once(site: Site) -> None:
    with a_kind(plain):
        one = ask(site)
        cancel(site, one)
    assert task(site, one).state == "cancelled"
    with site.look() as work:
        assert not task_waits(work)


def test_what_runs_is_cancelled_at_its_next_step_and_tidied(site: Site) -> None:
    tidied: list[int] = []

    def run(_runtime: Runtime, taken: Taken, progress: Progress) -> dict[str, Any]:
        cancel(site, taken.id)
        progress.phase("store")
        raise AssertionError("went on")

    with a_kind(run, tidy=lambda _runtime, taken: tidied.append(taken.id)):
        one = ask(site)
        assert do_next(site) is State.CANCELLED
    assert (task(site, one).state, tidied) == ("cancelled", [one])


def test_cancelling_what_is_over_changes_nothing(site: Site) -> None:
    with a_kind(plain):
        one = ask(site, numbers=[])
        do_next(site)
        cancel(site, one)
    assert (task(site, one).state, task(site, one).cancel_asked) == ("done", False)


@pytest.mark.parametrize("who", ["secretary-b", "worker-a11"])
def test_somebody_elses_work_is_not_there(site: Site, who: str) -> None:
    with a_kind(plain):
        one = ask(site)
        with pytest.raises(NotFound):
            cancel(site, one, who)
        with pytest.raises(NotFound), site.look(who) as work:
            task_page(work, one)
        with site.look(who) as work:
            assert own_tasks(work) == []


def test_a_system_administrator_sees_and_ends_it(site: Site) -> None:
    with a_kind(plain):
        one = ask(site)
        cancel(site, one, "admin")
    assert task(site, one).state == "cancelled"


def test_an_error_is_kept_as_codes_with_every_fault(lite: Site) -> None:
    def run(*_given: object) -> dict[str, Any]:
        raise Rejected([Invalid("required", field="name"), Invalid("tolerance", field="t", most=9)])

    with a_kind(run):
        one = ask(lite)
        assert do_next(lite) is State.FAILED
    error = task(lite, one).error
    assert error is not None
    assert [fault["code"] for fault in error["faults"]] == ["required", "tolerance"]
    assert error["faults"][1]["params"]["most"] == 9


def test_work_that_breaks_tells_that_it_broke(lite: Site) -> None:
    with a_kind(lambda *_given: 1 / 0):  # type: ignore[dict-item, arg-type, return-value]
        one = ask(lite)
        assert do_next(lite) is State.FAILED
    assert task(lite, one).error == {
        "code": "task-broken",
        "params": {"reason": "ZeroDivisionError"},
        "faults": [],
    }


# --- cut short ---


def test_a_task_whose_worker_died_is_taken_up_again_and_tidied_first(site: Site) -> None:
    steps: list[str] = []

    def run(*_given: object) -> dict[str, Any]:
        steps.append("run")
        return {}

    with a_kind(run, tidy=lambda *_given: steps.append("tidy")):
        one = ask(site)
        take(site)  # and dies
        with site.look() as work:
            assert not task_waits(work)
        site.clock.advance(seconds=LEASE.total_seconds())
        assert do_next(site) is State.DONE
    assert (steps, task(site, one).attempts) == (["tidy", "run"], 2)


def test_a_task_that_may_not_begin_anew_fails_and_is_tidied(site: Site) -> None:
    tidied: list[int] = []
    with a_kind(plain, again=False, tidy=lambda _runtime, taken: tidied.append(taken.id)):
        one = ask(site)
        take(site)
        site.clock.advance(seconds=LEASE.total_seconds())
        assert do_next(site) is State.FAILED
    found = task(site, one)
    assert found.error is not None
    assert (found.error["code"], tidied) == ("task-worker-died", [one])


def test_work_that_kills_its_worker_each_time_ends_some_day(site: Site) -> None:
    with a_kind(plain):
        one = ask(site)
        for _ in range(MOST_ATTEMPTS):
            take(site)
            site.clock.advance(seconds=LEASE.total_seconds())
        assert do_next(site) is State.FAILED
    assert task(site, one).attempts == MOST_ATTEMPTS + 1


def test_what_was_cancelled_while_its_worker_died_does_not_begin_anew(site: Site) -> None:
    with a_kind(plain):
        one = ask(site)
        take(site)
        cancel(site, one)
        site.clock.advance(seconds=LEASE.total_seconds())
        assert do_next(site) is State.CANCELLED
    assert task(site, one).state == "cancelled"


def test_a_worker_that_lost_its_task_writes_nothing_more(site: Site) -> None:
    with a_kind(plain):
        one = ask(site, numbers=[])
        slow = take(site)
        site.clock.advance(seconds=LEASE.total_seconds())
        quick = take(site)
        with pytest.raises(Conflict, match="task-lost"), site.work() as work:
            hold_task(work, slow.turn)
        with pytest.raises(Conflict, match="task-lost"):
            Progress(site.runtime, slow).phase("read")
        with site.work() as work:
            assert hold_task(work, quick.turn) is False
    assert task(site, one).attempts == 2


def test_a_task_that_is_held_keeps_its_worker(site: Site) -> None:
    with a_kind(plain):
        ask(site)
        taken = take(site)
        for _ in range(3):
            site.clock.advance(seconds=LEASE.total_seconds() - 1)
            with site.work() as work:
                assert not task_waits(work)
                hold_task(work, taken.turn)


# --- the runner ---


class Process:
    """A process that ended with a code, or runs until it is killed."""

    def __init__(self, code: int | None = 0) -> None:
        self.code = code

    def poll(self) -> int | None:
        return self.code

    def kill(self) -> None:
        self.code = -9 if self.code is None else self.code

    def communicate(self) -> None:
        assert self.code is not None


def test_a_process_that_ends_without_a_word_gives_its_task_back_at_once(lite: Site) -> None:
    codes = iter([9, 9])

    def start(_settings: object, taken: Taken) -> Process:
        if taken.attempt == 3:
            cancel(lite, taken.id)
            runner.stop()
        return Process(next(codes, 0))

    with a_kind(plain):
        one = ask(lite)
        runner = TaskRunner(lite.runtime, start)
        runner.run_waiting()
    assert task(lite, one).attempts == 3


def test_a_stopped_runner_ends_its_process_and_gives_the_task_back(lite: Site) -> None:
    process, begun = Process(None), threading.Event()

    def start(_settings: object, _taken: Taken) -> Process:
        begun.set()
        return process

    with a_kind(plain):
        ask(lite)
        runner = TaskRunner(lite.runtime, start)
        runner.start()
        assert begun.wait(20)
        runner.stop()
        over = threading.Event()
        for _ in range(400):
            with lite.look() as work:
                if process.code == -9 and task_waits(work):
                    break
            over.wait(0.05)
    assert process.code == -9
    with lite.look() as work:
        assert task_waits(work)


def test_what_ended_a_day_ago_is_forgotten_with_its_files(lite: Site) -> None:
    instance = lite.runtime.settings.instance
    old, new = files.new_folder(instance), files.new_folder(instance)
    with a_kind(plain):
        one = ask(lite, numbers=[])
        do_next(lite)
        lite.clock.advance(seconds=KEPT.total_seconds() + 1)
        two = ask(lite, numbers=[])
        do_next(lite)
    files.touch(instance, old, lite.clock.now() - KEPT - timedelta(seconds=1))
    files.touch(instance, new, lite.clock.now())
    TaskRunner(lite.runtime).tidy()
    with lite.look("secretary-a") as work:
        assert [page.id for page in own_tasks(work)] == [two]
    assert one != two
    assert [path.name for path in (instance / files.FOLDER).iterdir()] == [new]


@pytest.mark.parametrize("ends", [State.DONE, State.FAILED])
def test_the_files_given_to_a_task_go_when_it_ends(lite: Site, ends: State) -> None:
    def run(*_given: object) -> dict[str, Any]:
        if ends is State.FAILED:
            raise Invalid("required", field="name")
        return {}

    instance = lite.runtime.settings.instance
    folder = files.new_folder(instance)
    with a_kind(run):
        ask(lite, upload=folder)
        assert do_next(lite) is ends
    assert list((instance / files.FOLDER).iterdir()) == []


def test_a_file_over_the_limit_leaves_nothing(tmp_path: Path) -> None:
    with (tmp_path / "in").open("wb+") as source:
        source.write(b"x" * 11)
        source.seek(0)
        with pytest.raises(Invalid, match="file-too-large"):
            files.take(source, tmp_path / "out", 10, "grids.geojson")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["..", "../photos", "", "x" * 36])
def test_a_folder_that_is_no_name_of_ours_is_not_there(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotFound):
        files.folder_of(tmp_path, name)
