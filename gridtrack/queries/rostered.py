"""Whose ground a roster is about, and who may be on it. Steps of several verbs."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select

from gridtrack.access import Permission, Role, permits
from gridtrack.accounts import store as accounts
from gridtrack.accounts.store import Colleague
from gridtrack.db.sql import table_of
from gridtrack.duty.rules import Roster
from gridtrack.grids import store as grids
from gridtrack.grids import zone_store
from gridtrack.grids.tables import GridRow, ZoneRow
from gridtrack.queries.on_duty import may_stand
from gridtrack.work import Work

GRID = table_of(GridRow)
ZONED = Role.PROPERTY.value
_ROLES = (
    Role.GRIDWORKER, Role.LEADER, Role.SECRETARY, Role.STREET, Role.DESK, Role.PROPERTY,
)  # fmt: skip
ROLES = tuple(role.value for role in _ROLES)
"""The roles that rosters are made for: those that matters go to."""


def paths_of(work: Work, scope: str, zone: str | None) -> tuple[str, ...]:
    """The grid paths that a roster is about: its scope, or the grids that its zone touches."""
    if zone is None:
        return (scope,)
    rows = [row for row in zone_store.lasting(work.session, work.now) if row.code == zone]
    found = zone_store.touches_at(work.session, work.memo, rows, work.now) if rows else ()
    return tuple(sorted({one.path for one in found})) or ("",)


def may_edit(work: Work, scope: str, zone: str | None) -> bool:
    """True where the actor may write a roster over this ground."""
    return all(permits(work.actor, Permission.DUTY_EDIT, p) for p in paths_of(work, scope, zone))


def may_read(work: Work, roster: Roster[int]) -> bool:
    """True for a roster of the actor's ground, above it or below, or that names them."""
    me = work.actor.person_id
    if me is not None and me in roster.people:
        return True
    if permits(work.actor, Permission.DUTY_EDIT, ""):
        return True
    paths = paths_of(work, roster.scope, roster.zone)
    mine = [holding.scope for holding in work.actor.holdings if holding.zone is None]
    near = any(permits(work.actor, Permission.DUTY_SEE, path) for path in paths)
    return near or any(
        one.startswith(f"{path}/") or not path for one in mine for path in paths if one
    )


def known_scope(work: Work, scope: str, zone: str | None) -> bool:
    """True for a path of the edition in force, the whole place, or a zone that lasts."""
    if zone is not None:
        return any(row.code == zone for row in zone_store.lasting(work.session, work.now))
    edition = grids.edition_at(work.session, work.now)
    if not scope or edition is None:
        return not scope
    wanted = select(GRID.c.id).where(GRID.c.edition_id == edition.id, GRID.c.path == scope)
    return work.session.scalar(wanted.limit(1)) is not None


def leads(work: Work, person_id: int) -> bool:
    """True where the actor may write rosters over some ground of that person's posts."""
    posts = accounts.posts_of(work.session, [person_id], work.now)
    return any(may_edit(work, one.scope, one.zone) for one in posts)


def zone_rows(work: Work) -> Sequence[ZoneRow]:
    """The zones that last."""
    return zone_store.lasting(work.session, work.now)


def who_may_stand(work: Work, roster: Roster[int] | Roster[str]) -> list[Colleague]:
    """Whoever has a post that this roster may count on, each once."""
    found: dict[int, Colleague] = {}
    for one in accounts.colleagues(work.session, [roster.role], work.now):
        if may_stand(roster, one.scope, one.zone):
            found.setdefault(one.person_id, one)
    return list(found.values())


def by_login_or_name(people: Iterable[Colleague]) -> Mapping[str, int]:
    """Ids by login, and by name where only one has it."""
    found: dict[str, int] = {}
    names: dict[str, set[int]] = {}
    for one in people:
        names.setdefault(one.name, set()).add(one.person_id)
    found |= {name: min(ids) for name, ids in names.items() if len(ids) == 1}
    return found | {one.login: one.person_id for one in people}
