"""What is due is claimed in due order, by one worker at a time."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from gridtrack.incidents import store as incidents
from gridtrack.incidents.store import INCIDENT, claim_due, earliest_due
from tests.builders import NOW, Site

DUE = NOW + timedelta(minutes=5)


def reports(site: Site, *minutes: int) -> list[int]:
    """Reports that are due so many minutes after the first of them would be."""
    found = []
    for minute in minutes:
        site.clock.set(NOW + timedelta(minutes=minute))
        found.append(site.report().incident_id)
    return found


def claimed(site: Site, at, limit: int = 10) -> list[int]:
    with site.work() as work:
        return [row.id for row in claim_due(work.session, at, limit)]


def test_the_oldest_due_comes_first_whatever_its_number(site: Site):
    ids = reports(site, 2, 0, 1)
    assert claimed(site, DUE + timedelta(hours=1)) == [ids[1], ids[2], ids[0]]


def test_at_one_instant_the_lower_number_comes_first(site: Site):
    ids = reports(site, 0, 0, 0)
    assert claimed(site, DUE) == ids


def test_what_is_due_this_very_microsecond_is_due(site: Site):
    reports(site, 0)
    assert len(claimed(site, DUE)) == 1
    assert claimed(site, DUE - timedelta(microseconds=1)) == []


def test_no_more_are_claimed_than_were_asked_for(site: Site):
    ids = reports(site, 0, 1, 2)
    assert claimed(site, DUE + timedelta(hours=1), limit=2) == ids[:2]


def test_what_was_acknowledged_is_never_claimed(site: Site):
    ids = reports(site, 0, 0)
    site.acknowledge(ids[0], "worker-a11")
    assert claimed(site, DUE + timedelta(days=1)) == [ids[1]]


def test_one_can_be_claimed_alone_when_it_is_due(site: Site):
    ids = reports(site, 0, 0)
    with site.work() as work:
        assert [row.id for row in claim_due(work.session, DUE, 10, only=ids[1])] == [ids[1]]
        assert claim_due(work.session, NOW, 10, only=ids[1]) == []


def test_a_claim_holds_what_the_row_holds(site: Site):
    (one,) = reports(site, 0)
    row = site.incident(one)
    with site.work() as work:
        (due,) = claim_due(work.session, DUE, 1)
    names = due.__slots__
    assert {n: getattr(due, n) for n in names} == {n: getattr(row, n) for n in names}


def test_the_earliest_due_is_known_and_none_when_nothing_is_promised(site: Site):
    with site.look() as work:
        assert earliest_due(work.session) is None
    reports(site, 3, 1)
    with site.look() as work:
        assert earliest_due(work.session) == DUE + timedelta(minutes=1)


# --- two transactions at once: only PostgreSQL has more than one writer ---


@pytest.mark.postgres
def test_what_one_worker_holds_another_passes_over(elephant: Site):
    ids = reports(elephant, 0, 0, 0, 0)
    with elephant.work() as one:
        mine = [row.id for row in claim_due(one.session, DUE, 2)]
        assert (mine, claimed(elephant, DUE)) == (ids[:2], ids[2:])


@pytest.mark.postgres
def test_what_a_person_is_acting_on_is_passed_over_not_waited_for(elephant: Site):
    ids = reports(elephant, 0, 0)
    with elephant.work() as person:
        incidents.lock(person.session, ids[0])
        assert claimed(elephant, DUE) == ids[1:]


@pytest.mark.postgres
def test_what_changed_after_a_claim_began_is_looked_at_again(elephant: Site):
    ids = reports(elephant, 0, 0)
    with elephant.work() as worker:
        claim_due(worker.session, NOW, 1)  # its snapshot of this moment sees both as due later
        with elephant.work() as person:
            row = update(INCIDENT).where(INCIDENT.c.id == ids[0])
            person.session.execute(row.values(next_due_at=None, deadline_state="none"))
        assert [row.id for row in claim_due(worker.session, DUE, 10)] == ids[1:]


@pytest.mark.postgres
def test_a_killed_workers_claim_is_free_again(elephant: Site):
    ids = reports(elephant, 0, 0)
    with pytest.raises(OperationalError):
        killed_while_holding(elephant)
    assert claimed(elephant, DUE) == ids


def killed_while_holding(site: Site) -> None:
    """A worker whose connection is ended after it has claimed and before it has committed."""
    with site.work() as worker:
        assert claim_due(worker.session, DUE, 10)
        pid = worker.session.connection().exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        with site.work() as killer:
            killer.session.connection().exec_driver_sql(f"SELECT pg_terminate_backend({pid})")
        claim_due(worker.session, DUE, 10)
