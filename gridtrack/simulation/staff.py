"""Made-up people for every post of an edition, so that a report has somebody to go to.

They have names and posts and no password: nobody can log in as one of them unless a hash is given.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from gridtrack.access import Permission, Role, require
from gridtrack.accounts import store as accounts
from gridtrack.accounts.store import NewPost
from gridtrack.accounts.tables import Absence, Person
from gridtrack.grids import store as grids
from gridtrack.grids.rules import Grid
from gridtrack.simulation.texts import Names
from gridtrack.work import Work

NO_PASSWORD = "!"  # noqa: S105 - no hash at all: it fits nothing
DEPUTIES = 0.7  # so many of the base grids have a deputy
VACANT_EVERY = 60  # one base grid in so many has nobody
AWAY_EVERY = 40  # one gridworker in so many is on leave


@dataclass(frozen=True, slots=True)
class Plan:
    """From when the people hold their posts, until when leaves last, and how they are named.

    `logins` names the logins of certain posts (role, scope, deputy); those posts are always filled.
    """

    from_at: datetime
    until_at: datetime
    names: Names
    seed: int
    password_hash: str = NO_PASSWORD
    prefix: str = "sim"
    logins: Mapping[tuple[Role, str, bool], str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who was made up."""

    person_id: int
    login: str
    name: str
    role: Role
    scope: str
    deputy: bool = False


def staffed(work: Work) -> bool:
    """True when anybody holds a gridworker's post at the instant of the work."""
    return any(h.role == Role.GRIDWORKER for h in accounts.below(work.session, "", work.now))


def make_staff(work: Work, edition_id: int, plan: Plan) -> list[Member]:
    """Fill every post over an edition: gridworkers with deputies, leaders, secretaries, street.

    A few base grids stay vacant and a few gridworkers are on leave, as everywhere.
    """
    require(work.actor, Permission.PEOPLE_EDIT)
    made: list[Member] = []
    random = Random(f"{plan.seed}/staff")  # noqa: S311 - a play
    names = plan.names.people(random)
    for role, scope, deputy in _posts(grids.grids_of(work.session, edition_id), random, plan):
        login = plan.logins.get((role, scope, deputy), f"{plan.prefix}{len(made) + 1:04d}")
        made.append(add(work, plan, (login, next(names)), NewPost(role, scope, deputy=deputy)))
    workers = [
        one
        for one in made
        if one.role is Role.GRIDWORKER and not one.deputy and one.login.startswith(plan.prefix)
    ]
    for away in workers[AWAY_EVERY // 2 :: AWAY_EVERY]:
        send_away(work, plan, away)
    return made


def add(work: Work, plan: Plan, who: tuple[str, str], post: NewPost) -> Member:
    """One made-up person, (login, name), with a post for the whole of the plan."""
    login, name = who
    person = Person(
        login=login,
        name=name,
        phone="",
        password_hash=plan.password_hash,
        locale=plan.names.locale,
        active=True,
        created_at=plan.from_at,
    )
    accounts.add_person(work.session, person, (post,), plan.from_at)
    return Member(person.id, login, name, post.role, post.scope, post.deputy)


def send_away(work: Work, plan: Plan, who: Member) -> None:
    """Put somebody on leave for the whole of the plan."""
    work.session.add(
        Absence(
            person_id=who.person_id,
            from_at=plan.from_at,
            until_at=plan.until_at,
            reason=plan.names.leave,
        )
    )


def _posts(found: Sequence[Grid], random: Random, plan: Plan) -> Iterator[tuple[Role, str, bool]]:
    parents = {grid.parent for grid in found}
    leaves = [grid for grid in found if grid.code not in parents]
    yield Role.STREET, "", False
    yield Role.DESK, "", False
    for grid in found:
        if grid.level == 1:
            yield Role.SECRETARY, grid.path, False
            yield Role.SECRETARY, grid.path, True
        elif grid.code in parents:
            yield Role.LEADER, grid.path, False
    for n, grid in enumerate(leaves, 1):
        sure = (Role.GRIDWORKER, grid.path, False) in plan.logins
        if n % VACANT_EVERY == 0 and not sure:
            continue
        yield Role.GRIDWORKER, grid.path, False
        if random.random() < DEPUTIES or sure:
            yield Role.GRIDWORKER, grid.path, True
