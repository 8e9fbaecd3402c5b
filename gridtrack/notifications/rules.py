"""What a message may say, and when a failed one is tried again. Pure.

Sensitivity 2 and 3: number, class group and link, nothing else (design.md §4.11, field guide §5).
Nobody's words are ever in a message: no description, no reporter, no free text of a handler.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Protocol

MAX_ATTEMPTS = 12  # with the waits below about 50 minutes: longer than a bot that is muted for ten
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=10)
JITTER = 0.2
OPEN_UP_TO = 1  # the highest sensitivity whose content may leave the house


class Kind(StrEnum):
    """Why somebody is told."""

    ASSIGNED = "assigned"
    CO_ASSIGNED = "co-assigned"
    ESCALATED = "escalated"
    EXHAUSTED = "exhausted"
    ACKNOWLEDGED = "acknowledged"
    RETURNED = "returned"
    TRIAGE = "triage"
    MOVED_AWAY = "moved-away"
    MOVED_STAYS = "moved-stays"
    MOVED_IN = "moved-in"
    WITHDRAWN = "withdrawn"
    LATE_ACT = "late-act"
    REMINDER = "reminder"
    USED_UP = "used-up"
    NOBODY_THERE = "nobody-there"
    URGED = "urged"
    CALLED = "called"  # the handler asks who leads to come
    ORDERED = "ordered"
    ORDER_ANSWERED = "order-answered"
    ORDER_RETURNED = "order-returned"
    ORDER_ACCEPTED = "order-accepted"
    ORDER_WITHDRAWN = "order-withdrawn"
    ORDER_OVERDUE = "order-overdue"  # to the issuer, whoever else climbs
    OVERDUE = "overdue"
    HOLD_ENDED = "hold-ended"
    FILED = "filed"  # somebody set the filing condition, and the handler has other time
    EXTENSION_ASKED = "extension-asked"
    EXTENSION_GRANTED = "extension-granted"
    EXTENSION_REFUSED = "extension-refused"
    REPORTER_ANSWERED = "reporter-answered"


# News that nobody has to act on: it may wait for the end of the quiet hours. What has to be
# acknowledged, and whatever says that it was not, never waits.
CAN_WAIT = (
    Kind.MOVED_AWAY,
    Kind.MOVED_STAYS,
    Kind.ORDER_ANSWERED,
    Kind.ORDER_ACCEPTED,
    Kind.REMINDER,
)


class Say(Protocol):
    """A sentence of i18n in the reader's language, by code and values."""

    def __call__(self, code: str, /, **params: object) -> str: ...


@dataclass(frozen=True, slots=True)
class Facts:
    """What a message is made from, names already in the reader's language.

    `minutes` is what is left to acknowledge, `rung` a ladder code, `since` a local time as text,
    `why` a reason that the system found itself. `by` is a member of staff, `count` how often that
    was done, `order` the number of a written order, `until` when its answer is due, `clock` the
    one that was missed.
    """

    number: str
    group: str
    sensitivity: int
    category: str = ""
    grid: str = ""
    minutes: int | None = None
    rung: str = ""
    since: str = ""
    why: str = ""
    gap: bool = False  # caught up after an outage
    by: str = ""
    count: str = ""
    order: str = ""
    until: str = ""
    clock: str = ""
    missed: str = ""  # who had it when it was due
    passed: str = ""  # the rungs passed over

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> "Facts":
        """The facts in a mapping that may hold more; what is not named here stays behind."""
        minutes = given.get("minutes")
        return cls(
            number=str(given["number"]),
            group=str(given["group"]),
            sensitivity=int(given["sensitivity"]),
            minutes=None if minutes is None else int(minutes),
            gap=bool(given.get("gap")),
            **{name: str(given.get(name) or "") for name in _OPTIONAL},
        )


_OPTIONAL = (
    "category",
    "grid",
    "rung",
    "since",
    "why",
    "by",
    "count",
    "order",
    "until",
    "clock",
    "missed",
    "passed",
)


def content_allowed(sensitivity: int) -> bool:
    """True when more than number and class group may be said; an unknown level is not allowed."""
    return 0 <= sensitivity <= OPEN_UP_TO


