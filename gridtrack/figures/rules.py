"""What one matter came to, read off its row, its clocks and its events. Pure.

Instants are whole seconds since 1970 in UTC, so that a hundred thousand of them are one array. A
fact is derived: it can be thrown away and made again from the record (`gridtrack figures rebuild`).
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

SEALED = 3
# Who handles beyond the community (field guide §2.2: the community solves, else the street).
ABOVE = frozenset({"street", "department"})
CLOCKS = ("acknowledge", "arrive", "resolve")
STOPPED = "cancelled"
# Events that a fact is made from; any other kind leaves it as it is but for the version.
READ = ("assigned", "acknowledged", "escalated", "hand_back", "reopened", "resolve", "rated")


class Matter(Protocol):
    """An incident's own columns."""

    id: int
    version: int
    reported_at: datetime
    grid_path: str
    edition_id: int | None
    category: str
    source: str
    sensitivity: int
    state: str
    is_open: bool
    handler_id: int | None
    handler_role: str | None
    resolved_at: datetime | None
    closed_at: datetime | None
    lon: float | None
    lat: float | None


class Promise(Protocol):
    """One clock of an incident."""

    kind: str
    cycle: int
    state: str
    due_at: datetime
    met_at: datetime | None
    paused_us: int
    extended: int


class Told(Protocol):
    """One event, as far as figures need it."""

    kind: str
    at: datetime
    actor_id: int | None
    role: str | None
    rung: str | None
    late_ms: int | None
    stars: int | None


def seconds(at: datetime | None) -> int | None:
    """Whole seconds since 1970, None for None."""
    return None if at is None else int(at.timestamp())


def fact(
    matter: Matter, promises: Iterable[Promise], events: Iterable[Told], zone: ZoneInfo
) -> dict[str, Any]:
    """The row of one matter: every column of `figures.tables.Fact`."""
    here = matter.reported_at.astimezone(zone)
    sealed = matter.sensitivity >= SEALED
    return {
        "incident_id": matter.id,
        "version": matter.version,
        "day": here.toordinal(),
        "hour": here.hour,
        "reported_s": seconds(matter.reported_at),
        "path": matter.grid_path,
        "edition_id": matter.edition_id,
        "category": matter.category,
        "source": matter.source,
        "sensitivity": matter.sensitivity,
        "state": matter.state,
        "is_open": matter.is_open,
        "resolved_s": seconds(matter.resolved_at),
        "ended_s": None if matter.is_open else seconds(matter.closed_at),
        # A sealed matter has no point anywhere else either.
        "lon": None if sealed else matter.lon,
        "lat": None if sealed else matter.lat,
        **_clocks(promises),
        **_story(matter, events),
    }


def _clocks(promises: Iterable[Promise]) -> dict[str, Any]:
    """The first promise to acknowledge, and the last of each other clock."""
    row: dict[str, Any] = {f"{kind}_{what}_s": None for kind in CLOCKS for what in ("due", "met")}
    row |= {"paused_s": 0, "extended": 0}
    for one in sorted(promises, key=lambda promise: promise.cycle):
        if one.kind not in CLOCKS:
            continue
        row["paused_s"] = max(row["paused_s"], one.paused_us // 1_000_000)
        row["extended"] += one.extended
        first = one.kind == "acknowledge" and row["acknowledge_due_s"] is not None
        # Refused, merged or handed back before it was due: nothing was missed, nothing was kept.
        if first or (one.state == STOPPED and one.met_at is None):
            continue
        row[f"{one.kind}_due_s"] = seconds(one.due_at)
        row[f"{one.kind}_met_s"] = seconds(one.met_at)
    return row


def _story(matter: Matter, events: Iterable[Told]) -> dict[str, Any]:
    row: dict[str, Any] = {
        "person_id": None, "returned": 0, "reopened": 0, "climbed": 0, "above": False,
        "late_ms": None, "stars": None, "ever_resolved": False,
    }  # fmt: skip
    for one in events:
        if one.kind == "acknowledged" and row["person_id"] is None:
            row["person_id"] = one.actor_id
        elif one.kind == "hand_back":
            row["returned"] += 1
        elif one.kind == "reopened":
            row["reopened"] += 1
        elif one.kind == "escalated":
            row["climbed"] += 1
            row["late_ms"] = max(row["late_ms"] or 0, one.late_ms or 0)
        elif one.kind == "rated":
            row["stars"] = one.stars
        row["ever_resolved"] |= one.kind == "resolve"
        row["above"] |= one.role in ABOVE or (one.kind == "escalated" and one.rung in ABOVE)
    if row["person_id"] is None:
        row["person_id"] = matter.handler_id
    return row
