"""In which relation an actor stands to an incident, and so what they may do and see."""

from gridtrack.access import Permission, covers, may_handle, permits
from gridtrack.categories import store as categories
from gridtrack.errors import Forbidden, NotFound, Unauthenticated
from gridtrack.incidents import rules
from gridtrack.incidents import store as incidents
from gridtrack.incidents.rules import BY, Action, Who
from gridtrack.incidents.tables import Incident
from gridtrack.queries.around import is_party
from gridtrack.queries.who_sees import SEALED as SEALED
from gridtrack.work import Work


def relations(work: Work, incident: Incident) -> frozenset[Who]:
    """Every relation the actor stands in to the incident, seen from the posts in force now.

    Whom it is about stands in none, whatever their posts.
    """
    actor, path = work.actor, incident.grid_path
    if is_party(work, actor, incident.id):
        return frozenset()
    found = set()
    if may_handle(actor) and actor.person_id in (incident.handler_id, incident.co_handler_id):
        found.add(Who.HANDLER)
    sealed = incident.sensitivity >= SEALED
    # What no grid owns yet has no path: whoever may read sealed matters anywhere may sort it.
    if sealed and not permits(actor, Permission.SEE_SEALED, path or None):
        return frozenset(found)
    if permits(actor, Permission.DIRECT, path):
        found.add(Who.OVER)
    if permits(actor, Permission.CLOSE, path):
        found.add(Who.CHECKER)
    if path and all(permits(actor, one, path) for one in (Permission.WORK, Permission.SEE)):
        found.add(Who.POST)
    # What lies in no grid stays the desk's to watch, handler or not: nobody's scope covers it.
    if (incident.handler_id is None or not path) and permits(
        actor, Permission.TRIAGE, path or None
    ):
        found.add(Who.DESK)
    return frozenset(found)


def may_see(work: Work, incident: Incident) -> bool:
    """True when the actor may read the incident: handles it, or sees its scope and its level."""
    if relations(work, incident):
        return True
    if is_party(work, work.actor, incident.id):
        return False
    needed = Permission.SEE_SEALED if incident.sensitivity >= SEALED else Permission.SEE
    return permits(work.actor, needed, incident.grid_path)


def take_up(work: Work, incident_id: int, action: Action, version: int | None) -> Incident:
    """Lock an incident for `action`, or raise: who may not see it is told it does not exist."""
    if not work.actor.known:
        raise Unauthenticated("login-required")
    incident = incidents.lock(work.session, incident_id)
    if not may_see(work, incident):
        raise NotFound("incident-not-found", id=incident_id)
    if not BY[action] & relations(work, incident) and not work.actor.engine:
        raise Forbidden("action-forbidden", action=action.value)
    incidents.expect_version(incident, version)
    return incident


def take_over(work: Work, incident_id: int, version: int | None) -> Incident:
    """Lock an incident for whoever directs its scope, whatever state it is in, or raise."""
    if not work.actor.known:
        raise Unauthenticated("login-required")
    incident = incidents.lock(work.session, incident_id)
    if not may_see(work, incident):
        raise NotFound("incident-not-found", id=incident_id)
    if Who.OVER not in relations(work, incident):
        raise Forbidden("forbidden", permission=Permission.DIRECT.value, scope=incident.grid_path)
    incidents.expect_version(incident, version)
    return incident


def role_over(work: Work, path: str) -> str | None:
    """The actor's role over `path`: that of the post nearest to it; None without one."""
    posts = [h for h in work.actor.holdings if h.zone is None and covers(h.scope, path)]
    nearest = max(posts, key=lambda post: len(post.scope), default=None)
    return nearest.role.value if nearest else None


def alone(work: Work, incident: Incident) -> bool:
    """True when this actor alone may not close it: they filed, handled or resolved it."""
    category = categories.tree(work.memo, work.settings.instance).get(incident.category)
    return rules.alone(
        second_person=category.second_person,
        actor_id=work.actor.person_id,
        involved=(incident.reported_by, incident.handler_id, incident.resolved_by),
    )
