"""Reminders and written orders about an incident, for machines."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from flask import Response
from pydantic import BaseModel

from gridtrack.access import Permission
from gridtrack.api import given
from gridtrack.api.answers import OrderOut, PressedOut, SaidOut, UrgedOut
from gridtrack.api.out import answered, where
from gridtrack.api.schemas import AcceptIn, AnswerIn, OrderIn, SendBackIn, UrgeIn, WithdrawIn
from gridtrack.errors import NotFound
from gridtrack.http.context import locale, work
from gridtrack.http.guard import may
from gridtrack.orders import store as orders
from gridtrack.orders.rules import Step
from gridtrack.queries.orders import OrderPage, Pressed, order_page
from gridtrack.usecases.answer_order import answer_order
from gridtrack.usecases.judge_order import accept_answer, send_back
from gridtrack.usecases.supervise import NewOrder, supervise
from gridtrack.usecases.urge import urge
from gridtrack.usecases.withdraw_order import withdraw_order
from gridtrack.work import Work

BODIES: Mapping[Step, type[BaseModel]] = {
    Step.ANSWER: AnswerIn,
    Step.ACCEPT: AcceptIn,
    Step.SEND_BACK: SendBackIn,
    Step.WITHDRAW: WithdrawIn,
}


@may(Permission.DIRECT)
def urge_it(incident_id: int) -> Response:
    """Remind whoever handles it; 429 says when the same person may do so again."""
    sent = given.body(UrgeIn)
    with work() as unit:
        done = urge(unit, incident_id, reason=sent.reason, version=sent.version)
    out = UrgedOut(id=incident_id, version=done.version, urges=done.count)
    return answered(out, HTTPStatus.CREATED, location=where(incident_id))


@may(Permission.SUPERVISE)
def order_it(incident_id: int) -> Response:
    """Give an order; at most one is open on an incident."""
    sent = given.body(OrderIn)
    new = NewOrder(sent.text, sent.to, sent.level, sent.answer_by)
    with work() as unit:
        order_id = supervise(unit, incident_id, new, version=sent.version)
        page = order_page(unit, order_id, locale())
    return answered(_out(page), HTTPStatus.CREATED, location=where(incident_id))


def _answer(unit: Work, order_id: int, sent: Any) -> None:
    answer_order(unit, order_id, sent.text, round_=sent.round)


def _accept(unit: Work, order_id: int, sent: Any) -> None:
    accept_answer(unit, order_id, comment=sent.comment, round_=sent.round)


def _send_back(unit: Work, order_id: int, sent: Any) -> None:
    send_back(unit, order_id, reason=sent.reason, answer_by=sent.answer_by, round_=sent.round)


def _withdraw(unit: Work, order_id: int, sent: Any) -> None:
    withdraw_order(unit, order_id, reason=sent.reason)


_CALLS: Mapping[Step, Callable[[Work, int, Any], None]] = {
    Step.ANSWER: _answer,
    Step.ACCEPT: _accept,
    Step.SEND_BACK: _send_back,
    Step.WITHDRAW: _withdraw,
}


def view_of(step: Step) -> Callable[[int, int], Response]:
    """The view of one step: who may is asked by the use case, with the order in hand."""

    @may(Permission.WORK, Permission.SUPERVISE)
    def take(incident_id: int, order_id: int) -> Response:
        sent = given.body(BODIES[step])
        with work() as unit:
            if orders.get(unit.session, order_id).incident_id != incident_id:
                raise NotFound("order-not-found", id=order_id)
            _CALLS[step](unit, order_id, sent)
            page = order_page(unit, order_id, locale())
        return answered(_out(page))

    take.__name__ = f"{step.value}_order"
    take.__doc__ = BODIES[step].__doc__
    return take


def pressed_out(pressed: Pressed) -> PressedOut:
    """Reminders and orders as part of an incident's answer."""
    return PressedOut(
        urges=pressed.urges,
        may_urge=pressed.may_urge,
        urge_again_at=pressed.urge_again_at,
        orders=[_out(one) for one in pressed.orders],
        addressees=[one.key for one in pressed.addressees],
    )


def _out(page: OrderPage) -> OrderOut:
    line = page.line
    names = ("id", "number", "level", "state", "overdue", "to_name", "to_role", "issuer_name",
             "issued_at", "due_at", "round")  # fmt: skip
    return OrderOut(
        incident_id=line.matter.id,
        text=page.text,
        said=[SaidOut.model_validate(one) for one in page.said],
        steps=[Step(one) for one in page.steps],
        **{name: getattr(line, name) for name in names},
    )
