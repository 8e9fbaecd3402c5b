"""What the form of a roster offers and shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from gridtrack.access import Permission, require, scopes
from gridtrack.duty import store
from gridtrack.duty.rules import Roster
from gridtrack.duty.tables import DutyChange
from gridtrack.errors import Forbidden
from gridtrack.grids import store as grids
from gridtrack.queries.rostered import GRID, may_edit, who_may_stand, zone_rows
from gridtrack.work import Work

MOST_GRIDS = 400


@dataclass(frozen=True, slots=True)
class Editor:
    """A roster with what its form needs: words for people, the version, what was changed."""

    roster: Roster[int]
    version: int
    words: Mapping[int, str]
    people: tuple[str, ...]
    changes: Sequence[DutyChange]


def editor(work: Work, roster_id: int) -> Editor:
    """A roster to be changed; raises NotFound, Forbidden outside the actor's ground."""
    require(work.actor, Permission.DUTY_EDIT)
    row = store.get(work.session, roster_id)
    if not may_edit(work, row.scope, row.zone):
        raise Forbidden("forbidden", permission=Permission.DUTY_EDIT.value, scope=row.scope)
    roster = store.roster_of(row)
    found = who_may_stand(work, roster)
    names = [one.name for one in found]
    words = {one.person_id: one.name if names.count(one.name) == 1 else one.login for one in found}
    changes = store.changes(work.session, roster_id)
    return Editor(roster, row.version, words, tuple(sorted(words.values())), changes)


def grounds(work: Work, locale: str) -> tuple[tuple[str, str], ...]:
    """The grids and estates that the actor may write rosters for: key and name, from the top."""
    require(work.actor, Permission.DUTY_EDIT)
    edition = grids.edition_at(work.session, work.now)
    own = scopes(work.actor, Permission.DUTY_EDIT)
    found: list[tuple[str, str]] = [("grid:", "")] if "" in own else []
    if edition is not None:
        names = grids.names(work.session, work.memo, edition.id, locale)
        wanted = select(GRID.c.code, GRID.c.path, GRID.c.level).where(
            GRID.c.edition_id == edition.id
        )
        rows = work.session.execute(wanted.order_by(GRID.c.path)).all()
        mine = [row for row in rows if any(_covers(one, row.path) for one in own)]
        found += [
            (f"grid:{row.path}", "　" * (row.level - 1) + names.get(row.code, row.code))
            for row in mine[:MOST_GRIDS]
        ]
    found += [
        (f"zone:{row.code}", row.name) for row in zone_rows(work) if may_edit(work, "", row.code)
    ]
    return tuple(found)


def _covers(scope: str, path: str) -> bool:
    return scope in ("", path) or path.startswith(f"{scope}/")
