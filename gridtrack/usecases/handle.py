"""The plain steps of handling: start, hold, resume, resolve, hand back, note. One shape, one file.

They differ by the table in `incidents.rules` and by the fields it asks for; what each one adds is
said in `_EXTRA`.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from gridtrack.categories import store as categories
from gridtrack.deadlines.offline import Judged
from gridtrack.deadlines.rules import Kind
from gridtrack.errors import Invalid
from gridtrack.incidents import store as incidents
from gridtrack.incidents.arrival import GIVEN, arrival
from gridtrack.incidents.intake import TEXT_LIMIT, tidy_text
from gridtrack.incidents.rules import OPEN, Action, Happening, State, check_fields, follow
from gridtrack.incidents.tables import Incident
from gridtrack.notifications import store as notifications
from gridtrack.notifications.store import Told
from gridtrack.queries.standing import take_up
from gridtrack.usecases.late_act import kept_late
from gridtrack.usecases.order_steps import no_open_order
from gridtrack.usecases.promise import MET_BY_RESOLVING, Clocks
from gridtrack.usecases.tell import desk_of, facts, send
from gridtrack.work import Work

HANDLING = (
    Action.START, Action.HOLD, Action.RESUME, Action.RESOLVE, Action.HAND_BACK, Action.NOTE,
    Action.REJECT,
)  # fmt: skip

# The promises that a step keeps.
_KEEPS = {Action.START: (Kind.ARRIVE,), Action.RESOLVE: MET_BY_RESOLVING}
_ENDED = ("resolved_at", "closed_at")  # instants of the step itself

_Data = dict[str, Any]
_Changes = dict[str, object]


def handle(
    work: Work,
    incident_id: int,
    action: Action,
    given: Mapping[str, Any],
    version: int | None = None,
    *,
    made: Judged | None = None,
) -> int:
    """Take one step of handling with the fields it needs; returns the new version.

    `made` is when it was made on a phone without a signal: then the version does not matter.
    Raises Conflict (state or version), Forbidden, Invalid naming the field that is missing.
    """
    assert action in HANDLING
    incident = take_up(work, incident_id, action, None if made else version)
    state = follow(State(incident.state), action)
    check_fields(action, given, _category_needs(work, incident, action, given))
    data = {name: _tidy(name, value) for name, value in given.items() if value not in (None, "")}
    changes: dict[str, object] = {"state": state.value, "is_open": state in OPEN}
    at = work.now if made is None else made.at
    if made is not None:
        data |= kept_late(work, incident, made, _KEEPS.get(action, ()))
    changes |= _EXTRA.get(action, _nothing)(work, incident, data, at)
    if made is not None:
        changes |= {name: at for name in _ENDED if changes.get(name) == work.now}
    happening = Happening(action.value, at, changes, data)
    return incidents.change(work.session, incident, [happening], work.actor, work.now)


def _category_needs(
    work: Work, incident: Incident, action: Action, given: Mapping[str, Any]
) -> tuple[str, ...]:
    """What the category asks for on resolving; a photo counts when the incident has one."""
    if action is not Action.RESOLVE:
        return ()
    category = categories.tree(work.memo, work.settings.instance).get(incident.category)
    if "photo" in category.required:
        after = [p for p in incidents.photos(work.session, incident.id) if p.stage == "after"]
        if not after:
            raise Invalid("required", field="photo", action=action.value)
    if category.outcomes and given.get("outcome") not in (None, "", *category.outcomes):
        raise Invalid("not-an-outcome", field="outcome", value=given.get("outcome"))
    return tuple(name for name in category.required if name != "photo")


def _tidy(name: str, value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, str):
        return tidy_text(name, value, TEXT_LIMIT)
    return value


def _nothing(_work: Work, _incident: Incident, _data: _Data, _at: datetime) -> _Changes:
    return {}


def _started(work: Work, incident: Incident, data: _Data, at: datetime) -> _Changes:
    """Somebody is there and begins; how far from the place is kept, not where."""
    told = arrival((incident.lon, incident.lat), data)
    for name in GIVEN:
        data.pop(name, None)
    data |= told
    clocks = Clocks(work, incident)
    clocks.meet(Kind.ARRIVE, at=at)
    return clocks.changes()


def _held(work: Work, incident: Incident, data: _Data, _at: datetime) -> _Changes:
    until = _until(work, data["until"])
    data["until"] = until.isoformat()
    clocks = Clocks(work, incident)
    clocks.hold(until.astimezone(UTC))
    data |= clocks.said
    return clocks.changes()


def _until(work: Work, given: str) -> datetime:
    """When the hold ends; a day or a local time is one of the deployment's zone."""
    try:
        until = datetime.fromisoformat(given)
    except ValueError as error:
        raise Invalid("not-a-time", field="until", value=given) from error
    if until.tzinfo is None:
        until = until.replace(tzinfo=ZoneInfo(work.settings.timezone))
    if until <= work.now:
        raise Invalid("span-backwards", field="until", value=given)
    return until


def _resumed(work: Work, incident: Incident, data: _Data, _at: datetime) -> _Changes:
    clocks = Clocks(work, incident)
    clocks.go_on()
    data |= clocks.said
    return clocks.changes()


def _resolved(work: Work, incident: Incident, data: _Data, at: datetime) -> _Changes:
    clocks = Clocks(work, incident)
    clocks.go_on()
    clocks.meet(*MET_BY_RESOLVING, at=at)
    data |= clocks.said
    return {"resolved_at": work.now, "resolved_by": work.actor.person_id, **clocks.changes()}


def _rejected(work: Work, incident: Incident, _data: _Data, _at: datetime) -> _Changes:
    no_open_order(work, incident.id)
    clocks = Clocks(work, incident)
    clocks.go_on()
    clocks.cancel()
    notifications.supersede(work.session, incident.id)
    return {"closed_at": work.now, **clocks.changes()}


def _handed_back(work: Work, incident: Incident, data: _Data, _at: datetime) -> _Changes:
    """Back to the desk. A promise that still runs goes on; one that was kept is made anew.

    Without that a matter acknowledged and handed back would have nobody and nothing to climb.
    """
    about = facts(work, incident.id, incident)
    desk = desk_of(work, incident.grid_path, incident.sensitivity)
    cause = f"returned:{incident.id}:{incident.version}"
    told = Told(cause, "returned", incident.id, desk, incident.grid_path, about)
    send(work, [told])
    changes: dict[str, object] = {
        "handler_id": None,
        "handler_role": None,
        "co_handler_id": None,
        "acknowledged_at": None,
    }
    clocks = Clocks(work, incident)
    clocks.go_on()
    if clocks.due_at is None:
        clocks.start((Kind.ACKNOWLEDGE,), routed=False)
        changes["rung"] = None
    data |= clocks.said
    return changes | clocks.changes()


_EXTRA: Mapping[Action, Callable[[Work, Incident, _Data, datetime], _Changes]] = {
    Action.START: _started,
    Action.HOLD: _held,
    Action.RESUME: _resumed,
    Action.RESOLVE: _resolved,
    Action.REJECT: _rejected,
    Action.HAND_BACK: _handed_back,
}
