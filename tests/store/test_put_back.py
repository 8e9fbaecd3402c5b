"""A database that tests use one after another is each time as it was before the first of them."""

import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import event, text

from gridtrack.usecases.urge import urge
from tests.builders import BUILDING, FUNERAL, Site, opened
from tests.conftest import POSTGRES, Streets
from tests.databases import copy_of
from tests.door_builders import bring_in, the_book
from tests.elephants import Elephant

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def kept(postgres_streets: Streets, worker_id: str) -> Iterator[Elephant]:
    template, _people = postgres_streets(False)
    made = Elephant(lambda: copy_of(POSTGRES, template, f"gridtrack_put_back_{worker_id}"))
    yield made
    made.close()


@pytest.fixture
def street(kept: Elephant, postgres_streets: Streets, tmp_path: Path) -> Iterator[Site]:
    site = opened(kept.url, tmp_path / "instance", engine=kept.lend())
    site.people.update(postgres_streets(False)[1])
    yield site
    kept.put_back()


def contents(url: str) -> dict[str, list[str]]:
    """Every row of every table in the order they lie in, and where the sequences stand."""
    with psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://")) as connection:
        ask = connection.execute
        tables = ask("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        found = {t: [row[0] for row in ask(f"SELECT t::text FROM {t} t")] for (t,) in tables}
        last = "SELECT sequencename || ' ' || coalesce(last_value, 0) FROM pg_sequences"
        # One that stands at its start, unused, and one that was never asked are the same.
        return {**found, "sequences": sorted(row[0] for row in ask(last))}


def lived(site: Site) -> None:
    """Something in many tables: matters, messages, clocks, doors; and the people are changed."""
    for category in (BUILDING, FUNERAL, "0601"):
        site.report(category)
    site.sweep(minutes=6)
    with site.work("secretary-a") as work:
        urge(work, 1, reason="请尽快")
    bring_in(site, the_book())
    with site.work() as work:
        work.session.execute(text("UPDATE person SET name = 'somebody else'"))
        work.session.execute(text("DELETE FROM post WHERE role = 'desk'"))


def test_every_table_and_sequence_is_what_it_was(kept: Elephant, street: Site) -> None:
    before, made = contents(kept.url), kept.made
    lived(street)
    after = contents(kept.url)
    assert len([name for name in before if before[name] != after[name]]) >= 12
    kept.put_back()
    assert contents(kept.url) == before
    assert kept.made == made


def test_the_next_test_counts_from_one_again(kept: Elephant, street: Site) -> None:
    first = street.report().incident_id
    kept.put_back()
    assert street.report().incident_id == first


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE incident ADD COLUMN more integer",
        "ALTER TABLE event DISABLE TRIGGER event_append_only",
        "ANALYZE person",
        "CREATE SCHEMA aside CREATE TABLE kept_aside (id integer)",
    ],
)
def test_what_rows_cannot_undo_is_noticed(kept: Elephant, street: Site, change: str) -> None:
    before, made = contents(kept.url), kept.made
    with street.runtime.engine.begin() as connection:
        connection.execute(text(change))
    kept.put_back()
    assert kept.made == made + 1
    assert contents(kept.url) == before


def test_what_still_runs_is_ended(kept: Elephant, street: Site) -> None:
    before = contents(kept.url)
    plain = kept.url.replace("postgresql+psycopg://", "postgresql://")
    stranger = psycopg.connect(plain)
    stranger.execute("UPDATE person SET name = 'half done'")
    ours = street.runtime.engine.connect()
    ours.execute(text("SELECT pg_advisory_lock(7)"))
    kept.put_back()
    for left in (lambda: stranger.execute("SELECT 1"), lambda: ours.execute(text("SELECT 1"))):
        with pytest.raises(Exception, match=r"terminating|closed|lost"):
            left()
    stranger.close()
    ours.invalidate()
    ours.close()
    assert contents(kept.url) == before


def test_connections_stay_and_what_listened_does_not(kept: Elephant, street: Site) -> None:
    said: list[str] = []
    event.listen(street.runtime.engine, "before_cursor_execute", lambda *told: said.append(told[2]))
    ask = text("SELECT pg_backend_pid()")
    with street.runtime.engine.connect() as connection:
        first = connection.execute(ask).scalar_one()
    kept.put_back()
    with kept.lend().connect() as connection:
        assert connection.execute(ask).scalar_one() == first
    assert len(said) == 1


def test_a_test_that_let_its_connections_go_leaves_none(kept: Elephant, street: Site) -> None:
    engine = street.runtime.engine
    engine.dispose()
    thread = threading.Thread(target=lambda: engine.connect().close())
    thread.start()
    thread.join()
    kept.put_back()
    with psycopg.connect(kept.url.replace("postgresql+psycopg://", "postgresql://")) as connection:
        others = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        ).fetchone()
    assert others == (2,)  # the one that asks, and the one that puts back
