"""Channels of people and groups, and letters that did not arrive."""

import pytest

from gridtrack.errors import Conflict, Forbidden, Invalid
from gridtrack.jobs.deliverer import deliver
from gridtrack.notifications.channels.fake import FakeSender
from gridtrack.notifications.channels.port import PermanentFailure
from gridtrack.notifications.tables import Message
from gridtrack.usecases.subscriptions import (
    NewSubscription,
    dead_letters,
    send_again,
    subscribe,
    subscriptions,
    unsubscribe,
)
from tests.builders import LAMP, Site, middle


def mail(site: Site, who: str = "worker-a11") -> NewSubscription:
    return NewSubscription("email", "someone@example.org", site.people[who])


def messages(site: Site, channel: str = "email") -> list[Message]:
    with site.look() as work:
        return work.session.query(Message).filter_by(channel=channel).all()


def test_a_person_with_a_mail_address_is_told_there_as_well(site: Site) -> None:
    with site.work("security") as work:
        subscribe(work, mail(site))
    site.report(LAMP)
    assert [m.state for m in messages(site)] == ["pending"]


def test_a_group_is_told_of_all_below_its_scope_and_nothing_else(site: Site) -> None:
    with site.work("security") as work:
        robot = NewSubscription("robot", "wecombot://abc123", scope="A/A1")
        subscribe(work, robot)
    site.report(LAMP)
    site.report(LAMP, at=middle("B11"))
    assert len(messages(site, "robot")) == 1


def test_an_ended_channel_is_told_nothing_more(site: Site) -> None:
    with site.work("security") as work:
        one = subscribe(work, mail(site))
    with site.work("security") as work:
        unsubscribe(work, one)
    site.report(LAMP)
    assert messages(site) == []


@pytest.mark.parametrize(
    ("channel", "target", "secret", "code"),
    [
        ("email", "nobody", "", "bad-address"),
        ("webhook", "https://example.org/x", "", "required"),
        ("webhook", "file:///etc/passwd", "s", "bad-webhook"),
        ("robot", "tgram://token", "", "bad-robot"),
        ("pigeon", "x", "", "channel-unknown"),
    ],
)
def test_a_target_that_cannot_be_told_is_refused(
    lite: Site, channel: str, target: str, secret: str, code: str
) -> None:
    with pytest.raises(Invalid) as caught, lite.work("security") as work:
        subscribe(work, NewSubscription(channel, target, scope="", secret=secret))
    assert caught.value.code == code


def test_a_list_never_shows_a_robots_token(lite: Site) -> None:
    with lite.work("security") as work:
        subscribe(work, NewSubscription("robot", "wecombot://abc123", scope=""))
        assert "abc123" not in subscriptions(work)[0].target


def test_only_the_security_administrator_sets_channels(lite: Site) -> None:
    with pytest.raises(Forbidden), lite.work("admin") as work:
        subscribe(work, mail(lite))


def test_a_letter_given_up_is_seen_and_can_be_sent_again(site: Site) -> None:
    with site.work("security") as work:
        subscribe(work, mail(site))
    site.report(LAMP)
    sender = FakeSender([PermanentFailure("bad-target: no such mailbox")])
    assert deliver(site.runtime, {"email": sender}) == 1
    with site.look("secretary-a") as work:
        dead = dead_letters(work)
    assert [one.error for one in dead] == ["bad-target: no such mailbox"]
    with site.work("security") as work:
        send_again(work, dead[0].id)
    assert deliver(site.runtime, {"email": FakeSender()}) == 1
    assert [m.state for m in messages(site)] == ["sent"]
    with pytest.raises(Conflict), site.work("security") as work:
        send_again(work, dead[0].id)
