"""Quiet hours in the outbox: news waits for the morning, what must be answered never does."""

from typing import Any

import pytest

from gridtrack.jobs.deliverer import deliver
from gridtrack.notifications import store as notifications
from gridtrack.notifications.channels.fake import FakeSender
from gridtrack.notifications.rules import CAN_WAIT, Kind
from gridtrack.notifications.store import Told
from gridtrack.notifications.tables import Subscription
from gridtrack.usecases.tell import Facts, facts
from tests.builders import LAMP


def told(site: Any, *kinds: str) -> None:
    """Somebody is told of a lamp, now, once for each kind."""
    incident = site.incident(1)
    with site.work() as work:
        about = facts(work, 1, Facts.of({n: getattr(incident, n) for n in Facts.__slots__}))
        rows = [Told(f"{kind}:1", kind, 1, (incident.handler_id,), "", about) for kind in kinds]
        notifications.enqueue(work.session, work.memo, rows, work.now)


def sent(site: Any) -> int:
    fake = FakeSender()
    deliver(site.runtime, {"email": fake, "webhook": fake})
    return len(fake.messages)


@pytest.fixture
def night(site):
    """Eleven at night, with an address that wants everything and nothing left to send."""
    site.report(LAMP)
    site.clock.advance(hours=13)
    with site.work() as work:
        row = {"channel": "email", "target": "a@b.example", "secret": "", "locale": "zh"}
        person = site.people["worker-a11"]
        work.session.add(Subscription(person_id=person, **row, active=True))
        work.session.flush()
    site.runtime.memo.forget("subscriptions")
    return site


def test_what_can_wait_goes_out_in_the_morning_and_the_rest_at_once(night):
    told(night, "reminder", "escalated")
    assert sent(night) == 1
    night.clock.advance(hours=7, minutes=59)
    assert sent(night) == 0
    night.clock.advance(minutes=1)  # seven in the morning
    assert sent(night) == 1


def test_nothing_that_has_to_be_answered_can_wait():
    must = {Kind.ASSIGNED, Kind.CO_ASSIGNED, Kind.ESCALATED, Kind.EXHAUSTED, Kind.TRIAGE}
    must |= {Kind.RETURNED, Kind.MOVED_IN, Kind.URGED, Kind.ORDERED, Kind.ORDER_RETURNED}
    assert not must & set(CAN_WAIT)


def test_a_machine_has_no_night(night):
    with night.work() as work:
        work.session.query(Subscription).update({"channel": "webhook"})
    night.runtime.memo.forget("subscriptions")
    told(night, "reminder")
    assert sent(night) == 1
