"""How long a session lasts, when it proves enough, and how tries to log in are slowed. Pure."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from gridtrack.access import Holding
from gridtrack.accounts.separation import ADMINISTRATORS, STAFF

TOUCH_EVERY = timedelta(seconds=60)
FREE = {"account": 5, "address": 20}  # tries before it gets slow
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
FORGET = timedelta(days=1)
_NUMBERS = re.compile(r"[\d.]+")


class SecondFactor(StrEnum):
    """Who has to prove themselves twice."""

    OFF = "off"
    STAFF = "staff"  # administrators and secretaries
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a deployment decides about sessions."""

    idle: timedelta
    idle_administrators: timedelta
    longest: timedelta
    second_factor: SecondFactor


@dataclass(frozen=True, slots=True)
class Open:
    """A session as it is stored."""

    id: int
    person_id: int
    created_at: datetime
    seen_at: datetime
    strong_at: datetime | None
    agent: str
    address: str


class Standing(StrEnum):
    """How a session stands at an instant, for one request."""

    FINE = "fine"
    WEAK = "weak"  # the second factor is still to be shown
    MOVED = "moved"  # another address: the second factor again
    DOUBTED = "doubted"  # another browser: this cookie was carried away
    IDLE = "idle"
    OVER = "over"


def family(agent: str) -> str:
    """A browser without its versions: it renews itself while somebody is logged in."""
    return _NUMBERS.sub("", agent)[:200]


def needs_second(holdings: Iterable[Holding], policy: SecondFactor) -> bool:
    """True where the policy asks these posts for a second factor."""
    if policy is SecondFactor.STAFF:
        return any(one.role in STAFF for one in holdings)
    return policy is SecondFactor.ALL


@dataclass(frozen=True, slots=True)
class Device:
    """From where a request comes, as far as it can be told."""

    agent: str
    address: str


def standing(
    one: Open,
    now: datetime,
    device: Device,
    holdings: Iterable[Holding],
    terms: Terms,
    *,
    has: bool,
) -> Standing:
    """How a session stands; `has`: the person has a second factor.

    A phone changes its address all day long, so that alone ends nothing; who has a second factor
    shows it again.
    """
    posts = tuple(holdings)
    admin = any(post.role in ADMINISTRATORS for post in posts)
    if now - one.created_at >= terms.longest:
        return Standing.OVER
    if now - one.seen_at >= (terms.idle_administrators if admin else terms.idle):
        return Standing.IDLE
    if family(device.agent) != one.agent:
        return Standing.DOUBTED
    asked = terms.second_factor is not SecondFactor.OFF and (
        has or needs_second(posts, terms.second_factor)
    )
    if asked and one.strong_at is None:
        return Standing.WEAK
    return Standing.MOVED if asked and device.address != one.address else Standing.FINE


def wait_after(kind: str, failures: int) -> timedelta:
    """How long nothing more is tried after so many failures in a row: it doubles up to an hour."""
    over = failures - FREE[kind]
    if over < 0:
        return timedelta(0)
    doubled: int = 2 ** min(over, 10)
    return min(FIRST_WAIT * doubled, LONGEST_WAIT)


def tried_keys(login: str, address: str) -> tuple[tuple[str, str], ...]:
    """What tries are counted by; the name as a digest, for people type passwords there."""
    name = hashlib.sha256(login.strip().casefold().encode()).hexdigest()[:32]
    return (("account", f"account:{name}"), ("address", f"address:{address}"))
