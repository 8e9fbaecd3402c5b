"""How fast a channel may be used, and what is merged where it is too slow. Pure.

A robot that is called too often is not only refused, it is muted (DingTalk: ten minutes), so we
stay below its limit ourselves. A bucket of `burst` that fills by one each `every` lets through at
most burst + minute / every in any minute: so the limits below are made (field guide §5).
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

DIGEST_FROM = 6  # so many for one address at a time are a storm: they go as one
MOST_IN_DIGEST = 40  # lines; the rest is counted
_SEVERITY = {
    "exhausted": 0,
    "nobody-there": 0,
    "used-up": 0,
    "escalated": 1,
    "overdue": 2,
    "triage": 2,
    "returned": 2,
    "assigned": 3,
}
_MILD = 4


@dataclass(frozen=True, slots=True)
class Limit:
    """What a service takes: `burst` at once, then one each `every`."""

    burst: int
    every: timedelta

    @property
    def most_a_minute(self) -> float:
        """The most that can go out in any sixty seconds."""
        return self.burst + timedelta(minutes=1) / self.every


# 20 a minute; 20 a minute else muted for ten; 100 a minute and 5 a second.
LIMITS: Mapping[str, Limit] = {
    "wecombot": Limit(10, timedelta(seconds=6)),
    "dingtalk": Limit(10, timedelta(seconds=6)),
    "feishu": Limit(4, timedelta(seconds=1)),
    "lark": Limit(4, timedelta(seconds=1)),
}
# These services ask not to be called as the clock strikes: then everybody calls.
_BUSY_HALF_HOURS = frozenset({"feishu", "lark"})
_BUSY_FOR = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class Bucket:
    """How many calls were left at `at`; nothing goes out before `quiet_until`."""

    tokens: float
    at: datetime
    quiet_until: datetime | None = None


def limit_of(target: str) -> Limit | None:
    """The limit of a robot by its address; None where none is known."""
    return LIMITS.get(scheme_of(target))


def scheme_of(target: str) -> str:
    """The service in an address such as `dingtalk://…`."""
    return target.partition("://")[0].lower()


def robot_key(target: str) -> str:
    """A name of a robot that tells nothing of its token: all its subscriptions share one bucket.

    Secret and phones beside the token (`dingtalk://SECRET@TOKEN/PHONES`) make no other robot.
    """
    token = target.partition("://")[2].partition("?")[0].rpartition("@")[2].partition("/")[0]
    return hashlib.sha256(f"{scheme_of(target)}:{token}".encode()).hexdigest()[:32]


def filled(bucket: Bucket | None, limit: Limit, now: datetime) -> Bucket:
    """The bucket as it is at `now`; a clock set back takes nothing away and adds nothing."""
    if bucket is None:
        return Bucket(float(limit.burst), now)
    gone = max(timedelta(0), now - bucket.at)
    tokens = min(float(limit.burst), bucket.tokens + gone / limit.every)
    return Bucket(tokens, now, bucket.quiet_until)


def ready_at(bucket: Bucket, limit: Limit, target: str, *, severe: bool) -> datetime:
    """When the next message may go out: now, where there is a token and no reason to be quiet."""
    at = bucket.at
    if bucket.tokens < 1:
        at += (1 - bucket.tokens) * limit.every
    if bucket.quiet_until is not None:
        at = max(at, bucket.quiet_until)
    if not severe and scheme_of(target) in _BUSY_HALF_HOURS:
        struck = at.replace(minute=at.minute // 30 * 30, second=0, microsecond=0)
        at = max(at, struck + _BUSY_FOR)
    return at


def severity(kind: str) -> int:
    """How urgent a kind of message is; 0 goes first."""
    return _SEVERITY.get(kind, _MILD)


def is_severe(kind: str) -> bool:
    """True for what climbed: it waits for no quieter minute."""
    return severity(kind) <= 1


def merges(count: int, tokens: float | None, *, gap: bool = False) -> bool:
    """True where `count` waiting messages go as one: a storm, or more than there are calls left.

    `gap`: they are caught up after an outage, and then any two are one too many.
    """
    if gap and count > 1:
        return True
    return count >= DIGEST_FROM or (tokens is not None and count > 1 and count > tokens)


def digest_key(keys: Sequence[str]) -> str:
    """The key of several messages sent as one: the same for the same ones."""
    return "digest:" + hashlib.sha256("\n".join(sorted(keys)).encode()).hexdigest()[:32]
