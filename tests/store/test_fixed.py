"""Statements that go past SQLAlchemy to the driver say and hear the same, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import bindparam, event, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from gridtrack.access import Role
from gridtrack.accounts import store as accounts
from gridtrack.accounts.store import NewPost
from gridtrack.accounts.tables import Person
from gridtrack.addresses.tables import Address
from gridtrack.db.fixed import fetch, write
from gridtrack.db.sql import insert_missing, insert_new
from gridtrack.notifications.store import MESSAGE
from tests.builders import NOW
from tests.store.test_statements import a_message

_WRITE = MESSAGE.insert()
_READ = select(MESSAGE.c.key, MESSAGE.c.facts, MESSAGE.c.created_at, MESSAGE.c.read_at).where(
    MESSAGE.c.created_at >= bindparam("since", type_=MESSAGE.c.created_at.type)
)


def test_what_was_written_is_read_as_the_column_types_say(session):
    write(session, _WRITE, [a_message("a", facts={"门牌": 33})])
    found = fetch(session, _READ, {"since": NOW})
    assert found == [["a", {"门牌": 33}, NOW, None]]


def test_sqlalchemy_reads_the_same(session):
    rows = [a_message("a", facts={"n": 1}), a_message("b", sent_at=None)]
    write(session, _WRITE, rows)
    wanted = select(MESSAGE.c.key, MESSAGE.c.facts, MESSAGE.c.sent_at).order_by(MESSAGE.c.key)
    assert session.execute(wanted).all() == [("a", {"n": 1}, NOW), ("b", {}, None)]


def test_a_value_is_bound_by_the_type_of_its_parameter(session):
    write(session, _WRITE, [a_message("a"), a_message("b", created_at=NOW + timedelta(hours=1))])
    found = fetch(session, _READ, {"since": NOW + timedelta(minutes=1)})
    assert [row[0] for row in found] == ["b"]


def test_a_column_left_out_of_one_row_is_told_at_once(session):
    short = a_message("b")
    del short["kind"]
    with pytest.raises(KeyError, match="kind"):
        write(session, _WRITE, [a_message("a"), short])


def test_a_broken_rule_is_told_as_sqlalchemy_tells_it(session):
    write(session, _WRITE, [a_message("a")])
    with pytest.raises(IntegrityError):
        write(session, _WRITE, [a_message("a")])


def test_a_statement_that_returned_nothing_does_not_silence_the_one_made_from_it(session):
    insert_missing(session, MESSAGE, [a_message("a")], key="key")
    assert isinstance(insert_new(session, MESSAGE, a_message("b"), key="key"), int)


def test_floats_and_a_limit_come_as_sqlalchemy_gives_them(session):
    plate = {"mark": "环城路1号", "text": "环城路1号", "aliases": [], "lon": 119.25, "lat": 27.5,
             "status": "live", "version": 1, "created_at": NOW, "created_by": "", "changed_at": NOW,
             "changed_by": ""}  # fmt: skip
    session.add(Address(**plate))
    session.flush()
    wanted = select(Address.text, Address.lon, Address.lat).limit(bindparam("most"))
    assert fetch(session, wanted, {"most": 1}) == [["环城路1号", 119.25, 27.5]]


def test_listeners_hear_the_statement(session):
    said = []
    event.listen(
        session.get_bind(), "before_cursor_execute", lambda *args: said.append(args[2]), once=True
    )
    write(session, _WRITE, [a_message("a")])
    assert said[0].startswith("INSERT INTO message")


@pytest.mark.parametrize("count", [1, 2, 3, 5, 9])
def test_any_number_of_scopes_finds_those_on_duty_and_no_other(session, count):
    for n in range(10):
        person = Person(login=f"p{n}", name=f"p{n}", password_hash="!", phone="", locale="zh",
                        active=True, created_at=NOW)  # fmt: skip
        accounts.add_person(session, person, [NewPost(Role.GRIDWORKER, f"X/{n}")], NOW)
    scopes = [f"X/{n}" for n in range(count)]
    found = accounts.on_duty(session, scopes, (), NOW)
    assert sorted(one.scope for one in found) == scopes


def test_a_post_over_an_estate_is_found_by_the_estate_and_not_by_its_scope(session):
    person = Person(login="pm", name="物业", password_hash="!", phone="", locale="zh", active=True,
                    created_at=NOW)  # fmt: skip
    accounts.add_person(session, person, [NewPost(Role.PROPERTY, zone="E1")], NOW)
    assert accounts.on_duty(session, [""], (), NOW) == []
    assert [one.name for one in accounts.on_duty(session, [""], ["E1"], NOW)] == ["物业"]


def test_a_line_that_was_cut_is_told_as_such_and_not_used_again(session):
    """As with SQLAlchemy's own statements: the pool must not hand out what is dead."""
    if session.get_bind().dialect.name == "sqlite":
        session.connection().connection.dbapi_connection.close()
        wanted = "closed"
    else:
        own = session.connection().connection.dbapi_connection.info.backend_pid
        with session.get_bind().connect() as other:
            other.exec_driver_sql(f"SELECT pg_terminate_backend({own})")
        wanted = "terminating|closed"
    with pytest.raises(DBAPIError, match=wanted) as caught:
        write(session, _WRITE, [a_message("a")])
    assert caught.value.connection_invalidated
    assert session.connection().invalidated
