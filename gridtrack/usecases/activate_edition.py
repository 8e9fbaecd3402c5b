"""Put an edition in force, now or at an instant to come; the one before stays readable."""

from datetime import datetime
from typing import Any

from gridtrack.access import Permission, require
from gridtrack.accounts.carrying import Carried, carry, put_back
from gridtrack.errors import Conflict, Invalid
from gridtrack.grids import editions
from gridtrack.grids import store as grids
from gridtrack.grids.changes import moved_paths
from gridtrack.grids.lifecycle import Act, Handover, State
from gridtrack.grids.tables import Edition
from gridtrack.incidents.intake import tidy_text
from gridtrack.usecases.check_in_edition import check_in
from gridtrack.usecases.follow_grids import follow_grids
from gridtrack.work import Work

REASON_LIMIT = 500


def activate_edition(
    work: Work,
    edition_id: int,
    at: datetime | None = None,
    *,
    reason: str = "",
    handover: Handover | None = None,
) -> Edition:
    """Put the edition in force from `at` (now when not given); later than now, it is scheduled.

    A draft whose check counts is checked in on the way. What was in force once stays so: only the
    very first edition may begin in the past. The worker moves the open matters of changed ground
    (`usecases.reroute`); `handover` says what of those somebody has acknowledged. Posts over grids
    that only get another path go on over the new one, and so does what else names them
    (`usecases.follow_grids`).

    Raises NotFound; Conflict: "edition-state", "edition-not-checked", "edition-faulty",
    "edition-other-scheduled"; Invalid("edition-in-the-past").
    """
    require(work.actor, Permission.GRIDS_EDIT)
    begin = work.now if at is None else at
    if begin > work.now:
        return schedule_edition(work, edition_id, begin, reason=reason, handover=handover)
    if begin < work.now and grids.edition_at(work.session, work.now) is not None:
        raise Invalid("edition-in-the-past", field="at", value=begin.isoformat())
    one = _ready(work, edition_id)
    _put_in_force(work, one, begin, _said(reason, handover))
    work.memo.forget("editions")
    return one


def schedule_edition(
    work: Work,
    edition_id: int,
    at: datetime,
    *,
    reason: str = "",
    handover: Handover | None = None,
) -> Edition:
    """Let the edition come into force by itself at `at`, which must be to come.

    One edition waits at a time: its impact was looked at against the one in force now. Raises as
    `activate_edition`, and Invalid("edition-not-later").
    """
    require(work.actor, Permission.GRIDS_EDIT)
    if at <= work.now:
        raise Invalid("edition-not-later", field="at", value=at.isoformat())
    one = _ready(work, edition_id)
    posts = carry(work.session, _moves(work, one, at), at).said()
    said = {"from": at.isoformat(), **_said(reason, handover), "posts": posts}
    _step(work, one, Act.SCHEDULE, said)
    editions.begin(work.session, one, at)
    work.memo.forget("editions")
    return one


def unschedule_edition(work: Work, edition_id: int, *, reason: str = "") -> Edition:
    """Take a scheduled edition back: it is checked again, and what is in force goes on."""
    require(work.actor, Permission.GRIDS_EDIT)
    one = editions.take_up(work.session, edition_id)
    if one.valid_from is not None and one.valid_from <= work.now:
        raise Conflict("edition-state", id=one.id, state=State.ACTIVE.value)
    _step(work, one, Act.UNSCHEDULE, {"reason": tidy_text("reason", reason, REASON_LIMIT)})
    _put_back(work, one)
    editions.call_off(work.session, one)
    work.memo.forget("editions")
    return one


def warm(work: Work, edition_id: int) -> None:
    """Make the look-ups of an edition ready before it comes into force: no report waits for them.

    In a unit of reading: ten thousand polygons take a second, which a writer must not.
    """
    require(work.actor, Permission.GRIDS_EDIT)
    one = grids.edition(work.session, edition_id)
    grids.partition_of(work.session, work.memo, one.id, one.revision)


def is_due(work: Work) -> bool:
    """True when the scheduled edition's instant has passed, and nobody has written it down yet."""
    require(work.actor, Permission.ENGINE)
    waiting = editions.scheduled(work.session)
    return waiting is not None and waiting.valid_from is not None and waiting.valid_from <= work.now


def come_into_force(work: Work) -> Edition | None:
    """Write down that the scheduled edition is in force where its instant has passed.

    Look-ups go by the dates and need no such thing; it is for people. Done twice it is done once.
    """
    require(work.actor, Permission.ENGINE)
    waiting = editions.scheduled(work.session)
    if waiting is None or waiting.valid_from is None or waiting.valid_from > work.now:
        return None
    one = editions.take_up(work.session, waiting.id)
    if one.state != State.SCHEDULED.value or one.valid_from is None:
        return None  # somebody was faster
    _put_in_force(work, one, one.valid_from, {"scheduled": True})
    return one


def _said(reason: str, handover: Handover | None) -> dict[str, Any]:
    decided = (handover or Handover()).said()
    return {"reason": tidy_text("reason", reason, REASON_LIMIT), "handover": decided}


def _ready(work: Work, edition_id: int) -> Edition:
    """The edition, its check looked at again, with no other waiting for its instant."""
    one = editions.take_up(work.session, edition_id)
    waiting = editions.scheduled(work.session)
    if waiting is not None and waiting.id != one.id:
        raise Conflict("edition-other-scheduled", id=one.id, other=waiting.id)
    if one.state == State.DRAFT.value:
        check_in(work, one)
    editions.require_checked(one)
    return one


def _put_in_force(work: Work, one: Edition, at: datetime, said: dict[str, Any]) -> None:
    if one.valid_from is not None and one.valid_from != at:
        _put_back(work, one)  # sooner than was scheduled
    moves = _moves(work, one, at)
    followed = follow_grids(work, one.id, moves)
    posts = carry(work.session, moves, at).said()
    _step(work, one, Act.ACTIVATE, {**said, "posts": posts, "followed": followed})
    last = editions.begin(work.session, one, at)
    if last is not None and last.state == State.ACTIVE.value:
        _step(work, last, Act.RETIRE, {"by": one.id})


def _moves(work: Work, one: Edition, at: datetime) -> dict[str, str]:
    """A grid with another code or other grids above it keeps its people: posts are paths."""
    last = editions.last_before(work.session, one, at)
    return {} if last is None else moved_paths(work.session, last.id, one.id)


def _put_back(work: Work, one: Edition) -> None:
    assert one.valid_from is not None
    for entry in grids.entries(work.session, one.id):
        if entry.kind == "scheduled":
            carried = Carried.of(entry.data.get("posts", {}))
            put_back(work.session, carried, one.valid_from)
            return


def _step(work: Work, one: Edition, act: Act, said: dict[str, Any]) -> None:
    editions.step(work.session, one, act, said, actor=work.actor, at=work.now)
