"""Several matters are one large one: each keeps its number, its handler and its clocks."""

from gridtrack.errors import Conflict, Invalid
from gridtrack.incidents import family_store as family
from gridtrack.incidents import moving
from gridtrack.incidents import store as incidents
from gridtrack.incidents.rules import FINAL, Action, Happening, State, follow
from gridtrack.incidents.tables import Incident
from gridtrack.queries.names import number_of
from gridtrack.queries.standing import may_see, take_up
from gridtrack.work import Work


def set_parent(work: Work, incident_id: int, of: int, *, version: int | None = None) -> int:
    """Make a matter part of another; returns its new version.

    Raises Invalid where the other is over, unseen, the same, or part of a third, or where this one
    has parts of its own: one level is what people keep in their heads.
    """
    moving.lock_all(work.session, [incident_id, of])
    incident = take_up(work, incident_id, Action.PARENT, version)
    follow(State(incident.state), Action.PARENT)
    parent = work.session.get(Incident, of)
    # One answer for all of these: whether another matter exists is not told to everybody.
    if parent is None or not _fits(work, incident, parent):
        raise Invalid("cannot-parent", field="of", value=of)
    if family.parent_of(work.session, incident_id) is not None:
        raise Conflict("has-parent")
    family.put(work.session, incident_id, of, work.now)
    return _said(work, incident, parent, "parent-set", "child-added")


def drop_parent(work: Work, incident_id: int, *, version: int | None = None) -> int:
    """Make a matter part of none; raises Conflict where it is none's."""
    of = family.parent_of(work.session, incident_id)
    moving.lock_all(work.session, [one for one in (incident_id, of) if one])
    incident = take_up(work, incident_id, Action.UNPARENT, version)
    if of is None:
        raise Conflict("no-parent")
    family.drop(work.session, incident_id)
    parent = incidents.get(work.session, of)
    return _said(work, incident, parent, "parent-dropped", "child-dropped")


def _fits(work: Work, incident: Incident, parent: Incident) -> bool:
    return (
        parent.id != incident.id
        and State(parent.state) not in FINAL
        and may_see(work, parent)
        and family.parent_of(work.session, parent.id) is None
        and not family.children_of(work.session, incident.id)
    )


def _said(work: Work, incident: Incident, parent: Incident, here: str, there: str) -> int:
    """The same on both timelines, each naming the other."""
    number = number_of(work, incident.id, incident.reported_at)
    of = number_of(work, parent.id, parent.reported_at)
    told = Happening(there, work.now, {}, {"child": incident.id, "number": number})
    incidents.change(work.session, parent, [told], work.actor, work.now)
    own = Happening(here, work.now, {}, {"of": parent.id, "number": of})
    return incidents.change(work.session, incident, [own], work.actor, work.now)
