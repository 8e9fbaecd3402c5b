"""Adding people with their posts, and saying who is away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gridtrack.access import Permission, Role, require
from gridtrack.accounts import sessions
from gridtrack.accounts import store as accounts
from gridtrack.accounts.rules import NO_PASSWORD, hash_password
from gridtrack.accounts.separation import against
from gridtrack.accounts.store import NewPost
from gridtrack.accounts.tables import Absence, Person, Post
from gridtrack.errors import Conflict, Forbidden, Invalid, NotFound
from gridtrack.usecases.note import note
from gridtrack.work import Work

ZONED = {Role.PROPERTY}


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person to be added; the password is hashed before it is kept.

    Without one they set their own by an invitation (`usecases/invitations.py`).
    """

    login: str
    name: str
    password: str
    posts: tuple[NewPost, ...]
    phone: str = ""
    locale: str = "zh"


def add_person(work: Work, given: NewPerson, *, from_at: datetime | None = None) -> int:
    """Add a person with posts from `from_at` (now) on; returns the id.

    Raises Invalid for an empty login or name or a weak password, Conflict for a taken login or for
    posts that one person must not hold together.
    """
    require(work.actor, Permission.PEOPLE_EDIT)
    for field in ("login", "name"):
        if not getattr(given, field).strip():
            raise Invalid("required", field=field)
    _check_posts(given.posts)
    for number, post in enumerate(given.posts):
        _apart([one.role for one in given.posts[:number]], post.role)
    if accounts.by_login(work.session, given.login) is not None:
        raise Conflict("login-taken", login=given.login)
    person = Person(
        login=given.login.strip(),
        name=given.name.strip(),
        phone=given.phone,
        password_hash=_hashed(given),
        locale=given.locale,
        active=True,
        created_at=work.now,
    )
    accounts.add_person(work.session, person, given.posts, from_at or work.now)
    note(work, "person-added", f"person:{person.id}", posts=[_said(one) for one in given.posts])
    return person.id


def _said(post: NewPost) -> str:
    """A post in a line of the audit."""
    return f"{post.role.value}@{post.zone or post.scope}".rstrip("@")


def _hashed(given: NewPerson) -> str:
    if not given.password:
        return NO_PASSWORD
    return hash_password(given.password, (given.login, given.name, given.phone))


def _apart(held: Sequence[Role], given: Role) -> None:
    """Raise Conflict where one person must not hold these together."""
    stands = against(held, given)
    if stands is not None:
        raise Conflict("roles-apart", held=stands.value, role=given.value)


def _not_oneself(work: Work, person_id: int) -> None:
    """Nobody gives rights to themselves, not even who gives them to all."""
    if work.actor.person_id == person_id:
        raise Forbidden("post-own")


def _check_posts(posts: Sequence[NewPost]) -> None:
    """A property manager's post needs an estate; everybody else's has a grid path for its scope."""
    for post in posts:
        if (post.role in ZONED) != (post.zone is not None):
            raise Invalid("post-zone", field="zone", value=post.zone, role=post.role.value)


def give_post(work: Work, person_id: int, post: NewPost) -> int:
    """Give somebody one more post from now on; returns its id.

    Raises Conflict where it does not go with a post they hold or will hold, Forbidden for oneself.
    """
    require(work.actor, Permission.PEOPLE_EDIT)
    _check_posts((post,))
    _not_oneself(work, person_id)
    # Locked, so that two who give at once see each other's.
    if work.session.get(Person, person_id, with_for_update=True) is None:
        raise NotFound("no-such-person", field="person", value=person_id)
    _apart(accounts.roles_held(work.session, person_id, work.now), post.role)
    row = Post(
        person_id=person_id,
        role=post.role.value,
        scope=post.scope,
        zone=post.zone,
        deputy=post.deputy,
        from_at=work.now,
    )
    work.session.add(row)
    work.session.flush()  # its id is the answer
    note(work, "post-given", f"person:{person_id}", post=_said(post))
    return row.id


def end_post(work: Work, post_id: int) -> None:
    """End a post now; what it allowed ends at this instant.

    Their open matters are another step's (`usecases/leave_post.py`).
    """
    require(work.actor, Permission.PEOPLE_EDIT)
    post = work.session.get(Post, post_id)
    if post is None:
        raise NotFound("post-not-found", id=post_id)
    _not_oneself(work, post.person_id)
    post.until_at = work.now
    work.session.flush()  # whoever asks in this same work sees it ended


def set_absence(
    work: Work, person_id: int, from_at: datetime, until_at: datetime, reason: str = ""
) -> None:
    """Say that a person is away for a span; the deputy is asked instead."""
    require(work.actor, Permission.PEOPLE_EDIT)
    if until_at <= from_at:
        raise Invalid("span-backwards", field="until", value=until_at.isoformat())
    work.session.add(
        Absence(person_id=person_id, from_at=from_at, until_at=until_at, reason=reason)
    )
    work.session.flush()  # duty is asked by statements that do not autoflush


def set_password(work: Work, login: str, password: str) -> None:
    """Give somebody a new password; raises NotFound, or Invalid for a weak one."""
    require(work.actor, Permission.PEOPLE_EDIT)
    person = _known(work, login)
    person.password_hash = hash_password(password, (person.login, person.name, person.phone))
    sessions.end_all(work.session, person.id, "password", work.now)
    note(work, "password-set", f"person:{person.id}")
    work.session.flush()  # nothing else in this work writes it


def close_account(work: Work, login: str) -> None:
    """Close an account: no log-in, no session, no duty from this instant; the record stays."""
    require(work.actor, Permission.PEOPLE_EDIT)
    set_locked(work, _known(work, login).id, locked=True)


def set_locked(work: Work, person_id: int, *, locked: bool) -> None:
    """Lock an account or open it again: no log-in, no session, no token, no duty; posts stay."""
    require(work.actor, Permission.PEOPLE_EDIT)
    _not_oneself(work, person_id)
    person = work.session.get(Person, person_id)
    if person is None:
        raise NotFound("no-such-person", field="person", value=person_id)
    person.active = not locked
    if locked:
        sessions.end_all(work.session, person_id, "locked", work.now)
    note(work, "person-locked" if locked else "person-opened", f"person:{person_id}")
    work.session.flush()  # duty is asked by statements that do not autoflush


def change_person(work: Work, person_id: int, name: str, phone: str) -> None:
    """Another name or telephone; the login stays, for the record names it."""
    require(work.actor, Permission.PEOPLE_EDIT)
    person = work.session.get(Person, person_id)
    if person is None:
        raise NotFound("no-such-person", field="person", value=person_id)
    if not name.strip():
        raise Invalid("required", field="name")
    person.name, person.phone = name.strip()[:80], phone.strip()[:40]
    note(work, "person-changed", f"person:{person_id}")
    work.session.flush()  # names are asked by statements that do not autoflush


def _known(work: Work, login: str) -> Person:
    person = accounts.by_login(work.session, login)
    if person is None:
        raise NotFound("no-such-person", field="person", value=login)
    return person
