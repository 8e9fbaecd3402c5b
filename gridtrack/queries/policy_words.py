"""What a policy says, in the reader's language: limits, rungs, and what two versions differ in."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from gridtrack.categories import store as categories
from gridtrack.categories.rules import Tree
from gridtrack.deadlines import calendar_store
from gridtrack.deadlines.policy_diff import Change, Key
from gridtrack.deadlines.policy_parts import Lights, Quiet
from gridtrack.deadlines.rules import Ladder, Rung
from gridtrack.i18n.sentences import TEXTS, sentence
from gridtrack.limits import Limit, Unit
from gridtrack.work import Work

_MINUTES, _HOURS, _DAYS = 60, 3600, 86_400


@dataclass(frozen=True, slots=True)
class PolicyWords:
    """The words of one reader: names of categories and calendars, and sentences."""

    locale: str
    tree: Tree
    calendars: Mapping[str, str]

    @classmethod
    def of(cls, work: Work, locale: str) -> "PolicyWords":
        """The words of a reader of this deployment."""
        named = calendar_store.named(work.session)
        known = {code: one.names.get(locale) or code for code, one in named.items()}
        return cls(locale, categories.tree(work.memo, work.settings.instance), known)

    def say(self, code: str, **params: object) -> str:
        """A sentence in the reader's language."""
        return sentence(code, self.locale, **params)

    def clock(self, kind: str) -> str:
        """What is promised."""
        return self.say(f"policy-clock-{kind}")

    def category(self, code: str) -> str:
        """A category or a heading: its code and name."""
        if not code:
            return self.say("policy-all-categories")
        found = self.tree.categories.get(code) or self.tree.groups.get(code)
        return f"{code} {found.name(self.locale)}" if found else code

    def limit(self, limit: Limit) -> str:
        """`2 workdays`, `5 min`, `the same day`."""
        if limit.unit is Unit.SAME_DAY:
            return self.say("policy-limit-same-day")
        return self._counted(f"policy-limit-{limit.unit.value}", limit.amount)

    def span(self, span: timedelta) -> str:
        """A span that runs day and night, in the largest unit that fits."""
        seconds = int(span.total_seconds())
        for size, unit in ((_DAYS, "d"), (_HOURS, "h")):
            if seconds and seconds % size == 0:
                return self._counted(f"policy-limit-{unit}", seconds // size)
        return self._counted("policy-limit-min", seconds // _MINUTES)

    def after(self, span: timedelta) -> str:
        """How long a rung waits."""
        return self.span(span) if span else self.say("policy-at-once")

    def who(self, role: str, *, deputy: bool) -> str:
        """Who stands on a rung."""
        name = self.say(f"role-{role}")
        return self.say("policy-deputy-of", role=name) if deputy else name

    def _counted(self, code: str, n: int) -> str:
        one = f"{code}-1"
        return self.say(one) if n == 1 and one in TEXTS else self.say(code, n=n)

    def change(self, one: Change) -> str:
        """A line that differs: `resolve of 09 Rubbish: 2 workdays → 1 workday`."""
        before, after = (self._value(one.key, value) for value in (one.before, one.after))
        return self.say("policy-change", what=self._what(one.key), before=before, after=after)

    def changes(self, found: Iterable[Change]) -> list[str]:
        """`change` for each."""
        return [self.change(one) for one in found]

    def _what(self, key: Key) -> str:
        kind = key[0]
        if kind == "limit":
            return self._limit_of(*key[1:])
        if kind == "calendar" and key[1] in ("work", "day"):
            return self.say("policy-what-calendar", clock=self.say(f"policy-calendar-{key[1]}"))
        if kind in ("calendar", "pause", "extend", "lights", "remind"):
            return self.say(f"policy-what-{kind}", clock=self.clock(key[1]))
        if kind == "rung":
            part = "".join(f"-{name}" for name in key[3:])
            return self.say(f"policy-what-rung{part}", ladder=key[1], rung=key[2])
        if kind == "offline":
            return self.say(f"policy-what-offline-{key[1]}")
        return self.say(f"policy-what-{kind}", ladder=key[1] if len(key) > 1 else "")

    def _limit_of(self, clock: str, category: str, scope: str, condition: str) -> str:
        where = self.say("policy-where-scope", scope=scope) if scope else ""
        where += self.say("policy-where-condition", condition=condition) if condition else ""
        named = {"clock": self.clock(clock), "category": self.category(category)}
        return sentence("policy-what-limit", self.locale, **named, where=where or " ").strip()

    def _value(self, key: Key, value: Any) -> str:
        if value is None:
            return self.say("policy-by-category" if key[0] == "limit" else "policy-none")
        if isinstance(value, Limit):
            return self.limit(value)
        if isinstance(value, timedelta):
            return self.after(value) if key[0] == "rung" else self.span(value)
        if isinstance(value, bool):
            if len(key) < 4:  # a whole ladder or rung
                return self.say("policy-there")
            return self.say("policy-takes-over" if value else "policy-watches")
        return _SHOWN[key[0]](self, value)

    def ladder_for(self, one: Ladder) -> str:
        """Which matters climb a ladder."""
        return self._ladder_for((one.clock.value, one.made_for, one.category, one.scope))

    def rung(self, one: Rung) -> str:
        """A rung in a few words: who, after how long, what they do."""
        does = self.say("policy-takes-over" if one.takes_over else "policy-watches")
        who = self.who(one.role, deputy=one.deputy)
        return self.say("policy-rung", who=who, after=self.after(one.after), does=does)

    def _ladder_for(self, value: tuple[str, str, str, str]) -> str:
        clock, made_for, category, scope = value
        said = [self.clock(clock), self.say(f"policy-for-{made_for}")]
        said += [self.category(category)] if category else []
        return " · ".join([*said, *([scope] if scope else [])])

    def _order(self, value: tuple[str, ...]) -> str:
        return ", ".join(value)

    def _repeat(self, value: tuple[timedelta, int]) -> str:
        return self.say("policy-repeat", every=self.span(value[0]), most=value[1])

    def _rung_who(self, value: tuple[str, bool]) -> str:
        return self.who(value[0], deputy=value[1])

    def _extension(self, value: tuple[int, Limit]) -> str:
        times, most = value
        code = "policy-extension-1" if times == 1 else "policy-extension"
        return self.say(code, times=times, most=self.limit(most))

    def _lights(self, value: Lights) -> str:
        yellow, red = (f"{share * 100:g}" for share in (value.yellow, value.red))
        return self.say("policy-lights", yellow=yellow, red=red)

    def _reminders(self, value: tuple[Limit, ...]) -> str:
        return ", ".join(map(self.limit, value))

    def _quiet(self, value: Quiet) -> str:
        return self.say("policy-quiet", begin=clock_time(value.begin), end=clock_time(value.end))

    def _calendar(self, value: str) -> str:
        return self.calendars.get(value, value)


_SHOWN: Mapping[str, Callable[[PolicyWords, Any], str]] = {
    "calendar": PolicyWords._calendar,  # noqa: SLF001
    "for": PolicyWords._ladder_for,  # noqa: SLF001 - its own
    "order": PolicyWords._order,  # noqa: SLF001
    "repeat": PolicyWords._repeat,  # noqa: SLF001
    "rung": PolicyWords._rung_who,  # noqa: SLF001
    "extend": PolicyWords._extension,  # noqa: SLF001
    "lights": PolicyWords._lights,  # noqa: SLF001
    "remind": PolicyWords._reminders,  # noqa: SLF001
    "quiet": PolicyWords._quiet,  # noqa: SLF001
}


def clock_time(minute: int) -> str:
    """A minute of the day as 22:00."""
    return f"{minute // 60:02d}:{minute % 60:02d}"
