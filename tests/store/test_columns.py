"""What goes into a column comes out of it again, and sorts alike, on both databases."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
import shapely
from sqlalchemy import Column, Engine, MetaData, String, Table, insert, select, text
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from gridtrack.db.types import SRID, BigKey, Instant, Json, PathText, Shape

SCRATCH = Table(
    "scratch",
    MetaData(),
    Column("id", BigKey, primary_key=True),
    Column("at", Instant),
    Column("shape", Shape),
    Column("body", Json),
    Column("path", PathText),
    Column("name", String(200)),
)
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture
def scratch(session: Session) -> Session:
    """A session in whose transaction the scratch table exists."""
    SCRATCH.create(session.connection())
    return session


def round_trip(session: Session, column: str, *values: Any) -> list[Any]:
    for value in values:
        session.execute(insert(SCRATCH), {column: value})
    return list(session.scalars(select(SCRATCH.c[column]).order_by(SCRATCH.c.id)))


def raw(session: Session, sql: str) -> Any:
    return session.execute(text(sql)).scalar_one()


@pytest.mark.parametrize(
    "instant",
    [
        NOON,
        NOON.replace(microsecond=1),
        NOON.replace(microsecond=999_999),
        datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(1, 1, 2, tzinfo=UTC),
        datetime(9999, 12, 30, 23, 59, 59, 999_999, tzinfo=UTC),
        None,
    ],
)
def test_an_instant_keeps_its_last_microsecond(scratch, instant):
    assert round_trip(scratch, "at", instant) == [instant]


def test_an_instant_of_any_zone_comes_back_in_utc(scratch):
    shanghai = NOON.astimezone(timezone(timedelta(hours=8)))
    (found,) = round_trip(scratch, "at", shanghai)
    assert (found, found.tzinfo) == (NOON, UTC)


def test_an_instant_without_a_zone_is_refused(scratch):
    with pytest.raises(StatementError, match="needs a zone"):
        round_trip(scratch, "at", NOON.replace(tzinfo=None))


def test_instants_are_compared_and_sorted_by_time(scratch):
    later, earlier = NOON + timedelta(microseconds=1), NOON - timedelta(days=40_000)
    round_trip(scratch, "at", later, NOON, earlier)
    by_time = select(SCRATCH.c.at).where(SCRATCH.c.at <= NOON).order_by(SCRATCH.c.at)
    assert list(scratch.scalars(by_time)) == [earlier, NOON]


SHAPES = [
    shapely.Point(119.123456789012345, 27.4),
    shapely.box(119.5, 27.4, 119.6, 27.5),
    shapely.Polygon([(0, 0), (4, 0), (4, 4), (0, 4)], [[(1, 1), (2, 1), (2, 2), (1, 2)]]),
    shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(2, 2, 3, 3)]),
    shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]),  # accepted faults are stored too
    None,
]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda s: s.geom_type if s else "none")
def test_a_shape_keeps_every_bit_of_its_coordinates(scratch, shape):
    (found,) = round_trip(scratch, "shape", shape)
    assert (found and found.wkb) == (shape and shape.wkb)


def test_postgis_knows_the_datum_of_a_shape(scratch):
    if scratch.get_bind().dialect.name == "sqlite":
        pytest.skip("SQLite keeps bytes")
    round_trip(scratch, "shape", SHAPES[0])
    assert raw(scratch, "SELECT ST_SRID(shape) FROM scratch") == SRID


DOCUMENTS = [
    {},
    {"set": {"state": "assigned", "due_at": None}, "why": [{"code": "on-duty", "name": "林某"}]},
    {"deep": [[[{"x": 1.5}]]], "yes": True, "no": False, "big": 2**53},
    {"text": '引号" 反斜\\ 换行\n 表情😀'},
]


@pytest.mark.parametrize("body", DOCUMENTS)
def test_a_document_comes_back_as_it_was(scratch, body):
    assert round_trip(scratch, "body", body) == [body]


def test_a_document_is_readable_in_the_database(scratch):
    round_trip(scratch, "body", {"name": "林某"})
    assert "林某" in raw(scratch, "SELECT CAST(body AS TEXT) FROM scratch")


def test_paths_sort_by_their_bytes_on_both(scratch):
    unsorted = ["B", "a", "A/A1", "A", "A0", "A/", "Z", "A/A1/A11", "甲", "A-", "Ä"]
    round_trip(scratch, "path", *unsorted)
    found = list(scratch.scalars(select(SCRATCH.c.path).order_by(SCRATCH.c.path)))
    assert found == sorted(unsorted, key=str.encode)


def test_rows_are_numbered_by_the_database(scratch):
    for name in "ab":
        scratch.execute(insert(SCRATCH), {"name": name})
    assert list(scratch.scalars(select(SCRATCH.c.id).order_by(SCRATCH.c.id))) == [1, 2]


@pytest.mark.parametrize("name", ["e\u0301", "👨‍👩‍👧", "\t\n", "'; DROP TABLE scratch", "%s :x ?"])
def test_text_is_kept_letter_by_letter(scratch, name):
    assert round_trip(scratch, "name", name) == [name]


# --- how connections are set up ---


def test_sqlite_is_durable_and_keeps_its_references(engine: Engine):
    if engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL is by itself")
    with engine.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_postgres_speaks_utc_and_does_not_wait_for_ever(engine: Engine):
    if engine.dialect.name == "sqlite":
        pytest.skip("SQLite waits in busy_timeout")
    with engine.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"SHOW {name}").scalar_one()
            for name in ("timezone", "lock_timeout", "idle_in_transaction_session_timeout")
        }
    assert found == {
        "timezone": "UTC",
        "lock_timeout": "5s",
        "idle_in_transaction_session_timeout": "1min",
    }
