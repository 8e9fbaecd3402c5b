"""What came out of a run, counted from the event log and never from what the run believes."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import select

from gridtrack.deadlines.rules import Kind
from gridtrack.incidents.store import EVENT, INCIDENT
from gridtrack.work import Work

CHUNK = 2000
_QUIET = frozenset({"note", "photo", "start", "hold", "resume"})  # nothing of them is counted


@dataclass(slots=True)
class Outcome:
    """Counts over the incidents of a run; lateness in seconds, fired minus due."""

    routed: int = 0
    triaged: int = 0
    acknowledged: int = 0
    acknowledged_in_time: int = 0
    exhausted: int = 0  # the whole ladder was climbed and nobody had answered
    resolved: int = 0
    closed: int = 0
    escalations: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    per_grid: Counter[str] = field(default_factory=Counter)
    late_s: list[float] = field(default_factory=list)
    answered_s: list[float] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The counts as plain values, lists of seconds as their quantiles."""
        return {
            "routed": self.routed,
            "triaged": self.triaged,
            "acknowledged": self.acknowledged,
            "acknowledged_in_time": self.acknowledged_in_time,
            "exhausted": self.exhausted,
            "resolved": self.resolved,
            "closed": self.closed,
            "escalations": dict(self.escalations),
            "skipped": dict(self.skipped),
            "per_grid": dict(sorted(self.per_grid.items())),
            "lateness_s": quantiles(self.late_s),
            "answer_s": quantiles(self.answered_s),
        }


def quantiles(values: Sequence[float]) -> dict[str, float | None]:
    """Median, 99th percentile (nearest rank) and the largest; None where there is nothing."""
    if not values:
        return {"p50": None, "p99": None, "max": None}
    ordered = sorted(values)

    def rank(share: float) -> float:
        return ordered[max(0, math.ceil(share * len(ordered)) - 1)]

    return {"p50": rank(0.5), "p99": rank(0.99), "max": ordered[-1]}


def measure(work: Work, incident_ids: Iterable[int]) -> Outcome:
    """What happened to these incidents, read off their events."""
    found = Outcome()
    wanted = sorted(incident_ids)
    for start in range(0, len(wanted), CHUNK):
        chunk = set(wanted[start : start + CHUNK])
        for incident_id, events in groupby(_events(work, chunk), key=lambda row: row.incident_id):
            if incident_id in chunk:
                _count(list(events), found)
        for row in work.session.execute(
            select(INCIDENT.c.id, INCIDENT.c.grid_code).where(
                INCIDENT.c.id.between(min(chunk), max(chunk)), INCIDENT.c.grid_code.is_not(None)
            )
        ):
            if row.id in chunk:
                found.per_grid[row.grid_code] += 1
    return found


def _events(work: Work, chunk: set[int]) -> Iterator[Any]:
    yield from work.session.execute(
        select(EVENT.c.incident_id, EVENT.c.kind, EVENT.c.at, EVENT.c.data)
        .where(EVENT.c.incident_id.between(min(chunk), max(chunk)), EVENT.c.kind.not_in(_QUIET))
        .order_by(EVENT.c.incident_id, EVENT.c.seq)
    )


def _count(events: Sequence[Any], found: Outcome) -> None:
    kinds = {event.kind for event in events}
    found.triaged += "triaged" in kinds
    found.routed += "triaged" not in kinds
    found.resolved += "resolve" in kinds
    found.closed += "closed" in kinds
    _count_answer(events, found)
    for event in events:
        if event.kind in ("escalated", "rung-skipped") and _asked(event):
            counter = found.escalations if event.kind == "escalated" else found.skipped
            counter[event.data["rung"]] += 1
            found.late_s.append(event.data["late_ms"] / 1000)
            found.exhausted += bool(event.data.get("exhausted"))


def _asked(event: Any) -> bool:
    """True for a step of the acknowledge clock: the others climb at the pace of days."""
    return bool(event.data["clock"] == Kind.ACKNOWLEDGE.value)


def _count_answer(events: Sequence[Any], found: Outcome) -> None:
    """The first acknowledgement, measured against the promise that was running then."""
    due_at: datetime | None = None
    for event in events:
        for promise in event.data.get("promises", ()):
            if promise["clock"] == Kind.ACKNOWLEDGE.value:
                due_at = datetime.fromisoformat(promise["due_at"])
        if event.kind == "acknowledged":
            found.acknowledged += 1
            found.acknowledged_in_time += due_at is not None and event.at <= due_at
            found.answered_s.append((event.at - events[0].at).total_seconds())
            return
