"""Rosters as people read them: who is on duty, what comes, and where nobody would be."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from gridtrack.access import Permission, Role, permits, require
from gridtrack.accounts import store as accounts
from gridtrack.accounts.rules import Holder
from gridtrack.accounts.store import Colleague
from gridtrack.duty import store
from gridtrack.duty.holes import Hole, Leave, Present
from gridtrack.duty.holes import holes as find_holes
from gridtrack.duty.rules import Roster
from gridtrack.queries.on_duty import book_of, may_stand, on_duty
from gridtrack.queries.rostered import may_edit, may_read
from gridtrack.routing.rules import ancestors
from gridtrack.work import Work

MOST_DAYS = 366
HOLES_AHEAD = 7  # days


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody who is asked for a matter in some ground at an instant."""

    login: str
    holder: Holder


def standing(work: Work, scope: str, zone: str | None = None) -> list[Standing]:
    """Everybody with a post over `scope` and above now, in the order in which they are asked."""
    require(work.actor, Permission.DUTY_SEE, scope)
    near = {one: n for n, one in enumerate(ancestors(scope))}
    found = on_duty(work, near, [zone] if zone else [])
    found.sort(key=lambda one: -1 if one.zone else near[one.scope])
    logins = accounts.logins(work.session, (one.person_id for one in found))
    return [Standing(logins.get(one.person_id, ""), one) for one in found]


def rosters_seen(work: Work) -> tuple[Roster[int], ...]:
    """The rosters that the actor may read."""
    require(work.actor, Permission.DUTY_SEE)
    known = store.rosters(work.session, work.memo).all
    return tuple(one for one in known if may_read(work, one))


def holes(work: Work, days: int) -> list[Hole[int]]:
    """Where nobody would be on duty from now on, of the rosters that the actor may read."""
    require(work.actor, Permission.DUTY_SEE)
    seen = {one.id for one in rosters_seen(work)}
    end = work.now + timedelta(days=min(days, MOST_DAYS))
    present = present_of(work, work.now, end)
    found = find_holes(book_of(work), present, work.now, end)
    return [one for one in found if one.roster.id in seen]


def holes_ahead(work: Work) -> list[Hole[int]]:
    """The holes of the coming week on ground whose rosters the actor writes, for the board."""
    if not permits(work.actor, Permission.DUTY_EDIT):
        return []
    found = holes(work, HOLES_AHEAD)
    return [one for one in found if may_edit(work, one.roster.scope, one.roster.zone)]


def present_of(work: Work, begin: datetime, end: datetime) -> Present[int]:
    """Who could be there between two instants: posts as they are now, leave as it is entered."""
    require(work.actor, Permission.DUTY_SEE)
    known = store.rosters(work.session, work.memo).all
    people = accounts.colleagues(work.session, {one.role for one in known}, work.now)
    leaves = [
        Leave(one.person_id, one.from_at, one.until_at, one.deputy_id)
        for one in accounts.absences(work.session, begin, end)
    ]
    posts = {one.id: frozenset(_ids(people, one)) for one in known}
    deputies = {one.id: frozenset(_ids(people, one, by_post=True)) for one in known}
    return Present(leaves, posts, deputies)


def _ids(people: Iterable[Colleague], roster: Roster[int], *, by_post: bool = False) -> set[int]:
    """Who holds a post that the roster may count on; `by_post`: whose post is to stand in there."""
    return {
        one.person_id
        for one in people
        if one.role == roster.role
        and may_stand(roster, one.scope, one.zone)
        and (not by_post or (one.deputy and one.scope == roster.scope))
    }


def warned_of(work: Work, hole: Hole[int]) -> tuple[int, ...]:
    """The secretaries over the ground of a hole; the street's where there is none."""
    require(work.actor, Permission.DUTY_SEE)
    path = hole.roster.scope
    found: list[Colleague] = []
    for role in (Role.SECRETARY, Role.STREET):
        people = accounts.colleagues(work.session, [role.value], work.now)
        found = [one for one in people if one.scope in ancestors(path)]
        if found:
            break
    return tuple(sorted({one.person_id for one in found}))


def said_of(hole: Hole[int], names: Mapping[int, str]) -> dict[str, Any]:
    """A hole as JSON has it."""
    return {
        "roster": hole.roster.code,
        "name": hole.roster.name,
        "role": hole.roster.role,
        "scope": hole.roster.scope,
        "zone": hole.roster.zone,
        "kind": hole.kind.value,
        "begin": hole.begin.isoformat(),
        "end": hole.end.isoformat(),
        "people": [names.get(one, "") for one in hole.people],
    }