def compose(kind: str, given: Mapping[str, Any], say: Say) -> tuple[str, str]:
    """Title and text of a message of `kind` (see Kind) from facts (see Facts); the link goes apart.

    For sensitivity 2 and 3 nothing but the number and the class group is even handed to `say`.
    """
    facts = Facts.of(given)
    if not content_allowed(facts.sensitivity):
        known = {"number": facts.number, "group": facts.group}
        title = say(f"message-{kind}-sealed-title", **known)
        return _one_line(title), say(f"message-{kind}-sealed", **known)
    title = say(f"message-{kind}-title", number=facts.number, category=facts.category)
    lines = [line(facts, say) for line in (_place, *_LINES.get(kind, ()))]
    return _one_line(title), "\n".join(_one_line(line) for line in lines if line)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _place(facts: Facts, say: Say) -> str:
    if facts.grid:
        return say("message-line-place", group=facts.group, grid=facts.grid)
    return say("message-line-group", group=facts.group)


def _minutes(facts: Facts, say: Say) -> str:
    if facts.minutes is None:
        return ""
    if facts.minutes <= 0:
        return say("message-line-now")
    return say("message-line-minutes", minutes=facts.minutes)


def _since(facts: Facts, say: Say) -> str:
    return say("message-line-since", since=facts.since) if facts.since else ""


def _rung(facts: Facts, say: Say) -> str:
    return say("message-line-rung", rung=say(f"rung-{facts.rung}")) if facts.rung else ""


def _gap(facts: Facts, say: Say) -> str:
    return say("message-line-gap") if facts.gap else ""


def _overdue(facts: Facts, say: Say) -> str:
    clock = say(f"clock-{facts.clock}")
    return say("message-line-overdue", clock=clock, since=facts.since)


def _why(facts: Facts, say: Say) -> str:
    return say("message-line-why", why=facts.why) if facts.why else ""


def _urged(facts: Facts, say: Say) -> str:
    return say("message-line-urged", by=facts.by, count=facts.count) if facts.by else ""


def _called(facts: Facts, say: Say) -> str:
    return say("message-line-called", by=facts.by) if facts.by else ""


def _order(facts: Facts, say: Say) -> str:
    return say("message-line-order", order=facts.order, by=facts.by) if facts.order else ""


def _until(facts: Facts, say: Say) -> str:
    return say("message-line-until", until=facts.until) if facts.until else ""


def _missed(facts: Facts, say: Say) -> str:
    return say("message-line-missed", missed=facts.missed) if facts.missed else ""


def _passed(facts: Facts, say: Say) -> str:
    return say("message-line-passed", passed=facts.passed) if facts.passed else ""


def _due(facts: Facts, say: Say) -> str:
    return say("message-line-due", until=facts.until) if facts.until else ""


_LINES: Mapping[str, tuple[Callable[[Facts, Say], str], ...]] = {
    Kind.ASSIGNED: (_minutes, _why),
    Kind.CO_ASSIGNED: (_minutes, _why),
    Kind.ESCALATED: (_rung, _since, _missed, _passed, _gap, _minutes),
    Kind.EXHAUSTED: (_since,),
    Kind.USED_UP: (_since,),
    Kind.TRIAGE: (_minutes, _why),
    Kind.REMINDER: (_due,),
    Kind.URGED: (_urged, _minutes),
    Kind.CALLED: (_called,),
    Kind.ORDERED: (_order, _until),
    Kind.ORDER_ANSWERED: (_order,),
    Kind.ORDER_RETURNED: (_order, _until),
    Kind.ORDER_OVERDUE: (_order, _until),
    Kind.ORDER_ACCEPTED: (_order,),
    Kind.ORDER_WITHDRAWN: (_order,),
    Kind.OVERDUE: (_rung, _overdue, _missed, _passed, _gap),
}


def backoff(attempt: int, key: str) -> timedelta:
    """How long to wait after the `attempt`-th failure (1 is the first): doubles up to ten minutes.

    Some earlier, some later by up to a fifth, always the same for the same message: a thousand
    messages that failed together do not come back together, and a test knows when.
    """
    doublings = min(max(attempt, 1) - 1, 20)
    digest = hashlib.sha256(f"{key}:{attempt}".encode()).digest()
    share = int.from_bytes(digest[:8], "big") / 2**64  # 0 <= share < 1
    wait = min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)
    return wait * (1 - JITTER + 2 * JITTER * share)
