"""The issuer, or whoever stands above, accepts an answer or sends it back with the reason."""

from datetime import datetime

from gridtrack.access import Permission, require
from gridtrack.errors import Invalid
from gridtrack.incidents import store as incidents
from gridtrack.incidents.intake import TEXT_LIMIT, tidy_text
from gridtrack.incidents.rules import Happening
from gridtrack.orders.rules import Level, Step
from gridtrack.queries.ordering import to_whom
from gridtrack.usecases.order_steps import answer_due, said_of, take_order, tell_of
from gridtrack.usecases.promise import Clocks
from gridtrack.work import Work


def accept_answer(
    work: Work, order_id: int, *, comment: str = "", round_: int | None = None
) -> None:
    """Accept the answer: the order is done. Raises Conflict where there is none to accept."""
    require(work.actor, Permission.SUPERVISE)
    order, incident, state = take_order(work, order_id, Step.ACCEPT, round_)
    said = tidy_text("comment", comment, TEXT_LIMIT)
    order.state, order.ended_at = state.value, work.now
    told = [one for one in (order.answered_by,) if one is not None]
    tell_of(work, incident, order, "order-accepted", told)
    happening = Happening("order-accepted", work.now, {}, said_of(order, comment=said))
    incidents.change(work.session, incident, [happening], work.actor, work.now)


def send_back(
    work: Work,
    order_id: int,
    *,
    reason: str,
    answer_by: datetime | None = None,
    round_: int | None = None,
) -> None:
    """Ask for another answer, by a new instant (without one the level says how long).

    Raises Invalid without a reason, Conflict where there is no answer to send back.
    """
    require(work.actor, Permission.SUPERVISE)
    order, incident, state = take_order(work, order_id, Step.SEND_BACK, round_)
    said = tidy_text("reason", reason, TEXT_LIMIT)
    if not said:
        raise Invalid("required", field="reason")
    order.due_at = answer_due(work, Level(order.level), answer_by)
    order.state, order.round = state.value, order.round + 1
    order.answered_at, order.answered_by = None, None
    tell_of(work, incident, order, "order-returned", to_whom(work, order, incident))
    data = said_of(order, reason=said, due_at=order.due_at.isoformat())
    clocks = Clocks(work, incident)
    clocks.ask(order.due_at)
    happening = Happening("order-returned", work.now, clocks.changes(), {**data, **clocks.said})
    incidents.change(work.session, incident, [happening], work.actor, work.now)
