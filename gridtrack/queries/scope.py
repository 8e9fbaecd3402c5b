"""Which incidents a person sees. Every list, map, count and export starts from `visible`."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol, cast

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true
from sqlalchemy.orm import Session

from gridtrack.access import Actor, Permission, covers, may_handle, permits, scopes
from gridtrack.incidents.party_store import PARTY
from gridtrack.incidents.tables import Incident
from gridtrack.queries.who_sees import SEALED as SEALED

FEW = 3000  # rows that are read and put in order faster than an index is walked for a page


def under(scope: str, *, by_path: bool = True) -> ColumnElement[bool]:
    """Incidents whose path is `scope` or below it, as one range that the path index can answer.

    Without `by_path` it cannot: where much lies there, a walk in another order is over sooner.
    """
    if not scope:
        return true()
    path = Incident.grid_path if by_path else Incident.grid_path + ""
    # "0" follows "/": the range holds siblings such as "A-1" of "A" too, which the rest leaves out.
    around = and_(path >= scope, path < f"{scope}0")
    return and_(around, or_(path == scope, path >= f"{scope}/"))


def visible(actor: Actor) -> ColumnElement[bool]:
    """Incidents this actor may read: their own, their scopes', and sealed ones where they may."""
    found = parts(actor)
    return or_(*found) if found else false()


def about_others(actor: Actor, of: Any = Incident.id) -> ColumnElement[bool]:
    """Incidents that are not about this actor, nor about an estate that they manage."""
    if actor.engine or actor.person_id is None:
        return true()
    return cast("ColumnElement[bool]", of.not_in(about(actor)))


def about(actor: Actor) -> Select[Any]:
    """The ids of incidents that are about this actor: few, found by an index of their own."""
    zones = [one.zone for one in actor.holdings if one.zone]
    theirs = PARTY.c.person_id == actor.person_id
    if zones:
        theirs = or_(theirs, PARTY.c.zone.in_(zones))
    return select(PARTY.c.incident_id).where(theirs)


def parts(actor: Actor, *, by_path: bool = True) -> list[ColumnElement[bool]]:
    """What `visible` is made of. Each part has an index; SQLite reads every row for their OR."""
    where = regions(actor, by_path=by_path)
    if not may_handle(actor):
        return where
    me, others = actor.person_id, about_others(actor)
    mine = (Incident.handler_id == me, Incident.co_handler_id == me)
    return [*(and_(one, others) for one in mine), *where]


def regions(actor: Actor, *, by_path: bool = True) -> list[ColumnElement[bool]]:
    """Incidents that the actor reads for where they lie, a part for each scope."""
    found: list[ColumnElement[bool]] = []
    sealed = set(scopes(actor, Permission.SEE_SEALED))
    for scope in scopes(actor, Permission.SEE):
        if scope in sealed:
            found.append(under(scope, by_path=by_path))
        else:
            open_to = under(scope, by_path=by_path)
            found.append(and_(Incident.sensitivity < SEALED, open_to))
    if permits(actor, Permission.TRIAGE):
        nowhere = Incident.grid_path == ""
        sealed_too = permits(actor, Permission.SEE_SEALED)
        found.append(nowhere if sealed_too else and_(nowhere, Incident.sensitivity < SEALED))
    others = about_others(actor)
    return [and_(one, others) for one in found]


class Where(Protocol):
    """What decides who may read an incident."""

    @property
    def matter_id(self) -> int: ...
    @property
    def handler_id(self) -> int | None: ...
    @property
    def co_handler_id(self) -> int | None: ...
    @property
    def grid_path(self) -> str: ...
    @property
    def sensitivity(self) -> int: ...


WHERE = (
    Incident.id.label("matter_id"), Incident.handler_id, Incident.co_handler_id,
    Incident.grid_path, Incident.sensitivity,
)  # fmt: skip


def reads(session: Session, actor: Actor) -> Callable[[Where], bool]:
    """What `visible` says, of rows in hand.

    For the few that hang on something small (open orders, used-up clocks): asked together with the
    condition of `visible`, SQLite reads every matter that ever was in the scope to find them.
    """
    me = actor.person_id if may_handle(actor) else None
    open_to, sealed_to = scopes(actor, Permission.SEE), scopes(actor, Permission.SEE_SEALED)
    sorts = permits(actor, Permission.TRIAGE)
    sorts_sealed = sorts and permits(actor, Permission.SEE_SEALED)
    known = not actor.engine and actor.person_id is not None
    theirs: set[int] = set(session.scalars(about(actor))) if known else set()

    def may_read(row: Where) -> bool:
        if row.matter_id in theirs:
            return False
        if me is not None and me in (row.handler_id, row.co_handler_id):
            return True
        sealed = row.sensitivity >= SEALED
        if not row.grid_path and (sorts_sealed if sealed else sorts):
            return True
        seen = [one for one in open_to if not sealed or one in sealed_to]
        return any(covers(scope, row.grid_path) for scope in seen)

    return may_read


def mapped(actor: Actor) -> ColumnElement[bool]:
    """Visible incidents that may be drawn: sealed ones have no map point for anybody."""
    return and_(visible(actor), Incident.sensitivity < SEALED)


def few(session: Session, where: Sequence[Any]) -> bool:
    """True where at most `FEW` incidents fit; never counts further than it must."""
    some = select(Incident.id).where(*where).limit(FEW + 1).subquery()
    return (session.scalar(select(func.count()).select_from(some)) or 0) <= FEW
