"""The draws of a forecast as figures: least, middle and most of each. Pure."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from gridtrack.analytics.forecast import Draw
from gridtrack.analytics.load import Bearable, Carried, middle


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure over several draws; of what really happened all three are the same."""

    least: float
    middle: float
    most: float

    @classmethod
    def of(cls, values: Iterable[float]) -> "Figure":
        """The figure of one value for each draw."""
        found = sorted(values)
        return cls(found[0], median(found), found[-1])

    def as_json(self) -> dict[str, float]:
        """As plain values."""
        return {
            "min": round(self.least, 4),
            "median": round(self.middle, 4),
            "max": round(self.most, 4),
        }


@dataclass(frozen=True, slots=True)
class Side:
    """What happened, or what one set of rules would do: figures, and people with their load.

    `people` have the most told first; `waits` are seconds until the answer of those answered.
    """

    matters: int
    in_time: Figure
    share: Figure
    answered: Figure
    exhausted: Figure
    overloaded: Figure
    answered_by: dict[str, Figure]
    climbed: dict[str, Figure]
    skipped: dict[str, Figure]
    waits: dict[str, Figure | None]
    people: tuple[tuple[int, Carried], ...]

    def as_json(self, names: dict[int, str], plain: Callable[[Figure], Any]) -> dict[str, Any]:
        """As plain values; `plain` says how a figure is written."""
        counters = {
            name: {code: plain(one) for code, one in getattr(self, name).items()}
            for name in ("answered_by", "climbed", "skipped")
        }
        figures = ("in_time", "share", "answered", "exhausted", "overloaded")
        named = {"share": "in_time_share"}
        return {
            "matters": self.matters,
            **{named.get(name, name): plain(getattr(self, name)) for name in figures},
            **counters,
            "answer_s": {name: one and plain(one) for name, one in self.waits.items()},
            "people": [
                {"person": person_id, "name": names.get(person_id, ""), **one.as_json()}
                for person_id, one in self.people
            ],
        }


def side(draws: Sequence[Draw], bearable: Bearable) -> Side:
    """The figures of several draws over the same matters."""
    loads = middle([draw.load for draw in draws], bearable)
    return Side(
        matters=draws[0].matters,
        in_time=Figure.of(draw.in_time for draw in draws),
        share=Figure.of(draw.in_time / max(1, draw.matters) for draw in draws),
        answered=Figure.of(draw.answered for draw in draws),
        exhausted=Figure.of(draw.exhausted for draw in draws),
        overloaded=Figure.of(
            sum(one.over(bearable) for one in draw.load.people(bearable).values()) for draw in draws
        ),
        answered_by=_counted(draws, "answered_by"),
        climbed=_counted(draws, "climbed"),
        skipped=_counted(draws, "skipped"),
        waits={"p50": _wait(draws, 0.5), "p90": _wait(draws, 0.9)},
        people=tuple(sorted(loads.items(), key=lambda one: (-one[1].told, one[0]))),
    )


def _counted(draws: Sequence[Draw], name: str) -> dict[str, Figure]:
    codes = dict.fromkeys(code for draw in draws for code in getattr(draw, name))
    found = {code: Figure.of(getattr(draw, name)[code] for draw in draws) for code in codes}
    return dict(sorted(found.items(), key=lambda one: -one[1].middle))


def _wait(draws: Sequence[Draw], share: float) -> Figure | None:
    """The wait within which this share of the answered had their answer (nearest rank)."""
    each = [sorted(draw.waited_s) for draw in draws]
    if not all(each):
        return None
    return Figure.of(one[max(0, math.ceil(share * len(one)) - 1)] for one in each)


def exact(figure: Figure) -> float:
    """How a figure of what really happened is written."""
    return round(figure.middle, 4)


def change(before: Sequence[Draw], after: Sequence[Draw]) -> Figure:
    """How many more are in time, draw by draw on the same luck."""
    pairs = zip(before, after, strict=True)
    return Figure.of(other.in_time - one.in_time for one, other in pairs)
