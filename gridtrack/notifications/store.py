"""Writing messages with their cause, leasing them for sending, reading the in-app inbox."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, bindparam, func, or_, select, update
from sqlalchemy.orm import Session

from gridtrack.db.memo import Memo
from gridtrack.db.sql import insert_missing, table_of
from gridtrack.notifications.rules import CAN_WAIT
from gridtrack.notifications.tables import NOTICE, UNREAD, WAITING, Message, Subscription

MESSAGE, SUBSCRIPTION = table_of(Message), table_of(Subscription)
INBOX = "inbox"
LEASE = timedelta(seconds=60)
# A lease that ends later than any can is none: the clock was wrong when it was taken.
NO_LEASE = timedelta(minutes=10)
STUCK = timedelta(seconds=60)  # a message so long past its turn waits for somebody to look
# After a gap the sweep catches up batch by batch: whoever is told of many matters waits so long,
# and hears of all of them at once.
GAP_PAUSE = timedelta(seconds=30)
_SUBSCRIPTIONS_AGE_S = 2.0
_AT_ONCE = 500  # ids in a statement


@dataclass(frozen=True, slots=True)
class Told:
    """Something to tell a person (and the groups that work the scope `path`)."""

    cause: str  # with the recipient and the channel it makes the unique key
    kind: str
    incident_id: int | None
    recipients: tuple[int, ...]
    path: str
    facts: Mapping[str, Any]
    groups: bool = field(default=True)
    inbox_only: bool = field(default=False)  # nothing goes out of the house


def enqueue(session: Session, memo: Memo, told: Sequence[Told], at: datetime) -> None:
    """Write the messages of `told`: the in-app inbox always, other channels as subscribed."""
    subscriptions = _subscriptions(session, memo)
    rows = [row for one in told for row in _rows(one, subscriptions, at)]
    insert_missing(session, MESSAGE, rows, key="key")


def _rows(told: Told, subscriptions: Sequence[Any], at: datetime) -> Iterable[dict[str, Any]]:
    for person_id in told.recipients:
        yield _row(told, at, person_id, INBOX, None)
    for one in () if told.inbox_only else subscriptions:
        mine = one.person_id is not None and one.person_id in told.recipients
        group = told.groups and one.scope is not None and _covers(one.scope, told.path)
        if mine or group:
            yield _row(told, at, one.person_id, one.channel, one.id)


def _covers(scope: str, path: str) -> bool:
    return scope in ("", path) or path.startswith(scope + "/")


def _row(
    told: Told, at: datetime, person_id: int | None, channel: str, subscription_id: int | None
) -> dict[str, Any]:
    to = f"p{person_id}" if subscription_id is None else f"s{subscription_id}"
    inbox = channel == INBOX
    # A machine takes them one by one, and loses nothing by having each at once.
    pause = GAP_PAUSE if told.facts.get("gap") and channel != "webhook" else timedelta(0)
    return {
        "key": f"{told.cause}:{to}:{channel}",
        "incident_id": told.incident_id,
        "recipient_id": person_id,
        "channel": channel,
        "subscription_id": subscription_id,
        "kind": told.kind,
        "facts": dict(told.facts),
        # The inbox is this very table: nothing is left to send.
        "state": "sent" if inbox else "pending",
        "attempts": 0,
        "created_at": at,
        "next_attempt_at": None if inbox else at + pause,
        "sent_at": at if inbox else None,
    }


def _subscriptions(session: Session, memo: Memo) -> Sequence[Any]:
    def load() -> Sequence[Any]:
        # Plain rows, not objects: they outlive the session that read them.
        return session.execute(select(SUBSCRIPTION).where(SUBSCRIPTION.c.active)).all()

    return memo.get("subscriptions", load, _SUBSCRIPTIONS_AGE_S)


_LET_WAIT = (
    update(MESSAGE)
    .where(
        WAITING,
        MESSAGE.c.state == "pending",
        MESSAGE.c.next_attempt_at <= bindparam("b_now", type_=MESSAGE.c.next_attempt_at.type),
        MESSAGE.c.kind.in_([kind.value for kind in CAN_WAIT]),
        # A machine has no night.
        MESSAGE.c.channel != "webhook",
    )
    .values(next_attempt_at=bindparam("b_until", type_=MESSAGE.c.next_attempt_at.type))
)


def let_wait(session: Session, now: datetime, until: datetime) -> None:
    """Put off what is due and can wait."""
    session.execute(_LET_WAIT, {"b_now": now, "b_until": until})


def stuck(session: Session, now: datetime) -> int:
    """How many messages are over a minute past their turn, or leased for longer than any may be."""
    past = now - STUCK
    found = session.scalar(
        select(func.count())
        .select_from(MESSAGE)
        .where(
            WAITING,
            or_(
                (MESSAGE.c.state == "pending") & (MESSAGE.c.next_attempt_at < past),
                (MESSAGE.c.state == "leased")
                & ((MESSAGE.c.lease_until < past) | (MESSAGE.c.lease_until > now + NO_LEASE)),
            ),
        )
    )
    return found or 0


def lease(session: Session, now: datetime, limit: int) -> Sequence[Message]:
    """Take up to `limit` messages that are due, or whose sender died; nobody else gets them."""
    due = or_(
        (Message.state == "pending") & (Message.next_attempt_at <= now),
        (Message.state == "leased")
        & ((Message.lease_until <= now) | (Message.lease_until > now + NO_LEASE)),
    )
    messages = session.scalars(
        select(Message)
        .where(WAITING, due)
        .order_by(Message.next_attempt_at, Message.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for message in messages:
        message.state = "leased"
        message.lease_until = now + LEASE
        message.attempts += 1
    session.flush()  # the lease must be in the transaction that found them
    return messages


class Along(NamedTuple):
    """A message that may go with another one; `attempts` counts this try already."""

    id: int
    attempts: int
    key: str
    kind: str
    facts: Mapping[str, Any]


def others_due(
    session: Session, subscription_id: int, now: datetime, limit: int, *, waiting: bool
) -> Sequence[Along]:
    """More messages for the same address that are due and that nobody is sending.

    With `waiting` also those that are not due yet: after a gap one speaks for all. What failed
    keeps its own waiting time.
    """
    due = MESSAGE.c.next_attempt_at <= now
    if waiting:
        due |= MESSAGE.c.attempts == 0
    rows: Iterable[Any] = session.execute(
        select(MESSAGE.c.id, MESSAGE.c.attempts + 1, MESSAGE.c.key, MESSAGE.c.kind, MESSAGE.c.facts)
        .where(
            WAITING,
            MESSAGE.c.state == "pending",
            MESSAGE.c.subscription_id == subscription_id,
            due,
        )
        .order_by(MESSAGE.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [Along(*row) for row in rows]


def take_along(session: Session, others: Sequence[Along], now: datetime) -> None:
    """Lease messages that go with another one: there may be thousands."""
    changes = {
        "state": "leased", "lease_until": now + LEASE, "attempts": MESSAGE.c.attempts + 1,
    }  # fmt: skip
    _change_all(session, [one.id for one in others], changes)


def leave_back(session: Session, others: Sequence[Along], until: datetime) -> None:
    """Let messages taken along wait after all; that was no try."""
    changes = {
        "state": "pending", "lease_until": None, "next_attempt_at": until,
        "attempts": MESSAGE.c.attempts - 1,
    }  # fmt: skip
    _change_all(session, [one.id for one in others], changes)


def _change_all(
    session: Session, ids: Sequence[int], changes: Mapping[str, Any], *also: ColumnElement[bool]
) -> None:
    for start in range(0, len(ids), _AT_ONCE):
        some = MESSAGE.c.id.in_(ids[start : start + _AT_ONCE])
        session.execute(update(MESSAGE).where(some, *also).values(**changes))


def put_back(session: Session, message: Message, until: datetime) -> None:
    """Let a leased message wait until its address may be called again; that was no try."""
    message.state = "pending"
    message.lease_until = None
    message.next_attempt_at = until
    message.attempts -= 1
    session.flush()  # what is looked for next must not find it due


def settle(
    session: Session, message_id: int, changes: Mapping[str, Any], attempt: int | None = None
) -> None:
    """Write down how sending a leased message went.

    With `attempt` only while that lease still stands: not where it was superseded meanwhile, or ran
    out and another sender has the message.
    """
    mine = MESSAGE.c.id == message_id
    if attempt is not None:
        mine &= _leased(attempt)
    session.execute(update(MESSAGE).where(mine).values(**changes))


def settle_all(
    session: Session, ids: Sequence[int], changes: Mapping[str, Any], attempt: int | None = None
) -> None:
    """`settle` for messages that went together at the same try."""
    mine = () if attempt is None else (_leased(attempt),)
    _change_all(session, ids, changes, *mine)


def _leased(attempt: int) -> ColumnElement[bool]:
    return (MESSAGE.c.state == "leased") & (MESSAGE.c.attempts == attempt)


# What is being sent right now too: should it fail, it is not sent again.
_UNSENT = MESSAGE.c.state.in_(("pending", "leased")) & MESSAGE.c.kind.in_(
    (
        "assigned",
        "co-assigned",
        "escalated",
        "exhausted",
        "returned",
        "triage",
        "used-up",
        "nobody-there",
    )
)
# Made once, as every statement of an answer: building it costs more than running it.
_DROPPED = {"state": "superseded", "next_attempt_at": None, "lease_until": None}
_SUPERSEDE = (
    update(MESSAGE)
    .where(MESSAGE.c.incident_id == bindparam("b_incident"), _UNSENT)
    .values(**_DROPPED)
)
_SUPERSEDE_ALL = (
    update(MESSAGE)
    .where(MESSAGE.c.incident_id.in_(bindparam("b_incidents", expanding=True)), _UNSENT)
    .values(**_DROPPED)
)


def supersede(session: Session, incident_id: int) -> None:
    """Drop what was not sent yet about an incident: a human answered in the meantime."""
    session.execute(_SUPERSEDE, {"b_incident": incident_id})


def supersede_all(session: Session, incident_ids: Sequence[int]) -> None:
    """`supersede` for many incidents."""
    if incident_ids:
        session.execute(_SUPERSEDE_ALL, {"b_incidents": list(incident_ids)})


def withdraw(session: Session, incident_id: int, people: Iterable[int]) -> None:
    """Take back what these people were told of an incident: out of their inbox, and unsent."""
    session.execute(
        update(MESSAGE)
        .where(MESSAGE.c.incident_id == incident_id, MESSAGE.c.recipient_id.in_(list(people)))
        .values(channel="withdrawn", state="superseded", next_attempt_at=None, lease_until=None)
    )


def told_by(session: Session, incident_id: int, cause: str) -> tuple[int, ...]:
    """Who was told of an incident by a cause that begins with `cause`."""
    rows = session.scalars(
        select(MESSAGE.c.recipient_id)
        .where(
            MESSAGE.c.incident_id == incident_id,
            MESSAGE.c.channel == INBOX,
            MESSAGE.c.key.startswith(cause, autoescape=True),
        )
        .distinct()
    )
    return tuple(sorted(rows))


def first_told(
    session: Session, incident_id: int, person_id: int, since: datetime
) -> datetime | None:
    """When a person was first told of an incident since an instant."""
    first: datetime | None = session.scalar(
        select(func.min(MESSAGE.c.created_at)).where(
            MESSAGE.c.incident_id == incident_id,
            MESSAGE.c.recipient_id == person_id,
            MESSAGE.c.created_at >= since,
        )
    )
    return first


def unread(session: Session, person_id: int) -> int:
    """How many notices wait in a person's in-app inbox."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Message)
            .where(Message.recipient_id == person_id, UNREAD)
        )
        or 0
    )


def notices(session: Session, person_id: int, limit: int = 50) -> Sequence[Message]:
    """A person's newest notices."""
    return session.scalars(
        select(Message)
        .where(Message.recipient_id == person_id, NOTICE)
        .order_by(Message.id.desc())
        .limit(limit)
    ).all()


def of_incident(session: Session, incident_id: int) -> Sequence[Message]:
    """Every message about an incident, oldest first."""
    return session.scalars(
        select(Message).where(Message.incident_id == incident_id).order_by(Message.id)
    ).all()


def mark_read(session: Session, person_id: int, at: datetime) -> None:
    """Mark every notice of a person as read."""
    session.execute(
        update(MESSAGE).where(MESSAGE.c.recipient_id == person_id, UNREAD).values(read_at=at)
    )
