"""Messages go out: lease, send outside any transaction, write down how it went.

A sender that dies leaves a lease that runs out, and the message goes again under the same key: at
least once, once in effect where the receiver looks at the key.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gridtrack.access import Permission, require
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
            store.settle(work.session, message.id, {"state": "superseded", "lease_until": None})
            continue
        leased.append(Leased(message.id, message.attempts, _outgoing(work, message, subscription)))
    return leased


def send(senders: Mapping[str, Sender], message: Leased) -> Outcome:
    """Hand a leased message to the sender of its channel; a channel without one fails for good."""
    sender = senders.get(message.outgoing.channel)
    if sender is None:
        return PermanentFailure("channel-not-configured")
    return sender.send(message.outgoing)


def settle(work: Work, message: Leased, outcome: Outcome) -> None:
    """Write down how it went: sent, to be tried again later, or dead and visible as such."""
    require(work.actor, Permission.ENGINE)
    changes: dict[str, Any] = {"lease_until": None}
    if isinstance(outcome, Sent):
        changes |= {"state": "sent", "sent_at": work.now, "error": None, "next_attempt_at": None}
    elif isinstance(outcome, TemporaryFailure) and message.attempts < MAX_ATTEMPTS:
        wait = outcome.retry_after or backoff(message.attempts, message.outgoing.key)
        again = work.now + wait
        changes |= {"state": "pending", "error": outcome.reason[:300], "next_attempt_at": again}
    else:
        changes |= {"state": "dead", "error": outcome.reason[:300], "next_attempt_at": None}
    store.settle(work.session, message.id, changes)


def _outgoing(work: Work, message: Message, subscription: Subscription) -> Outgoing:
    title, text = wording(work, message.kind, message.facts, subscription.locale)
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
