"""An order is taken back, with the reason, by its issuer or whoever stands above."""

from gridtrack.access import Permission, require
from gridtrack.deadlines.rules import Kind
from gridtrack.errors import Invalid
from gridtrack.incidents import store as incidents
from gridtrack.incidents.intake import TEXT_LIMIT, tidy_text
from gridtrack.incidents.rules import Happening
from gridtrack.orders.rules import Step
from gridtrack.queries.ordering import to_whom
from gridtrack.usecases.order_steps import said_of, take_order, tell_of
from gridtrack.usecases.promise import Clocks
from gridtrack.work import Work


def withdraw_order(work: Work, order_id: int, *, reason: str) -> None:
    """Take an order back. Raises Invalid without a reason, Conflict where it has ended."""
    require(work.actor, Permission.SUPERVISE)
    order, incident, state = take_order(work, order_id, Step.WITHDRAW)
    said = tidy_text("reason", reason, TEXT_LIMIT)
    if not said:
        raise Invalid("required", field="reason")
    order.state, order.ended_at = state.value, work.now
    tell_of(work, incident, order, "order-withdrawn", to_whom(work, order, incident))
    clocks = Clocks(work, incident)
    clocks.cancel(Kind.SUPERVISE)
    data = {**said_of(order, reason=said), **clocks.said}
    happening = Happening("order-withdrawn", work.now, clocks.changes(), data)
    incidents.change(work.session, incident, [happening], work.actor, work.now)
