"""One instant, one actor, one transaction: committed at the end, or nothing of it."""

import dataclasses
import threading
from contextlib import suppress

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from gridtrack.access import ENGINE, RESIDENT
from gridtrack.accounts.tables import Absence
from gridtrack.clock import ManualClock
from gridtrack.db.engine import make_engine
from gridtrack.errors import Invalid
from gridtrack.settings import Settings
from gridtrack.work import Work, make_runtime
from tests.builders import NOW, Site


def away(work: Work, site: Site) -> None:
    person = site.people["worker-a11"]
    work.session.add(Absence(person_id=person, from_at=NOW, until_at=NOW, reason=""))
    work.session.flush()


def absences(site: Site) -> int:
    with site.look() as work:
        return work.session.scalar(select(func.count()).select_from(Absence)) or 0


def test_work_is_committed_at_its_end(site: Site) -> None:
    with site.work() as work:
        away(work, site)
    assert absences(site) == 1


def test_an_error_leaves_nothing_behind(site: Site) -> None:
    with suppress(LookupError), site.work() as work:
        away(work, site)
        raise LookupError
    assert absences(site) == 0


def test_an_interrupt_leaves_nothing_behind(site: Site) -> None:
    with suppress(KeyboardInterrupt), site.work() as work:
        away(work, site)
        raise KeyboardInterrupt
    assert absences(site) == 0


def test_what_is_written_while_only_looking_is_not_kept(site: Site) -> None:
    with site.look() as work:
        away(work, site)
    assert absences(site) == 0


def test_after_an_error_the_next_work_goes_on(site: Site) -> None:
    for _ in range(20):  # more than the pool has connections
        with pytest.raises(LookupError), site.work():
            raise LookupError
    with site.work() as work:
        away(work, site)
    assert absences(site) == 1


def test_time_does_not_move_while_work_goes_on(lite: Site) -> None:
    with lite.work() as work:
        before = work.now
        lite.clock.advance(hours=1)
        assert work.now == before


def test_work_can_be_done_at_another_instant(lite: Site) -> None:
    then = NOW.replace(year=2020)
    with lite.runtime.work(now=then) as work:
        assert work.now == then


def test_work_is_the_engines_unless_somebody_acts(lite: Site) -> None:
    with lite.runtime.work() as work:
        assert work.actor is ENGINE
    with lite.runtime.work(RESIDENT) as work:
        assert work.actor is RESIDENT


def test_nothing_in_a_work_can_be_replaced(lite: Site) -> None:
    with lite.look() as work, pytest.raises(dataclasses.FrozenInstanceError):
        work.now = NOW  # type: ignore[misc]


def test_work_knows_its_database(site: Site) -> None:
    with site.look() as work:
        assert work.dialect == site.runtime.engine.dialect.name


def test_a_read_object_stays_readable_when_the_work_is_over(site: Site) -> None:
    one = site.report().incident_id
    assert site.incident(one).handler_id == site.people["worker-a11"]


def test_a_reader_does_not_wait_for_a_writer(site: Site) -> None:
    with site.work() as work:
        away(work, site)
        assert absences(site) == 0


def test_writers_of_one_process_do_not_fail_on_each_other(site: Site) -> None:
    failed: list[BaseException] = []

    def write() -> None:
        try:
            for _ in range(5):
                with site.work() as work:
                    away(work, site)
        except BaseException as error:  # noqa: BLE001 - the test looks at it
            failed.append(error)

    threads = [threading.Thread(target=write) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []
    assert absences(site) == 30


def test_a_reference_to_nothing_is_refused_by_both_databases(site: Site) -> None:
    unknown = Absence(person_id=999_999, from_at=NOW, until_at=NOW, reason="")
    with site.work() as work:
        work.session.add(unknown)
        with pytest.raises(DBAPIError):
            work.session.flush()
        work.session.rollback()


@pytest.mark.parametrize("url", ["", "mysql://u@h/d", "no url at all", "oracle://x"])
def test_another_kind_of_database_is_refused_by_the_variable_that_named_it(url: str) -> None:
    with pytest.raises(Invalid) as caught:
        make_engine(url)
    assert caught.value.code == "bad-database-url"
    assert caught.value.field == "GRIDTRACK_DATABASE_URL"


def test_a_refused_url_does_not_show_its_password() -> None:
    with pytest.raises(Invalid) as caught:
        make_engine("mysql://user:hunter2@host/d")
    assert "hunter2" not in str(caught.value)


def test_a_runtime_makes_its_instance_folder_and_opens_nothing(tmp_path) -> None:
    settings = Settings(instance=tmp_path / "new", database_url=f"sqlite:///{tmp_path}/none.sqlite")
    runtime = make_runtime(settings, ManualClock(NOW))
    assert runtime.settings.instance.is_dir()
    assert not (tmp_path / "none.sqlite").exists()
    assert (runtime.gate is None, bool(runtime.secret)) == (False, True)
