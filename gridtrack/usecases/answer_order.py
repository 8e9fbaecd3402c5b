"""Whoever was ordered answers, in writing, with photos where they help."""

from collections.abc import Sequence

from gridtrack.access import Permission, require
from gridtrack.deadlines.rules import Kind
from gridtrack.errors import Invalid
from gridtrack.incidents import store as incidents
from gridtrack.incidents.intake import TEXT_LIMIT, tidy_text
from gridtrack.incidents.rules import Happening
from gridtrack.orders.rules import Step
from gridtrack.photos.rules import Photo
from gridtrack.usecases.add_photo import add_photo
from gridtrack.usecases.order_steps import said_of, take_order, tell_of
from gridtrack.usecases.promise import Clocks
from gridtrack.work import Work


def answer_order(
    work: Work, order_id: int, text: str, photos: Sequence[Photo] = (), round_: int | None = None
) -> None:
    """Answer an order; it stays open until the issuer accepts the answer.

    Raises Conflict where it was answered or ended meanwhile, or (`round_`) sent back once more.
    """
    require(work.actor, Permission.WORK)
    order, incident, state = take_order(work, order_id, Step.ANSWER, round_)
    said = tidy_text("text", text, TEXT_LIMIT)
    if not said:
        raise Invalid("required", field="text")
    names = [add_photo(work, incident.id, one, "after") for one in photos]
    order.state, order.answered_at = state.value, work.now
    order.answered_by = work.actor.person_id
    late_s = (work.now - order.due_at).total_seconds()
    data = said_of(order, text=said, photos=names, late_s=late_s)
    tell_of(work, incident, order, "order-answered", [order.issued_by])
    clocks = Clocks(work, incident)
    clocks.meet(Kind.SUPERVISE, at=work.now)
    happening = Happening("order-answered", work.now, clocks.changes(), {**data, **clocks.said})
    incidents.change(work.session, incident, [happening], work.actor, work.now)
