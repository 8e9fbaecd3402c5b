"""Leave, entered by the person or by whoever leads them; the deputy named stands in."""

from dataclasses import dataclass
from datetime import datetime

from gridtrack.access import Permission, permits, require
from gridtrack.accounts import store as accounts
from gridtrack.accounts.tables import Absence, Person
from gridtrack.duty import store
from gridtrack.duty.store import Change
from gridtrack.errors import Conflict, Forbidden, Invalid, NotFound
from gridtrack.incidents.intake import tidy_text
from gridtrack.queries.rostered import leads
from gridtrack.work import Work

REASON_LIMIT = 200


@dataclass(frozen=True, slots=True)
class LeaveGiven:
    """Somebody is away from an instant to another; `deputy_id` stands in, None: by post."""

    person_id: int
    from_at: datetime
    until_at: datetime
    reason: str = ""
    deputy_id: int | None = None


def enter_leave(work: Work, given: LeaveGiven) -> int:
    """Enter a leave and return its id.

    Raises Forbidden for somebody else's whom the actor does not lead; Invalid for a span that is
    over or backwards, and for a deputy who is the same person or away in that time.
    """
    require(work.actor, Permission.DUTY_SEE)
    _may(work, given.person_id)
    if given.until_at <= given.from_at:
        raise Invalid("span-backwards", field="until", value=given.until_at.isoformat())
    if given.until_at <= work.now:
        raise Invalid("leave-over", field="until", value=given.until_at.isoformat())
    there = accounts.absences(work.session, given.from_at, given.until_at)
    if any(one.person_id == given.person_id for one in there):
        raise Conflict("leave-twice", field="from")
    if given.deputy_id is not None:
        _check_deputy(work, given, {one.person_id for one in there})
    row = Absence(
        person_id=given.person_id,
        from_at=given.from_at,
        until_at=given.until_at,
        reason=tidy_text("reason", given.reason, REASON_LIMIT),
        deputy_id=given.deputy_id,
    )
    work.session.add(row)
    work.session.flush()  # its id is the answer, and duty is asked past the session
    _record(work, "leave", row)
    return row.id


def end_leave(work: Work, leave_id: int) -> None:
    """Take a leave back: one that has begun ends now, one to come is no more."""
    require(work.actor, Permission.DUTY_SEE)
    row = work.session.get(Absence, leave_id)
    if row is None or row.until_at <= work.now:
        raise NotFound("leave-not-found", id=leave_id)
    _may(work, row.person_id)
    _record(work, "leave-ended", row)
    if row.from_at >= work.now:
        work.session.delete(row)
    else:
        row.until_at = work.now
    work.session.flush()  # duty is asked past the session


def _may(work: Work, person_id: int) -> None:
    me = work.actor.person_id
    if me is not None and me == person_id:
        return
    if not (permits(work.actor, Permission.DUTY_EDIT) and leads(work, person_id)):
        raise Forbidden("forbidden", permission=Permission.DUTY_EDIT.value, scope="")


def _check_deputy(work: Work, given: LeaveGiven, away: set[int]) -> None:
    if given.deputy_id == given.person_id:
        raise Invalid("deputy-self", field="deputy")
    deputy = work.session.get(Person, given.deputy_id)
    if deputy is None or not deputy.active:
        raise Invalid("no-such-person", field="deputy", value=given.deputy_id)
    if given.deputy_id in away:
        raise Invalid("deputy-away", field="deputy", value=deputy.name)


def _record(work: Work, kind: str, row: Absence) -> None:
    """Who is away is written down; why is not, it is nobody else's."""
    said = {"person": row.person_id, "deputy": row.deputy_id}
    said_at = {"from": row.from_at.isoformat(), "until": row.until_at.isoformat()}
    actor = work.actor
    change = Change(work.now, actor.person_id, actor.name, kind, None, {**said, **said_at})
    store.append(work.session, change)
    store.forget(work.memo)
