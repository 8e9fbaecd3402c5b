"""The outbox empties: once each, later where it failed, never where it came too late."""

import hashlib
import hmac
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from gridtrack.access import Actor
from gridtrack.categories.shipped import shipped_tree
from gridtrack.clock import ManualClock
from gridtrack.errors import Forbidden, Unauthenticated
from gridtrack.jobs.deliverer import deliver
from gridtrack.notifications.channels.fake import FakeSender
from gridtrack.notifications.channels.port import (
    Outcome,
    Outgoing,
    PermanentFailure,
    Sender,
    Sent,
    TemporaryFailure,
)
from gridtrack.notifications.channels.webhook import WebhookSender
from gridtrack.notifications.rules import MAX_ATTEMPTS, backoff
from gridtrack.notifications.store import LEASE, MESSAGE
from gridtrack.notifications.tables import Message, Subscription
from gridtrack.usecases import deliver as outbox
from gridtrack.usecases.assign import assign
from gridtrack.usecases.sweep import sweep
from tests.builders import LAMP, Site
from tests.servers import LOOPBACK, a_hook

BUSY = TemporaryFailure("http-busy: 503")
TREE = shipped_tree()


def subscribe(site: Site, who: str | None = "worker-a11", **given: Any) -> None:
    """A webhook of a person, or of a group over a scope."""
    person = {"person_id": site.people[who]} if who else {}
    row = {"channel": "webhook", "target": "https://x", "secret": "", "locale": "zh", **given}
    with site.work() as work:
        work.session.add(Subscription(**person, **row, active=True))
        work.session.flush()
    site.runtime.memo.forget("subscriptions")


def out(site: Site, *outcomes: Outcome, **senders: Sender) -> FakeSender:
    """Deliver what is due now; the fake answers as scripted, then takes everything."""
    fake = FakeSender(outcomes)
    deliver(site.runtime, senders or {"webhook": fake, "email": fake, "robot": fake})
    return fake


def stored(site: Site, channel: str = "webhook") -> Message:
    with site.look() as work:
        return work.session.query(Message).filter_by(channel=channel).one()


def reported(site: Site, **given: Any) -> int:
    """A lamp whose gridworker has a webhook."""
    subscribe(site)
    return site.report(LAMP, **given).incident_id


# --- how it went ---


def test_a_message_that_was_taken_is_sent_once_and_for_all(site: Site) -> None:
    reported(site)
    assert len(out(site).messages) == 1
    assert (stored(site).state, stored(site).sent_at) == ("sent", site.clock.now())
    site.clock.advance(days=1)
    assert out(site).messages == []


def test_a_message_that_failed_waits_longer_each_time(site: Site) -> None:
    reported(site)
    waits = []
    for attempt in (1, 2, 3):
        out(site, BUSY)
        message = stored(site)
        assert (message.state, message.error) == ("pending", "http-busy: 503")
        waits.append(message.next_attempt_at - site.clock.now())
        assert waits[-1] == backoff(attempt, message.key)
        site.clock.advance(seconds=waits[-1].total_seconds())
    assert waits == sorted(waits)


def test_a_message_is_not_tried_before_its_wait_is_over(site: Site) -> None:
    reported(site)
    out(site, BUSY)
    again = stored(site).next_attempt_at
    site.clock.set(again - timedelta(microseconds=1))
    assert out(site).messages == []
    site.clock.set(again)
    assert len(out(site).messages) == 1


def test_the_other_side_says_when_to_come_back(site: Site) -> None:
    reported(site)
    out(site, TemporaryFailure("http-busy: 429", timedelta(minutes=7)))
    assert stored(site).next_attempt_at == site.clock.now() + timedelta(minutes=7)


def test_what_will_never_work_is_dead_at_once_and_says_why(site: Site) -> None:
    reported(site)
    out(site, PermanentFailure("host-not-allowed: x"))
    message = stored(site)
    assert (message.state, message.error) == ("dead", "host-not-allowed: x")
    site.clock.advance(days=1)
    assert out(site).messages == []


def test_a_message_that_always_fails_is_given_up_and_stays_visible(site: Site) -> None:
    reported(site)
    fake = FakeSender([BUSY] * 100)
    for _ in range(MAX_ATTEMPTS + 5):
        deliver(site.runtime, {"webhook": fake})
        site.clock.advance(minutes=15)
    assert len(fake.messages) == MAX_ATTEMPTS
    assert (stored(site).state, stored(site).attempts) == ("dead", MAX_ATTEMPTS)


def test_the_same_message_keeps_its_key_however_often_it_is_tried(site: Site) -> None:
    reported(site)
    fake = FakeSender([BUSY, BUSY])
    for _ in range(3):
        deliver(site.runtime, {"webhook": fake})
        site.clock.advance(minutes=15)
    assert len(fake.messages) == 3
    assert len({message.key for message in fake.messages}) == 1


