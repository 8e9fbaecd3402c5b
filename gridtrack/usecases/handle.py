"""The plain steps of handling: start, hold, resume, resolve, hand back, note. One shape, one file.

They differ by the table in `incidents.rules` and by the fields it asks for; what each one adds is
said in `_EXTRA`.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from gridtrack.categories import store as categories
from gridtrack.deadlines import store as deadlines
from gridtrack.deadlines.offline import Judged
from gridtrack.errors import Invalid
from gridtrack.incidents import store as incidents
from gridtrack.incidents.intake import TEXT_LIMIT, tidy_text
from gridtrack.incidents.rules import OPEN, Action, Happening, State, check_fields, follow
from gridtrack.incidents.tables import Incident
from gridtrack.notifications import store as notifications
from gridtrack.notifications.store import Told
from gridtrack.queries.standing import take_up
from gridtrack.usecases.order_steps import no_open_order
from gridtrack.usecases.promise import UNARMED, Promise, drop_promise, promise
from gridtrack.usecases.tell import desk_of, facts
from gridtrack.work import Work

HANDLING = (
    Action.START, Action.HOLD, Action.RESUME, Action.RESOLVE, Action.HAND_BACK, Action.NOTE,
    Action.REJECT,
)  # fmt: skip

_ENDED = ("resolved_at", "closed_at")  # instants of the step itself


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
    changes |= _EXTRA.get(action, _nothing)(work, incident, data)
    at = work.now
    if made is not None:
        at, data["offline"] = made.at, made.said()
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


def _nothing(_work: Work, _incident: Incident, _data: dict[str, Any]) -> dict[str, object]:
    return {}


def _resolved(work: Work, _incident: Incident, _data: dict[str, Any]) -> dict[str, object]:
    return {"resolved_at": work.now, "resolved_by": work.actor.person_id}


def _rejected(work: Work, incident: Incident, _data: dict[str, Any]) -> dict[str, object]:
    no_open_order(work, incident.id)
    drop_promise(work, incident.id)
    notifications.supersede(work.session, incident.id)
    return {"closed_at": work.now, **UNARMED}


def _handed_back(work: Work, incident: Incident, data: dict[str, Any]) -> dict[str, object]:
    """Back to the desk. A promise that still runs goes on; one that was kept is made anew.

    Without that a matter acknowledged and handed back would have nobody and nothing to climb.
    """
    about = facts(work, incident.id, incident)
    desk = desk_of(work, incident.grid_path, incident.sensitivity)
    cause = f"returned:{incident.id}:{incident.version}"
    told = Told(cause, "returned", incident.id, desk, incident.grid_path, about)
    notifications.enqueue(work.session, work.memo, [told], work.now)
    changes: dict[str, object] = {
        "handler_id": None,
        "handler_role": None,
        "co_handler_id": None,
        "acknowledged_at": None,
    }
    if incident.due_at is None:
        clock = _promised_to_desk(work, incident)
        data["promise"] = clock.said()
        changes |= clock.changes()
    return changes


def _promised_to_desk(work: Work, incident: Incident) -> Promise:
    category = categories.tree(work.memo, work.settings.instance).get(incident.category)
    cycle = drop_promise(work, incident.id)
    sensitivity = incident.sensitivity
    clock = promise(work, category, sensitivity=sensitivity, routed=False, cycle=cycle)
    deadlines.start(work.session, [{**clock.row, "incident_id": incident.id}])
    return clock


_EXTRA: Mapping[Action, Callable[[Work, Incident, dict[str, Any]], dict[str, object]]] = {
    Action.RESOLVE: _resolved,
    Action.REJECT: _rejected,
    Action.HAND_BACK: _handed_back,
}
