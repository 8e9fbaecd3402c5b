"""How made-up people answer: a chance and a delay by rung and hour, from a readable file. Pure.

Every draw is made from a generator of its own, seeded by the run's seed and by what is answered.
So the same seed gives the same day, in whatever order things are asked, and a day that was
interrupted goes on as it would have gone.
"""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files
from random import Random
from typing import Any, Self
from zoneinfo import ZoneInfo

from gridtrack.errors import Invalid

RUNGS = ("first", "property", "deputy", "leader", "secretary", "street", "desk")
_FIRST = {
    "co-assigned": "property", "triage": "desk", "returned": "desk", "exhausted": "desk",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Habit:
    """Answers with `chance`, after a lognormal delay of `median_s` seconds and spread `sigma`."""

    median_s: float
    sigma: float
    chance: float = 1.0

    def delay(self, random: Random, factor: float = 1.0) -> timedelta:
        """One draw of the delay, at least a second."""
        seconds = self.median_s * factor * math.exp(random.gauss(0, self.sigma))
        return timedelta(seconds=max(1.0, round(seconds, 3)))


@dataclass(frozen=True, slots=True)
class Hours:
    """A block of the local day in which chance and delay differ."""

    begin: int
    until: int
    chance: float
    delay: float


@dataclass(frozen=True, slots=True)
class Crowd:
    """The habits of everybody, the zone of their day, and the seed of the run."""

    name: str
    answers: Mapping[str, Habit]
    hours: tuple[Hours, ...]
    check: Habit
    start: Habit
    zone: ZoneInfo
    seed: int

    @classmethod
    def shipped(cls, zone: str, seed: int, name: str = "people.toml") -> Self:
        """A crowd that comes with the product."""
        text = (files("gridtrack.simulation") / name).read_text("utf-8")
        return cls.parse(text, zone, seed)

    @classmethod
    def parse(cls, text: str, zone: str, seed: int) -> Self:
        """A crowd from a file like people.toml; raises Invalid naming what is wrong in it."""
        try:
            body = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise Invalid("bad-toml", field="people", value=str(error)) from error
        given = body.get("answer", {})
        return cls(
            name=str(body.get("name", "")),
            answers={rung: _habit(given, rung) for rung in RUNGS},
            hours=tuple(_hours(block) for block in body.get("hours", ())),
            check=_habit(body, "check"),
            start=_habit(body, "start"),
            zone=ZoneInfo(zone),
            seed=seed,
        )

    def random(self, *about: object) -> Random:
        """A generator for one thing: the same things give the same draws."""
        return Random("/".join(str(one) for one in (self.seed, *about)))  # noqa: S311 - a play

    def answer(self, kind: str, rung: str | None, key: str, at: datetime) -> timedelta | None:
        """How long after `at` a notice is answered; None: never.

        `kind` is the notice's, `rung` the one it tells of, `key` the notice's own.
        """
        rung = _FIRST.get(kind) or rung or "first"
        habit = self.answers.get(rung, self.answers["leader"])  # a ladder of one's own
        chance, slow = self._by_hour(at)
        random = self.random(key)
        if random.random() >= habit.chance * chance:
            return None
        return habit.delay(random, slow)

    def _by_hour(self, at: datetime) -> tuple[float, float]:
        hour = at.astimezone(self.zone).hour
        for block in self.hours:
            if block.begin <= hour < block.until:
                return block.chance, block.delay
        return 1.0, 1.0


def _habit(given: Mapping[str, Any], name: str) -> Habit:
    found = given.get(name)
    if not isinstance(found, dict):
        raise Invalid("people-habit", field=name, value=found)
    try:
        habit = Habit(
            float(found["median_s"]), float(found["sigma"]), float(found.get("chance", 1))
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Invalid("people-habit", field=name, value=found) from error
    if not (habit.median_s > 0 and habit.sigma >= 0 and 0 <= habit.chance <= 1):
        raise Invalid("people-habit", field=name, value=found)
    return habit


def _hours(given: Mapping[str, Any]) -> Hours:
    try:
        return Hours(given["from"], given["until"], float(given["chance"]), float(given["delay"]))
    except (KeyError, TypeError, ValueError) as error:
        raise Invalid("people-habit", field="hours", value=given) from error
