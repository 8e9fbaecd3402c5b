"""People as the security administrator sees them: who may do what where, and since when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select

from gridtrack.access import Permission, require
from gridtrack.accounts import second_factor as factor
from gridtrack.accounts import sessions
from gridtrack.accounts.rules import NO_PASSWORD
from gridtrack.accounts.tables import ApiToken, Person, Post
from gridtrack.errors import NotFound
from gridtrack.queries.place_names import place_names
from gridtrack.work import Work

PAGE = 50


@dataclass(frozen=True, slots=True)
class PostLine:
    """A post in force or to come."""

    id: int
    role: str
    scope: str
    place: str
    deputy: bool
    from_at: datetime
    to_come: bool


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody in the list."""

    id: int
    login: str
    name: str
    active: bool
    invited: bool  # no password yet
    posts: tuple[PostLine, ...]


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """A part of the list; `more_after` asks for the next."""

    lines: tuple[PersonLine, ...]
    total: int
    more_after: int | None


@dataclass(frozen=True, slots=True)
class PersonPage:
    """One person with everything that lets them in."""

    line: PersonLine
    phone: str
    sessions: int
    second_factor: bool
    tokens: int
    oneself: bool


def people_page(work: Work, asked: str, after: int, locale: str) -> PeoplePage:
    """Everybody whose login or name has `asked` in it, by number, a page from `after` on."""
    require(work.actor, Permission.PEOPLE_EDIT)
    like = f"%{asked.replace('%', '').replace('_', '')}%"
    fits = or_(Person.login.ilike(like), Person.name.ilike(like))
    total = work.session.scalar(select(func.count()).select_from(Person).where(fits)) or 0
    wanted = select(Person).where(fits, Person.id > after).order_by(Person.id).limit(PAGE + 1)
    found = work.session.scalars(wanted).all()
    posts = _posts(work, [one.id for one in found], locale)
    lines = tuple(_line(one, posts) for one in found[:PAGE])
    return PeoplePage(lines, total, lines[-1].id if len(found) > PAGE else None)


def person_page(work: Work, person_id: int, locale: str) -> PersonPage:
    """One person; raises NotFound."""
    require(work.actor, Permission.PEOPLE_EDIT)
    person = work.session.get(Person, person_id)
    if person is None:
        raise NotFound("person-not-found", id=person_id)
    row = factor.get(work.session, person_id)
    since = work.now - timedelta(minutes=work.settings.session_idle_minutes)
    tokens = select(func.count()).where(
        ApiToken.person_id == person_id,
        ApiToken.revoked_at.is_(None),
        ApiToken.expires_at > work.now,
    )
    return PersonPage(
        line=_line(person, _posts(work, [person_id], locale)),
        phone=person.phone,
        sessions=len(sessions.of_person(work.session, person_id, since)),
        second_factor=row is not None and row.confirmed_at is not None,
        tokens=work.session.scalar(tokens) or 0,
        oneself=person_id == work.actor.person_id,
    )


def _posts(work: Work, ids: Sequence[int], locale: str) -> Mapping[int, list[PostLine]]:
    names = place_names(work, locale)
    going = or_(Post.until_at.is_(None), Post.until_at > work.now)
    rows = work.session.scalars(
        select(Post).where(Post.person_id.in_(ids), going).order_by(Post.id)
    )
    found: dict[int, list[PostLine]] = {}
    for row in rows:
        where = row.zone or row.scope
        place = names.get(row.zone or row.scope.rpartition("/")[2], where)
        line = PostLine(
            row.id, row.role, where, place, row.deputy, row.from_at, row.from_at > work.now
        )
        found.setdefault(row.person_id, []).append(line)
    return found


def _line(person: Person, posts: Mapping[int, Any]) -> PersonLine:
    return PersonLine(
        person.id,
        person.login,
        person.name,
        person.active,
        person.password_hash == NO_PASSWORD,
        tuple(posts.get(person.id, ())),
    )
