"""What the verbs on written orders share: taking one up under its matter's lock, telling people."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from gridtrack.access import Permission
from gridtrack.deadlines import calendar_store
from gridtrack.errors import Conflict, Forbidden, NotFound, Unauthenticated
from gridtrack.incidents import store as incidents
from gridtrack.incidents.tables import Incident
from gridtrack.notifications.store import Told
from gridtrack.orders import store as orders
from gridtrack.orders.rules import Level, State, Step, check_answer_by, follow
from gridtrack.orders.tables import Order
from gridtrack.queries.ordering import steps
from gridtrack.queries.standing import may_see
from gridtrack.usecases.tell import About, facts, send
from gridtrack.work import Work

CALENDAR = "workdays"


def take_order(
    work: Work, order_id: int, step: Step, round_: int | None = None
) -> tuple[Order, Incident, State]:
    """The order with its matter, locked, and the state that `step` leads to, or raise.

    Who may not see the matter is told that there is no such order; who looked at another round of
    it (`round_`), that it went on.
    """
    if not work.actor.known:
        raise Unauthenticated("login-required")
    order = orders.get(work.session, order_id)
    incident = incidents.lock(work.session, order.incident_id)
    if not may_see(work, incident):
        raise NotFound("order-not-found", id=order_id)
    work.session.refresh(order)  # as it is under the lock, not as it was before
    if step not in steps(work, order, incident):
        follow(State(order.state), step)  # too late is told before: it is what helps
        raise Forbidden("forbidden", permission=Permission.SUPERVISE.value, scope=None)
    if round_ is not None and round_ != order.round:
        raise Conflict("order-round", round=order.round)
    return order, incident, follow(State(order.state), step)


def no_open_order(work: Work, incident_id: int) -> None:
    """Raise Conflict where a written order still waits for its answer or its verdict."""
    found = orders.open_of(work.session, incident_id)
    if found is not None:
        raise Conflict("order-still-open", order=found.number)


def answer_due(work: Work, level: Level, answer_by: datetime | None) -> datetime:
    """When the answer is due: as given, else by the level, counted in workdays."""
    if answer_by is not None:
        return check_answer_by(answer_by, work.now)
    days = orders.terms(work.memo, work.settings.instance).workdays[level]
    found = calendar_store.calendars(work.session, work.memo, work.settings.timezone)
    return calendar_store.working(found, CALENDAR).add_workdays(work.now, days)


def said_of(order: Order, **more: Any) -> dict[str, Any]:
    """What the matter's event says of an order."""
    named = {"order": order.number, "order_id": order.id, "round": order.round}
    return {**named, "to": order.to_name, **more}


def overdue_to_issuer(work: Work, row: About, incident_id: int, climbed: Collection[int]) -> Told:
    """The word to whoever gave the open order that its answer is overdue, once for each round.

    Nobody where they are told by the ladder already.
    """
    order = orders.open_of(work.session, incident_id)
    to = () if order is None or order.issued_by in climbed else (order.issued_by,)
    about = facts(work, incident_id, row)
    cause = f"order-overdue:{incident_id}"
    if order is not None:
        cause = f"order-overdue:{order.id}:{order.round}"
        about |= {
            "order": order.number,
            "by": order.issuer_name,
            "until": order.due_at.isoformat(),
        }
    return Told(cause, "order-overdue", incident_id, to, row.grid_path, about, groups=False)


def tell_of(work: Work, incident: Incident, order: Order, kind: str, to: Iterable[int]) -> None:
    """Tell people of a step of an order: its number and instants, never its words."""
    about = facts(work, incident.id, incident) | {
        "order": order.number,
        "by": work.actor.name,
        "until": order.due_at.isoformat(),
    }
    others = tuple(one for one in dict.fromkeys(to) if one != work.actor.person_id)
    cause = f"{kind}:{order.id}:{order.round}"
    told = Told(cause, kind, incident.id, others, incident.grid_path, about, groups=False)
    send(work, [told])
