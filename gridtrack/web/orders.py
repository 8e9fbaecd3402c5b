"""Reminders and written orders: the forms on a matter, the list, and the sheet of one order."""

from collections.abc import Callable, Mapping

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from gridtrack.access import Permission
from gridtrack.errors import Conflict, GridtrackError, Invalid, NotFound, TooMany
from gridtrack.http.context import locale, look, work
from gridtrack.http.errors import status_of
from gridtrack.http.guard import may
from gridtrack.orders.rules import Step
from gridtrack.queries.orders import OrderPage, Which, listed_orders, order_page
from gridtrack.queries.place_names import place_names
from gridtrack.usecases.answer_order import answer_order
from gridtrack.usecases.judge_order import accept_answer, send_back
from gridtrack.usecases.supervise import NewOrder, supervise
from gridtrack.usecases.urge import urge
from gridtrack.usecases.withdraw_order import withdraw_order
from gridtrack.web import incident
from gridtrack.web.forms import files, local_time, messages, version
from gridtrack.web.gettext import gettext
from gridtrack.web.stories import say


@may(Permission.DIRECT)
def incident_urge(incident_id: int) -> AnyResponse | tuple[str, int]:
    """Remind the handler; too soon after the last time is told beside the form."""
    try:
        with work() as unit:
            done = urge(unit, incident_id, reason=request.form.get("reason", ""), version=version())
    except (Invalid, Conflict, TooMany) as error:
        return incident.again(incident_id, "urge", error)
    flash(gettext("Urged, %(count)d in all. The handler has been told.", count=done.count), "ok")
    return redirect(url_for("web.incident", incident_id=incident_id), code=303)


@may(Permission.SUPERVISE)
def incident_order(incident_id: int) -> AnyResponse | tuple[str, int]:
    """Give a written order; what is missing is shown on the matter's page, words kept."""
    try:
        new = NewOrder(
            text=request.form.get("text", ""),
            to=request.form.get("to", ""),
            level=request.form.get("level", ""),
            answer_by=local_time(request.form, "answer_by"),
        )
        with work() as unit:
            order_id = supervise(unit, incident_id, new, version=version())
    except (Invalid, Conflict) as error:
        return incident.again(incident_id, "order", error)
    flash(gettext("The order is given. Who is to answer has been told."), "ok")
    return redirect(url_for("web.order", order_id=order_id), code=303)


@may(Permission.SUPERVISE)
def orders() -> str:
    """The list of orders; `which` is open, overdue, answered or done."""
    asked, before = request.args.get("which", ""), request.args.get("before", "")
    which = Which(asked) if asked in set(Which) else Which.OPEN
    earlier = int(before) if before.isdigit() and len(before) < 19 else None
    with look() as unit:
        page = listed_orders(unit, which, locale(), earlier)
    return render_template("orders.html", page=page, say=say)


@may()
def order(order_id: int) -> str:
    """The sheet of one order, with what may be done to it; prints on one page of A4."""
    return _shown(order_id)


@may()
def order_step(order_id: int, step: str) -> AnyResponse | tuple[str, int]:
    """Answer, accept, send back or withdraw; what is missing or too late is told, words kept."""
    if step not in set(Step):
        raise NotFound("http-404")
    try:
        STEPS[Step(step)](order_id)
    except (Invalid, Conflict) as error:
        return _shown(order_id, step, error), status_of(error)
    flash(_done(Step(step)), "ok")
    return redirect(url_for("web.order", order_id=order_id), code=303)


def _shown(order_id: int, step: str = "", error: GridtrackError | None = None) -> str:
    with look() as unit:
        page: OrderPage = order_page(unit, order_id, locale())
        places = place_names(unit, locale())
    found = messages(error) if error is not None else {}
    return render_template(
        "order.html",
        page=page,
        places=places,
        say=say,
        typed={"step": step, **request.form.to_dict()} if step else {},
        errors={f"{step}-{name}": text for name, text in found.items()},
    )


def _round() -> int | None:
    seen = request.form.get("round", "")
    return int(seen) if seen.isdigit() and len(seen) < 9 else None


def _answer(order_id: int) -> None:
    sent = files()  # decoded before the work begins
    with work() as unit:
        answer_order(unit, order_id, request.form.get("text", ""), sent, _round())


def _accept(order_id: int) -> None:
    with work() as unit:
        comment = request.form.get("comment", "")
        accept_answer(unit, order_id, comment=comment, round_=_round())


def _send_back(order_id: int) -> None:
    answer_by, reason = local_time(request.form, "answer_by"), request.form.get("reason", "")
    with work() as unit:
        send_back(unit, order_id, reason=reason, answer_by=answer_by, round_=_round())


def _withdraw(order_id: int) -> None:
    with work() as unit:
        withdraw_order(unit, order_id, reason=request.form.get("reason", ""))


STEPS: Mapping[Step, Callable[[int], None]] = {
    Step.ANSWER: _answer,
    Step.ACCEPT: _accept,
    Step.SEND_BACK: _send_back,
    Step.WITHDRAW: _withdraw,
}


def _done(step: Step) -> str:
    words = {
        Step.ANSWER: gettext("Answered. The issuer has been told."),
        Step.ACCEPT: gettext("Accepted. The order is done."),
        Step.SEND_BACK: gettext("Sent back, with the reason."),
        Step.WITHDRAW: gettext("Withdrawn, with the reason."),
    }
    return words[step]
