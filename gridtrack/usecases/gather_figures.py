"""Figures follow the log: the facts of every matter that something happened to, made anew.

Looking and keeping are two units, as the auditor's (usecases/audit.py): a long look holds no lock.
Making a fact again gives the same fact, so whatever is done twice comes to the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from gridtrack.access import Permission, require
from gridtrack.deadlines.store import CLOCK
from gridtrack.figures import store
from gridtrack.figures.rules import READ, fact
from gridtrack.figures.store import Mark
from gridtrack.incidents.store import EVENT, INCIDENT, settled_to
from gridtrack.work import Work

EVENTS = 2000  # read at a time: what is kept of them fits into one short transaction
_SET = EVENT.c.data["set"]
_MATTERS = select(*(
    INCIDENT.c[name] for name in (
        "id", "version", "reported_at", "grid_path", "edition_id", "category", "source",
        "sensitivity", "state", "is_open", "handler_id", "handler_role", "resolved_at",
        "closed_at", "lon", "lat",
    )
))  # fmt: skip
_CLOCKS = select(
    CLOCK.c.incident_id, CLOCK.c.kind, CLOCK.c.cycle, CLOCK.c.state, CLOCK.c.due_at,
    CLOCK.c.met_at, CLOCK.c.paused_us, CLOCK.c.extended,
).order_by(CLOCK.c.incident_id)  # fmt: skip
_EVENTS = (
    select(
        EVENT.c.incident_id, EVENT.c.kind, EVENT.c.at, EVENT.c.actor_id,
        _SET["handler_role"].as_string().label("role"),
        EVENT.c.data["rung"].as_string().label("rung"),
        EVENT.c.data["late_ms"].as_integer().label("late_ms"),
        EVENT.c.data["stars"].as_integer().label("stars"),
    )
    .where(EVENT.c.kind.in_(READ))
    .order_by(EVENT.c.incident_id, EVENT.c.seq)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a part of the log came to."""

    rows: tuple[dict[str, Any], ...]
    read_to: int  # event id; where the next part begins
    settled_to: int  # event id; what lies behind is not read again
    end: bool


def gathering_due(work: Work, every: timedelta) -> Mark | None:
    """Where to go on, None where some worker has gathered within `every`."""
    require(work.actor, Permission.ENGINE)
    mark = store.mark(work.session)
    lately = mark.at is not None and timedelta(0) <= work.now - mark.at < every
    return None if lately else mark


def gather(work: Work, after: int) -> Gathered:
    """The facts of the matters of the next events after the id `after`."""
    require(work.actor, Permission.ENGINE)
    part = select(EVENT.c.id).where(EVENT.c.id > after).order_by(EVENT.c.id).limit(EVENTS)
    events = work.session.scalars(part).all()
    read_to = events[-1] if events else after
    here = EVENT.c.id.between(after + 1, read_to)
    ids = work.session.scalars(select(EVENT.c.incident_id).where(here).distinct()).all()
    settled = settled_to(work.session, after, read_to, work.now)
    return Gathered(facts_of(work, ids), read_to, settled, len(events) < EVENTS)


def facts_of(work: Work, ids: Sequence[int]) -> tuple[dict[str, Any], ...]:
    """The facts of these matters as the record has them now."""
    require(work.actor, Permission.ENGINE)
    zone = ZoneInfo(work.settings.timezone)
    connection = work.session.connection()

    def by_matter(statement: Any, column: Any) -> dict[int, list[Any]]:
        rows = connection.execute(statement.where(column.in_(ids)))
        return {one: list(some) for one, some in groupby(rows, lambda row: row.incident_id)}

    clocks = by_matter(_CLOCKS, CLOCK.c.incident_id)
    events = by_matter(_EVENTS, EVENT.c.incident_id)
    matters = connection.execute(_MATTERS.where(INCIDENT.c.id.in_(ids)))
    return tuple(fact(row, clocks.get(row.id, ()), events.get(row.id, ()), zone) for row in matters)


def keep_gathered(work: Work, found: Gathered, settled_to: int) -> None:
    """Keep the facts, and that the log was read to the event `settled_to`."""
    require(work.actor, Permission.ENGINE)
    store.replace(work.session, found.rows)
    known = store.mark(work.session).event_id
    store.set_mark(work.session, Mark(max(known, settled_to), work.now))


def forget_figures(work: Work) -> None:
    """Throw the facts away: the worker makes them again from the record, from the beginning."""
    require(work.actor, Permission.ENGINE)
    store.forget_all(work.session)
