"""What forms offer: kinds of matter, the usual ones first, what to call first; datums by name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from gridtrack.categories import store as categories
from gridtrack.categories.rules import Category, Record, Tree
from gridtrack.geo.datum import Datum
from gridtrack.http.context import locale, runtime
from gridtrack.residents import store as residents
from gridtrack.residents.entrances import Entrance, first

# What residents and patrols report most (field guide §2.3-2.4); shortcuts into the full list.
USUAL = ("0401", "0601", "0104", "0105", "0503", "0201", "0701")
# By the names that people know; the commonest outside of maps made in China first.
DATUM_WORDS = {
    Datum.WGS84: "WGS-84",
    Datum.CGCS2000: "CGCS2000",
    Datum.GCJ02: "GCJ-02",
    Datum.BD09: "BD-09",
}


def datums(among: Iterable[Datum] = DATUM_WORDS) -> list[tuple[str, str]]:
    """The datums of a choice: the word of the form and the name."""
    return [(one.value, DATUM_WORDS[one]) for one in among]


@dataclass(frozen=True, slots=True)
class Kind:
    """A category as a choice."""

    code: str
    word: str


@dataclass(frozen=True, slots=True)
class Group:
    """A heading with its categories."""

    word: str
    categories: tuple[Kind, ...]


@dataclass(frozen=True, slots=True)
class Filing:
    """The filing conditions of a category, code and word."""

    category: str
    conditions: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class CallFirst:
    """What to do before reporting, and for which categories, by code with spaces between."""

    codes: str
    text: str


def tree() -> Tree:
    """The matter tree of this deployment."""
    return categories.tree(runtime().memo, runtime().settings.instance)


def entrances() -> Mapping[str, Entrance]:
    """The entrances of this deployment, by code."""
    return residents.entrances(runtime().memo, runtime().settings.instance)


def shown(*, public_only: bool, entrance: Entrance | None = None) -> dict[str, Any]:
    """The choices of a report form, in the reader's language, for the template.

    An entrance puts what it is for first; everything else stays within reach.
    """
    language, known = locale(), tree()
    offered = [
        one
        for one in known.categories.values()
        if one.record is Record.MATTER and (one.public or not public_only)
    ]
    codes = {one.code for one in offered}
    return {
        "groups": _ordered(known, offered, language, entrance),
        "usual": tuple(
            Kind(code, known.get(code).name(language))
            for code in (USUAL if entrance is None else entrance.usual)
            if code in codes
        ),
        "emergencies": _emergencies(offered, language),
        "filings": () if public_only else _filings(offered, language),
    }


def _ordered(
    known: Tree, offered: list[Category], language: str, entrance: Entrance | None
) -> tuple[Group, ...]:
    if entrance is None:
        return _groups(known, offered, language)
    by_code = {one.code: one for one in offered}
    ordered = [by_code[code] for code in first(list(by_code), entrance)]
    own = [one for one in ordered if entrance.offers(one.code)]
    others = [one for one in offered if not entrance.offers(one.code)]
    kinds = tuple(Kind(one.code, one.name(language)) for one in own)
    head = (Group(entrance.word("", language), kinds),) if kinds else ()
    return head + _groups(known, others, language)


def _groups(known: Tree, offered: list[Category], language: str) -> tuple[Group, ...]:
    found = []
    for code, word in known.groups.items():
        kinds = tuple(Kind(c.code, c.name(language)) for c in offered if c.group == code)
        if kinds:
            found.append(Group(word.name(language), kinds))
    return tuple(found)


def _filings(offered: list[Category], language: str) -> tuple[Filing, ...]:
    return tuple(
        Filing(one.code, tuple((each.code, each.name(language)) for each in one.conditions))
        for one in offered
        if one.conditions
    )


def _emergencies(offered: list[Category], language: str) -> tuple[CallFirst, ...]:
    codes: dict[str, list[str]] = {}
    for one in offered:
        if one.emergency is not None:
            codes.setdefault(one.emergency.text(language), []).append(one.code)
    return tuple(CallFirst(" ".join(found), text) for text, found in codes.items())


def emergency_of(code: str) -> str:
    """What to do first for this category, empty where there is nothing."""
    found = tree().categories.get(code)
    return found.emergency.text(locale()) if found and found.emergency else ""
