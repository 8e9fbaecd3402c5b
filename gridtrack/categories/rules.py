"""The matter tree as values: what may be reported, whose it is, how fast, how secret. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from gridtrack.errors import Invalid
from gridtrack.limits import Limit


class Side(StrEnum):
    """Who can be responsible (field guide §3)."""

    GRIDWORKER = "G"
    PROPERTY = "P"
    COMMUNITY = "C"
    DEPARTMENT = "D"
    MEDIATION = "M"
    VOLUNTEERS = "V"


class Sensitivity(IntEnum):
    """Who may know (field guide §3)."""

    OPEN = 0
    STAFF = 1
    CHAIN = 2
    SEALED = 3


class Record(StrEnum):
    """What becomes of a report: a matter with clocks, a visit of a plan, or a line in a log."""

    MATTER = "matter"
    PLAN = "plan"
    LOG = "log"


@dataclass(frozen=True, slots=True)
class Word:
    """A code with its name in both languages: a side, a department, a step, an outcome, a group."""

    code: str
    zh: str
    en: str

    def name(self, locale: str) -> str:
        """The Chinese name for any Chinese locale, else the English one."""
        return self.zh if locale.startswith("zh") else self.en


@dataclass(frozen=True, slots=True)
class Step:
    """Something to be done on the way; without a limit it only has to come before the end."""

    code: str
    limit: Limit | None


@dataclass(frozen=True, slots=True)
class Emergency:
    """What a reporter is told first: the number to call, and the sentence around it."""

    call: str
    zh: str
    en: str

    def text(self, locale: str) -> str:
        """The sentence in the reporter's language."""
        return self.zh if locale.startswith("zh") else self.en


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A filing condition of a category: limits before the category's own, and when it is done."""

    code: str
    zh: str
    en: str
    acknowledge: Limit | None = None
    arrive: Limit | None = None
    resolve: Limit | None = None
    done_zh: str = ""
    done_en: str = ""

    def name(self, locale: str) -> str:
        """The Chinese name for any Chinese locale, else the English one."""
        return self.zh if locale.startswith("zh") else self.en

    def done(self, locale: str) -> str:
        """What must be so for the matter to be closed, empty where nothing is said."""
        return self.done_zh if locale.startswith("zh") else self.done_en


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A leaf of the tree. `side` answers first; `side_outside` where no estate covers the place."""

    code: str
    zh: str
    en: str
    group: str
    side: Side
    sensitivity: Sensitivity
    side_outside: Side | None = None
    assist: tuple[Side, ...] = ()
    departments: tuple[str, ...] = ()
    health_sensitivity: Sensitivity | None = None
    acknowledge: Limit | None = None
    arrive: Limit | None = None
    resolve: Limit | None = None
    conditions: tuple[Condition, ...] = ()
    steps: tuple[Step, ...] = ()
    required: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    second_person: bool = False
    property_is_party: bool = False
    name_hidden: bool = False
    public: bool = True
    record: Record = Record.MATTER
    emergency: Emergency | None = None
    local: bool = False

    def name(self, locale: str) -> str:
        """The Chinese name for any Chinese locale, else the English one."""
        return self.zh if locale.startswith("zh") else self.en

    def side_at(self, *, in_estate: bool) -> Side:
        """The side that leads, by whether a property manager's estate covers the place."""
        return self.side if in_estate or self.side_outside is None else self.side_outside

    def condition(self, code: str) -> Condition | None:
        """The filing condition of `code`, None for ""; raises Invalid for one that is not here."""
        if not code:
            return None
        for one in self.conditions:
            if one.code == code:
                return one
        known = ", ".join(one.code for one in self.conditions)
        raise Invalid("condition-unknown", field="condition", value=code, known=known)

    def known_condition(self, code: str) -> Condition | None:
        """The same; None also for one that the tree has no more."""
        return next((one for one in self.conditions if one.code == code), None)

    def sensitivity_of(self, *, health_data: bool = False) -> Sensitivity:
        """How secret a matter of this category is, given whether it holds health data."""
        if health_data and self.health_sensitivity is not None:
            return max(self.sensitivity, self.health_sensitivity)
        return self.sensitivity


@dataclass(frozen=True, slots=True)
class Words:
    """The vocabularies of a tree, each by code."""

    sides: Mapping[str, Word]
    departments: Mapping[str, Word]
    steps: Mapping[str, Word]
    outcomes: Mapping[str, Word]


@dataclass(frozen=True, slots=True)
class Tree:
    """One version of the matter tree; groups and categories keep the order of the file."""

    version: int
    groups: Mapping[str, Word]
    categories: Mapping[str, Category]
    words: Words

    def get(self, code: str) -> Category:
        """The category of `code`; raises Invalid `category-unknown`, also for a mere heading."""
        found = self.categories.get(code)
        if found is None:
            raise Invalid("category-unknown", field="category", value=code)
        return found

    def group(self, code: str) -> Word:
        """The heading that a group's or a category's code stands under; raises Invalid."""
        found = self.groups.get(code[:2])
        if found is None:
            raise Invalid("category-unknown", field="category", value=code)
        return found

    def leaves(self, group: str | None = None) -> tuple[Category, ...]:
        """Every category, or those of one group, in the order of the file."""
        return tuple(c for c in self.categories.values() if group in (None, c.group))

    def public(self) -> tuple[Category, ...]:
        """The categories that a resident may choose from."""
        return tuple(category for category in self.categories.values() if category.public)
