"""Setting up and showing the second factor: six digits, or a code for a day without the phone."""

from dataclasses import dataclass

from gridtrack.access import Permission, require
from gridtrack.accounts import second_factor as factor
from gridtrack.accounts import sessions
from gridtrack.accounts.tables import Person, SecondFactorKey
from gridtrack.audit.rules import REFUSED
from gridtrack.errors import NotFound, Unauthenticated
from gridtrack.usecases.note import note
from gridtrack.work import Work

WRONG_MOST = 5


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What is shown to set up a telephone: the picture's text and the secret to type."""

    uri: str
    secret: str


def is_set_up(work: Work) -> bool:
    """True where the actor has a second factor that can be read."""
    row = factor.get(work.session, _me(work))
    return row is not None and row.confirmed_at is not None and _readable(work, row)


def set_up(work: Work) -> Enrolment:
    """Begin to set it up, or go on: the same secret until it is confirmed.

    Raises NotFound where there is one already: it is taken away by whoever proved it, or by the
    security administrator.
    """
    me = _me(work)
    person = work.session.get(Person, me)
    assert person is not None
    row = factor.get(work.session, me)
    if row is not None and row.confirmed_at is not None and _readable(work, row):
        raise NotFound("second-factor-there")
    if row is None or row.confirmed_at is not None or not _readable(work, row):
        row = factor.begin(work.session, me, work.secret, work.now)
        note(work, "second-factor-begin", f"person:{me}")
    else:
        note(work, "second-factor-shown", f"person:{me}")
    secret = factor.opened(row, work.secret)
    return Enrolment(factor.uri(row, person.login, work.secret), secret)


def confirm(work: Work, session_id: int, code: str, address: str) -> tuple[str, ...] | None:
    """Set up with the first right digits: the codes to keep, or None for wrong digits."""
    me = _me(work)
    row = factor.get(work.session, me)
    if row is None or row.confirmed_at is not None:
        raise NotFound("second-factor-gone")
    if not factor.fits(row, code, work.secret, work.now):
        _wrong(work, me, session_id)
        return None
    row.confirmed_at = work.now
    codes = factor.new_codes(row, work.secret)
    sessions.prove(work.session, session_id, address, work.now)
    sessions.succeeded(work.session, _key(me))
    work.session.flush()
    note(work, "second-factor-set", f"person:{me}")
    return codes


def show(work: Work, session_id: int, code: str, address: str) -> bool:
    """Prove a session with the digits of now or with a recovery code; False for a wrong one.

    After five wrong ones in a row the session ends: the password is asked again.
    """
    me = _me(work)
    row = factor.get(work.session, me)
    if row is None or row.confirmed_at is None:
        raise NotFound("second-factor-gone")
    by_code = False
    right = factor.fits(row, code, work.secret, work.now)
    if not right:
        by_code = right = factor.used_code(row, code, work.secret)
    if not right:
        _wrong(work, me, session_id)
        return False
    sessions.prove(work.session, session_id, address, work.now)
    sessions.succeeded(work.session, _key(me))
    work.session.flush()
    note(work, "second-factor", f"person:{me}", recovery=by_code)
    return True


def codes_left(work: Work) -> int:
    """How many recovery codes the actor has left."""
    row = factor.get(work.session, _me(work))
    return len(row.recovery) if row is not None else 0


def renew_codes(work: Work, code: str) -> tuple[str, ...] | None:
    """New recovery codes for whoever shows the digits of now; None for wrong ones."""
    me = _me(work)
    row = factor.get(work.session, me)
    if row is None or not factor.fits(row, code, work.secret, work.now):
        note(work, "second-factor-codes", f"person:{me}", REFUSED)
        return None
    codes = factor.new_codes(row, work.secret)
    work.session.flush()
    note(work, "second-factor-codes", f"person:{me}")
    return codes


def reset_second_factor(work: Work, person_id: int) -> None:
    """Take somebody's away, who lost the telephone: they set up a new one at the next log-in."""
    require(work.actor, Permission.PEOPLE_EDIT)
    if work.session.get(Person, person_id) is None:
        raise NotFound("no-such-person", field="person", value=person_id)
    factor.forget(work.session, person_id)
    sessions.end_all(work.session, person_id, "second factor", work.now)
    note(work, "second-factor-reset", f"person:{person_id}")


def _wrong(work: Work, me: int, session_id: int) -> None:
    failures = sessions.failed_alone(work.session, _key(me), work.now)
    note(work, "second-factor", f"person:{me}", REFUSED, failures=failures)
    if failures >= WRONG_MOST:
        sessions.end(work.session, [session_id], "second factor", work.now)
        sessions.succeeded(work.session, _key(me))


def _key(me: int) -> str:
    return f"second:{me}"


def _readable(work: Work, row: SecondFactorKey) -> bool:
    return factor.is_readable(row, work.secret)


def _me(work: Work) -> int:
    if work.actor.person_id is None or work.actor.limited_to is not None:
        raise Unauthenticated("login-required")
    return work.actor.person_id
