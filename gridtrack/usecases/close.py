"""A second look: the matter is checked and closed, merged into another, or opened again."""

from gridtrack.errors import Forbidden, Invalid
from gridtrack.incidents import moving
from gridtrack.incidents import store as incidents
from gridtrack.incidents.intake import TEXT_LIMIT, tidy_text
from gridtrack.incidents.rules import (
    FINAL,
    Action,
    Happening,
    State,
    check_fields,
    follow,
)
from gridtrack.incidents.tables import Incident
from gridtrack.notifications import store as notifications
from gridtrack.queries.names import number_of
from gridtrack.queries.standing import alone, may_see, take_up
from gridtrack.usecases.assign import assign
from gridtrack.usecases.order_steps import no_open_order
from gridtrack.usecases.promise import Clocks
from gridtrack.work import Work


def close(work: Work, incident_id: int, *, comment: str = "", version: int | None = None) -> int:
    """Close what was resolved; illegal building, disputes, funerals, safety by a second person."""
    incident = take_up(work, incident_id, Action.CLOSE, version)
    state = follow(State(incident.state), Action.CLOSE)
    if alone(work, incident):
        raise Forbidden("second-person-needed")
    no_open_order(work, incident.id)
    said = tidy_text("comment", comment, TEXT_LIMIT)
    clocks = Clocks(work, incident)
    clocks.cancel()
    changes = {"state": state.value, "is_open": False, "closed_at": work.now, **clocks.changes()}
    happening = Happening("closed", work.now, changes, {"comment": said})
    return incidents.change(work.session, incident, [happening], work.actor, work.now)


def merge(work: Work, incident_id: int, into: int, *, version: int | None = None) -> int:
    """Merge a duplicate into the incident it repeats; its clock ends, the other's goes on."""
    # Both in the order of their ids: who merges the other way round must not wait for this one.
    moving.lock_all(work.session, [incident_id, into])
    incident = take_up(work, incident_id, Action.MERGE, version)
    state = follow(State(incident.state), Action.MERGE)
    # One answer for all of these: whether another matter exists is not told to everybody.
    other = work.session.get(Incident, into)
    if (
        other is None
        or other.id == incident.id
        or State(other.state) in FINAL
        or not may_see(work, other)
    ):
        raise Invalid("cannot-merge", field="into", value=into)
    no_open_order(work, incident.id)
    clocks = Clocks(work, incident)
    clocks.cancel()
    clocks.held_until = None
    notifications.supersede(work.session, incident.id)
    changes = {
        "state": state.value,
        "is_open": False,
        "duplicate_of": other.id,
        "closed_at": work.now,
        **clocks.changes(),
    }
    number = number_of(work, incident.id, incident.reported_at)
    told = Happening("merged-in", work.now, {}, {"from": incident.id, "number": number})
    incidents.change(work.session, other, [told], work.actor, work.now)
    named = number_of(work, other.id, other.reported_at)
    happening = Happening("merged", work.now, changes, {"into": other.id, "number": named})
    return incidents.change(work.session, incident, [happening], work.actor, work.now)


def reopen(work: Work, incident_id: int, *, reason: str, version: int | None = None) -> int:
    """Open a matter again for the one who handled it, with a new promise."""
    check_fields(Action.REOPEN, {"reason": reason})
    incident = take_up(work, incident_id, Action.REOPEN, version)
    to = incident.handler_id or work.actor.person_id
    assert to is not None
    return assign(work, incident_id, to, reason=reason, version=version, action=Action.REOPEN)
