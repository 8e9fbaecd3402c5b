"""The schema goes down and up under a database in which every table has rows."""

import sqlalchemy as sa
from sqlalchemy import inspect, text

from gridtrack.db import migrate
from gridtrack.db.migrations import script_location
from tests.builders import Site
from tests.filled import everything, filled

LINE = sorted(path.stem for path in (script_location() / "versions").glob("[0-9]*.py"))


def counts(engine: sa.Engine) -> dict[str, int]:
    with engine.connect() as here:
        names = set(inspect(here).get_table_names()) - {"alembic_version", "spatial_ref_sys"}
        return {n: here.execute(text(f"SELECT count(*) FROM {n}")).scalar_one() for n in names}


def guards(engine: sa.Engine) -> list[str]:
    """The triggers that keep what is only ever appended."""
    asked = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname",
    }
    with engine.connect() as here:
        return [name for (name,) in here.execute(text(asked[engine.dialect.name]))]


def columns_of(engine: sa.Engine) -> dict[str, set[str]]:
    with engine.connect() as here:
        look = inspect(here)
        return {n: {c["name"] for c in look.get_columns(n)} for n in look.get_table_names()}


def test_step_by_step_down_and_up_again_no_row_is_lost_that_the_older_schema_has(
    site: Site,
) -> None:
    before, engine = filled(site), site.runtime.engine
    kept = guards(engine)
    for revision in reversed(LINE[:-1]):
        there = counts(engine)
        migrate.downgrade(engine, revision)
        here = counts(engine)
        lost = {n: (there[n], here[n]) for n in there.keys() & here.keys() if there[n] != here[n]}
        assert lost == {}, revision
    old = columns_of(engine)
    for revision in LINE[1:]:
        there = counts(engine)
        migrate.upgrade(engine, revision)
        here = counts(engine)
        lost = {n: (there[n], here[n]) for n in there.keys() & here.keys() if there[n] != here[n]}
        assert lost == {}, revision
    assert migrate.differences(engine) == []
    assert guards(engine) == kept
    after = everything(engine)
    for name, rows in before.items():
        names = old.get(name, set()) & set(rows[0])
        shorter = [{n: row[n] for n in names} for row in rows]
        assert name not in old or [{n: row[n] for n in names} for row in after[name]] == shorter
    assert site.sums_up(1)


def test_a_filled_database_goes_down_to_nothing(site: Site) -> None:
    filled(site)
    migrate.downgrade(site.runtime.engine, "base")
    assert counts(site.runtime.engine) == {}
    assert guards(site.runtime.engine) == []
