"""Posts that nobody holds: grids of the reader's scopes without the person who answers first."""

from dataclasses import dataclass

from gridtrack.access import Permission, Role, permits, require, scopes
from gridtrack.accounts import store as accounts
from gridtrack.grids import store as grids
from gridtrack.work import Work

MOST = 5000  # grids looked at
# Who answers for a grid, counted from the leaves up; what lies above is the street's.
_ROLES = (Role.GRIDWORKER, Role.LEADER, Role.SECRETARY)


@dataclass(frozen=True, slots=True)
class Vacant:
    """A grid and the post there that nobody holds."""

    code: str
    name: str
    role: str


def vacant_posts(work: Work, locale: str) -> tuple[Vacant, ...]:
    """Every vacant post over the grids that the reader directs, the leaves first."""
    require(work.actor, Permission.DIRECT)
    edition = grids.edition_at(work.session, work.now)
    if edition is None or not permits(work.actor, Permission.DUTY_SEE):
        return ()
    mine = scopes(work.actor, Permission.DIRECT)
    paths = grids.paths(work.session, edition.id, mine, MOST)
    deepest = max((path.count("/") for path in paths), default=0)
    named = grids.names(work.session, work.memo, edition.id, locale)
    held = {
        (one.role, one.scope)
        for one in accounts.colleagues(work.session, [r.value for r in _ROLES], work.now)
        if one.zone is None
    }
    found = []
    for up, role in enumerate(_ROLES):
        for path in paths:
            if path.count("/") == deepest - up and (role.value, path) not in held:
                code = path.rsplit("/", maxsplit=1)[-1]
                found.append(Vacant(code, named.get(code, code), role.value))
    return tuple(found)
