"""Saving and loading reminders and orders, and the terms they are given under."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from importlib.resources import files
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gridtrack.db.memo import Memo
from gridtrack.db.sql import one_at_a_time
from gridtrack.errors import NotFound
from gridtrack.orders.rules import Terms, parse
from gridtrack.orders.tables import OPEN, Order, Urge

OWN_FILE = "orders.toml"


def terms(memo: Memo, instance: Path) -> Terms:
    """The terms of this deployment, read once per process; raises Invalid for a wrong file."""

    def load() -> Terms:
        own, shipped = instance / OWN_FILE, files("gridtrack.orders") / OWN_FILE
        return parse(own.read_text("utf-8") if own.exists() else shipped.read_text("utf-8"))

    return memo.get("order-terms", load)


def add_urge(session: Session, urge: Urge) -> Urge:
    """Keep a reminder."""
    session.add(urge)
    session.flush()  # its id is the cause of the message
    return urge


def last_urge(session: Session, incident_id: int, person_id: int) -> datetime | None:
    """When this person reminded of this matter last."""
    at: datetime | None = session.scalar(
        select(func.max(Urge.at)).where(Urge.incident_id == incident_id, Urge.by_id == person_id)
    )
    return at


def urge_counts(session: Session, incident_ids: Iterable[int]) -> dict[int, int]:
    """How often each of these matters was urged; those never urged are not in it."""
    ids = list(incident_ids)
    if not ids:
        return {}
    rows = session.execute(
        select(Urge.incident_id, func.count())
        .where(Urge.incident_id.in_(ids))
        .group_by(Urge.incident_id)
    )
    return {incident_id: count for incident_id, count in rows}  # noqa: C416 - rows are Row


def next_seq(session: Session, year: int) -> int:
    """The next number of a year; nobody else gets one before this work ends."""
    one_at_a_time(session, "order-number")
    return (session.scalar(select(func.max(Order.seq)).where(Order.year == year)) or 0) + 1


def add(session: Session, order: Order) -> Order:
    """Keep a new order."""
    session.add(order)
    session.flush()  # its id is in the event and in the message
    return order


def get(session: Session, order_id: int) -> Order:
    """The order; raises NotFound."""
    found = session.get(Order, order_id)
    if found is None:
        raise NotFound("order-not-found", id=order_id)
    return found


def open_of(session: Session, incident_id: int) -> Order | None:
    """The order that is open on a matter; there is at most one."""
    return session.scalar(select(Order).where(Order.incident_id == incident_id, OPEN))


def of_incident(session: Session, incident_id: int) -> Sequence[Order]:
    """Every order on a matter, newest first."""
    return session.scalars(
        select(Order).where(Order.incident_id == incident_id).order_by(Order.id.desc())
    ).all()


def open_to(session: Session, posts: Collection[tuple[str, str]]) -> Sequence[Order]:
    """The open orders to these posts (role, scope)."""
    if not posts:
        return ()
    found = session.scalars(select(Order).where(OPEN, Order.to_kind == "post"))
    return [one for one in found if (one.to_role, one.to_scope) in posts]
