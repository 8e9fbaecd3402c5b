"""Swaps: one asks another to take a shift, the other takes it, a leader approves where set."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from gridtrack.access import Permission, require
from gridtrack.accounts import store as accounts
from gridtrack.duty import store
from gridtrack.duty.book import spans_between
from gridtrack.duty.rules import Roster, Span
from gridtrack.duty.store import Change
from gridtrack.duty.tables import SwapRow
from gridtrack.errors import Conflict, Forbidden, Invalid, NotFound
from gridtrack.incidents.intake import tidy_text
from gridtrack.notifications import store as notifications
from gridtrack.notifications.store import Told
from gridtrack.queries.on_duty import book_of
from gridtrack.queries.rostered import may_edit, who_may_stand
from gridtrack.work import Work

REASON_LIMIT = 200
OPEN = ("asked", "waiting")


@dataclass(frozen=True, slots=True)
class ShiftKey:
    """A shift: its roster, the date on which it begins, the minute of that date."""

    roster_id: int
    date: date
    begin: int


def ask_swap(work: Work, key: ShiftKey, taker_id: int, reason: str = "") -> int:
    """Ask somebody to take a shift of the actor's; returns the id of the swap.

    Raises Invalid for oneself, for somebody without such a post, on leave or on another shift then,
    and for a shift that has ended; Conflict where it was asked already.
    """
    require(work.actor, Permission.DUTY_SEE)
    me = work.actor.person_id
    roster, span = _shift(work, key)
    if me is None or me not in span.team:
        raise Forbidden("swap-not-yours", roster=roster.name)
    _check_taker(work, roster, span, taker_id, me)
    if any(_same(one, key, me) for one in store.open_swaps(work.session, key.date)):
        raise Conflict("swap-asked", field="taker")
    row = SwapRow(
        roster_id=key.roster_id,
        date=key.date,
        begin=key.begin,
        giver_id=me,
        taker_id=taker_id,
        state="asked",
        reason=tidy_text("reason", reason, REASON_LIMIT),
        asked_at=work.now,
    )
    work.session.add(row)
    work.session.flush()  # its id is the answer
    _record(work, row)
    _tell(work, row, "asked", (taker_id,))
    return row.id


def answer_swap(work: Work, swap_id: int, *, takes: bool) -> str:
    """Take a shift one was asked for, or not; returns the state: done, waiting or declined.

    Raises as `ask_swap` where it cannot be taken any more.
    """
    require(work.actor, Permission.DUTY_SEE)
    row = store.swap(work.session, swap_id)
    if row.taker_id != work.actor.person_id:
        raise NotFound("swap-not-found", id=swap_id)
    _expect(row, ("asked",))
    row.answered_at = work.now
    if not takes:
        return _settle(work, row, "declined", (row.giver_id,))
    roster, span = _shift(work, _key(row))
    _check_taker(work, roster, span, row.taker_id, row.giver_id)
    if roster.approval:
        row.state = "waiting"
        work.session.flush()  # read by statements that do not autoflush
        _record(work, row)
        return row.state
    return _settle(work, row, "done", (row.giver_id,))


def decide_swap(work: Work, swap_id: int, *, approves: bool) -> str:
    """The leader's word on a swap that was taken; nobody decides a swap of their own."""
    require(work.actor, Permission.DUTY_EDIT)
    row = store.swap(work.session, swap_id)
    roster = store.get(work.session, row.roster_id)
    if not may_edit(work, roster.scope, roster.zone):
        raise NotFound("swap-not-found", id=swap_id)
    if work.actor.person_id in (row.giver_id, row.taker_id):
        raise Forbidden("swap-own-decision")
    _expect(row, ("waiting",))
    if approves:
        found, span = _shift(work, _key(row))
        _check_taker(work, found, span, row.taker_id, row.giver_id)
    return _settle(work, row, "done" if approves else "refused", (row.giver_id, row.taker_id))


def withdraw_swap(work: Work, swap_id: int) -> str:
    """Take back what one has asked, as long as it is not done."""
    require(work.actor, Permission.DUTY_SEE)
    row = store.swap(work.session, swap_id)
    if row.giver_id != work.actor.person_id:
        raise NotFound("swap-not-found", id=swap_id)
    _expect(row, OPEN)
    return _settle(work, row, "withdrawn", (row.taker_id,))


