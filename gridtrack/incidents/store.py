"""Saving and loading incidents with their events. Core statements: this is the hot path."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Update, bindparam, func, select, update
from sqlalchemy.orm import Session

from gridtrack.access import Actor
from gridtrack.db.fixed import write
from gridtrack.db.said import say
from gridtrack.db.sql import insert_new, table_of
from gridtrack.errors import Conflict, NotFound
from gridtrack.incidents.rules import Happening, encode
from gridtrack.incidents.tables import Event, Incident, Photo, Reporter

INCIDENT, EVENT, REPORTER = table_of(Incident), table_of(Event), table_of(Reporter)
_APPEND, _KEEP = EVENT.insert(), REPORTER.insert()
_LOCK = select(Incident).where(Incident.id == bindparam("id")).with_for_update()


def create(session: Session, row: Mapping[str, Any]) -> int | None:
    """Insert an incident and return its id, or None where its client_id is already known."""
    found: int | None = insert_new(session, INCIDENT, row, key="client_id")
    return found


def by_client_id(session: Session, client_id: str) -> Incident | None:
    """The incident that was first reported under this client id."""
    return session.scalar(select(Incident).where(Incident.client_id == client_id))


def get(session: Session, incident_id: int) -> Incident:
    """The incident; raises NotFound."""
    found = session.get(Incident, incident_id)
    if found is None:
        raise NotFound("incident-not-found", id=incident_id)
    return found


def lock(session: Session, incident_id: int) -> Incident:
    """The incident, locked until the end of the work: always before anything that hangs on it."""
    found = session.scalar(_LOCK, {"id": incident_id})
    if found is None:
        raise NotFound("incident-not-found", id=incident_id)
    return found


def event_rows(
    incident_id: int,
    version: int,
    happenings: Iterable[Happening],
    actor: Actor,
    recorded_at: datetime,
) -> list[dict[str, Any]]:
    """The event rows of `happenings`, numbered on from `version`."""
    return [
        {
            "incident_id": incident_id,
            "seq": seq,
            "kind": happening.kind,
            "at": happening.at,
            "recorded_at": recorded_at,
            "actor_id": actor.person_id,
            "actor_name": actor.name,
            "data": {**happening.data, "set": encode(happening.changes)},
            "key": happening.key,
        }
        for seq, happening in enumerate(happenings, version + 1)
    ]


def append(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert event rows made by `event_rows`."""
    write(session, _APPEND, rows)
    say(session, rows[0]["kind"], f"incident:{rows[0]['incident_id']}")


def keep_reporter(session: Session, row: Mapping[str, Any]) -> None:
    """Insert who reported; the mapping names every column of `reporter`."""
    write(session, _KEEP, [row])


@lru_cache(maxsize=128)  # building the statement costs more than running it
def _change(names: tuple[str, ...]) -> Update:
    columns = {name: bindparam(f"b_{name}", type_=INCIDENT.c[name].type) for name in names}
    unchanged = INCIDENT.c.version == bindparam("b_was")
    return update(INCIDENT).where(INCIDENT.c.id == bindparam("b_of"), unchanged).values(columns)


def change(
    session: Session,
    incident: Incident,
    happenings: Sequence[Happening],
    actor: Actor,
    recorded_at: datetime,
) -> int:
    """Write happenings to the row and its events; returns the new version.

    Guarded by the version that was read: raises Conflict where somebody else was faster.
    """
    changes: dict[str, Any] = {}
    for happening in happenings:
        changes.update(happening.changes)
    version = incident.version + len(happenings)
    changes |= {"version": version, "updated_at": recorded_at}
    given = {f"b_{name}": value for name, value in changes.items()}
    given |= {"b_of": incident.id, "b_was": incident.version}
    done = session.execute(_change(tuple(changes)), given)
    if done.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict("conflict-version", expected=incident.version)
    append(session, event_rows(incident.id, incident.version, happenings, actor, recorded_at))
    session.expire(incident)
    return version


def expect_version(incident: Incident, version: int | None) -> None:
    """Raise Conflict where the actor looked at another version than the one stored now."""
    if version is not None and version != incident.version:
        raise Conflict("conflict-version", expected=version, found=incident.version)


def events(session: Session, incident_id: int) -> Sequence[Event]:
    """Everything that happened to an incident, in order."""
    return session.scalars(
        select(Event).where(Event.incident_id == incident_id).order_by(Event.seq)
    ).all()


