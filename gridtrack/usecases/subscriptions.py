"""Where else people and groups are told, and what could not be delivered."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from gridtrack.access import Permission, require
from gridtrack.accounts.tables import Person
from gridtrack.errors import Conflict, Invalid, NotFound
from gridtrack.notifications.channels.port import Outgoing, PermanentFailure
from gridtrack.notifications.channels.posting import is_postable
from gridtrack.notifications.channels.robot import read_robot
from gridtrack.notifications.tables import Message, Subscription
from gridtrack.work import Work

CHANNELS = ("email", "webhook", "robot")


@dataclass(frozen=True, slots=True)
class NewSubscription:
    """A channel of a person (`person_id`) or of a group that works a scope (`scope`)."""

    channel: str
    target: str
    person_id: int | None = None
    scope: str | None = None
    secret: str = ""
    locale: str = "zh"


def subscribe(work: Work, given: NewSubscription) -> int:
    """Add a channel from now on; returns its id. Raises Invalid for a target it cannot send to."""
    require(work.actor, Permission.PEOPLE_EDIT)
    if (given.person_id is None) == (given.scope is None):
        raise Invalid("person-or-scope", field="person")
    if given.person_id is not None and work.session.get(Person, given.person_id) is None:
        raise NotFound("no-such-person", field="person", value=given.person_id)
    _check_target(given)
    row = Subscription(
        person_id=given.person_id,
        scope=given.scope,
        channel=given.channel,
        target=given.target,
        secret=given.secret,
        locale=given.locale,
        active=True,
    )
    work.session.add(row)
    work.session.flush()  # its id is the answer
    work.memo.forget("subscriptions")
    return row.id


def _check_target(given: NewSubscription) -> None:
    if given.channel not in CHANNELS:
        raise Invalid("channel-unknown", field="channel", value=given.channel)
    if given.channel == "email":
        name, _, host = given.target.partition("@")
        if not name or "." not in host or any(c.isspace() for c in given.target):
            raise Invalid("bad-address", field="target", value=given.target)
        return
    if given.channel == "robot":
        robot = read_robot(given.target, given.secret or None)
        if isinstance(robot, PermanentFailure):
            raise Invalid("bad-robot", field="target", value=given.channel, reason=robot.reason)
        return
    if not is_postable(given.target):
        raise Invalid("bad-webhook", field="target", value=given.channel)
    if not given.secret:
        raise Invalid("required", field="secret")  # an unsigned webhook cannot be trusted


def unsubscribe(work: Work, subscription_id: int) -> None:
    """End a channel; what waits for it is dropped when its turn comes."""
    require(work.actor, Permission.PEOPLE_EDIT)
    row = work.session.get(Subscription, subscription_id)
    if row is None or not row.active:
        raise NotFound("subscription-not-found", id=subscription_id)
    row.active = False
    work.session.flush()  # whoever asks in this same work sees it ended
    work.memo.forget("subscriptions")


@dataclass(frozen=True, slots=True)
class SubscriptionLine:
    """A channel as a list shows it; the target may hold a token, so only its beginning is shown."""

    id: int
    channel: str
    person_id: int | None
    scope: str | None
    target: str


def subscriptions(work: Work) -> tuple[SubscriptionLine, ...]:
    """Every channel in use."""
    require(work.actor, Permission.PEOPLE_EDIT)
    rows = work.session.scalars(select(Subscription).where(Subscription.active))
    return tuple(
        SubscriptionLine(row.id, row.channel, row.person_id, row.scope, _shown(row)) for row in rows
    )


def _shown(row: Subscription) -> str:
    return row.target if row.channel == "email" else row.target.split("://")[0] + "://…"


def trial(work: Work, subscription_id: int) -> Outgoing:
    """A test message for a channel, to be sent outside this work; it speaks of no matter."""
    require(work.actor, Permission.PEOPLE_EDIT)
    row = work.session.get(Subscription, subscription_id)
    if row is None or not row.active:
        raise NotFound("subscription-not-found", id=subscription_id)
    return Outgoing(
        key=f"trial:{row.id}:{work.now.isoformat()}",
        channel=row.channel,
        target=row.target,
        title="gridtrack",
        text="测试消息 · test message",
        link=work.settings.public_url,
        secret=row.secret or None,
    )


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message given up, with what the other side said."""

    id: int
    incident_id: int | None
    channel: str
    kind: str
    created_at: datetime
    attempts: int
    error: str


def dead_letters(work: Work, limit: int = 100) -> tuple[DeadLetter, ...]:
    """The newest messages that could not be delivered."""
    require(work.actor, Permission.HEALTH)
    rows = work.session.scalars(
        select(Message).where(Message.state == "dead").order_by(Message.id.desc()).limit(limit)
    )
    return tuple(
        DeadLetter(
            row.id,
            row.incident_id,
            row.channel,
            row.kind,
            row.created_at,
            row.attempts,
            row.error or "",
        )
        for row in rows
    )


def send_again(work: Work, message_id: int) -> None:
    """Give a dead letter all its tries anew."""
    require(work.actor, Permission.PEOPLE_EDIT)
    row = work.session.get(Message, message_id)
    if row is None:
        raise NotFound("message-not-found", id=message_id)
    if row.state != "dead":
        raise Conflict("message-not-dead", id=message_id, state=row.state)
    row.state, row.attempts, row.next_attempt_at, row.error = "pending", 0, work.now, None
    work.session.flush()  # the worker may lease it as soon as this commits
