"""How long something may take, as people write it: `5min`, `4wh`, `3wd`, `same-day`. Pure."""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from gridtrack.errors import Invalid

AMOUNT_MAX = 10_000  # far above any limit that is meant, far below what a date can hold
_SPAN = re.compile(r"^(\d{1,6})\s*(min|h|d)$")
_LIMIT = re.compile(r"(-?\d{1,9})\s*([A-Za-z]+)")


class Unit(StrEnum):
    """What a limit is counted in; working hours, workdays and days of the calendar need one."""

    MINUTE = "min"
    HOUR = "h"
    DAY = "d"
    WORK_HOUR = "wh"
    WORKDAY = "wd"
    SAME_DAY = "same-day"


_SPANS = {
    Unit.MINUTE: timedelta(minutes=1),
    Unit.HOUR: timedelta(hours=1),
    Unit.DAY: timedelta(days=1),
}


@dataclass(frozen=True, slots=True)
class Limit:
    """How long something may take; `amount` is positive, and 1 for the same day."""

    amount: int
    unit: Unit

    @property
    def span(self) -> timedelta | None:
        """The limit of a clock that runs day and night; None where a calendar must decide."""
        one = _SPANS.get(self.unit)
        return None if one is None else one * self.amount

    def __str__(self) -> str:
        """As the files write it: `5min`, `20wd`, `same-day`."""
        return self.unit.value if self.unit is Unit.SAME_DAY else f"{self.amount}{self.unit.value}"


def parse_limit(text: object, field: str) -> Limit:
    """A limit such as `5min`, `4wh` or `same-day`; raises Invalid naming `field`."""
    if text == Unit.SAME_DAY.value:
        return Limit(1, Unit.SAME_DAY)
    found = _LIMIT.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise Invalid("category-limit-bad", field=field, value=text)
    amount, unit = int(found.group(1)), found.group(2)
    if unit not in set(Unit) - {Unit.SAME_DAY}:
        raise Invalid("category-unit-unknown", field=field, value=text, unit=unit)
    if not 0 < amount <= AMOUNT_MAX:
        raise Invalid("category-limit-range", field=field, value=text, limit=AMOUNT_MAX)
    return Limit(amount, Unit(unit))


def span(text: object, field: str) -> timedelta:
    """A time span such as `5min`, `1h`, `2d`, also none at all; raises Invalid naming `field`."""
    found = _SPAN.match(text) if isinstance(text, str) else None
    if found is None:
        raise Invalid("bad-span", field=field, value=text)
    return int(found.group(1)) * _SPANS[Unit(found.group(2))]
