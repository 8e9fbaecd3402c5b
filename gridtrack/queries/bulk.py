"""What would become of several matters: said of each before anything is done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from gridtrack.access import Permission, require
from gridtrack.incidents.rules import FINAL, NEXT, Action, State, Who
from gridtrack.incidents.tables import Incident
from gridtrack.orders import store as orders
from gridtrack.orders.rules import again_at
from gridtrack.queries.names import Line, lines
from gridtrack.queries.standing import alone, may_see, relations
from gridtrack.queries.who_sees import SEALED
from gridtrack.queries.wording import local_text
from gridtrack.work import Work

MOST = 100


class Act(StrEnum):
    """What may be done to many at once."""

    ASSIGN = "assign"
    URGE = "urge"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Would:
    """A matter, and the code of what stands against the act; empty where nothing does."""

    line: Line
    against: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)


def would(work: Work, act: Act, ids: Sequence[int], locale: str) -> tuple[Would, ...]:
    """Each of the first `MOST` of these matters that the actor may see, in the order given."""
    require(work.actor, Permission.DIRECT)
    rows = work.session.scalars(select(Incident).where(Incident.id.in_(ids[:MOST]))).all()
    seen = {row.id: row for row in rows if may_see(work, row)}
    named = {line.id: line for line in lines(work, seen.values(), locale)}
    against = {Act.ASSIGN: _assign, Act.URGE: _urge, Act.CLOSE: _close}[act]
    return tuple(
        Would(named[one], *against(work, seen[one])) for one in dict.fromkeys(ids) if one in seen
    )


Against = tuple[str, Mapping[str, Any]]
NOTHING: Against = ("", {})


def _state(incident: Incident, action: Action) -> Against:
    if (State(incident.state), action) in NEXT:
        return NOTHING
    return "conflict-state", {"state": incident.state, "action": action.value}


def _assign(work: Work, incident: Incident) -> Against:
    if incident.sensitivity >= SEALED:
        return "bulk-sealed", {}
    if not {Who.OVER, Who.DESK} & relations(work, incident):
        return "action-forbidden", {"action": Action.ASSIGN.value}
    return _state(incident, Action.ASSIGN)


def _close(work: Work, incident: Incident) -> Against:
    if Who.CHECKER not in relations(work, incident):
        return "action-forbidden", {"action": Action.CLOSE.value}
    if alone(work, incident):
        return "second-person-needed", {}
    order = orders.open_of(work.session, incident.id)
    if order is not None:
        return "order-still-open", {"order": order.number}
    return _state(incident, Action.CLOSE)


def _urge(work: Work, incident: Incident) -> Against:
    me = work.actor.person_id
    if Who.OVER not in relations(work, incident):
        return "forbidden", {"permission": Permission.DIRECT.value}
    if State(incident.state) in {*FINAL, State.RESOLVED}:
        return "urge-done", {}
    if incident.handler_id is None:
        return "urge-nobody", {}
    if me is None or incident.handler_id == me:
        return "urge-self", {}
    last = orders.last_urge(work.session, incident.id, me)
    every = orders.terms(work.memo, work.settings.instance).urge_every
    again = again_at(last, every, work.now)
    if last is None or again is None:
        return NOTHING
    at = local_text(work, last.isoformat())
    return "urged-lately", {"at": at, "again": local_text(work, again.isoformat())}
