"""The words of made-up days: names, what people report, what they answer. Read from data files."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from random import Random
from typing import Any, Self


def document(name: str) -> dict[str, Any]:
    """The TOML file `name` of this folder."""
    return tomllib.loads((files("gridtrack.simulation") / name).read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Names:
    """What made-up people may be called in one language."""

    locale: str
    surnames: tuple[str, ...]
    given: tuple[str, ...]
    leave: str  # the reason of a leave

    @classmethod
    def of(cls, locale: str) -> Self:
        """The names for `zh` or `en`."""
        body = document("names.toml")[locale]
        return cls(locale, tuple(body["surnames"]), tuple(body["given"]), body["leave"])

    def people(self, random: Random) -> Iterator[str]:
        """Names without end; the same one only comes back when all have been used."""
        while True:
            pairs = [(last, first) for last in self.surnames for first in self.given]
            random.shuffle(pairs)
            for last, first in pairs:
                yield last + first if self.locale == "zh" else f"{first} {last}"


@dataclass(frozen=True, slots=True)
class Matter:
    """A kind of report: how often it comes, where, by whom, in which words, with what result."""

    category: str
    weight: int
    where: str  # estate, street, any
    sources: tuple[str, ...]
    hours: str  # day, evening, night, any
    texts: tuple[str, ...]
    results: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """What people report and say in the demo place."""

    matters: tuple[Matter, ...]
    said: Mapping[str, tuple[str, ...]]  # notes, hold, hand_back, reject, reopen, close, ...

    @classmethod
    def shipped(cls) -> Self:
        """The words that come with the product."""
        body = document("words.toml")
        matters = tuple(
            Matter(
                category=one["category"],
                weight=one["weight"],
                where=one.get("where", "any"),
                sources=tuple(one.get("sources", ("resident",))),
                hours=one.get("hours", "any"),
                texts=tuple(one["texts"]),
                results=tuple(one["results"]),
            )
            for one in body["matter"]
        )
        return cls(matters, {name: tuple(lines) for name, lines in body["said"].items()})

    def results(self, category: str) -> tuple[str, ...]:
        """How matters of a category end, in words."""
        for matter in self.matters:
            if matter.category == category:
                return matter.results
        return self.said["result"]