def test_a_channel_that_is_not_set_up_is_a_dead_letter(site: Site) -> None:
    reported(site)
    out(site, robot=FakeSender())
    assert (stored(site).state, stored(site).error) == ("dead", "channel-not-configured")


def test_a_long_reason_is_cut_to_what_can_be_stored(site: Site) -> None:
    reported(site)
    out(site, PermanentFailure("x" * 5000))
    assert len(stored(site).error) == 300


class Breaks:
    """A sender with a fault of our own."""

    def send(self, _message: Outgoing) -> Outcome:
        raise RuntimeError("planted")


def test_a_sender_that_breaks_holds_up_nobody_and_is_tried_again(site: Site) -> None:
    reported(site)
    subscribe(site, channel="email")
    site.report(LAMP)
    fake = FakeSender()
    deliver(site.runtime, {"webhook": Breaks(), "email": fake})
    assert [message.channel for message in fake.messages] == ["email"]
    with site.look() as work:
        broken = work.session.query(Message).filter_by(channel="webhook").all()
    assert {(m.state, m.error) for m in broken} == {("pending", "sender-failed: RuntimeError")}


def test_a_message_that_cannot_be_put_into_words_holds_up_nobody(site: Site) -> None:
    first = reported(site)
    second = site.report(LAMP).incident_id
    with site.work() as work:
        gone = update(MESSAGE).where(MESSAGE.c.incident_id == first)
        work.session.execute(gone.values(facts={"category": "9999", "sensitivity": 0}))
    fake = out(site)
    assert [f"assigned:{second}:" in message.key for message in fake.messages] == [True]
    with site.look() as work:
        dead = work.session.query(Message).filter_by(incident_id=first, channel="webhook").one()
    assert (dead.state, dead.error) == ("dead", "unwordable: Invalid")


def test_a_subscription_that_was_switched_off_gets_nothing_more(site: Site) -> None:
    reported(site)
    with site.work() as work:
        work.session.query(Subscription).update({"active": False})
    assert out(site).messages == []
    assert stored(site).state == "superseded"


# --- senders that die, and two of them ---


def lease(site: Site) -> list[outbox.Leased]:
    with site.work() as work:
        return outbox.lease(work)


def settle(site: Site, message: outbox.Leased, outcome: Outcome) -> None:
    with site.work() as work:
        outbox.settle(work, message, outcome)


def test_a_sender_that_died_in_between_is_followed_by_another_with_the_same_key(site: Site) -> None:
    reported(site)
    (lost,) = lease(site)  # and never settled
    assert out(site).messages == []
    site.clock.advance(seconds=LEASE.total_seconds())
    assert [message.key for message in out(site).messages] == [lost.outgoing.key]


def test_a_message_that_kills_its_sender_every_time_is_given_up(site: Site) -> None:
    reported(site)
    tries = 0
    for _ in range(MAX_ATTEMPTS + 3):
        tries += len(lease(site))
        site.clock.advance(minutes=2)
    assert tries == MAX_ATTEMPTS
    assert (stored(site).state, stored(site).error) == ("dead", "sender-died")


def test_a_slow_senders_failure_does_not_take_the_message_from_the_one_who_has_it_now(
    site: Site,
) -> None:
    reported(site)
    (slow,) = lease(site)
    site.clock.advance(seconds=LEASE.total_seconds())
    (now,) = lease(site)
    settle(site, slow, BUSY)
    assert stored(site).state == "leased"
    settle(site, now, Sent())
    assert stored(site).state == "sent"


def test_a_slow_senders_success_counts_and_a_later_failure_does_not_undo_it(site: Site) -> None:
    reported(site)
    (slow,) = lease(site)
    site.clock.advance(seconds=LEASE.total_seconds())
    (other,) = lease(site)
    settle(site, slow, Sent())
    settle(site, other, BUSY)
    assert stored(site).state == "sent"


# --- too late ---


def test_what_was_answered_before_it_went_out_does_not_go_out(site: Site) -> None:
    one = reported(site)
    site.acknowledge(one, "worker-a11")
    assert out(site).messages == []
    assert stored(site).state == "superseded"


def test_what_failed_while_it_was_being_answered_is_not_tried_again(site: Site) -> None:
    one = reported(site)
    (message,) = lease(site)
    site.acknowledge(one, "worker-a11")
    settle(site, message, BUSY)
    assert stored(site).state == "superseded"


def test_what_went_out_while_it_was_being_answered_is_written_down_as_sent(site: Site) -> None:
    one = reported(site)
    (message,) = lease(site)
    site.acknowledge(one, "worker-a11")
    settle(site, message, Sent())
    assert stored(site).state == "sent"


