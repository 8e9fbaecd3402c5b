"""How long matters were put off, and why: the rests of the log by the reason that was given.

Sealed matters are never counted: a reason is a person's words.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import select

from gridtrack.access import Permission, require
from gridtrack.incidents.rules import State
from gridtrack.incidents.store import EVENT, INCIDENT
from gridtrack.incidents.tables import Incident
from gridtrack.queries.scope import SEALED, visible
from gridtrack.work import Work

_LOG = (
    select(
        EVENT.c.incident_id, EVENT.c.at, EVENT.c.kind,
        EVENT.c.data["reason"].as_string().label("reason"),
        EVENT.c.data["until"].as_string().label("until"),
        EVENT.c.data["set"]["state"].as_string().label("state"),
    )
    .join_from(EVENT, INCIDENT, INCIDENT.c.id == EVENT.c.incident_id)
    .where(INCIDENT.c.sensitivity < SEALED)
    .order_by(EVENT.c.incident_id, EVENT.c.seq)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Held:
    """The rests of one reason: how many, and how long together."""

    reason: str
    times: int
    span: timedelta


def held_by_reason(work: Work, since: datetime, until: datetime) -> tuple[Held, ...]:
    """What the matters that this actor sees rested between two instants, the longest first.

    A rest counts for the part of it that lies between them; one that lasts counts until now.
    """
    require(work.actor, Permission.FIGURES)
    end = min(until, work.now)
    held = select(EVENT.c.incident_id).where(EVENT.c.kind == "hold", EVENT.c.at < end)
    wanted = select(Incident.id).where(Incident.id.in_(held), visible(work.actor))
    rows = work.session.execute(_LOG.where(EVENT.c.incident_id.in_(wanted))).all()
    found: dict[str, list[timedelta]] = {}
    for _, events in groupby(rows, key=lambda row: row.incident_id):
        for reason, begin, close in _rests(list(events), end):
            span = min(close, end) - max(begin, since)
            if span > timedelta(0):
                found.setdefault(reason, []).append(span)
    each = (Held(reason, len(spans), sum(spans, timedelta(0))) for reason, spans in found.items())
    return tuple(sorted(each, key=lambda one: (-one.span, one.reason)))


def _rests(events: Sequence[Any], end: datetime) -> Iterator[tuple[str, datetime, datetime]]:
    """Each rest of one matter: its reason, when it began and when it ended."""
    begun: Any = None
    for event in events:
        if event.kind == "hold":
            begun = event
        elif begun is not None and event.state not in (None, State.ON_HOLD.value):
            own = event.until if event.kind == "hold-ended" else None
            yield begun.reason, begun.at, datetime.fromisoformat(own) if own else event.at
            begun = None
    if begun is not None:
        yield begun.reason, begun.at, end
