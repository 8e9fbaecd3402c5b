"""The numbered line: files named by number, tables equal to the code, up, down and up again."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from gridtrack.cli import db
from gridtrack.db import migrate
from gridtrack.db.engine import make_engine
from gridtrack.db.migrations import script_location
from gridtrack.deadlines.tables import Quarantine
from gridtrack.grids import store as grids
from tests.builders import LAMP, Site

assert db.TABLES  # every table is imported before it is compared


def test_revisions_are_one_line_without_holes() -> None:
    names = sorted(p.stem for p in (script_location() / "versions").glob("[0-9]*.py"))
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
    assert migrate.head() == names[-1]


def test_tables_and_migrations_agree(database_url: str) -> None:
    engine = make_engine(database_url)
    assert migrate.differences(engine) == []
    engine.dispose()


def test_down_to_nothing_and_up_again(database_url: str) -> None:
    engine = make_engine(database_url)
    migrate.downgrade(engine, "base")
    assert migrate.current(engine) is None
    migrate.upgrade(engine)
    assert migrate.differences(engine) == []
    engine.dispose()


def test_a_filled_database_goes_down_and_up_and_keeps_its_reports(site: Site) -> None:
    one = site.report(LAMP).incident_id
    before = site.incident(one).grid_path
    migrate.downgrade(site.runtime.engine, "0001_spine")
    migrate.upgrade(site.runtime.engine)
    assert site.incident(one).grid_path == before


def test_foreign_keys_hold_again_after_a_migration(site: Site) -> None:
    migrate.downgrade(site.runtime.engine, "0001_spine")
    migrate.upgrade(site.runtime.engine)
    with site.work() as work:
        work.session.add(Quarantine(incident_id=99, error="x", tries=1, since_at=work.now))
        with pytest.raises(sa.exc.IntegrityError):
            work.session.flush()
        work.session.rollback()


def test_upgrading_twice_changes_nothing(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'a.sqlite'}")
    migrate.upgrade(engine)
    migrate.upgrade(engine)
    assert migrate.current(engine) == migrate.head()
    engine.dispose()


@pytest.mark.parametrize("statement", ["UPDATE event SET kind = 'x'", "DELETE FROM event"])
def test_the_database_itself_refuses_to_change_an_event(site: Site, statement: str) -> None:
    site.report(LAMP)
    with pytest.raises(sa.exc.DatabaseError, match="only ever appended"), site.work() as work:
        work.session.execute(sa.text(statement))


@pytest.mark.parametrize(
    "statement", ["UPDATE edition_entry SET kind = 'x'", "DELETE FROM edition_entry"]
)
def test_the_database_itself_refuses_to_change_the_record_of_an_edition(
    site: Site, statement: str
) -> None:
    with site.work() as work:
        edition = grids.editions(work.session)[0]
        grids.record(work.session, edition.id, "noted", {}, actor=work.actor, at=work.now)
    with pytest.raises(sa.exc.DatabaseError, match="only ever appended"), site.work() as work:
        work.session.execute(sa.text(statement))


def test_an_edition_from_before_the_record_counts_as_checked(database_url: str) -> None:
    engine = make_engine(database_url)
    migrate.downgrade(engine, "0001_spine")
    columns = "id, name, state, created_at, created_by, tolerance_m, source, accepted, note"
    at = "1" if engine.dialect.name == "sqlite" else "now()"
    with engine.begin() as connection:
        connection.execute(
            sa.text(
                f"INSERT INTO edition ({columns}) "
                f"VALUES (1, 'old', 'active', {at}, 'x', 1.0, '{{}}', '[]', '')"
            )
        )
    migrate.upgrade(engine)
    with engine.connect() as connection:
        found = connection.execute(sa.text("SELECT revision, checked_revision FROM edition")).one()
    engine.dispose()
    assert tuple(found) == (0, 0)
