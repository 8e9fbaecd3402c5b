"""Written orders and reminders as people see them: on a matter, in the inbox, as a list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from gridtrack.access import Permission, permits, require
from gridtrack.errors import NotFound
from gridtrack.incidents import store as incidents
from gridtrack.incidents.rules import FINAL, Who
from gridtrack.incidents.rules import State as MatterState
from gridtrack.incidents.tables import Event, Incident
from gridtrack.orders import store as orders
from gridtrack.orders.rules import State, To, again_at, is_overdue
from gridtrack.orders.tables import OPEN, Order
from gridtrack.queries.names import Line, lines
from gridtrack.queries.ordering import Addressee, addressees, by_handling, posts_of, steps
from gridtrack.queries.scope import WHERE, reads
from gridtrack.queries.standing import may_see, relations
from gridtrack.work import Work

PAGE = 50
_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class OrderLine:
    """An order in a list, with its matter as this reader may see it."""

    id: int
    number: str
    level: str
    state: str
    overdue: bool
    to_name: str
    to_role: str
    issuer_name: str
    issued_at: datetime
    due_at: datetime
    round: int
    matter: Line


@dataclass(frozen=True, slots=True)
class Said:
    """One round's part: who ordered, answered, accepted, sent back or withdrew, and in what words.

    `kind` is the kind of the event.
    """

    kind: str
    at: datetime
    name: str
    text: str
    due_at: datetime | None
    photos: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OrderPage:
    """One order with everything said about it, and what the reader may do now."""

    line: OrderLine
    text: str
    issuer_role: str
    said: tuple[Said, ...]
    steps: tuple[str, ...]
    now: datetime


@dataclass(frozen=True, slots=True)
class Pressed:
    """What was done to hurry a matter: reminders and orders, and what the reader may do."""

    urges: int
    may_urge: bool
    urge_again_at: datetime | None  # the reader urged lately and may again from then on
    orders: tuple[OrderPage, ...]
    addressees: tuple[Addressee, ...]  # empty: no order may be given now


class Which(StrEnum):
    """Which orders a list holds."""

    OPEN = "open"
    OVERDUE = "overdue"
    ANSWERED = "answered"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class OrdersPage:
    """A list of orders, the most urgent first; `counts` says how many each list holds."""

    which: Which
    lines: tuple[OrderLine, ...]
    counts: dict[str, int]
    more_before: int | None
    now: datetime


def pressed(work: Work, incident: Incident, happened: Sequence[Event], locale: str) -> Pressed:
    """Reminders and orders of a matter that the reader may see."""
    if not may_see(work, incident):
        raise NotFound("incident-not-found", id=incident.id)
    known = orders.of_incident(work.session, incident.id)
    matter = lines(work, [incident], locale)[0]
    urges = orders.urge_counts(work.session, [incident.id]).get(incident.id, 0)
    is_open = any(one.state in (State.ISSUED, State.ANSWERED) for one in known)
    return Pressed(
        urges=urges,
        may_urge=_may_urge(work, incident),
        urge_again_at=_again_at(work, incident) if urges else None,
        orders=tuple(_page(work, one, incident, matter, happened) for one in known),
        addressees=() if is_open else addressees(work, incident),
    )


def _may_urge(work: Work, incident: Incident) -> bool:
    """True where somebody else handles it and the reader directs the scope."""
    handled = incident.handler_id is not None and incident.handler_id != work.actor.person_id
    done = MatterState(incident.state) in {*FINAL, MatterState.RESOLVED}
    return handled and not done and Who.OVER in relations(work, incident)


def _again_at(work: Work, incident: Incident) -> datetime | None:
    me = work.actor.person_id
    if me is None:
        return None
    every = orders.terms(work.memo, work.settings.instance).urge_every
    return again_at(orders.last_urge(work.session, incident.id, me), every, work.now)


def order_page(work: Work, order_id: int, locale: str) -> OrderPage:
    """One order; NotFound where there is none or the reader may not see its matter."""
    order = orders.get(work.session, order_id)
    incident = incidents.get(work.session, order.incident_id)
    if not may_see(work, incident):
        raise NotFound("order-not-found", id=order_id)
    matter = lines(work, [incident], locale)[0]
    return _page(work, order, incident, matter, incidents.events(work.session, incident.id))


def _page(
    work: Work, order: Order, incident: Incident, matter: Line, happened: Iterable[Event]
) -> OrderPage:
    said = tuple(_said(event) for event in happened if event.data.get("order_id") == order.id)
    may = tuple(one.value for one in steps(work, order, incident))
    return OrderPage(_line(work, order, matter), order.text, order.issuer_role, said, may, work.now)


def _said(event: Event) -> Said:
    data = event.data
    words = (data.get(name) for name in ("text", "reason", "comment"))
    due_at = data.get("due_at")
    return Said(
        event.kind,
        event.at,
        event.actor_name,
        next((word for word in words if word), ""),
        datetime.fromisoformat(due_at) if due_at else None,
        tuple(data.get("photos", ())),
    )


def _line(work: Work, order: Order, matter: Line) -> OrderLine:
    return OrderLine(
        id=order.id,
        number=order.number,
        level=order.level,
        state=order.state,
        overdue=is_overdue(order.state, order.due_at, work.now),
        to_name=order.to_name,
        to_role=order.to_role,
        issuer_name=order.issuer_name,
        issued_at=order.issued_at,
        due_at=order.due_at,
        round=order.round,
        matter=matter,
    )


def to_answer(work: Work, locale: str) -> tuple[OrderLine, ...]:
    """The orders that wait for the reader's answer, the next due first."""
    me = work.actor.person_id
    if me is None or not permits(work.actor, Permission.WORK):
        return ()
    mine = posts_of(work.actor)
    rows: Iterable[Any] = work.session.execute(
        select(Order, Incident)
        .join_from(Order, Incident, Incident.id == Order.incident_id)
        .where(OPEN, Order.state == State.ISSUED.value)
        .order_by(Order.due_at, Order.id)
    )
    found = [
        (order, matter)
        for order, matter in rows
        if _is_mine(order, matter, me, mine) and may_see(work, matter)
    ]
    shown = lines(work, [matter for _, matter in found[:PAGE]], locale)
    return tuple(_line(work, order, line) for (order, _), line in zip(found, shown, strict=False))


