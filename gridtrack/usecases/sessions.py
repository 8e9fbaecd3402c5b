"""A person's sessions: who is there at each request, which are open, and how they end."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from gridtrack.access import Actor, Permission, require
from gridtrack.accounts import sessions
from gridtrack.accounts import store as accounts
from gridtrack.accounts.log_in_rules import (
    TOUCH_EVERY,
    Device,
    Open,
    SecondFactor,
    Standing,
    Terms,
    standing,
)
from gridtrack.audit.rules import REFUSED
from gridtrack.errors import NotFound, Unauthenticated
from gridtrack.settings import Settings
from gridtrack.usecases.note import note
from gridtrack.work import Work


def terms_of(settings: Settings) -> Terms:
    """What this deployment decided about sessions."""
    return Terms(
        idle=timedelta(minutes=settings.session_idle_minutes),
        idle_administrators=timedelta(minutes=settings.session_idle_admin_minutes),
        longest=timedelta(hours=settings.session_hours),
        second_factor=SecondFactor(settings.second_factor),
    )


@dataclass(frozen=True, slots=True)
class Present:
    """Whose session a key is, with the posts of this very instant, and how it stands."""

    session_id: int
    actor: Actor
    standing: Standing
    touch: bool
    has_second: bool


def who_is_there(work: Work, key: str, device: Device) -> Present | None:
    """The person of a session's key; None for one that is unknown, ended or closed."""
    require(work.actor, Permission.ENGINE)
    found = sessions.of_key(work.session, key)
    if found is None:
        return None
    one, has = found
    person = accounts.actor(work.session, one.person_id, work.now)
    if person is None:
        return None
    terms = terms_of(work.settings)
    stands = standing(one, work.now, device, person.holdings, terms, has=has)
    return Present(one.id, person, stands, work.now - one.seen_at >= TOUCH_EVERY, has)


def touch_session(work: Work, session_id: int) -> None:
    """It is in use: written once a minute at most."""
    require(work.actor, Permission.ENGINE)
    sessions.touch(work.session, session_id, work.now)


def doubt_session(work: Work, present: Present) -> None:
    """End a session whose cookie came from another browser: it was carried away."""
    require(work.actor, Permission.ENGINE)
    sessions.end(work.session, [present.session_id], "doubted", work.now)
    note(work, "session-doubted", f"session:{present.session_id}", REFUSED)


def log_out(work: Work, session_id: int) -> None:
    """End the session that this very request came with."""
    me = _me(work)
    sessions.end(work.session, [session_id], "log-out", work.now)
    note(work, "log-out", f"person:{me}")


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A session as its person sees it."""

    id: int
    agent: str
    address: str
    created_at: datetime
    seen_at: datetime
    current: bool


def sessions_of(work: Work, current: int | None) -> tuple[SessionLine, ...]:
    """One's own open sessions, the newest first."""
    me = _me(work)
    since = work.now - timedelta(minutes=work.settings.session_idle_minutes)
    return tuple(_line(one, current) for one in sessions.of_person(work.session, me, since))


def end_session(work: Work, session_id: int) -> None:
    """End one of one's own; raises NotFound for anybody else's."""
    me = _me(work)
    mine = sessions.of_person(work.session, me, work.now - timedelta(days=400))
    if session_id not in {one.id for one in mine}:
        raise NotFound("session-not-found", id=session_id)
    sessions.end(work.session, [session_id], "by person", work.now)
    note(work, "session-end", f"session:{session_id}")


def end_other_sessions(work: Work, current: int | None) -> int:
    """End all one's own but this one; returns how many."""
    me = _me(work)
    ended = sessions.end_all(work.session, me, "by person", work.now, but=current)
    note(work, "session-end-others", f"person:{me}", count=ended)
    return ended


def end_sessions_of(work: Work, person_id: int) -> int:
    """End everything somebody is logged in with: the security administrator's."""
    require(work.actor, Permission.PEOPLE_EDIT)
    ended = sessions.end_all(work.session, person_id, "by administrator", work.now)
    note(work, "sessions-end", f"person:{person_id}", count=ended)
    return ended


def _me(work: Work) -> int:
    """Who asks: a person at a browser; a token stands for nobody here."""
    if work.actor.person_id is None or work.actor.limited_to is not None:
        raise Unauthenticated("login-required")
    return work.actor.person_id


def _line(one: Open, current: int | None) -> SessionLine:
    return SessionLine(
        one.id, one.agent, one.address, one.created_at, one.seen_at, one.id == current
    )
