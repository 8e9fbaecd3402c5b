"""What every test may ask for: a site on each of the two databases."""

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.builders import Site, a_site, opened
from tests.databases import copied, copy_of, migrated_sqlite, template_of
from tests.elephants import Elephant
from tests.thrift import be_thrifty

# The same examples in every run, and no stopwatch: a suite that is red by luck, or because the
# machine was busy, is believed by nobody. To look for more: --hypothesis-profile=search.
settings.register_profile(
    "suite",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.register_profile("search", deadline=None, max_examples=1000)
settings.load_profile("suite")

be_thrifty()


def pytest_collection_finish() -> None:
    """What is imported by now stays to the end: the garbage collector need not walk it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


POSTGRES = os.environ.get("GRIDTRACK_TEST_POSTGRES", "")  # noqa: TID251 - the door of the tests


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty, migrated SQLite file to copy."""
    return migrated_sqlite(tmp_path_factory.mktemp("template") / "empty.sqlite")


@pytest.fixture(scope="session")
def postgres_template(worker_id: str) -> str:
    """The name of an empty, migrated PostGIS database to copy."""
    if not POSTGRES:
        pytest.skip("no PostGIS: GRIDTRACK_TEST_POSTGRES is not set")
    return template_of(POSTGRES, worker_id)


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    """The xdist worker's name, `main` without xdist."""
    config = getattr(request.config, "workerinput", None)
    return config["workerid"] if config else "main"


@pytest.fixture
def postgres_url(postgres_template: str) -> Iterator[str]:
    """A fresh PostGIS database for one test, dropped afterwards."""
    with copied(POSTGRES, postgres_template) as url:
        yield url


KINDS = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A fresh, migrated database; the test runs once on each kind."""
    if request.param == "postgres":
        return request.getfixturevalue("postgres_url")
    template: Path = request.getfixturevalue("sqlite_template")
    copy = tmp_path / "test.sqlite"
    copy.write_bytes(template.read_bytes())
    return f"sqlite:///{copy}"


Streets = Callable[[bool], tuple[str, dict[str, int]]]


@pytest.fixture(scope="session")
def sqlite_streets(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Streets:
    """Files with the street in them, without and with every clock: made once, then copied."""
    folder = tmp_path_factory.mktemp("streets")

    @cache
    def street(every_clock: bool) -> tuple[str, dict[str, int]]:
        file = folder / f"street-{every_clock}.sqlite"
        file.write_bytes(sqlite_template.read_bytes())
        made = a_site(f"sqlite:///{file}", folder / f"{every_clock}", every_clock=every_clock)
        with made.runtime.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.rollback()
        made.runtime.engine.dispose()
        return str(file), made.people

    return street


@pytest.fixture(scope="session")
def postgres_streets(
    postgres_template: str, worker_id: str, tmp_path_factory: pytest.TempPathFactory
) -> Streets:
    """The same as databases to copy."""
    folder = tmp_path_factory.mktemp("elephants")

    @cache
    def street(every_clock: bool) -> tuple[str, dict[str, int]]:
        name = f"gridtrack_street_{worker_id}_{int(every_clock)}"
        url = copy_of(POSTGRES, postgres_template, name)
        made = a_site(url, folder / f"{every_clock}", every_clock=every_clock)
        made.runtime.engine.dispose()
        return name, made.people

    return street


@pytest.fixture(scope="session")
def elephants(postgres_streets: Streets, worker_id: str) -> Iterator[Callable[[bool], Elephant]]:
    """One copy of each that is put back after every test that had it."""
    with ExitStack() as after:

        @cache
        def elephant(every_clock: bool) -> Elephant:
            template, _people = postgres_streets(every_clock)
            name = f"gridtrack_kept_{worker_id}_{int(every_clock)}"
            made = Elephant(lambda: copy_of(POSTGRES, template, name))
            after.callback(made.close)
            return made

        yield elephant


@contextmanager
def a_street(
    request: pytest.FixtureRequest, kind: str, folder: Path, *, every_clock: bool = False
) -> Iterator[Site]:
    """A street that only this test sees."""
    with ExitStack() as after:
        engine = None
        if kind == "sqlite":
            file, people = request.getfixturevalue("sqlite_streets")(every_clock)
            copy = folder / "test.sqlite"
            copy.write_bytes(Path(file).read_bytes())
            url = f"sqlite:///{copy}"
        else:
            name, people = request.getfixturevalue("postgres_streets")(every_clock)
            if request.node.get_closest_marker("own_database"):
                url = after.enter_context(copied(POSTGRES, name))
            else:
                kept = request.getfixturevalue("elephants")(every_clock)
                after.callback(kept.put_back)
                url, engine = kept.url, kept.lend()
        made = opened(url, folder / "instance", every_clock=every_clock, engine=engine)
        made.people.update(people)
        if engine is None:
            after.callback(made.runtime.engine.dispose)
        yield made


@pytest.fixture(params=KINDS)
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    """A small street with people, on each of the two databases."""
    with a_street(request, request.param, tmp_path) as made:
        yield made


@pytest.fixture
def elephant(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    """A street on PostgreSQL only: for what two transactions do at once."""
    with a_street(request, "postgres", tmp_path) as made:
        yield made


@pytest.fixture(params=KINDS)
def clocked(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    """The same street with every clock of the shipped policy, on each of the two databases."""
    with a_street(request, request.param, tmp_path, every_clock=True) as made:
        yield made


@pytest.fixture
def lite(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    """A small street with people, on SQLite only: for tests in which no SQL is at stake."""
    with a_street(request, "sqlite", tmp_path) as made:
        yield made
