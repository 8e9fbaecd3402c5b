"""Scopes that a policy names and no edition has: mostly a slip of the pen, with what is near."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from sqlalchemy import select

from gridtrack.access import Permission, require
from gridtrack.deadlines.policy_parts import Policy
from gridtrack.grids import store as grids
from gridtrack.grids.store import GRID
from gridtrack.queries.followed import scope_now
from gridtrack.work import Work

NEAREST = 3
_LIKE = 0.5  # how alike two words must be, of 1


@dataclass(frozen=True, slots=True)
class StrangeScope:
    """A scope that fits no matter, and paths with names that may have been meant."""

    scope: str
    near: tuple[tuple[str, str], ...]


def strange_scopes(work: Work, policy: Policy, locale: str) -> tuple[StrangeScope, ...]:
    """The scopes of limits and ladders that are no grid in force; one to come may make them one."""
    require(work.actor, Permission.RULES_EDIT)
    named = [*(one.scope for one in policy.limits), *(x.scope for x in policy.ladders.values())]
    return tuple(_strange(work, [one for one in dict.fromkeys(named) if one], locale))


def _strange(work: Work, named: list[str], locale: str) -> Iterator[StrangeScope]:
    edition = grids.edition_at(work.session, work.now)
    if not named or edition is None:
        return
    there = select(GRID.c.path).where(GRID.c.edition_id == edition.id, GRID.c.path.in_(named))
    missing = [one for one in named if one not in set(work.session.scalars(there))]
    if not missing:
        return
    rows = work.session.execute(
        select(GRID.c.path, GRID.c.code, GRID.c.name, GRID.c.name_en).where(
            GRID.c.edition_id == edition.id
        )
    ).all()
    words = {row.path: (locale == "en" and row.name_en) or row.name for row in rows}
    # What people type is a path, a code alone or a name.
    known: dict[str, str] = {}
    for row in rows:
        for word in (row.path, row.code, row.name, row.name_en or ""):
            known.setdefault(word.casefold(), row.path)
    for scope in missing:
        moved = scope_now(work, scope)
        near = [moved.now] if moved.moved else []
        near += [known[one] for one in get_close_matches(scope.casefold(), known, NEAREST, _LIKE)]
        paths = list(dict.fromkeys(near))[:NEAREST]
        yield StrangeScope(scope, tuple((path, words.get(path, "")) for path in paths))
