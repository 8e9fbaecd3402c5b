"""Messages go out: lease, send outside any transaction, write down how it went.

A sender that dies leaves a lease that runs out, and the message goes again under the same key: at
least once, once in effect where the receiver looks at the key.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gridtrack.access import Permission, require
from gridtrack.errors import GridtrackError
from gridtrack.notifications import store
from gridtrack.notifications.channels.port import (
    Outcome,
    Outgoing,
    PermanentFailure,
    Sender,
    Sent,
    TemporaryFailure,
)
from gridtrack.notifications.rules import MAX_ATTEMPTS, backoff
from gridtrack.notifications.tables import Message, Subscription
from gridtrack.queries.wording import wording
from gridtrack.work import Work

BATCH = 4  # each may take ten seconds, and all must be through before the lease runs out


@dataclass(frozen=True, slots=True)
class Leased:
    """A message this worker alone may send until its lease runs out."""

    id: int
    attempts: int
    outgoing: Outgoing


def lease(work: Work, limit: int = BATCH) -> list[Leased]:
    """Take messages that are due and put them into words; committed before anything is sent."""
    require(work.actor, Permission.ENGINE)
    leased = []
    for message in store.lease(work.session, work.now, limit):
        subscription = work.session.get(Subscription, message.subscription_id)
        if subscription is None or not subscription.active:
            _give_up(work, message, "superseded")
        elif message.attempts > MAX_ATTEMPTS:
            _give_up(work, message, "dead", "sender-died")  # and took its process with it each time
        elif (outgoing := _outgoing(work, message, subscription)) is not None:
            leased.append(Leased(message.id, message.attempts, outgoing))
    return leased


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
    changes: dict[str, Any] = {"lease_until": None}
    if isinstance(outcome, Sent):
        changes |= {"state": "sent", "sent_at": work.now, "error": None, "next_attempt_at": None}
        store.settle(work.session, message.id, changes)
        return
    if isinstance(outcome, TemporaryFailure) and message.attempts < MAX_ATTEMPTS:
        wait = outcome.retry_after or backoff(message.attempts, message.outgoing.key)
        again = work.now + wait
        changes |= {"state": "pending", "error": outcome.reason[:300], "next_attempt_at": again}
    else:
        changes |= {"state": "dead", "error": outcome.reason[:300], "next_attempt_at": None}
    store.settle(work.session, message.id, changes, message.attempts)


def _outgoing(work: Work, message: Message, subscription: Subscription) -> Outgoing | None:
    """The message in words; what cannot be put into words is dead and holds up nothing."""
    try:
        title, text = wording(work, message.kind, message.facts, subscription.locale)
    except (GridtrackError, LookupError, TypeError, ValueError) as error:
        _give_up(work, message, "dead", f"unwordable: {type(error).__name__}")
        return None
    link = ""
    if work.settings.public_url:
        link = f"{work.settings.public_url.rstrip('/')}/incidents/{message.incident_id}"
    return Outgoing(
        key=message.key,
        channel=subscription.channel,
        target=subscription.target,
        title=title,
        text=text,
        link=link,
        secret=subscription.secret or None,
    )
