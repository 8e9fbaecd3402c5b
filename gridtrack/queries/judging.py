"""What a reporter may still say of a matter: rate it, have it taken up again. One step of several.

Read from the matter's own events and its row: nothing is kept beside them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gridtrack.access import RESIDENT
from gridtrack.incidents.rules import State
from gridtrack.incidents.tables import Event, Incident
from gridtrack.residents import store as residents
from gridtrack.residents.rules import is_open, until
from gridtrack.work import Work

DONE = (State.RESOLVED.value, State.CLOSED.value)


@dataclass(frozen=True, slots=True)
class Judging:
    """How a matter stands for its reporter; instants are when a window closes."""

    round: int  # 1, and one more for each time it was opened again
    done_at: datetime | None  # handled or closed, whichever was last; None while it is worked on
    rated: Mapping[str, Any] | None  # what was said of this round
    rate_until: datetime | None
    reopen_until: datetime | None
    too_often: bool  # residents have opened it as often as they may
    may_rate: bool
    may_reopen: bool


def judging(work: Work, incident: Incident, events: Sequence[Event]) -> Judging:
    """What the reporter of `incident` may say of it now."""
    terms = residents.terms(work.memo, work.settings.instance)
    opened = [event for event in events if event.kind == "reopened"]
    by_residents = [one for one in opened if one.actor_name == RESIDENT.name]
    rated = [one for one in events if one.kind == "rated"]
    this_round = 1 + len(opened)
    last = next((dict(one.data) for one in rated if one.data["round"] == this_round), None)
    instants = [one for one in (incident.resolved_at, incident.closed_at) if one]
    done_at = max(instants) if instants and incident.state in DONE else None
    too_often = len(by_residents) >= terms.reopen_most
    may_rate = last is None and is_open(done_at, terms.rate_within, work.now)
    in_window = is_open(done_at, terms.reopen_within, work.now)
    return Judging(
        this_round,
        done_at,
        last,
        until(done_at, terms.rate_within),
        until(done_at, terms.reopen_within),
        too_often,
        may_rate,
        may_rate and in_window and not too_often,
    )
