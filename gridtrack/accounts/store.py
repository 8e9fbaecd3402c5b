"""Loading people with what they may do, and finding who is on duty."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from gridtrack.access import Actor, Holding, Permission, Role
from gridtrack.accounts.rules import Holder, token_digest
from gridtrack.accounts.tables import Absence, ApiToken, Person, Post
from gridtrack.db.fixed import fetch, numbered
from gridtrack.db.sql import run, table_of

# Core tables: a statement over mapped classes costs half as much again, and a report asks twice.
PERSON, POST = table_of(Person).c, table_of(Post).c
ABSENCE, TOKEN = table_of(Absence).c, table_of(ApiToken).c

_NOW = bindparam("now", type_=POST.from_at.type)
_IN_FORCE = (POST.from_at <= _NOW) & or_(POST.until_at.is_(None), POST.until_at > _NOW)
_AWAY = exists().where(
    ABSENCE.person_id == POST.person_id, ABSENCE.from_at <= _NOW, ABSENCE.until_at > _NOW
)
_HOLDERS = (
    select(
        POST.person_id, PERSON.name, POST.role, POST.scope, POST.deputy,
        PERSON.active & ~_AWAY, POST.zone,
    )
    .join_from(table_of(Post), table_of(Person), PERSON.id == POST.person_id)
    .where(_IN_FORCE)
)  # fmt: skip
_STAND_IN = table_of(Person).alias("stand_in")
_AWAY_TOO = exists().where(
    ABSENCE.person_id == _STAND_IN.c.id, ABSENCE.from_at <= _NOW, ABSENCE.until_at > _NOW
)
_LEAVES = table_of(Absence).alias("leaves")
_STAND_INS = (
    select(_LEAVES.c.person_id, _STAND_IN.c.id, _STAND_IN.c.name, _STAND_IN.c.active & ~_AWAY_TOO)
    .join_from(_LEAVES, _STAND_IN, _STAND_IN.c.id == _LEAVES.c.deputy_id)
    .where(
        _LEAVES.c.person_id.in_(bindparam("people", expanding=True)),
        _LEAVES.c.from_at <= _NOW,
        _LEAVES.c.until_at > _NOW,
    )
    .order_by(_LEAVES.c.id)
)
_BELOW = _HOLDERS.where(
    or_(
        POST.scope == bindparam("scope"),
        POST.scope == "",
        (POST.scope >= bindparam("low")) & (POST.scope < bindparam("high")),
        bindparam("scope") == "",
    )
)
_ACTOR = (
    select(PERSON.id, PERSON.name, PERSON.locale, POST.role, POST.scope, POST.zone)
    .outerjoin_from(table_of(Person), table_of(Post), (POST.person_id == PERSON.id) & _IN_FORCE)
    .where(PERSON.id == bindparam("person_id"), PERSON.active)
)
_TOKEN = select(TOKEN.person_id, TOKEN.permissions, TOKEN.expires_at).where(
    TOKEN.digest == bindparam("digest"), TOKEN.revoked_at.is_(None)
)


def on_duty(
    session: Session, scopes: Iterable[str], zones: Iterable[str], at: datetime
) -> list[Holder]:
    """Holders of posts at exactly these grid scopes or zones at `at`; on leave is not present."""
    given = {**numbered("scope", list(scopes)), **numbered("zone", list(zones))}
    rows = fetch(session, _duty(tuple(given)), {**given, "now": at})
    return [Holder(*row) for row in rows]


def posts_of(session: Session, person_ids: Iterable[int], at: datetime) -> list[Holder]:
    """Every post of these people at `at`."""
    wanted = sorted(set(person_ids))
    if not wanted:
        return []
    given = numbered("person", wanted)
    return [Holder(*row) for row in fetch(session, _posts(tuple(given)), {**given, "now": at})]


@lru_cache(maxsize=64)
def _posts(names: tuple[str, ...]) -> Select[Any]:
    """The posts of the people whom the parameters name."""
    given = [bindparam(name, type_=POST.person_id.type) for name in names]
    return _HOLDERS.where(POST.person_id.in_(given)).order_by(POST.deputy, POST.id)


_COLLEAGUES = (
    select(PERSON.id, PERSON.login, PERSON.name, POST.role, POST.scope, POST.zone, POST.deputy)
    .join_from(table_of(Post), table_of(Person), PERSON.id == POST.person_id)
    .where(_IN_FORCE, PERSON.active, POST.role.in_(bindparam("roles", expanding=True)))
    .order_by(POST.scope, POST.deputy, PERSON.id)
)


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody with a post of a role, as lists of people name them."""

    person_id: int
    login: str
    name: str
    role: str
    scope: str
    zone: str | None
    deputy: bool


def colleagues(session: Session, roles: Iterable[str], at: datetime) -> list[Colleague]:
    """Everybody with a post of one of these roles at `at`, a line for each post."""
    rows: Sequence[Any] = run(session, _COLLEAGUES, {"roles": sorted(roles), "now": at}).all()
    return [Colleague(*row) for row in rows]


