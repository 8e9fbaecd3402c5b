"""Which incidents a person sees. Every list, map, count and export starts from `visible`."""

from sqlalchemy import ColumnElement, and_, false, or_, true

from gridtrack.access import Actor, Permission, may_handle, permits, scopes
from gridtrack.incidents.tables import Incident

SEALED = 3


def under(scope: str) -> ColumnElement[bool]:
    """Incidents whose path is `scope` or below it, as a range that the path index can answer."""
    if not scope:
        return true()
    below = and_(
        Incident.grid_path >= f"{scope}/", Incident.grid_path < f"{scope}0"
    )  # "0" is "/"+1
    return or_(Incident.grid_path == scope, below)


def visible(actor: Actor) -> ColumnElement[bool]:
    """Incidents this actor may read: their own, their scopes', and sealed ones where they may."""
    parts: list[ColumnElement[bool]] = []
    if may_handle(actor):
        parts.append(Incident.handler_id == actor.person_id)
        parts.append(Incident.co_handler_id == actor.person_id)
    sealed = set(scopes(actor, Permission.SEE_SEALED))
    for scope in scopes(actor, Permission.SEE):
        if scope in sealed:
            parts.append(under(scope))
        else:
            parts.append(and_(Incident.sensitivity < SEALED, under(scope)))
    if permits(actor, Permission.TRIAGE):
        nowhere = Incident.grid_path == ""
        sealed_too = permits(actor, Permission.SEE_SEALED)
        parts.append(nowhere if sealed_too else and_(nowhere, Incident.sensitivity < SEALED))
    return or_(*parts) if parts else false()


def mapped(actor: Actor) -> ColumnElement[bool]:
    """Visible incidents that may be drawn: sealed ones have no map point for anybody."""
    return and_(visible(actor), Incident.sensitivity < SEALED)
