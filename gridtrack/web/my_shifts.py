"""One's own shifts: swaps, handover notes and leave; for who leads, the leave of their people."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from gridtrack.access import Permission
from gridtrack.errors import Conflict, Forbidden, Invalid, NotFound
from gridtrack.http.context import actor, locale, look, work
from gridtrack.http.errors import status_of
from gridtrack.http.guard import may
from gridtrack.queries.my_shifts import leave_page, my_page
from gridtrack.usecases.handover import leave_note, take_note
from gridtrack.usecases.leave import LeaveGiven, end_leave, enter_leave
from gridtrack.usecases.swaps import ShiftKey, answer_swap, ask_swap, decide_swap, withdraw_swap
from gridtrack.web.asked import whole
from gridtrack.web.forms import local_time, messages
from gridtrack.web.gettext import gettext
from gridtrack.work import Work

_SWAP_ACTS: Mapping[str, Callable[[Work, int], str]] = {
    "take": partial(answer_swap, takes=True),
    "decline": partial(answer_swap, takes=False),
    "approve": partial(decide_swap, approves=True),
    "refuse": partial(decide_swap, approves=False),
    "withdraw": withdraw_swap,
}


@may(Permission.DUTY_SEE)
def my_shifts() -> str:
    """The page of one's own."""
    return _mine({})


@may(Permission.DUTY_SEE)
def swap_ask() -> AnyResponse | tuple[str, int]:
    """Ask somebody to take a shift."""
    form = request.form
    try:
        key = ShiftKey(_number("roster"), _date(), _number("begin"))
        taker = whole(form.get("taker", ""))
        if taker is None:
            raise Invalid("required", field="taker")  # noqa: TRY301 - told beside the field
        with work() as unit:
            ask_swap(unit, key, taker, form.get("reason", ""))
    except (Invalid, Conflict, Forbidden, NotFound) as error:
        return _mine(messages(error)), status_of(error)
    flash(gettext("Asked. The shift stays yours until it is taken."), "ok")
    return redirect(url_for("web.my_shifts"), code=303)


@may(Permission.DUTY_SEE)
def swap_act(swap_id: int, act: str) -> AnyResponse | tuple[str, int]:
    """Take, decline, approve, refuse or withdraw."""
    if act not in _SWAP_ACTS:
        raise NotFound("swap-not-found", id=swap_id)
    try:
        with work() as unit:
            state = _SWAP_ACTS[act](unit, swap_id)
    except (Invalid, Conflict, Forbidden) as error:
        return _mine(messages(error)), status_of(error)
    flash(_said(state), "ok")
    return redirect(url_for("web.my_shifts"), code=303)


@may(Permission.DUTY_SEE)
def note_leave() -> AnyResponse | tuple[str, int]:
    """Leave a note for whoever is on next."""
    try:
        with work() as unit:
            leave_note(unit, _number("roster"), request.form.get("text", ""))
    except (Invalid, Forbidden, NotFound) as error:
        return _mine(messages(error)), status_of(error)
    flash(gettext("Left. Whoever is on next sees it."), "ok")
    return redirect(url_for("web.my_shifts"), code=303)


@may(Permission.DUTY_SEE)
def note_take(note_id: int) -> AnyResponse:
    """Say that one has read a note."""
    with work() as unit:
        take_note(unit, note_id)
    return redirect(url_for("web.my_shifts"), code=303)


@may(Permission.DUTY_SEE)
def leave_enter() -> AnyResponse | tuple[str, int]:
    """Enter leave: one's own, or (a person is named) that of somebody one leads."""
    form = request.form
    other = whole(form.get("person", ""))
    try:
        begin, end = (local_time(form, name) for name in ("from", "until"))
        if begin is None or end is None:
            raise Invalid("required", field="until" if begin else "from")  # noqa: TRY301 - as above
        given = LeaveGiven(
            person_id=other or actor().person_id or 0,
            from_at=begin,
            until_at=end,
            reason=form.get("reason", ""),
            deputy_id=whole(form.get("deputy", "")),
        )
        with work() as unit:
            enter_leave(unit, given)
    except (Invalid, Conflict) as error:
        again = _led if "person" in form else _mine
        return again(messages(error)), status_of(error)
    flash(gettext("Entered. Whoever was named stands in."), "ok")
    return redirect(url_for("web.leave" if "person" in form else "web.my_shifts"), code=303)


@may(Permission.DUTY_SEE)
def leave_end(leave_id: int) -> AnyResponse:
    """Take a leave back."""
    with work() as unit:
        end_leave(unit, leave_id)
    flash(gettext("Taken back."), "ok")
    return redirect(url_for("web.leave" if "led" in request.form else "web.my_shifts"), code=303)


@may(Permission.DUTY_EDIT)
def leave() -> str:
    """Leave of the people whom one leads."""
    return _led({})


def _mine(errors: dict[str, str]) -> str:
    with look() as unit:
        page = my_page(unit, locale())
    return render_template("my_shifts.html", page=page, errors=errors, typed=request.form)


def _led(errors: dict[str, str]) -> str:
    with look() as unit:
        page = leave_page(unit)
    return render_template("leave.html", page=page, errors=errors, typed=request.form)


def _date() -> date:
    try:
        return date.fromisoformat(request.form.get("date", ""))
    except ValueError as error:
        raise Invalid("not-a-date", field="date", value=request.form.get("date")) from error


def _number(name: str) -> int:
    return whole(request.form.get(name, "")) or 0


def _said(state: str) -> str:
    words = {
        "done": gettext("The swap counts from now on."),
        "waiting": gettext("Taken. It counts once the leader approves."),
        "declined": gettext("Declined."),
        "refused": gettext("Not approved."),
        "withdrawn": gettext("Taken back."),
    }
    return words[state]
