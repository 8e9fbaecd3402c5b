"""A storm of messages: one digest, no call too many, nothing lost, nothing told that is sealed."""

import contextlib
import json
from datetime import timedelta

import pytest

from gridtrack.jobs.deliverer import deliver
from gridtrack.notifications.channels.fake import FakeSender
from gridtrack.notifications.channels.port import TemporaryFailure
from gridtrack.notifications.channels.robot import RobotSender
from gridtrack.notifications.tables import Message, Subscription
from gridtrack.work import make_runtime
from tests.builders import DISPUTE, FUNERAL, LAMP, Site
from tests.servers import a_hook


def subscribe(site: Site, target: str = "wecombot://abc", channel: str = "robot", **given) -> None:
    """A robot that is told of everything, unless told otherwise."""
    row = {"channel": channel, "target": target, "secret": "", "locale": "zh", "scope": "", **given}
    with site.work() as work:
        work.session.add(Subscription(**row, active=True))
        work.session.flush()
    site.runtime.memo.forget("subscriptions")


def storm(site: Site, count: int, category: str = LAMP) -> None:
    for _ in range(count):
        site.report(category, by="worker-a12")


def out(site: Site, *outcomes) -> FakeSender:
    fake = FakeSender(outcomes)
    deliver(site.runtime, dict.fromkeys(("robot", "email", "webhook"), fake))
    return fake


def states(site: Site, channel: str = "robot") -> list[str]:
    with site.look() as work:
        rows = work.session.query(Message).filter_by(channel=channel).order_by(Message.id)
        return [row.state for row in rows]


def test_few_messages_go_one_by_one(site):
    subscribe(site)
    storm(site, 3)
    assert len(out(site).messages) == 3


@pytest.mark.parametrize("channel", ["robot", "email"])
def test_a_storm_goes_as_one_and_all_of_it_is_sent(site, channel):
    subscribe(site, channel=channel)
    storm(site, 30)
    (digest,) = out(site).messages
    assert "30" in digest.title
    assert digest.text.count("\n") == 29
    assert states(site, channel) == ["sent"] * 30


def test_a_machine_gets_each_message_with_its_own_key(site):
    subscribe(site, "https://x", "webhook")
    storm(site, 8)
    assert len({one.key for one in out(site).messages}) == 8


@pytest.mark.parametrize("category", [DISPUTE, FUNERAL])
def test_a_digest_tells_number_and_class_group_and_nothing_else(site, category):
    subscribe(site)
    storm(site, 7, category)
    (digest,) = out(site).messages
    lines = digest.text.split("\n")
    assert len(lines) == 7
    group = {"0201": "矛盾纠纷", "0301": "移风易俗"}[category]
    assert all(line.split(" ", 1)[1] == group for line in lines)


def test_an_empty_bucket_makes_them_wait_and_that_is_no_try(site):
    subscribe(site)
    for _ in range(10):
        storm(site, 1)
        assert len(out(site).messages) == 1
    storm(site, 2)
    assert out(site).messages == []
    with site.look() as work:
        waiting = work.session.query(Message).filter_by(state="pending").all()
        assert {one.attempts for one in waiting if one.channel == "robot"} == {0}
    site.clock.advance(seconds=6)
    assert len(out(site).messages) == 1  # both, with the one call there is
    assert states(site) == ["sent"] * 12


def test_all_processes_take_from_one_bucket(site):
    subscribe(site)
    other = make_runtime(site.runtime.settings, site.clock)
    sent = []
    with contextlib.ExitStack() as stack:
        stack.callback(other.engine.dispose)
        for n in range(14):
            storm(site, 1)
            fake = FakeSender()
            deliver(other if n % 2 else site.runtime, {"robot": fake})
            sent += fake.messages
    assert len(sent) == 10


def test_a_robot_that_is_muted_is_left_alone_through_every_subscription(site):
    subscribe(site, "dingtalk://S@token/138")
    storm(site, 1)
    muted = TemporaryFailure("robot-busy: 130101", timedelta(minutes=10))
    assert len(out(site, muted).messages) == 1
    subscribe(site, "dingtalk://token", scope="A")
    storm(site, 1)
    site.clock.advance(minutes=9, seconds=59)
    assert out(site).messages == []
    site.clock.advance(seconds=1)
    assert len(out(site).messages) > 0


def test_a_digest_that_failed_is_tried_again_whole(site):
    subscribe(site)
    storm(site, 8)
    (first,) = out(site, TemporaryFailure("http-busy: 503")).messages
    assert states(site) == ["pending"] * 8
    site.clock.advance(minutes=1)
    (again,) = out(site).messages
    assert again.key == first.key
    assert states(site) == ["sent"] * 8


def test_after_a_gap_each_is_told_once_of_all_that_climbed(site):
    subscribe(site, "ding@x.example", "email", scope=None, person_id=site.people["deputy-a11"])
    storm(site, 20)
    site.sweep(hours=6)
    assert out(site).messages == []  # the sweep may still be catching up
    site.clock.advance(seconds=30)
    (digest,) = out(site).messages
    assert "20" in digest.title
    assert "停机" in digest.title


def test_what_was_answered_meanwhile_is_not_sent_again_when_a_digest_fails(site):
    subscribe(site)
    made = [site.report().incident_id for _ in range(6)]
    out(site, TemporaryFailure("http-busy: 503"))
    site.acknowledge(made[0], "worker-a11")
    site.clock.advance(minutes=1)
    sent = out(site).messages
    assert len(sent) >= 1
    assert states(site).count("superseded") == 1


def test_one_that_cannot_be_put_into_words_holds_up_no_other(site):
    subscribe(site)
    storm(site, 7)
    with site.work() as work:
        broken = work.session.query(Message).filter_by(channel="robot").first()
        broken.facts = {**broken.facts, "category": "9999"}
        work.session.flush()
    for _ in range(4):
        out(site)
        site.clock.advance(seconds=10)
    assert sorted(set(states(site))) == ["dead", "sent"]


def test_a_real_service_gets_the_digest_as_its_text(lite):
    subscribe(lite)
    storm(lite, 9)
    with a_hook(answer=b'{"errcode":0,"errmsg":"ok"}') as hook:
        endpoints = {"wecombot": f"http://127.0.0.1:{hook.port}/send?key={{token}}"}
        endpoints |= dict.fromkeys(("dingtalk", "feishu", "lark"), endpoints["wecombot"])
        deliver(lite.runtime, {"robot": RobotSender(lite.clock.now, endpoints)})
        body = json.loads(hook.call.body)
    text = body["text"]["content"]
    assert text.startswith("有 9 件事项等您处理")
    assert "路灯坏了" not in text
    assert states(lite) == ["sent"] * 9
