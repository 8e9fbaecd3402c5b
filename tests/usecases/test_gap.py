"""The machine was away for hours: each matter climbs one rung, each person hears of it once."""

from datetime import datetime, timedelta

import pytest

from gridtrack.jobs.deliverer import deliver
from gridtrack.jobs.sweeper import tick
from gridtrack.notifications.channels.fake import FakeSender
from gridtrack.notifications.channels.port import TemporaryFailure
from gridtrack.notifications.tables import Message, Subscription
from tests.builders import FUNERAL, Site

TOLD = ("deputy-a11", "leader-a1", "secretary-a", "street")
EACH = 12  # matters at each of three rungs
SIX_HOURS = timedelta(hours=6)


def subscribe(site: Site, *, channel: str = "email") -> None:
    with site.work() as work:
        for who in TOLD:
            row = {"channel": channel, "target": f"{who}@x.example", "secret": "", "locale": "zh"}
            work.session.add(Subscription(**row, person_id=site.people[who], active=True))
        work.session.flush()
    site.runtime.memo.forget("subscriptions")


def out(site: Site, *outcomes: object) -> FakeSender:
    fake = FakeSender(outcomes)
    deliver(site.runtime, dict.fromkeys(("email", "webhook"), fake))
    return fake


def on_three_rungs(site: Site) -> datetime:
    """Matters told to deputy, leader and secretary; then the machine is away for six hours."""
    for _ in range(3):
        for _ in range(EACH):
            site.report()
        site.sweep(minutes=5)
    out(site)
    site.clock.advance(hours=6)
    return site.clock.now()


def caught_up(site: Site) -> FakeSender:
    """Sweep batch by batch, with the outbox looked at all along, as a worker does both at once."""
    sent = FakeSender()
    while tick(site.runtime, batch=5, budget_s=0).claimed:
        deliver(site.runtime, {"email": sent})
        site.clock.advance(milliseconds=500)
    site.clock.advance(seconds=30)
    for _ in range(3):
        deliver(site.runtime, {"email": sent})
        site.clock.advance(seconds=1)
    return sent


def test_after_six_hours_each_matter_climbs_one_rung_and_says_how_late(site: Site) -> None:
    subscribe(site)
    began = on_three_rungs(site)
    caught_up(site)
    for one in range(1, 3 * EACH + 1):
        (step,) = [e for e in site.events(one) if e.recorded_at >= began]
        assert step.data["cause"] == "engine-gap"
        assert step.data["late_ms"] >= (SIX_HOURS - timedelta(minutes=10)).total_seconds() * 1000


def test_after_six_hours_each_person_gets_one_digest_marked_late(site: Site) -> None:
    subscribe(site)
    on_three_rungs(site)
    sent = caught_up(site).messages
    # The matters at the secretary's rung went to the street, the leader's to the secretary.
    assert sorted(one.target.partition("@")[0] for one in sent) == [
        "leader-a1", "secretary-a", "street",
    ]  # fmt: skip
    assert all(f"{EACH} 件" in one.title and "停机后补发" in one.title for one in sent)
    with site.look() as work:
        rows = work.session.query(Message).filter_by(channel="email")
        assert {row.state for row in rows} == {"sent"}


def test_a_single_message_after_a_gap_says_that_it_is_late(lite: Site) -> None:
    subscribe(lite)
    lite.report()
    lite.sweep(hours=6)
    lite.clock.advance(seconds=30)
    (one,) = out(lite).messages
    assert "停机后补发" in one.text


def test_two_are_already_one_too_many(lite: Site) -> None:
    subscribe(lite)
    lite.report()
    lite.report(FUNERAL, by="worker-a12")
    lite.sweep(hours=6)
    lite.clock.advance(seconds=30)
    assert len({one.target for one in out(lite).messages}) == len(lite_sent(lite))


def lite_sent(site: Site) -> set[int]:
    with site.look() as work:
        rows = work.session.query(Message).filter_by(channel="email", state="sent")
        return {row.recipient_id for row in rows}


def test_a_machine_hears_at_once_and_of_each(lite: Site) -> None:
    subscribe(lite, channel="webhook")
    for _ in range(4):
        lite.report()
    lite.sweep(hours=6)
    assert len({one.key for one in out(lite).messages}) == 4


@pytest.mark.parametrize("many", [30])
def test_a_digest_that_failed_after_a_gap_goes_again_whole(lite: Site, many: int) -> None:
    subscribe(lite)
    for _ in range(many):
        lite.report()
    lite.sweep(hours=6)
    lite.clock.advance(seconds=30)
    (first,) = out(lite, TemporaryFailure("http-busy: 503")).messages
    lite.clock.advance(minutes=1)
    (again,) = out(lite).messages
    assert (again.key, f"{many} 件" in again.title) == (first.key, True)