def test_that_nobody_answered_is_not_told_after_somebody_did(site: Site) -> None:
    subscribe(site, "desk")
    one = site.report(LAMP).incident_id
    for _ in range(12):
        site.sweep(minutes=20)
    assert site.told("desk") == ["exhausted"]
    site.acknowledge(one, "street")
    assert out(site).messages == []


def test_the_person_before_is_not_told_after_another_was_given_the_matter(site: Site) -> None:
    one = reported(site)
    with site.work("leader-a1") as work:
        assign(work, one, site.people["worker-a12"])
    assert out(site).messages == []


# --- once for each cause ---


def test_the_same_step_done_twice_is_told_once(site: Site) -> None:
    reported(site)
    subscribe(site, None, scope="")
    site.sweep(minutes=5)
    with site.work() as work:  # as after a failover that lost the clock's step but not the message
        before = Counter(m.key for m in work.session.query(Message))
        assert set(before.values()) == {1}
    site.sweep(minutes=0)
    with site.work() as work:
        sweep(work)
        assert Counter(m.key for m in work.session.query(Message)) == before


def test_a_group_and_a_person_each_get_their_own_and_only_one(site: Site) -> None:
    reported(site)
    subscribe(site, None, scope="A", channel="robot")
    site.report(LAMP)
    fake = out(site)
    assert sorted(message.channel for message in fake.messages) == ["robot", "webhook", "webhook"]
    assert max(fake.taken.values()) == 1


def test_reporting_again_with_the_same_id_tells_nobody_again(site: Site) -> None:
    subscribe(site)
    client_id = "0b0e2c9e-94a6-4b0e-8a54-3f1ad0a3ef10"
    for _ in range(3):
        site.report(LAMP, client_id=client_id)
    assert len(out(site).messages) == 1


# --- who may, and what it looks like ---


def test_only_the_engine_leases_and_settles(site: Site) -> None:
    reported(site)
    (message,) = lease(site)
    for who, refusal in (("secretary-a", Forbidden), (Actor(None, "?"), Unauthenticated)):
        with pytest.raises(refusal), site.work(who) as work:
            outbox.lease(work)
        with pytest.raises(refusal), site.work(who) as work:
            outbox.settle(work, message, Sent())


def test_an_open_matter_is_told_in_words_in_the_language_of_the_subscription(lite: Site) -> None:
    subscribe(lite)
    subscribe(lite, locale="en")
    lite.report(LAMP)
    titles = [message.title for message in out(lite).messages]
    lamp = TREE.get(LAMP)
    assert titles == [
        f"请签收：{lamp.zh}（261120-00001）",
        f"Please acknowledge: {lamp.en} (261120-00001)",
    ]


def test_a_link_leads_to_the_incident_where_the_address_is_known(lite: Site) -> None:
    reported(lite)
    assert out(lite).messages[0].link == ""
    public = lite.runtime.settings.model_copy(update={"public_url": "https://grid.example/"})
    object.__setattr__(lite.runtime, "settings", public)
    one = lite.report(LAMP).incident_id
    assert out(lite).messages[0].link == f"https://grid.example/incidents/{one}"


def test_a_receiver_can_check_who_sent_it_and_when(lite: Site) -> None:
    with a_hook() as hook:
        subscribe(lite, target=hook.url, secret="a shared secret")
        lite.report(LAMP)
        sender = WebhookSender(LOOPBACK, lite.clock.now)
        assert deliver(lite.runtime, {"webhook": sender}) == 1
    assert stored(lite).state == "sent"
    assert checks(hook.call, b"a shared secret", lite.clock)
    assert not checks(hook.call, b"another secret", lite.clock)


def test_a_receiver_that_is_busy_gets_it_later_under_the_same_key(lite: Site) -> None:
    with a_hook(status=503, headers={"Retry-After": "90"}) as hook:
        subscribe(lite, target=hook.url)
        lite.report(LAMP)
        senders = {"webhook": WebhookSender(LOOPBACK, lite.clock.now)}
        deliver(lite.runtime, senders)
        hook.status, hook.headers = 200, {}
        lite.clock.advance(seconds=90)
        deliver(lite.runtime, senders)
    assert stored(lite).state == "sent"
    assert len({call.headers["X-Gridtrack-Key"] for call in hook.calls}) == 1


def checks(call: Any, secret: bytes, clock: ManualClock) -> bool:
    """What a receiver does, by the words of `webhook.sign` alone."""
    parts = dict(part.split("=", 1) for part in call.headers["X-Gridtrack-Signature"].split(","))
    fresh = abs(int(parts["t"]) - clock.now().timestamp()) < 300
    digest = hmac.new(secret, f"{parts['t']}.".encode() + call.body, hashlib.sha256).hexdigest()
    return fresh and hmac.compare_digest(digest, parts["v1"])