def _key(row: SwapRow) -> ShiftKey:
    return ShiftKey(row.roster_id, row.date, row.begin)


def _same(row: SwapRow, key: ShiftKey, giver_id: int) -> bool:
    return _key(row) == key and row.giver_id == giver_id


def _shift(work: Work, key: ShiftKey) -> tuple[Roster[int], Span[int]]:
    """The shift, not over yet, with the swaps that are done already."""
    store.forget(work.memo)  # what this process remembers may be a second old
    for one in book_of(work).all:
        if one.roster.id == key.roster_id:
            spans = [span for span in one.on(key.date) if span.hours.begin == key.begin]
            if not spans or spans[0].off:
                break
            if spans[0].end <= work.now:
                raise Invalid("swap-past", field="date", value=key.date.isoformat())
            return one.roster, spans[0]
    raise NotFound("shift-not-found", value=key.date.isoformat())


def _check_taker(
    work: Work, roster: Roster[int], span: Span[int], taker_id: int, giver_id: int
) -> None:
    if giver_id not in span.team:
        raise Conflict("swap-shift-changed", value=span.date.isoformat())
    if taker_id == giver_id:
        raise Invalid("swap-self", field="taker")
    people = {one.person_id: one.name for one in who_may_stand(work, roster)}
    if taker_id not in people:
        raise Invalid("swap-no-post", field="taker", value=taker_id, role=roster.role)
    name = people[taker_id]
    if taker_id in span.team:
        raise Invalid("swap-on-it", field="taker", value=name)
    away = accounts.absences(work.session, span.begin, span.end)
    if any(one.person_id == taker_id for one in away):
        raise Invalid("swap-on-leave", field="taker", value=name)
    other = _busy(work, roster, span, taker_id)
    if other is not None:
        raise Invalid("swap-overlap", field="taker", value=name, other=other)


def _busy(work: Work, roster: Roster[int], span: Span[int], person_id: int) -> str | None:
    """Another shift of that person at the time, in words."""
    for one in book_of(work).all:
        if one.roster.kind is not roster.kind:
            continue
        for other in spans_between(one, span.begin, span.end):
            if person_id in other.team and not other.off:
                return f"{one.roster.name} {other.date.isoformat()} {other.hours}"
    return None


def _expect(row: SwapRow, states: tuple[str, ...]) -> None:
    if row.state not in states:
        raise Conflict("swap-settled", id=row.id)


def _settle(work: Work, row: SwapRow, state: str, told: tuple[int, ...]) -> str:
    row.state, row.decided_at, row.decided_by = state, work.now, work.actor.person_id
    work.session.flush()  # rosters are read by statements that do not autoflush
    _record(work, row)
    _tell(work, row, state, told)
    return state


def _record(work: Work, row: SwapRow) -> None:
    said: dict[str, Any] = {"swap": row.id, "date": row.date.isoformat(), "begin": row.begin}
    said |= {"giver": row.giver_id, "taker": row.taker_id}
    actor = work.actor
    change = Change(work.now, actor.person_id, actor.name, f"swap-{row.state}", row.roster_id, said)
    store.append(work.session, change)
    store.forget(work.memo)


def _tell(work: Work, row: SwapRow, state: str, people: tuple[int, ...]) -> None:
    names = accounts.names(work.session, (row.giver_id, row.taker_id))
    roster = store.get(work.session, row.roster_id)
    _, span = _shift_or_none(work, row)
    facts = {
        "roster": roster.name,
        "state": state,
        "giver": names.get(row.giver_id, ""),
        "taker": names.get(row.taker_id, ""),
        "date": row.date.isoformat(),
        "begin": span.begin.isoformat() if span else None,
        "end": span.end.isoformat() if span else None,
    }
    cause = f"swap:{row.id}:{state}"
    told = Told(cause, "duty-swap", None, people, roster.scope, facts, inbox_only=True)
    notifications.enqueue(work.session, work.memo, [told], work.now)


def _shift_or_none(work: Work, row: SwapRow) -> tuple[Roster[int] | None, Span[int] | None]:
    try:
        return _shift(work, _key(row))
    except (Invalid, NotFound):
        return None, None
