"""What every test may ask for: a site on each of the two databases."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, settings

from tests.builders import Site, a_site
from tests.databases import migrated_sqlite, template_of

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
    name = f"t_{uuid.uuid4().hex[:12]}"
    plain = POSTGRES.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(plain, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{postgres_template}"')
    yield f"{POSTGRES.rsplit('/', 1)[0]}/{name}"
    with psycopg.connect(plain, autocommit=True) as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A fresh, migrated database; the test runs once on each kind."""
    if request.param == "postgres":
        return request.getfixturevalue("postgres_url")
    template: Path = request.getfixturevalue("sqlite_template")
    copy = tmp_path / "test.sqlite"
    copy.write_bytes(template.read_bytes())
    return f"sqlite:///{copy}"


@pytest.fixture
def site(database_url: str, tmp_path: Path) -> Iterator[Site]:
    """A small street with people, on each of the two databases."""
    made = a_site(database_url, tmp_path / "instance")
    yield made
    made.runtime.engine.dispose()


@pytest.fixture
def elephant(postgres_url: str, tmp_path: Path) -> Iterator[Site]:
    """A street on PostgreSQL only: for what two transactions do at once."""
    made = a_site(postgres_url, tmp_path / "instance")
    yield made
    made.runtime.engine.dispose()


@pytest.fixture
def clocked(database_url: str, tmp_path: Path) -> Iterator[Site]:
    """The same street with every clock of the shipped policy, on each of the two databases."""
    made = a_site(database_url, tmp_path / "instance", every_clock=True)
    yield made
    made.runtime.engine.dispose()


@pytest.fixture
def lite(sqlite_template: Path, tmp_path: Path) -> Iterator[Site]:
    """A small street with people, on SQLite only: for tests in which no SQL is at stake."""
    copy = tmp_path / "test.sqlite"
    copy.write_bytes(sqlite_template.read_bytes())
    made = a_site(f"sqlite:///{copy}", tmp_path / "instance")
    yield made
    made.runtime.engine.dispose()
