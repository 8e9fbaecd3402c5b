"""A leader, the secretary or the desk says who handles it: a new promise starts for that person."""

from gridtrack.accounts import store as accounts
from gridtrack.deadlines.rules import Kind
from gridtrack.errors import Invalid
from gridtrack.incidents import store as incidents
from gridtrack.incidents.intake import TEXT_LIMIT, tidy_text
from gridtrack.incidents.rules import Action, Happening, State, follow
from gridtrack.incidents.tables import Incident
from gridtrack.notifications import store as notifications
from gridtrack.notifications.store import Told
from gridtrack.queries.standing import take_up
from gridtrack.usecases.place import ground, partition_now, placed_now, same_ground
from gridtrack.usecases.promise import FROM_REPORT, Clocks
from gridtrack.usecases.tell import facts
from gridtrack.work import Work


def assign(
    work: Work,
    incident_id: int,
    to: int,
    *,
    reason: str = "",
    version: int | None = None,
    action: Action = Action.ASSIGN,
) -> int:
    """Give an incident to a person with a post; returns the new version.

    The person gets the category's full time: what the one before missed stays on the record.
    `action` is ASSIGN or REOPEN.
    """
    incident = take_up(work, incident_id, action, version)
    state = follow(State(incident.state), action)
    person = accounts.actor(work.session, to, work.now)
    if person is None or not person.holdings:
        raise Invalid("no-such-person", field="to", value=to)
    where = _ground_now(work, incident, action)
    clocks = Clocks(work, incident)
    clocks.go_on()
    # A new handler gets the time to acknowledge; to arrive and to resolve was promised to the one
    # who reported, and begins anew only where the matter does.
    anew = FROM_REPORT if action is Action.REOPEN else (Kind.ACKNOWLEDGE,)
    clocks.start(anew, routed=True, path=str(where.get("grid_path", incident.grid_path)))
    due_at = clocks.due_at
    assert due_at is not None
    changes: dict[str, object] = {
        **where,
        "state": state.value,
        "is_open": True,
        "handler_id": to,
        "handler_role": person.holdings[0].role.value,
        "acknowledged_at": None,
        "resolved_at": None,
        "resolved_by": None,
        "closed_at": None,
        "duplicate_of": None,
        "rung": None,
        **clocks.changes(),
    }
    why = [{"code": "assigned-by", "name": work.actor.name}]
    kind = "reopened" if action is Action.REOPEN else "assigned"
    happening = Happening(
        kind,
        work.now,
        changes,
        {
            "to": person.name,
            "why": why,
            "reason": tidy_text("reason", reason, TEXT_LIMIT),
            **clocks.said,
        },
    )
    _tell(work, incident, to, clocks.said["promises"][0]["cycle"], due_at.isoformat())
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
    notifications.enqueue(work.session, work.memo, [told], work.now)
