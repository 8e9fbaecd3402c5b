"""The screens over the reader's ground, and where they may put one."""

from dataclasses import dataclass
from datetime import datetime

from gridtrack.access import Permission, covers, require, scopes
from gridtrack.accounts import store as accounts
from gridtrack.screens import store
from gridtrack.work import Work


@dataclass(frozen=True, slots=True)
class WallLine:
    """A screen as the list shows it; the key itself is not kept."""

    id: int
    name: str
    scope: str
    made_by: str
    made_at: datetime
    ended_at: datetime | None


def walls(work: Work) -> tuple[WallLine, ...]:
    """Every screen over ground that the reader directs, the newest first."""
    require(work.actor, Permission.DIRECT)
    mine = scopes(work.actor, Permission.DIRECT)
    rows = [
        row
        for row in store.walls(work.session, ended=True)
        if any(covers(scope, row.scope) for scope in mine)
    ]
    names = accounts.names(work.session, (row.made_by for row in rows))
    return tuple(
        WallLine(row.id, row.name, row.scope, names.get(row.made_by, ""), row.made_at, row.ended_at)
        for row in rows
    )


def own_grounds(work: Work) -> tuple[str, ...]:
    """The scopes that a screen of the reader's may show."""
    require(work.actor, Permission.DIRECT)
    return scopes(work.actor, Permission.DIRECT)
