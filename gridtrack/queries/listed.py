"""Incidents page by page for machines: newest first, filtered, only what the actor may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, select

from gridtrack.access import Permission, require
from gridtrack.categories import store as categories
from gridtrack.incidents.rules import State
from gridtrack.incidents.tables import Incident
from gridtrack.queries.names import SUMMARY, Line, lines
from gridtrack.queries.newest import Which, newest
from gridtrack.queries.scope import under
from gridtrack.queries.who_sees import SEALED
from gridtrack.work import Work


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter over incidents; `before` is the id that the page before ended with."""

    states: Sequence[State] = ()
    category: str | None = None
    scope: str | None = None
    since: datetime | None = None
    before: int | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of incidents; `more_before` is the `before` of the next page, None on the last."""

    incidents: tuple[Line, ...]
    more_before: int | None


def listed(work: Work, wanted: Wanted, locale: str) -> Listed:
    """The incidents that `wanted` names; raises Invalid for an unknown category."""
    if work.actor.person_id is None:
        require(work.actor, Permission.SEE)
    sealed = Incident.sensitivity >= SEALED
    which = Which(_filters(work, wanted), narrow=bool(wanted.scope), before=wanted.before)
    rows = work.session.execute(
        select(
            Incident.id, Incident.version, Incident.state, Incident.category,
            Incident.sensitivity, Incident.grid_code, Incident.edition_id, Incident.handler_id,
            Incident.co_handler_id, Incident.rung, Incident.reported_at, Incident.due_at,
            Incident.deadline_state,
            # What is sealed does not leave the database, whatever a door makes of the row.
            case((sealed, ""), else_=func.substr(Incident.description, 1, SUMMARY)).label(
                "description"
            ),
            case((sealed, ""), else_=Incident.address).label("address"),
            case((sealed, None), else_=Incident.lon).label("lon"),
            case((sealed, None), else_=Incident.lat).label("lat"),
        )
        .where(Incident.id.in_(newest(work, wanted.limit + 1, which)))
        .order_by(Incident.id.desc())
    ).all()  # fmt: skip
    shown = rows[: wanted.limit]
    more = shown[-1].id if len(rows) > wanted.limit else None
    return Listed(lines(work, shown, locale), more)


def _filters(work: Work, wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.states:
        found.append(Incident.state.in_([state.value for state in wanted.states]))
    if wanted.category is not None:
        tree = categories.tree(work.memo, work.settings.instance)
        if wanted.category in tree.groups:
            found.append(Incident.category.in_([c.code for c in tree.leaves(wanted.category)]))
        else:
            found.append(Incident.category == tree.get(wanted.category).code)
    if wanted.scope:
        found.append(under(wanted.scope))
    if wanted.since is not None:
        found.append(Incident.reported_at >= wanted.since)
    return found
