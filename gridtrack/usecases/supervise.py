"""A written order about a matter (督办): to whom, how urgent, what, and by when it is answered."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from gridtrack.access import Permission, require
from gridtrack.errors import Conflict, Forbidden, Invalid
from gridtrack.incidents import store as incidents
from gridtrack.incidents.intake import TEXT_LIMIT, tidy_text
from gridtrack.incidents.rules import FINAL, Happening, State
from gridtrack.incidents.tables import Incident
from gridtrack.orders import store as orders
from gridtrack.orders.rules import Level
from gridtrack.orders.rules import State as OrderState
from gridtrack.orders.tables import Order
from gridtrack.queries.ordering import Addressee, addressees, issuing_post, may_supervise, to_whom
from gridtrack.queries.standing import take_over
from gridtrack.usecases.order_steps import answer_due, said_of, tell_of
from gridtrack.usecases.promise import Clocks
from gridtrack.work import Work


@dataclass(frozen=True, slots=True)
class NewOrder:
    """An order about to be given; without `answer_by` the level says how long the answer has."""

    text: str
    to: str  # the key of an addressee: `handler`, or a post as `role:scope`
    level: str = Level.GENERAL.value
    answer_by: datetime | None = None


def supervise(work: Work, incident_id: int, new: NewOrder, *, version: int | None = None) -> int:
    """Give a written order; returns its id.

    Raises Invalid naming the field, Conflict where the matter is done or another order is open.
    """
    require(work.actor, Permission.SUPERVISE)
    incident = take_over(work, incident_id, version)
    _check_matter(work, incident)
    text = tidy_text("text", new.text, TEXT_LIMIT)
    if not text:
        raise Invalid("required", field="text")
    level = _level(new.level)
    to = _addressee(work, incident, new.to)
    order = _order(work, incident, to)
    order.text, order.level = text, level.value
    order.due_at = answer_due(work, level, new.answer_by)
    orders.add(work.session, order)
    tell_of(work, incident, order, "ordered", to_whom(work, order, incident))
    clocks = Clocks(work, incident)
    clocks.ask(order.due_at)
    said = said_of(order, text=text, level=level.value, due_at=order.due_at.isoformat())
    happening = Happening("ordered", work.now, clocks.changes(), {**said, **clocks.said})
    incidents.change(work.session, incident, [happening], work.actor, work.now)
    return order.id


def _check_matter(work: Work, incident: Incident) -> None:
    if not may_supervise(work, incident):
        path = incident.grid_path
        raise Forbidden("forbidden", permission=Permission.SUPERVISE.value, scope=path)
    if State(incident.state) in FINAL:
        raise Conflict("order-matter-done", state=incident.state)
    is_open = orders.open_of(work.session, incident.id)
    if is_open is not None:
        raise Conflict("order-open", order=is_open.number)


def _level(given: str) -> Level:
    if given not in set(Level):
        known = [one.value for one in Level]
        raise Invalid("not-one-of", field="level", value=given, known=known)
    return Level(given)


def _addressee(work: Work, incident: Incident, key: str) -> Addressee:
    """Who is meant; one answer for every other key, whether there is such a post or not."""
    if not key:
        raise Invalid("required", field="to")
    for one in addressees(work, incident):
        if one.key == key:
            return one
    raise Invalid("not-an-addressee", field="to", value=key)


def _order(work: Work, incident: Incident, to: Addressee) -> Order:
    """An order by this actor, its number taken, to be filled in."""
    post = issuing_post(work.actor, incident.grid_path)
    assert post is not None
    year = work.now.astimezone(ZoneInfo(work.settings.timezone)).year
    return Order(
        incident_id=incident.id,
        year=year,
        seq=orders.next_seq(work.session, year),
        to_kind=to.kind.value,
        to_id=to.person_id,
        to_name=to.name,
        to_role=to.role,
        to_scope=to.scope,
        issued_by=work.actor.person_id,
        issuer_name=work.actor.name,
        issuer_role=post.role.value,
        issuer_scope=post.scope,
        issued_at=work.now,
        round=1,
        state=OrderState.ISSUED.value,
    )
