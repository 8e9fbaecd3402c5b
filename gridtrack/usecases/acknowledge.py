"""Somebody responsible says: seen, mine. The five-minute clock stops here and nowhere else."""

from gridtrack.deadlines.offline import Judged
from gridtrack.deadlines.rules import Kind
from gridtrack.incidents import store as incidents
from gridtrack.incidents.rules import Action, Happening, State, follow
from gridtrack.notifications import store as notifications
from gridtrack.queries.standing import role_over, take_up
from gridtrack.usecases.late_act import answer_late, handler_after
from gridtrack.usecases.promise import Clocks
from gridtrack.usecases.tell import acknowledged_beside, send
from gridtrack.work import Work


def acknowledge(
    work: Work, incident_id: int, version: int | None = None, *, made: Judged | None = None
) -> int:
    """Acknowledge an incident; the one who does becomes its handler. Returns the new version.

    Twice by the same person is answered like once; raises Conflict where another was faster.
    `made` is when it was made on a phone without a signal: then the version does not matter.
    """
    incident = take_up(work, incident_id, Action.ACKNOWLEDGE, None)
    if incident.state == State.ACKNOWLEDGED.value and incident.handler_id == work.actor.person_id:
        return incident.version
    if made is None:
        incidents.expect_version(incident, version)
    state = follow(State(incident.state), Action.ACKNOWLEDGE)
    at = work.now if made is None else made.at
    late_s = (at - incident.due_at).total_seconds() if incident.due_at else None
    clocks = Clocks(work, incident)
    clocks.meet(Kind.ACKNOWLEDGE, at=at)
    changes: dict[str, object] = {"state": state.value, "acknowledged_at": at, **clocks.changes()}
    data: dict[str, object] = {"late_s": late_s}
    notifications.supersede(work.session, incident.id)
    beside = acknowledged_beside(work, incident)
    send(work, beside)
    if made is not None:
        data |= answer_late(work, incident, made)
        changes |= handler_after(work, incident)
    elif work.actor.person_id not in (incident.handler_id, incident.co_handler_id):
        # The property manager answers beside the gridworker and takes nothing from them.
        changes["handler_id"] = work.actor.person_id
        changes["handler_role"] = role_over(work, incident.grid_path)
    happening = Happening("acknowledged", at, changes, data)
    return incidents.change(work.session, incident, [happening], work.actor, work.now)
