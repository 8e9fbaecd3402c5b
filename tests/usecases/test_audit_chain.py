"""The audit on a real database: nobody can leave it out, nobody can tamper unseen."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError, SQLAlchemyError

from gridtrack.audit.ledger import LINE
from gridtrack.audit.rules import Origin
from gridtrack.audit.store import Wanted
from gridtrack.db.engine import WRITE
from gridtrack.errors import Forbidden, Invalid
from gridtrack.queries.audit_lines import AuditRow, audit_page
from gridtrack.usecases.audit_chain import (
    Verified,
    anchor,
    cut_audit,
    seal_audit,
    verify_audit,
)
from gridtrack.usecases.note import note
from gridtrack.work import make_runtime
from tests.builders import Site

AUDITOR = "auditor"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
DOWN = {
    "sqlite": ("DROP TRIGGER audit_line_update", "DROP TRIGGER audit_line_delete"),
    "postgresql": ("ALTER TABLE audit_line DISABLE TRIGGER USER",),
}


def lines(site: Site, **wanted: object) -> list[AuditRow]:
    with site.look(AUDITOR) as work:
        rows = audit_page(work, Wanted(**wanted)).rows  # type: ignore[arg-type]
    return list(reversed(rows))


def verified(site: Site, **given: tuple[str, ...]) -> Verified:
    with site.look(AUDITOR) as work:
        return verify_audit(work, **given)


def tampered(site: Site, statement: str, **values: object) -> None:
    """Do as somebody does who owns the database and not the key."""
    with site.runtime.engine.connect().execution_options(**{WRITE: True}) as here, here.begin():
        for down in DOWN[here.dialect.name]:
            here.execute(text(down))
        here.execute(text(statement), values)


def fail(site: Site, who: str, subject: str, error: Exception) -> None:
    """An act that says what it is and then goes wrong."""
    with site.work(who) as work:
        note(work, "close", subject)
        raise error


def seal(site: Site, **later: float) -> bool:
    site.clock.advance(**later or {"minutes": 1})
    with site.runtime.work() as work:
        return seal_audit(work)


def test_every_act_of_a_person_leaves_a_line(site: Site) -> None:
    one = site.report().incident_id
    site.acknowledge(one, "worker-a11")
    told = [(row.act, row.subject, row.post, row.outcome) for row in lines(site)]
    assert told == [
        ("reported", f"incident:{one}", "resident", "done"),
        ("acknowledged", f"incident:{one}", "gridworker@A/A1/A11", "done"),
    ]


def test_what_is_refused_leaves_a_line_of_its_own(lite: Site) -> None:
    one = lite.report().incident_id
    with pytest.raises(Forbidden):
        fail(lite, "security", f"incident:{one}", Forbidden("forbidden"))
    (row,) = lines(lite, outcome="refused")
    assert (row.act, row.name, row.details) == ("close", "security", {"error": "forbidden"})


def test_what_was_undone_leaves_no_line(lite: Site) -> None:
    with pytest.raises(RuntimeError):
        fail(lite, "secretary-a", "incident:1", RuntimeError())
    assert lines(lite) == []


def test_a_reading_is_written_before_anybody_sees_it(lite: Site) -> None:
    with lite.look("secretary-a") as work:
        note(work, "reporter-read", "incident:1", purpose="callback")
    (row,) = lines(lite)
    assert (row.act, row.name, row.details) == (
        "reporter-read", "secretary-a", {"purpose": "callback"},
    )  # fmt: skip


def test_a_reading_that_cannot_be_written_down_is_not_given(lite: Site) -> None:
    tampered(lite, "DROP TABLE audit_line")
    with pytest.raises(SQLAlchemyError), lite.look("secretary-a") as work:
        note(work, "reporter-read", "incident:1")


def test_an_act_that_cannot_be_written_down_is_not_done(lite: Site) -> None:
    one = lite.report().incident_id
    tampered(lite, "DROP TABLE audit_line")
    with pytest.raises(SQLAlchemyError):
        lite.acknowledge(one, "worker-a11")
    assert lite.incident(one).state == "assigned"


def test_the_steps_of_the_engine_leave_no_line(lite: Site) -> None:
    lite.report()
    before = len(lines(lite))
    lite.sweep(minutes=6)
    assert len(lines(lite)) == before


def test_the_database_itself_refuses_to_change_or_remove(site: Site) -> None:
    site.report()
    for verb in ("UPDATE audit_line SET act = 'x'", "DELETE FROM audit_line"):
        with site.runtime.engine.connect().execution_options(**{WRITE: True}) as here:
            with pytest.raises(DatabaseError):
                here.execute(text(verb))
            here.rollback()
    assert len(lines(site)) == 1


Tamper = tuple[str, str]
TAMPERS: list[Tamper] = [
    ("UPDATE audit_line SET person_id = 1 WHERE id = :id", "changed"),
    ("UPDATE audit_line SET outcome = 'refused', digest = 'x' WHERE id = :id", "changed"),
    ("DELETE FROM audit_line WHERE id = :id", "removed"),
]


@pytest.mark.parametrize("tamper", TAMPERS)
def test_tampering_with_one_line_is_found_and_located_before_it_is_sealed(
    lite: Site, tamper: Tamper
) -> None:
    for _ in range(3):
        lite.report()
    second = lines(lite)[1].id
    tampered(lite, tamper[0], id=second)
    first = verified(lite).first
    assert first is not None
    assert (first.kind.value, first.seq) == (tamper[1], 2)


def test_a_forged_line_is_found(lite: Site) -> None:
    lite.report()
    tampered(
        lite,
        "INSERT INTO audit_line (lane, seq, at, person_id, post, door, act, subject, outcome,"
        " address, session, details, key, digest) SELECT 'ffffffffffffffff', 1, at, person_id,"
        " post, door, act, subject, outcome, address, session, details, key, digest"
        " FROM audit_line",
    )
    assert [one.kind.value for one in verified(lite).faults] == ["inserted"]


def test_lines_cut_off_at_the_end_are_missed_once_sealed(site: Site) -> None:
    for _ in range(3):
        site.report()
    seal(site)
    ids = [row.id for row in lines(site)]
    tampered(site, "DELETE FROM audit_line WHERE id >= :id AND act = 'reported'", id=ids[1])
    assert verified(site).first is not None


def test_the_anchor_in_the_log_finds_that_everything_since_was_cut_off(lite: Site) -> None:
    lite.report()
    seal(lite)
    with lite.runtime.look() as work:
        known = anchor(work)
    assert verified(lite, expected=(known,)).faults == ()
    tampered(lite, "DELETE FROM audit_line WHERE id > 0")
    assert [one.kind.value for one in verified(lite, expected=(known,)).faults] == ["removed"]


def test_an_idle_place_is_sealed_once(lite: Site) -> None:
    lite.report()
    assert [seal(lite), seal(lite), seal(lite, seconds=1)] == [True, False, False]
    lite.report()
    assert seal(lite)
    assert verified(lite).faults == ()


def test_writers_at_once_break_no_chain(site: Site) -> None:
    def some() -> None:
        for _ in range(5):
            site.report()

    threads = [threading.Thread(target=some) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    found = verified(site)
    assert (found.lines, found.lanes, found.faults) == (20, 4, ())


def test_a_lane_goes_on_after_a_commit_that_failed(lite: Site) -> None:
    lite.report()
    with pytest.raises(SQLAlchemyError), lite.work("secretary-a") as work:
        work.session.execute(text("INSERT INTO person (id) VALUES (1)"))
    lite.report()
    assert verified(lite).faults == ()


def test_what_is_older_than_six_months_can_be_cut_and_the_rest_still_fits(site: Site) -> None:
    for at in (LONG_AGO, LONG_AGO + timedelta(days=1), site.clock.now()):
        with site.runtime.work(site.actor("secretary-a"), now=at):
            pass
    seal(site)
    with site.work(AUDITOR) as work:
        assert cut_audit(work, LONG_AGO + timedelta(days=400)) == 2
    assert verified(site).faults == ()
    assert [row.act for row in lines(site)] == ["work", "audit-seal", "audit-cut"]


def test_nothing_younger_is_cut(lite: Site) -> None:
    with pytest.raises(Invalid) as refused, lite.work(AUDITOR) as work:
        cut_audit(work, work.now - timedelta(days=182))
    assert refused.value.code == "audit-kept"


@pytest.mark.parametrize("who", ["admin", "security", "secretary-a", "street"])
def test_nobody_but_the_audit_administrator_reads_it(lite: Site, who: str) -> None:
    with pytest.raises(Forbidden), lite.look(who) as work:
        audit_page(work, Wanted())


def test_a_key_that_does_not_fit_says_so_and_the_old_one_still_proves(lite: Site) -> None:
    lite.report()
    settings = lite.runtime.settings.model_copy(update={"secret_key": "another"})
    other = make_runtime(settings, lite.clock)
    with other.look(lite.actor(AUDITOR)) as work:
        found = verify_audit(work)
        again = verify_audit(work, [lite.runtime.secret])
    other.engine.dispose()
    assert [one.kind.value for one in found.faults] == ["strange-key"]
    assert again.faults == ()


def test_sm3_seals_as_well(lite: Site) -> None:
    settings = lite.runtime.settings.model_copy(update={"audit_digest": "sm3"})
    other = make_runtime(settings, lite.clock)
    with other.work(lite.actor("secretary-a"), origin=Origin("web", "x")):
        pass
    with other.look(lite.actor(AUDITOR)) as work:
        assert verify_audit(work).faults == ()
        assert work.session.scalar(select(LINE.c.key)).startswith("sm3:")
        assert work.session.scalar(select(func.length(LINE.c.digest))) == 64
    other.engine.dispose()
