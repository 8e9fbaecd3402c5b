"""A matter is given to a person with a new promise. One step of several verbs."""

from collections.abc import Mapping
from dataclasses import dataclass

from gridtrack.access import Actor
from gridtrack.deadlines.rules import Kind
from gridtrack.incidents import store as incidents
from gridtrack.incidents.intake import TEXT_LIMIT, tidy_text
from gridtrack.incidents.rules import Action, Happening, State, follow
from gridtrack.incidents.tables import Incident
from gridtrack.notifications import store as notifications
from gridtrack.notifications.store import Told
from gridtrack.usecases.place import ground, partition_now, placed_now, same_ground
from gridtrack.usecases.promise import FROM_REPORT, Clocks
from gridtrack.usecases.tell import facts, send
from gridtrack.work import Work


@dataclass(frozen=True, slots=True)
class Gift:
    """To whom, by ASSIGN or REOPEN, and what the record says of it."""

    to: Actor
    action: Action
    reason: str
    why: Mapping[str, object]


def give(work: Work, incident: Incident, gift: Gift) -> int:
    """Give a locked incident to a person who has a post; returns the new version.

    The person gets the category's full time: what the one before missed stays on the record.
    """
    state = follow(State(incident.state), gift.action)
    person = gift.to
    assert person.person_id is not None
    where = _ground_now(work, incident, gift.action)
    clocks = Clocks(work, incident)
    clocks.go_on()
    # A new handler gets the time to acknowledge; to arrive and to resolve was promised to the one
    # who reported, and begins anew only where the matter does.
    anew = FROM_REPORT if gift.action is Action.REOPEN else (Kind.ACKNOWLEDGE,)
    clocks.start(anew, routed=True, path=str(where.get("grid_path", incident.grid_path)))
    due_at = clocks.due_at
    assert due_at is not None
    changes: dict[str, object] = {
        **where,
        "state": state.value,
        "is_open": True,
        "handler_id": person.person_id,
        "handler_role": person.holdings[0].role.value,
        "acknowledged_at": None,
        "resolved_at": None,
        "resolved_by": None,
        "closed_at": None,
        "duplicate_of": None,
        "rung": None,
        **clocks.changes(),
    }
    kind = "reopened" if gift.action is Action.REOPEN else "assigned"
    happening = Happening(
        kind,
        work.now,
        changes,
        {
            "to": person.name,
            "why": [dict(gift.why)],
            "reason": tidy_text("reason", gift.reason, TEXT_LIMIT),
            **clocks.said,
        },
    )
    _tell(work, incident, person.person_id, clocks.said["promises"][0]["cycle"], due_at.isoformat())
    return incidents.change(work.session, incident, [happening], work.actor, work.now)


def _ground_now(work: Work, incident: Incident, action: Action) -> dict[str, object]:
    """Where it lies today: what is opened again may have been closed under other grids."""
    if action is not Action.REOPEN:
        return {}
    placed = placed_now(work, partition_now(work), incident)
    return {} if same_ground(incident, placed) else ground(placed)


def _tell(work: Work, incident: Incident, to: int, cycle: object, due_at: str) -> None:
    about = {**facts(work, incident.id, incident), "due_at": due_at}
    notifications.supersede(work.session, incident.id)
    cause = f"assigned:{incident.id}:{cycle}"
    told = Told(cause, "assigned", incident.id, (to,), incident.grid_path, about)
    send(work, [told])