def events_of(session: Session, incident_ids: Sequence[int]) -> dict[int, list[Event]]:
    """Everything that happened to some incidents, in order, by incident."""
    found: dict[int, list[Event]] = {}
    if not incident_ids:
        return found
    for event in session.scalars(
        select(Event)
        .where(Event.incident_id.in_(incident_ids))
        .order_by(Event.incident_id, Event.seq)
    ):
        found.setdefault(event.incident_id, []).append(event)
    return found


def photos(session: Session, incident_id: int) -> Sequence[Photo]:
    """The photos of an incident, oldest first."""
    return session.scalars(
        select(Photo).where(Photo.incident_id == incident_id).order_by(Photo.id)
    ).all()


_DUE = (
    select(
        INCIDENT.c.id, INCIDENT.c.version, INCIDENT.c.category, INCIDENT.c.sensitivity,
        INCIDENT.c.edition_id, INCIDENT.c.grid_code, INCIDENT.c.grid_path, INCIDENT.c.handler_id,
        INCIDENT.c.handler_role, INCIDENT.c.rung, INCIDENT.c.deadline_state,
        INCIDENT.c.next_due_at, INCIDENT.c.due_at, INCIDENT.c.reported_at, INCIDENT.c.state,
        INCIDENT.c.held_until,
    )
    .where(INCIDENT.c.next_due_at <= bindparam("now", type_=INCIDENT.c.next_due_at.type))
    .order_by(INCIDENT.c.next_due_at, INCIDENT.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Due:
    """A due incident as the sweep claims it: the columns it decides by, in the order selected."""

    id: int
    version: int
    category: str
    sensitivity: int
    edition_id: int | None
    grid_code: str | None
    grid_path: str
    handler_id: int | None
    handler_role: str | None
    rung: str | None
    deadline_state: str
    next_due_at: datetime
    due_at: datetime | None
    reported_at: datetime
    state: str
    held_until: datetime | None


_ONLY = _DUE.where(INCIDENT.c.id == bindparam("only"))
_ADVANCE = (
    update(INCIDENT)
    .where(INCIDENT.c.id == bindparam("b_id"), INCIDENT.c.version == bindparam("b_was"))
    .values(
        version=bindparam("b_version"),
        state=bindparam("b_state"),
        due_at=bindparam("b_due_at"),
        next_due_at=bindparam("b_next_due_at"),
        held_until=bindparam("b_held_until"),
        deadline_state=bindparam("b_deadline_state"),
        rung=bindparam("b_rung"),
        handler_id=bindparam("b_handler_id"),
        handler_role=bindparam("b_handler_role"),
        updated_at=bindparam("b_now"),
    )
)
_EARLIEST = select(func.min(INCIDENT.c.next_due_at)).where(INCIDENT.c.next_due_at.is_not(None))


def claim_due(session: Session, now: datetime, limit: int, only: int | None = None) -> list[Due]:
    """The oldest due incidents, locked; those another worker holds are passed over."""
    rows: Iterable[Any]
    if only is not None:
        rows = session.execute(_ONLY, {"now": now, "most": 1, "only": only})
    else:
        rows = session.execute(_DUE, {"now": now, "most": limit})
    return [Due(*row) for row in rows]


def earliest_due(session: Session) -> datetime | None:
    """The next instant at which anything is due, None when nothing is promised."""
    earliest: datetime | None = session.scalar(_EARLIEST)
    return earliest


_ADVANCED = (
    "state", "due_at", "next_due_at", "held_until", "deadline_state", "rung", "handler_id",
    "handler_role",
)  # fmt: skip


def advanced(row: Due, version: int, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters that move a claimed incident on, for `advance`."""
    now = {f"b_{name}": changes.get(name, getattr(row, name)) for name in _ADVANCED}
    return {"b_id": row.id, "b_was": row.version, "b_version": version, **now}


def advance(session: Session, rows: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """Move claimed incidents on; raises Conflict where one changed under the lock."""
    done = session.execute(_ADVANCE, [{**row, "b_now": now} for row in rows])
    if done.rowcount not in (len(rows), -1):  # type: ignore[attr-defined]
        raise Conflict("conflict-version", expected=len(rows))


# A transaction that began earlier may still commit events with smaller ids; none of ours lives
# longer than this, so what is older is settled, and what is younger is read again next time.
UNSETTLED = timedelta(minutes=2)


def settled_to(session: Session, after: int, read_to: int, now: datetime) -> int:
    """The id up to which the log behind the event `after` gains nothing more, `read_to` at most."""
    here = EVENT.c.id.between(after + 1, read_to)
    young = session.scalar(
        select(func.min(EVENT.c.id)).where(here, EVENT.c.recorded_at > now - UNSETTLED)
    )
    return read_to if young is None else young - 1
