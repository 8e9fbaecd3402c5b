"""The auditor in the worker: what is new each minute, whole days, and never counted twice."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from gridtrack.access import RESIDENT
from gridtrack.analytics.auditor import audit
from gridtrack.deadlines import audit_store
from gridtrack.deadlines.audit_tables import AuditedPromise, AuditVerdict
from gridtrack.errors import Unauthenticated
from gridtrack.incidents.store import EVENT, INCIDENT
from gridtrack.jobs import auditing
from gridtrack.jobs.auditing import audit_news, ping_outside
from gridtrack.notifications.channels.fake import FakeSender
from gridtrack.usecases import audit as usecase
from gridtrack.usecases.heartbeat import health, heartbeat


def verdict(site):
    with site.look() as work:
        return health(work).verdict


def look(site, **later):
    site.clock.advance(**(later or {"minutes": 1}))
    assert audit_news(site.runtime)
    return verdict(site)


def disarm(site, incident_id):
    with site.runtime.work() as work:
        work.session.execute(
            update(INCIDENT).where(INCIDENT.c.id == incident_id).values(next_due_at=None)
        )


def plant(site, incident_id, *, first, kinds):
    """Events under numbers of our own, otherwise as those of the first matter."""
    log = {event.kind: event for event in site.events(1)}
    rows = []
    for n, kind in enumerate(kinds):
        like = log.get(kind, log["assigned"])
        row = {c.name: getattr(like, c.name) for c in EVENT.c}
        seq = first + n
        rows.append({**row, "id": seq, "incident_id": incident_id, "seq": seq, "kind": kind,
                     "key": None})  # fmt: skip
    with site.runtime.work() as work:
        work.session.execute(EVENT.insert(), rows)


def test_what_is_new_is_counted_once_however_often_it_is_looked_at(site):
    site.acknowledge(site.report().incident_id, "worker-a11")
    site.report()
    first = look(site)
    assert (first.promises, first.on_time) == (2, 2)
    assert look(site) == look(site, minutes=2) == first


def test_it_says_what_the_whole_walk_says(site):
    for n in range(6):
        made = site.report()
        site.sweep(minutes=3, seconds=n)
        if n % 2:
            site.acknowledge(made.incident_id, "worker-a11")
        look(site)
    site.sweep(hours=2)
    found = look(site)
    with site.look() as work:
        whole = audit(work)
    assert (found.promises, found.fired, found.late, found.worst_late_ms) == (
        whole.promises, whole.fired, whole.late, whole.worst_late_ms,
    )  # fmt: skip


def test_a_step_that_nobody_fires_is_found_though_nothing_new_is_in_the_log(site):
    made = site.report()
    look(site)
    disarm(site, made.incident_id)
    assert look(site, minutes=4, seconds=59).clean
    assert look(site, seconds=62).missing == 1
    assert look(site).missing == 1


def test_a_step_fired_late_after_all_is_late_and_no_longer_missing(site):
    site.report()
    look(site)
    assert look(site, minutes=9).missing == 1
    site.sweep(minutes=0)
    found = look(site)
    assert (found.missing, found.late, found.on_time) == (0, 1, 0)
    assert found.worst_late_ms == 300_000


def test_an_event_that_was_committed_behind_a_later_one_is_not_passed_over(site):
    """Another transaction took its numbers first and committed last."""
    known = site.report().incident_id
    plant(site, known, first=1000, kinds=("note",))
    assert look(site, seconds=60).promises == 1  # and the log was read to the thousandth event
    with site.runtime.work() as work:
        row = dict(work.session.execute(INCIDENT.select()).mappings().one())
        work.session.execute(INCIDENT.insert(), {**row, "id": 7, "client_id": "late"})
    plant(site, 7, first=500, kinds=("reported", "assigned"))
    assert look(site, seconds=58).promises == 2


def test_a_day_is_walked_whole_the_day_after_and_finds_what_was_lost(site):
    site.acknowledge(site.report().incident_id, "worker-a11")
    look(site)
    with site.runtime.work() as work:
        work.session.execute(delete(AuditedPromise))
        work.session.execute(delete(AuditVerdict))
    look(site, days=1)
    with site.look() as work:
        day = work.session.query(AuditVerdict).filter(AuditVerdict.final_at.is_not(None)).one()
        assert (day.promises, day.on_time) == (1, 1)
        assert usecase.unfinished_day(work) is None


def test_only_one_worker_looks_in_a_minute(site):
    assert audit_news(site.runtime)
    assert not audit_news(site.runtime)
    site.clock.advance(hours=-1)  # a clock set back stops nothing
    assert audit_news(site.runtime)


def test_a_long_log_is_read_in_parts(site, monkeypatch):
    monkeypatch.setattr(usecase, "EVENTS", 3)
    for _ in range(5):
        site.report()
    site.clock.advance(minutes=3)
    assert look(site).promises == 5
    with site.look() as work:
        assert audit_store.mark(work.session).event_id == 10  # two events a report, all settled


def test_a_reader_who_may_not_audit_is_refused(site):
    with site.look(RESIDENT) as work, pytest.raises(Unauthenticated):
        usecase.read_news(work, 0)


# --- the dead man's switch ---


@pytest.fixture
def watched(lite):
    changes = {"deadman_url": "https://watch.example/x", "deadman_secret": "s"}
    settings = lite.runtime.settings.model_copy(update=changes)
    object.__setattr__(lite.runtime, "settings", settings)
    return lite


def told(site):
    sender = FakeSender()
    with site.runtime.work() as work:
        heartbeat(work, "host:1", 1.0, 0)
    audit_news(site.runtime, every=timedelta(0))
    return ping_outside(site.runtime, {"webhook": sender}), sender.messages


def test_the_outside_is_told_where_all_is_well(watched):
    well, messages = told(watched)
    assert well
    assert messages[0].key == "deadman:2026-11-20T02:00"
    assert messages[0].secret == "s"


def test_the_outside_hears_nothing_where_a_step_is_missing(watched):
    disarm(watched, watched.report().incident_id)
    watched.clock.advance(minutes=7)
    assert told(watched) == (False, [])


def test_the_outside_hears_nothing_where_the_sweep_is_behind(watched):
    watched.report()
    watched.clock.advance(minutes=5, seconds=11)
    assert told(watched) == (False, [])


def test_the_outside_hears_nothing_where_nobody_named_it(lite):
    assert told(lite) == (False, [])


def test_a_look_that_takes_too_long_goes_on_the_next_time(lite, monkeypatch):
    monkeypatch.setattr(usecase, "EVENTS", 2)
    for _ in range(3):
        lite.report()
    lite.clock.advance(minutes=3)
    assert auditing.audit_news(lite.runtime, budget_s=0.0)
    assert verdict(lite).promises == 1
    assert auditing.audit_news(lite.runtime, every=timedelta(0))
    assert verdict(lite).promises == 3
