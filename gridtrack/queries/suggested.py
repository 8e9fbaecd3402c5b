"""Which kind of matter a resident's words speak of, with the words that made us think so."""

from dataclasses import dataclass

from gridtrack.access import require_anyone
from gridtrack.categories import store as categories
from gridtrack.categories.rules import Category, Record, Sensitivity
from gridtrack.residents import store as residents
from gridtrack.residents.suggest import suggest
from gridtrack.work import Work

LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Suggested:
    """A category to confirm: why, what to do first where lives may be at stake, how secret."""

    code: str
    name: str
    because: tuple[str, ...]
    call_first: str  # what a reporter is told first; empty where there is nothing
    sealed: bool


def suggested(work: Work, text: str, locale: str) -> tuple[Suggested, ...]:
    """The categories that `text` may mean, those where lives or secrets are at stake first."""
    require_anyone(work.actor)
    tree = categories.tree(work.memo, work.settings.instance)
    found = []
    grave = {code for code, category in tree.categories.items() if _grave(category)}
    lexicon = residents.lexicon(work.memo, work.settings.instance)
    for one in suggest(lexicon, text[:LONGEST], grave):
        category = tree.categories.get(one.category)
        if category and category.public and category.record is Record.MATTER:
            found.append((category, one.because))
    return tuple(
        Suggested(
            category.code,
            category.name(locale),
            because,
            category.emergency.text(locale) if category.emergency else "",
            category.sensitivity >= Sensitivity.SEALED,
        )
        for category, because in found
    )


def _grave(category: Category) -> bool:
    return category.emergency is not None or category.sensitivity >= Sensitivity.SEALED
