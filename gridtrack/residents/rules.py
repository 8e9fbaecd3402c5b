"""What residents may do with a matter and until when; how wrong codes are slowed down. Pure."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from gridtrack.errors import Invalid
from gridtrack.limits import span

STARS = range(1, 6)


class Solved(StrEnum):
    """What the reporter says of the handling."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


METRES = range(1, 1001)


@dataclass(frozen=True, slots=True)
class Near:
    """Which open matters are near enough to be offered instead of a new report."""

    metres: int
    days: int
    most: int
    alike: tuple[frozenset[str], ...] = ()

    def like(self, category: str) -> frozenset[str]:
        """The categories that look the same as this one to whoever sees the matter."""
        groups = [one for one in self.alike if category in one]
        return frozenset({category}).union(*groups)


@dataclass(frozen=True, slots=True)
class Tries:
    """How wrong codes are slowed down; waits are seconds."""

    number_free: int
    number_longest_s: int
    address_free: int
    address_longest_s: int
    first_wait_s: int
    forget: timedelta


@dataclass(frozen=True, slots=True)
class Terms:
    """What a deployment decided for residents."""

    near: Near
    reopen_within: timedelta
    reopen_most: int
    rate_within: timedelta
    reasons: tuple[str, ...]
    tries: Tries


def parse(text: str) -> Terms:
    """The terms in a TOML text; raises Invalid naming what is missing or no figure at all."""
    try:
        body = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Invalid("bad-toml", field="residents", value=str(error)) from error
    names = ("number_free", "number_longest_s", "address_free", "address_longest_s", "first_wait_s")
    tries = Tries(
        forget=span(body.get("tries", {}).get("forget"), "tries.forget"),
        **{name: _whole(body, "tries", name) for name in names},
    )
    return Terms(
        _near(body),
        span(body.get("reopen", {}).get("within"), "reopen.within"),
        _whole(body, "reopen", "most"),
        span(body.get("rate", {}).get("within"), "rate.within"),
        _words(body.get("rate", {}).get("reasons"), "rate.reasons"),
        tries,
    )


def _near(body: Mapping[str, Any]) -> Near:
    metres, days, most = (_whole(body, "near", name) for name in ("metres", "days", "most"))
    if metres not in METRES:
        raise Invalid("residents-bad", field="near.metres", value=metres)
    alike = body["near"].get("alike", [])
    if not isinstance(alike, list):
        raise Invalid("residents-bad", field="near.alike", value=alike)
    return Near(metres, days, most, tuple(frozenset(_words(one, "near.alike")) for one in alike))


def _words(given: object, field: str) -> tuple[str, ...]:
    if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
        raise Invalid("residents-bad", field=field, value=given)
    return tuple(given)


def _whole(body: Mapping[str, Any], table: str, name: str) -> int:
    given = body.get(table, {}).get(name)
    if isinstance(given, bool) or not isinstance(given, int) or given < 1:
        raise Invalid("residents-bad", field=f"{table}.{name}", value=given)
    return given


def wait_s(wrong: int, free: int, first: int, longest: int) -> int:
    """Seconds that the next try has to wait after `wrong` wrong ones in a row."""
    if wrong < free:
        return 0
    return min(longest, first << min(wrong - free, 20))


def until(done_at: datetime | None, within: timedelta) -> datetime | None:
    """The instant at which a window that opened with `done_at` closes; None where it did not."""
    return None if done_at is None else done_at + within


def is_open(done_at: datetime | None, within: timedelta, now: datetime) -> bool:
    """True while the window is open: its last instant is still in it."""
    closes = until(done_at, within)
    return closes is not None and now <= closes
