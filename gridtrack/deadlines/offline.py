"""Acts made without a signal: when they happened, and whether that time counts. Pure.

The phone says by its own clock when the act was made and when it was sent; what that clock is off
by is measured at the sending, and the act's time corrected by it. The time of making counts where
the clock can be believed and the person could know of the matter; else the time of receipt does,
and the reason is kept (ADR 14).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from gridtrack.deadlines.policy_parts import Offline
from gridtrack.errors import Invalid

OLDEST = timedelta(days=366)  # no phone was without a signal for longer: its clock talks nonsense


class Doubt(StrEnum):
    """Why the time of making does not count."""

    CLOCK_OFF = "clock-off"  # the phone's clock is off by more than is believed
    TOO_OLD = "too-old"  # it was kept on the phone for longer than is believed
    BEFORE_TOLD = "before-told"  # the person could not know of it yet
    BEFORE_STEP = "before-step"  # the step that it follows was taken later


@dataclass(frozen=True, slots=True)
class Phone:
    """When an act was made and when it was sent, both by the phone's own clock."""

    acted_at: datetime
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Judged:
    """An act with both its times. `offset` is what the phone's clock is behind the server's.

    `made_at` is the corrected time of making; it counts where there is no doubt.
    """

    phone: Phone
    made_at: datetime
    received_at: datetime
    doubt: Doubt | None

    @property
    def offset(self) -> timedelta:
        """What the phone's clock is behind; negative where it is ahead. Holds the way here too."""
        return self.received_at - self.phone.sent_at

    @property
    def at(self) -> datetime:
        """The time that counts."""
        return self.made_at if self.doubt is None else self.received_at

    def said(self) -> dict[str, object]:
        """What the event keeps of it, for readers and for the auditor."""
        return {
            "acted_at": self.phone.acted_at.isoformat(),
            "sent_at": self.phone.sent_at.isoformat(),
            "made_at": self.made_at.isoformat(),
            "offset_s": round(self.offset.total_seconds(), 1),
            "counts": self.doubt is None,
            "doubt": None if self.doubt is None else self.doubt.value,
        }


def made_at(phone: Phone, received_at: datetime) -> datetime:
    """When an act was made, by the server's clock; raises Invalid for what cannot have been."""
    if phone.acted_at > phone.sent_at:
        value, sent = phone.acted_at.isoformat(), phone.sent_at.isoformat()
        raise Invalid("acted-after-sent", field="acted_at", value=value, sent=sent)
    if phone.sent_at - phone.acted_at > OLDEST:
        raise Invalid("too-long-ago", field="acted_at", value=phone.acted_at.isoformat())
    return received_at - (phone.sent_at - phone.acted_at)


def judge(
    phone: Phone, received_at: datetime, trust: Offline, *, told_at: datetime, step_at: datetime
) -> Judged:
    """Whether the time of making counts.

    `told_at` is when the person could first know of the matter, `step_at` when the step was taken
    that this one follows. Raises Invalid as `made_at` does.
    """
    at = made_at(phone, received_at)
    doubt = None
    if abs(received_at - phone.sent_at) > trust.skew:
        doubt = Doubt.CLOCK_OFF
    elif received_at - at > trust.longest:
        doubt = Doubt.TOO_OLD
    elif at < told_at:
        doubt = Doubt.BEFORE_TOLD
    elif at < step_at:
        doubt = Doubt.BEFORE_STEP
    return Judged(phone, at, received_at, doubt)
