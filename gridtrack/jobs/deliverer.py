"""Sending what waits in the outbox, outside any transaction."""

from collections.abc import Mapping

from gridtrack.notifications.channels.port import Sender
from gridtrack.settings import Settings
from gridtrack.usecases import deliver as outbox
from gridtrack.work import Runtime

MOST_ROUNDS = 10


def deliver(runtime: Runtime, senders: Mapping[str, Sender]) -> int:
    """Send what is due, at most some rounds of a batch; returns how many were tried."""
    tried = 0
    for _ in range(MOST_ROUNDS):
        with runtime.work() as work:
            leased = outbox.lease(work)
        for message in leased:
            outcome = outbox.send(senders, message)
            with runtime.work() as work:
                outbox.settle(work, message, outcome)
        tried += len(leased)
        if not leased:  # a few may have been digests, with more behind them
            break
    return tried


def allowed_hosts(settings: Settings) -> frozenset[str]:
    """The hosts that webhooks may call, from the comma list of the settings."""
    return frozenset(h.strip() for h in settings.outbound_hosts.split(",") if h.strip())
