"""Open matters of given ground: found by the index of their paths, locked, moved in one go."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, or_, select, update
from sqlalchemy.orm import Session

from gridtrack.errors import Conflict
from gridtrack.incidents.numbers import tile_rows
from gridtrack.incidents.store import EVENT, INCIDENT
from gridtrack.incidents.tables import Incident

_PATHS = 500  # to a statement: SQLite takes some thousand values, and a plan for each is no gain
NO_PATH = ("outside", "snapped")  # what a grid may take in that is drawn where none was


@dataclass(frozen=True, slots=True)
class Moving:
    """An open matter as the mover reads it, in the order of the columns selected."""

    id: int
    version: int
    state: str
    is_open: bool
    category: str
    condition: str
    sensitivity: int
    reported_by: int | None
    reported_at: datetime
    lon: float | None
    lat: float | None
    accuracy_m: float | None
    zone: str | None
    edition_id: int | None
    grid_code: str | None
    grid_path: str
    outcome: str
    border_distance_m: float | None
    neighbour_code: str | None
    handler_id: int | None
    handler_role: str | None
    co_handler_id: int | None
    acknowledged_at: datetime | None
    due_at: datetime | None
    next_due_at: datetime | None
    held_until: datetime | None
    deadline_state: str
    rung: str | None


_COLUMNS = tuple(INCIDENT.c[name] for name in Moving.__slots__)
_LOOK = select(*_COLUMNS)
_LOCK = (
    _LOOK.where(INCIDENT.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(INCIDENT.c.id)
    .with_for_update()
)
_PLACES = INCIDENT.c.grid_path.in_(bindparam("paths", expanding=True))
_AT = _LOOK.where(Incident.is_open, _PLACES)
_SUMMED = (
    "state", "edition_id", "grid_code", "grid_path", "outcome", "border_distance_m",
    "neighbour_code", "handler_id", "handler_role", "co_handler_id", "acknowledged_at", "due_at",
    "next_due_at", "held_until", "deadline_state", "rung",
)  # fmt: skip
_MOVE = (
    update(INCIDENT)
    .where(INCIDENT.c.id == bindparam("b_id"), INCIDENT.c.version == bindparam("b_was"))
    .values(
        {name: bindparam(f"b_{name}", type_=INCIDENT.c[name].type) for name in _SUMMED}
        | {"version": bindparam("b_version"), "updated_at": bindparam("b_now")}
    )
)


def open_at(session: Session, paths: Sequence[str]) -> list[Moving]:
    """The open matters that lie in exactly these grids; reads no other row."""
    where = _LOOK.where(
        Incident.is_open, INCIDENT.c.grid_path.in_(bindparam("paths", expanding=True))
    )
    return [row for part in _parts(paths) for row in _rows(session, where, {"paths": part})]


def open_outside(session: Session, box: tuple[float, float, float, float]) -> list[Moving]:
    """The open matters inside a box that no grid covered, or that snapped to one beside it."""
    west, south, east, north = box
    rows = tile_rows(box)
    where = _LOOK.where(
        Incident.is_open,
        or_(*(INCIDENT.c.tile.between(low, high) for low, high in rows[:_PATHS])),
        INCIDENT.c.lon.between(west, east),
        INCIDENT.c.lat.between(south, north),
        INCIDENT.c.outcome.in_(NO_PATH),
    )
    return _rows(session, where, {})


def open_since(
    session: Session, paths: Sequence[str], since: datetime, edition_id: int
) -> list[Moving]:
    """Open matters of these grids reported from `since` on that were not found by `edition_id`."""
    where = _LOOK.where(
        _PLACES,
        INCIDENT.c.reported_at >= since,
        INCIDENT.c.is_open,
        INCIDENT.c.edition_id != edition_id,
    )
    return [row for part in _parts(paths) for row in _rows(session, where, {"paths": part})]


def lock_all(session: Session, ids: Iterable[int]) -> list[Moving]:
    """These matters as they are now, locked to the end of the work, in the order of their ids."""
    return _rows(session, _LOCK, {"ids": list(ids)})


def moved(row: Moving, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters that write `changes`, and one event more, to a locked matter."""
    now = {f"b_{name}": changes.get(name, getattr(row, name)) for name in _SUMMED}
    return {"b_id": row.id, "b_was": row.version, "b_version": row.version + 1, **now}


def move(session: Session, rows: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """Write matters made by `moved`; raises Conflict where one changed under the lock."""
    done = session.execute(_MOVE, [{**row, "b_now": now} for row in rows])
    if done.rowcount not in (len(rows), -1):  # type: ignore[attr-defined]
        raise Conflict("conflict-version", expected=len(rows))


def count_events(session: Session, prefix: str) -> int:
    """How many events have a key that begins with `prefix`."""
    low, high = prefix, prefix[:-1] + chr(ord(prefix[-1]) + 1)
    wanted = select(func.count()).where(EVENT.c.key >= low, EVENT.c.key < high)
    return session.scalar(wanted) or 0


def _rows(session: Session, statement: Any, given: Mapping[str, Any]) -> list[Moving]:
    return [Moving(*row) for row in session.execute(statement, given)]


def _parts(paths: Sequence[str]) -> Iterable[Sequence[str]]:
    return (paths[start : start + _PATHS] for start in range(0, len(paths), _PATHS))
