"""What the contract tests of the stores ask for beside a site."""

import uuid
from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from gridtrack.db.engine import WRITE, make_engine
from tests.conftest import POSTGRES


@pytest.fixture(
    scope="session", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """An engine on one migrated database of each kind, for tests that commit nothing."""
    if request.param == "sqlite":
        copy = tmp_path_factory.mktemp("store") / "store.sqlite"
        copy.write_bytes(request.getfixturevalue("sqlite_template").read_bytes())
        made = make_engine(f"sqlite:///{copy}")
        yield made
        made.dispose()
        return
    template = request.getfixturevalue("postgres_template")
    name = f"s_{uuid.uuid4().hex[:12]}"
    plain = POSTGRES.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(plain, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    made = make_engine(f"{POSTGRES.rsplit('/', 1)[0]}/{name}")
    yield made
    made.dispose()
    with psycopg.connect(plain, autocommit=True) as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session in a writing transaction that nobody commits."""
    with Session(engine, autoflush=False) as opened:
        opened.connection(execution_options={WRITE: True})
        yield opened
