"""What the filter of the board offers to choose from: grids and people of the reader's scopes."""

from dataclasses import dataclass

from gridtrack.access import Permission, require, scopes
from gridtrack.accounts import store as accounts
from gridtrack.categories import store as categories
from gridtrack.grids import store as grids
from gridtrack.work import Work

MOST = 300  # of each; in a larger scope a grid's code is typed


@dataclass(frozen=True, slots=True)
class Choices:
    """Pairs of a code and a word."""

    grids: tuple[tuple[str, str], ...]
    people: tuple[tuple[str, str], ...]
    categories: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]  # with those below


def filter_choices(work: Work, locale: str) -> Choices:
    """The choices for this reader."""
    require(work.actor, Permission.SEE)
    mine = scopes(work.actor, Permission.SEE)
    return Choices(_grids(work, mine, locale), _people(work, mine), _categories(work, locale))


def _grids(work: Work, mine: tuple[str, ...], locale: str) -> tuple[tuple[str, str], ...]:
    edition = grids.edition_at(work.session, work.now)
    if edition is None:
        return ()
    named = grids.names(work.session, work.memo, edition.id, locale)
    paths = grids.paths(work.session, edition.id, mine, MOST)
    codes = [path.rsplit("/", maxsplit=1)[-1] for path in paths]
    return tuple((code, named.get(code, code)) for code in codes)


def _people(work: Work, mine: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    found = {
        holder.person_id: holder.name
        for scope in mine
        for holder in accounts.below(work.session, scope, work.now)
    }
    named = sorted(found.items(), key=lambda pair: pair[1])[:MOST]
    return tuple((str(number), name) for number, name in named)


def _categories(
    work: Work, locale: str
) -> tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]:
    tree = categories.tree(work.memo, work.settings.instance)
    return tuple(
        (code, word.name(locale), tuple((c.code, c.name(locale)) for c in tree.leaves(code)))
        for code, word in tree.groups.items()
    )
