"""The handler calls in whoever leads above them: come, or tell me what to do. No clock hears of it.

Handing a matter up is another thing: here it stays with who has it.
"""

from gridtrack.access import Role
from gridtrack.errors import Conflict
from gridtrack.incidents import store as incidents
from gridtrack.incidents.intake import TEXT_LIMIT, tidy_text
from gridtrack.incidents.rules import Action, Happening, check_fields
from gridtrack.incidents.tables import Incident
from gridtrack.notifications import store as notifications
from gridtrack.notifications.store import Told
from gridtrack.queries.on_duty import on_duty
from gridtrack.queries.standing import take_up
from gridtrack.routing.rules import ancestors, holder_for
from gridtrack.usecases.tell import facts
from gridtrack.work import Work

ABOVE = (Role.LEADER, Role.SECRETARY)  # the first that is not vacant
SEALED = 3


def call_leader(
    work: Work, incident_id: int, *, reason: str, version: int | None = None
) -> tuple[int, str]:
    """Tell the leader on duty, the secretary where there is none; returns version and their name.

    A sealed matter goes to the secretary. Raises Conflict where nobody is above, or the matter is
    not the actor's to hand on.
    """
    incident = take_up(work, incident_id, Action.EXTEND, version)  # whoever handles it, nobody else
    check_fields(Action.EXTEND, {"reason": reason, "until": work.now})
    said = tidy_text("reason", reason, TEXT_LIMIT)
    if not incident.is_open:
        raise Conflict("conflict-state", state=incident.state, action="call")
    person_id, name = _above(work, incident)
    about = {**facts(work, incident_id, incident), "by": work.actor.name}
    cause = f"called:{incident_id}:{incident.version}"
    told = Told(cause, "called", incident_id, (person_id,), incident.grid_path, about)
    notifications.enqueue(work.session, work.memo, [told], work.now)
    happening = Happening("called", work.now, {}, {"to": name, "reason": said})
    done = incidents.change(work.session, incident, [happening], work.actor, work.now)
    return done, name


def _above(work: Work, incident: Incident) -> tuple[int, str]:
    near = on_duty(work, ancestors(incident.grid_path), ())
    sealed = incident.sensitivity >= SEALED
    for role in ABOVE[1:] if sealed else ABOVE:
        found = holder_for(incident.grid_path, near, role=role.value, deputy=False)
        if found is not None and found.person_id not in (work.actor.person_id, incident.handler_id):
            return found.person_id, found.name
    raise Conflict("call-nobody")
