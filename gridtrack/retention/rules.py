"""What is kept how long after the end of a matter, as data. Pure."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from gridtrack.errors import Invalid, Rejected

MOST_DAYS = 36_500
_KEEP = re.compile(r"(\d{1,5})d")
_NAMES = frozenset({"what", "category", "keep", "zh", "en"})


class What(StrEnum):
    """What can be removed of a matter."""

    REPORTER = "reporter"
    ANSWERS = "answers"
    PHOTOS = "photos"
    MESSAGES = "messages"
    MATTER = "matter"


@dataclass(frozen=True, slots=True)
class Rule:
    """How long one thing is kept, for the kinds of matter whose code begins with `category`."""

    what: What
    category: str
    days: int
    zh: str
    en: str

    def before(self, now: datetime) -> datetime:
        """Matters that ended before this are no longer kept."""
        return now - timedelta(days=self.days)

    def purpose(self, locale: str) -> str:
        """What it is kept for."""
        return self.zh if locale.startswith("zh") else self.en


@dataclass(frozen=True, slots=True)
class Schedule:
    """One version of the rules; `automatic`: the worker removes by itself."""

    version: int
    automatic: bool
    rules: tuple[Rule, ...]

    def narrower(self, rule: Rule) -> tuple[str, ...]:
        """The categories that have a rule of their own below `rule`, so that it is not theirs."""
        return tuple(
            one.category
            for one in self.rules
            if one.what is rule.what
            and one.category != rule.category
            and one.category.startswith(rule.category)
        )


def parse_schedule(text: str) -> Schedule:
    """The rules of a file; raises Rejected with every fault, each naming its rule and field."""
    try:
        body = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Invalid("retention-unreadable", field="retention.toml", value=str(error)) from error
    faults: list[Invalid] = []
    rules = []
    for n, given in enumerate(body.get("rule", []), 1):
        try:
            rules.append(_rule(given, f"rule {n}"))
        except Invalid as fault:
            faults.append(fault)
    faults += _twice(rules)
    version, automatic = body.get("version"), body.get("automatic", False)
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        faults.append(Invalid("retention-version", field="version", value=version))
    if not isinstance(automatic, bool):
        faults.append(Invalid("retention-yes-no", field="automatic", value=automatic))
    if faults:
        raise Rejected(faults)
    assert isinstance(version, int)
    return Schedule(version, bool(automatic), tuple(rules))


def _rule(given: Mapping[str, Any], place: str) -> Rule:
    for name in given.keys() - _NAMES:
        raise Invalid("retention-field", field=f"{place}: {name}", value=given[name])
    if given.get("what") not in set(What):
        known = ", ".join(What)
        raise Invalid(
            "retention-what", field=f"{place}: what", value=given.get("what"), known=known
        )
    keep = _KEEP.fullmatch(str(given.get("keep", "")))
    if keep is None or not 0 < int(keep[1]) <= MOST_DAYS:
        raise Invalid(
            "retention-keep", field=f"{place}: keep", value=given.get("keep"), most=MOST_DAYS
        )
    for name in ("zh", "en"):
        if not str(given.get(name, "")).strip():
            raise Invalid("retention-purpose", field=f"{place}: {name}", value="")
    return Rule(
        What(given["what"]), str(given.get("category", "")), int(keep[1]), given["zh"], given["en"]
    )


def _twice(rules: Iterable[Rule]) -> list[Invalid]:
    seen: set[tuple[What, str]] = set()
    faults = []
    for rule in rules:
        if (rule.what, rule.category) in seen:
            about = f"{rule.what} {rule.category}".strip()
            faults.append(Invalid("retention-twice", field="rule", value=about))
        seen.add((rule.what, rule.category))
    return faults