def absences(session: Session, begin: datetime, end: datetime) -> Sequence[Absence]:
    """Every leave that touches the time from `begin` to `end`, in order."""
    return session.scalars(
        select(Absence)
        .where(Absence.from_at < end, Absence.until_at > begin)
        .order_by(Absence.from_at, Absence.id)
    ).all()


@dataclass(frozen=True, slots=True)
class StandIn:
    """Who was named to stand in for somebody on leave."""

    for_id: int
    person_id: int
    name: str
    present: bool


def stand_ins(session: Session, person_ids: Iterable[int], at: datetime) -> list[StandIn]:
    """Who stands in for those of these people who are on leave at `at`."""
    wanted = sorted(set(person_ids))
    if not wanted:
        return []
    rows: Sequence[Any] = run(session, _STAND_INS, {"people": wanted, "now": at}).all()
    return [StandIn(*row) for row in rows]


@lru_cache(maxsize=64)
def _duty(names: tuple[str, ...]) -> Select[Any]:
    """The holders of posts at the scopes and the zones that the parameters name."""
    given = [bindparam(name, type_=POST.scope.type) for name in names]
    here = POST.scope.in_([one for one in given if one.key.startswith("scope")])
    beside = POST.zone.in_([one for one in given if one.key.startswith("zone")])
    wanted = or_(here & POST.zone.is_(None), beside)
    return _HOLDERS.where(wanted).order_by(POST.deputy, POST.id)


def actor(
    session: Session, person_id: int, at: datetime, limited_to: Iterable[str] | None = None
) -> Actor | None:
    """The person with the posts in force at `at`; None when unknown or closed."""
    rows = run(session, _ACTOR, {"person_id": person_id, "now": at}).all()
    if not rows:
        return None
    holdings = tuple(
        Holding(Role(row.role), row.scope, row.zone) for row in rows if row.role is not None
    )
    limits = None if limited_to is None else frozenset(Permission(p) for p in limited_to)
    return Actor(rows[0].id, rows[0].name, holdings, limits, locale=rows[0].locale)


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who a token acts for, and until when."""

    actor: Actor
    expires_at: datetime


def token_bearer(session: Session, token: str, at: datetime) -> Bearer | None:
    """Who a token acts for; None when unknown, over or revoked, or where they left every post."""
    found = run(session, _TOKEN, {"digest": token_digest(token)}).one_or_none()
    if found is None or found.expires_at <= at:
        return None
    who = actor(session, found.person_id, at, found.permissions)
    return Bearer(who, found.expires_at) if who is not None and who.holdings else None


def roles_held(session: Session, person_id: int, at: datetime) -> list[Role]:
    """The roles of every post that somebody holds at `at` or will hold later."""
    going = or_(POST.until_at.is_(None), POST.until_at > at)
    rows = run(session, select(POST.role).where(POST.person_id == person_id, going).distinct())
    return [Role(row.role) for row in rows]


def post_ids(session: Session, person_id: int, at: datetime) -> list[int]:
    """Every post that somebody holds at `at` or will hold later."""
    going = or_(POST.until_at.is_(None), POST.until_at > at)
    wanted = select(POST.id).where(POST.person_id == person_id, going).order_by(POST.id)
    return [row.id for row in run(session, wanted)]


def by_login(session: Session, login: str) -> Person | None:
    """The person with this login, closed accounts included."""
    return session.scalar(select(Person).where(Person.login == login))


def names(session: Session, ids: Iterable[int | None]) -> dict[int, str]:
    """The names of people by id."""
    wanted = {one for one in ids if one is not None}
    if not wanted:
        return {}
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(wanted)))
    return {row.id: row.name for row in rows}


def logins(session: Session, ids: Iterable[int]) -> dict[int, str]:
    """The logins of people by id."""
    rows = session.execute(select(Person.id, Person.login).where(Person.id.in_(set(ids))))
    return {row.id: row.login for row in rows}


@dataclass(frozen=True, slots=True)
class NewPost:
    """A post to be given: role over a grid scope, or over a zone for property managers."""

    role: Role
    scope: str = ""
    zone: str | None = None
    deputy: bool = False


def add_person(
    session: Session, person: Person, posts: Sequence[NewPost], from_at: datetime
) -> Person:
    """Store a person with posts from `from_at` on."""
    session.add(person)
    session.flush()  # the posts need its id
    for post in posts:
        session.add(
            Post(
                person_id=person.id,
                role=post.role.value,
                scope=post.scope,
                zone=post.zone,
                deputy=post.deputy,
                from_at=from_at,
            )
        )
    session.flush()  # posts are looked up by statements that do not autoflush
    return person


def with_roles(session: Session, roles: Iterable[str], at: datetime) -> tuple[int, ...]:
    """Everybody who is there and holds a post of one of these roles anywhere."""
    wanted = _HOLDERS.where(POST.role.in_(list(roles)))
    rows = session.execute(wanted, {"now": at})
    return tuple(sorted({one.person_id for one in (Holder(*row) for row in rows) if one.present}))


def below(session: Session, scope: str, at: datetime) -> list[Holder]:
    """Everybody with a post at or below `scope` at `at`, the street's (scope "") included."""
    within = {"scope": scope, "low": f"{scope}/", "high": f"{scope}0", "now": at}
    rows = session.execute(_BELOW, within)
    return [Holder(*row) for row in rows]
