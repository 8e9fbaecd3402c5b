"""The port that messages leave through. How it went is a value, never an exception."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message in words. `key` stays the same however often it is sent again.

    `target` is a webhook URL, a mail address or a robot's URL; it may hold a token, so neither it
    nor `secret` shows up in a log.
    """

    key: str
    channel: str
    target: str = field(repr=False)
    title: str
    text: str
    link: str = ""
    secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Sent:
    """The other side took it; `provider_id` is its own name for it, where it gives one."""

    provider_id: str = ""


@dataclass(frozen=True, slots=True)
class TemporaryFailure:
    """Worth another try. `reason` is `code` or `code: detail`; i18n has it as `delivery-<code>`.

    `retry_after` is what the other side asked for: trying sooner makes it worse.
    """

    reason: str
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class PermanentFailure:
    """No use trying again as it is. `reason` is `code` or `code: detail`."""

    reason: str


Outcome = Sent | TemporaryFailure | PermanentFailure


class Sender(Protocol):
    """One channel."""

    def send(self, message: Outgoing) -> Outcome:
        """Hand the message over within some seconds; never raises for what the world does."""
        ...
