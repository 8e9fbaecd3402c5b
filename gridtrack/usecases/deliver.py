"""Messages go out: lease, send outside any transaction, write down how it went.

A sender that dies leaves a lease that runs out, and the message goes again under the same key: at
least once, once in effect where the receiver looks at the key.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from gridtrack.access import Permission, require
from gridtrack.deadlines import store as deadlines
from gridtrack.deadlines.quiet import quiet_until
from gridtrack.errors import GridtrackError
from gridtrack.notifications import pace, store
from gridtrack.notifications import pace_store as paces
from gridtrack.notifications.channels.port import (
    Outcome,
    Outgoing,
    PermanentFailure,
    Sender,
    Sent,
    TemporaryFailure,
)
from gridtrack.notifications.rules import MAX_ATTEMPTS, backoff
from gridtrack.notifications.store import Along
from gridtrack.notifications.tables import Message, Subscription
from gridtrack.queries.wording import digest, wording
from gridtrack.work import Work

ALONG = 50_000  # messages that one digest may speak for: after an outage everything that climbed
BATCH = 4  # each may take ten seconds, and all must be through before the lease runs out


@dataclass(frozen=True, slots=True)
class Leased:
    """A message this worker alone may send until its lease runs out.

    `along` are the others (id, attempts) that go with it in one digest and share its fate.
    """

    id: int
    attempts: int
    outgoing: Outgoing
    along: tuple[tuple[int, int], ...] = ()


def lease(work: Work, limit: int = BATCH) -> list[Leased]:
    """Take messages that are due and put them into words; committed before anything is sent.

    A robot whose bucket is empty is not called: its messages wait, which counts as no try. What is
    a storm, or more than there are calls left, goes as one digest, the most severe first.
    """
    require(work.actor, Permission.ENGINE)
    _keep_quiet(work)
    groups: dict[int | None, list[Message]] = {}
    for message in store.lease(work.session, work.now, limit):
        groups.setdefault(message.subscription_id, []).append(message)
    return [one for address, group in groups.items() for one in _group(work, address, group)]


def _keep_quiet(work: Work) -> None:
    """In quiet hours what can wait is put off to their end; the rest goes as ever."""
    policy = deadlines.policy_at(work.session, work.memo, work.now)
    until = quiet_until(policy.quiet, work.now, ZoneInfo(work.settings.timezone))
    if until is not None:
        store.let_wait(work.session, work.now, until)


def _group(work: Work, address: int | None, messages: Sequence[Message]) -> list[Leased]:
    """The messages of one address, as many as may go now."""
    subscription = work.session.get(Subscription, address)
    alive = []
    for message in messages:
        if subscription is None or not subscription.active:
            _give_up(work, message, "superseded")
        elif message.attempts > MAX_ATTEMPTS:
            _give_up(work, message, "dead", "sender-died")  # and took its process with it each time
        else:
            alive.append(message)
    if subscription is None or not alive:
        return []
    limit = pace.limit_of(subscription.target) if subscription.channel == "robot" else None
    if limit is None:
        return _calls(work, alive, subscription, None)
    robot = pace.robot_key(subscription.target)
    bucket = paces.bucket(work.session, robot, limit, work.now)
    severe = any(pace.is_severe(message.kind) for message in alive)
    at = pace.ready_at(bucket, limit, subscription.target, severe=severe)
    if at > work.now:
        for message in alive:
            store.put_back(work.session, message, at)
        return []
    made = _calls(work, alive, subscription, bucket.tokens)
    paces.take(work.session, robot, bucket, len(made))
    return made


def _calls(
    work: Work, messages: Sequence[Message], subscription: Subscription, tokens: float | None
) -> list[Leased]:
    """The messages one by one, or with all others for their address as one."""
    # Not for webhooks: a machine wants each message with its own key.
    if subscription.channel != "webhook":
        gap = any(message.facts.get("gap") for message in messages)
        others = store.others_due(work.session, subscription.id, work.now, ALONG, waiting=gap)
        if pace.merges(len(messages) + len(others), tokens, gap=gap):
            store.take_along(work.session, others, work.now)
            if (one := _together(work, [*messages, *others], subscription)) is not None:
                return [one]
            # One cannot be put into words: each goes by itself, and that one is given up.
            store.leave_back(work.session, others, work.now)
            for message in messages[1:]:
                store.put_back(work.session, message, work.now)
            messages = messages[:1]
    ready = [(message, _outgoing(work, message, subscription)) for message in messages]
    return [Leased(m.id, m.attempts, words) for m, words in ready if words is not None]


def _together(
    work: Work, messages: Sequence[Message | Along], subscription: Subscription
) -> Leased | None:
    """Several messages as one, the most severe first; None where one cannot be put into words."""
    in_order = sorted(messages, key=lambda one: (pace.severity(one.kind), one.id))
    try:
        told = [(one.kind, one.facts) for one in in_order]
        title, text = digest(work, told, subscription.locale)
    except (GridtrackError, LookupError, TypeError, ValueError):
        return None
    outgoing = Outgoing(
        key=pace.digest_key([one.key for one in messages]),
        channel=subscription.channel,
        target=subscription.target,
        title=title,
        text=text,
        link=_link(work, "inbox"),
        secret=subscription.secret or None,
    )
    first, *others = in_order
    along = tuple((one.id, one.attempts) for one in others)
    return Leased(first.id, first.attempts, outgoing, along)


def _link(work: Work, path: str) -> str:
    url = work.settings.public_url
    return f"{url.rstrip('/')}/{path}" if url else ""


def _give_up(work: Work, message: Message, state: str, error: str | None = None) -> None:
    changes = {"state": state, "error": error, "lease_until": None, "next_attempt_at": None}
    store.settle(work.session, message.id, changes)


def send(senders: Mapping[str, Sender], message: Leased) -> Outcome:
    """Hand a leased message to the sender of its channel; a channel without one fails for good."""
    sender = senders.get(message.outgoing.channel)
    if sender is None:
        return PermanentFailure("channel-not-configured")
    try:
        return sender.send(message.outgoing)
    except Exception as error:  # noqa: BLE001 - a fault of ours must not hold up the rest
        return TemporaryFailure(f"sender-failed: {type(error).__name__}")


def settle(work: Work, message: Leased, outcome: Outcome) -> None:
    """Write down how it went: sent, to be tried again later, or dead and visible as such.

    What went out is sent, whatever was decided in the meantime; a failure counts only while this
    lease stands.
    """
    require(work.actor, Permission.ENGINE)
    _rest(work, message, outcome)
    _settle_one(work, message.id, message.attempts, outcome, message.outgoing.key)
    by_attempts: dict[int, list[int]] = {}
    for one, attempts in message.along:
        by_attempts.setdefault(attempts, []).append(one)
    for attempts, ids in by_attempts.items():
        _settle_all(work, ids, attempts, outcome, message.outgoing.key)


def _rest(work: Work, message: Leased, outcome: Outcome) -> None:
    """A robot that says it was called too often is left alone, by everybody."""
    outgoing = message.outgoing
    if not isinstance(outcome, TemporaryFailure) or outcome.retry_after is None:
        return
    if outgoing.channel == "robot" and pace.limit_of(outgoing.target) is not None:
        until = work.now + outcome.retry_after
        paces.keep_quiet(work.session, pace.robot_key(outgoing.target), until)


def _settle_one(work: Work, one: int, attempts: int, outcome: Outcome, key: str) -> None:
    went_out = isinstance(outcome, Sent)
    changes = _became(work, attempts, outcome, key)
    store.settle(work.session, one, changes, None if went_out else attempts)


def _settle_all(work: Work, ids: list[int], attempts: int, outcome: Outcome, key: str) -> None:
    changes = _became(work, attempts, outcome, key)
    went_out = isinstance(outcome, Sent)
    store.settle_all(work.session, ids, changes, None if went_out else attempts)


def _became(work: Work, attempts: int, outcome: Outcome, key: str) -> dict[str, Any]:
    changes: dict[str, Any] = {"lease_until": None}
    if isinstance(outcome, Sent):
        return changes | {
            "state": "sent", "sent_at": work.now, "error": None, "next_attempt_at": None,
        }  # fmt: skip
    if isinstance(outcome, TemporaryFailure) and attempts < MAX_ATTEMPTS:
        again = work.now + (outcome.retry_after or backoff(attempts, key))
        return changes | {
            "state": "pending", "error": outcome.reason[:300], "next_attempt_at": again,
        }  # fmt: skip
    return changes | {"state": "dead", "error": outcome.reason[:300], "next_attempt_at": None}


def _outgoing(work: Work, message: Message, subscription: Subscription) -> Outgoing | None:
    """The message in words; what cannot be put into words is dead and holds up nothing."""
    try:
        title, text = wording(work, message.kind, message.facts, subscription.locale)
    except (GridtrackError, LookupError, TypeError, ValueError) as error:
        _give_up(work, message, "dead", f"unwordable: {type(error).__name__}")
        return None
    return Outgoing(
        key=message.key,
        channel=subscription.channel,
        target=subscription.target,
        title=title,
        text=text,
        link=_link(work, f"incidents/{message.incident_id}"),
        secret=subscription.secret or None,
    )
