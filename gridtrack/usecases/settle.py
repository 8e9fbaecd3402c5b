"""A finding is settled on the spot (采集并结案): reported, done and closed in one. A step.

Never what needs a second person to close it: illegal building, disputes, funerals, safety.
"""

from gridtrack.access import Permission, require
from gridtrack.categories import store as categories
from gridtrack.errors import Invalid
from gridtrack.incidents import store as incidents
from gridtrack.incidents.rules import Action, Happening, State, follow
from gridtrack.usecases.handle import handle
from gridtrack.usecases.promise import Clocks
from gridtrack.work import Work

SEALED = 3


def settle(work: Work, incident_id: int, result: str) -> int:
    """Resolve and close what the actor has just found in their own grid; returns the version.

    Raises Invalid where the kind needs a second person or the matter became somebody else's.
    """
    require(work.actor, Permission.REPORT)
    incident = incidents.lock(work.session, incident_id)
    category = categories.tree(work.memo, work.settings.instance).get(incident.category)
    if category.second_person or incident.sensitivity >= SEALED:
        raise Invalid("settle-second-person", field="settled", value=category.code)
    mine = incident.handler_id == work.actor.person_id
    if not mine or incident.state != State.ACKNOWLEDGED.value:
        raise Invalid("settle-not-yours", field="settled", value=incident.state)
    handle(work, incident_id, Action.RESOLVE, {"result": result})
    incident = incidents.lock(work.session, incident_id)
    state = follow(State(incident.state), Action.CLOSE)
    clocks = Clocks(work, incident)
    clocks.cancel()
    changes = {"state": state.value, "is_open": False, "closed_at": work.now, **clocks.changes()}
    happening = Happening("closed", work.now, changes, {"on_the_spot": True})
    return incidents.change(work.session, incident, [happening], work.actor, work.now)
