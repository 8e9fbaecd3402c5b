"""Who carries how much: matters that a person is told of, by local hour and day. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

Day = int  # the ordinal of a local date
Hour = int  # the hours since the local midnight of day 0


@dataclass(frozen=True, slots=True)
class Bearable:
    """What a person can carry; above it in some hour or on some day they are overloaded."""

    hour: int = 4
    day: int = 20


class LocalTime:
    """The local day and hour of an instant."""

    def __init__(self, zone: ZoneInfo) -> None:
        """In this zone."""
        self._zone = zone

    def __call__(self, at: datetime) -> tuple[Day, Hour]:
        """The day and the hour."""
        here = at.astimezone(self._zone)
        day = here.toordinal()
        return day, day * 24 + here.hour


@dataclass(slots=True)
class Load:
    """Notices by person and hour, and by person and day; answers by person."""

    hours: Counter[tuple[int, Hour]] = field(default_factory=Counter)
    days: Counter[tuple[int, Day]] = field(default_factory=Counter)
    answered: Counter[int] = field(default_factory=Counter)

    def told(self, person_id: int, when: tuple[Day, Hour]) -> None:
        """A person was told of a matter."""
        day, hour = when
        self.days[person_id, day] += 1
        self.hours[person_id, hour] += 1

    def people(self, bearable: Bearable) -> dict[int, "Carried"]:
        """What each person carried."""
        found: dict[int, Carried] = {}
        for (person_id, _day), count in self.days.items():
            one = found.setdefault(person_id, Carried())
            one.told += count
            one.peak_day = max(one.peak_day, count)
        over: Counter[int] = Counter()
        too_much = {key for key, count in self.days.items() if count > bearable.day}
        for (person_id, hour), count in self.hours.items():
            one = found[person_id]
            one.peak_hour = max(one.peak_hour, count)
            if count > bearable.hour or (person_id, hour // 24) in too_much:
                over[person_id] += count
        for person_id, one in found.items():
            one.over_share = over[person_id] / one.told
        for person_id, count in self.answered.items():
            found.setdefault(person_id, Carried()).answered = count
        return found


@dataclass(slots=True)
class Carried:
    """One person's load; `over_share` is the share of it in hours or days beyond the bearable."""

    told: float = 0
    answered: float = 0
    peak_hour: float = 0
    peak_day: float = 0
    over_share: float = 0.0

    def over(self, bearable: Bearable) -> bool:
        """True where the peak is more than bearable."""
        return self.peak_hour > bearable.hour or self.peak_day > bearable.day

    def as_json(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "told": self.told,
            "answered": self.answered,
            "peak_hour": self.peak_hour,
            "peak_day": self.peak_day,
            "over_share": round(self.over_share, 4),
        }


def middle(loads: Sequence[Load], bearable: Bearable) -> dict[int, Carried]:
    """The median of several draws, figure by figure."""
    each = [load.people(bearable) for load in loads]
    nothing = Carried()

    def of(person_id: int, name: str) -> float:
        return float(median(getattr(one.get(person_id, nothing), name) for one in each))

    names = Carried.__slots__
    return {
        person_id: Carried(**{name: of(person_id, name) for name in names})
        for person_id in sorted(_everybody(each))
    }


def _everybody(each: Iterable[dict[int, Carried]]) -> set[int]:
    return {person_id for one in each for person_id in one}