def _is_mine(order: Order, matter: Incident, me: int, mine: set[tuple[str, str]]) -> bool:
    if order.to_kind == To.POST:
        return (order.to_role, order.to_scope) in mine
    return me == by_handling(order, matter)


def listed_orders(
    work: Work, which: Which, locale: str, before: int | None = None, limit: int = PAGE
) -> OrdersPage:
    """The orders of the reader's scopes; what is done is paged by id, newest first."""
    require(work.actor, Permission.SUPERVISE)
    chosen = (
        _done(work, before, limit + 1)
        if which is Which.DONE
        else [one for one in _open(work) if _is(which, one, work.now)][: limit + 1]
    )
    shown = chosen[:limit]
    ids = [row.id for row in shown]
    found = work.session.execute(
        select(Order, Incident)
        .join_from(Order, Incident, Incident.id == Order.incident_id)
        .where(Order.id.in_(ids))
    ).all()
    matters = lines(work, [row.Incident for row in found], locale)
    by_id = {
        row.Order.id: _line(work, row.Order, line) for row, line in zip(found, matters, strict=True)
    }
    more = ids[-1] if which is Which.DONE and len(chosen) > limit else None
    ready = tuple(by_id[one] for one in ids)
    return OrdersPage(which, ready, order_counts(work), more, work.now)


_ROW = (Order.id, Order.state, Order.due_at, *WHERE)


def _open(work: Work) -> list[Any]:
    """The open orders that the reader may see, the next due first."""
    may_read = reads(work.session, work.actor)
    rows = work.session.execute(
        select(*_ROW)
        # Outer, though each has its matter: of an empty table SQLite knows no figures, and would
        # begin with the hundred thousand matters.
        .join_from(Order, Incident, Incident.id == Order.incident_id, isouter=True)
        .where(OPEN)
        .order_by(Order.due_at, Order.id)
    )
    return [row for row in rows if may_read(row)]


def _done(work: Work, before: int | None, most: int) -> list[Any]:
    """The newest `most` orders that ended, of those the reader may see, before the id `before`."""
    may_read, found = reads(work.session, work.actor), list[Any]()
    while len(found) < most:
        wanted = select(*_ROW).join_from(Order, Incident, Incident.id == Order.incident_id)
        wanted = wanted.where(Order.state.in_([State.ACCEPTED.value, State.WITHDRAWN.value]))
        if before is not None:
            wanted = wanted.where(Order.id < before)
        rows = work.session.execute(wanted.order_by(Order.id.desc()).limit(_AT_ONCE)).all()
        found += [row for row in rows if may_read(row)]
        if len(rows) < _AT_ONCE:
            break
        before = rows[-1].id
    return found[:most]


def _is(which: Which, row: Any, now: datetime) -> bool:
    if which is Which.OVERDUE:
        return is_overdue(row.state, row.due_at, now)
    return which is Which.OPEN or row.state == State.ANSWERED


def order_counts(work: Work) -> dict[str, int]:
    """How many orders of the reader's scopes are open, overdue, answered."""
    require(work.actor, Permission.SUPERVISE)
    found = _open(work)
    return {
        which.value: sum(_is(which, row, work.now) for row in found)
        for which in (Which.OPEN, Which.OVERDUE, Which.ANSWERED)
    }
