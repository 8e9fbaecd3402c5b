"""A duplicate that was none goes its own way again, with a new promise to whoever handled it."""

from gridtrack.incidents import moving
from gridtrack.incidents import store as incidents
from gridtrack.incidents.intake import TEXT_LIMIT, tidy_text
from gridtrack.incidents.rules import Action, Happening, State, check_fields, follow
from gridtrack.queries.names import number_of
from gridtrack.queries.standing import take_up
from gridtrack.usecases.assign import assign
from gridtrack.work import Work


def split(work: Work, incident_id: int, *, reason: str, version: int | None = None) -> int:
    """Take a duplicate out of the matter it was merged into; returns its new version."""
    check_fields(Action.SPLIT, {"reason": reason})
    known = incidents.get(work.session, incident_id)
    # Both in the order of their ids, as in a merge: two people must not wait for each other.
    moving.lock_all(work.session, [one for one in (incident_id, known.duplicate_of) if one])
    incident = take_up(work, incident_id, Action.SPLIT, version)
    follow(State(incident.state), Action.SPLIT)
    said = tidy_text("reason", reason, TEXT_LIMIT)
    before, me = incident.duplicate_of, work.actor.person_id
    if before is not None:
        other = incidents.lock(work.session, before)
        number = number_of(work, incident.id, incident.reported_at)
        off = Happening("split-off", work.now, {}, {"off": incident.id, "number": number})
        incidents.change(work.session, other, [off], work.actor, work.now)
        named = number_of(work, other.id, other.reported_at)
        out = Happening("split", work.now, {}, {"from": other.id, "number": named})
        incidents.change(work.session, incident, [out], work.actor, work.now)
    to = incident.handler_id or me
    assert to is not None
    return assign(work, incident_id, to, reason=said, action=Action.REOPEN)
