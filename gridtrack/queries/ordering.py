"""To whom an order may be given, and who may answer or judge it: asked by every verb on orders."""

from dataclasses import dataclass

from gridtrack.access import ROLES, Actor, Holding, Permission, Role, covers, permits
from gridtrack.accounts import store as accounts
from gridtrack.accounts.rules import Holder
from gridtrack.incidents.rules import FINAL, State, Who
from gridtrack.incidents.tables import Incident
from gridtrack.orders.rules import State as OrderState
from gridtrack.orders.rules import Step, To
from gridtrack.orders.tables import Order
from gridtrack.queries.around import NOBODY, Parties, around, parties_of
from gridtrack.queries.on_duty import on_duty
from gridtrack.queries.standing import relations
from gridtrack.queries.who_sees import SEALED
from gridtrack.routing.rules import ancestors
from gridtrack.work import Work

POSTS = (Role.GRIDWORKER, Role.LEADER, Role.SECRETARY, Role.STREET)


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom an order may be to. `key` names it in forms: `handler`, or a post as `role:scope`."""

    key: str
    kind: To
    person_id: int
    name: str
    role: str
    scope: str


def may_supervise(work: Work, incident: Incident) -> bool:
    """True for whoever directs the matter's scope and may give written orders there."""
    over = Who.OVER in relations(work, incident)
    return over and permits(work.actor, Permission.SUPERVISE, incident.grid_path)


def addressees(work: Work, incident: Incident) -> tuple[Addressee, ...]:
    """Whom this actor may order about the matter: its handler, and posts below the actor's own.

    Never oneself, never a post that may not read the matter: a sealed one stays in its chain.
    """
    if State(incident.state) in FINAL or not may_supervise(work, incident):
        return ()
    found: list[Addressee] = []
    me, handler_id = work.actor.person_id, incident.handler_id
    if handler_id is not None and handler_id != me:
        name = accounts.names(work.session, [handler_id]).get(handler_id, "")
        role = incident.handler_role or ""
        found.append(Addressee("handler", To.HANDLER, handler_id, name, role, incident.grid_path))
    own = [one.scope for one in work.actor.holdings if Permission.SUPERVISE in ROLES[one.role]]
    sealed = incident.sensitivity >= SEALED
    about = parties_of(work, [incident.id]).get(incident.id, NOBODY)
    for holder in _posts(work, incident.grid_path, about):
        below = any(covers(scope, holder.scope) for scope in own)
        reads = not sealed or Permission.SEE_SEALED in ROLES[Role(holder.role)]
        if below and reads and holder.person_id != me:
            key = f"{holder.role}:{holder.scope}"
            found.append(
                Addressee(key, To.POST, holder.person_id, holder.name, holder.role, holder.scope)
            )
    return tuple({one.key: one for one in reversed(found)}.values())[::-1]


def _posts(work: Work, path: str, about: Parties) -> list[Holder]:
    """Who holds a post over the ground of the matter and is there, nearest first."""
    at = {scope: n for n, scope in enumerate(ancestors(path))} if path else {"": 0}
    holders = on_duty(work, at, ())
    fitting = [h for h in around(holders, about) if h.present and h.role in POSTS]
    return sorted(fitting, key=lambda h: (at[h.scope], h.deputy, h.person_id))


def to_whom(work: Work, order: Order, incident: Incident) -> tuple[int, ...]:
    """The people who have to answer now: the handler of today, or whoever holds the post."""
    if order.to_kind == To.HANDLER:
        return (by_handling(order, incident),)
    holders = on_duty(work, (order.to_scope,), ())
    found = {h.person_id for h in holders if h.present and h.role == order.to_role}
    return tuple(sorted(found)) or (order.to_id,)


def by_handling(order: Order, incident: Incident) -> int:
    """Who answers an order to the handler: it goes with the matter, but never to its issuer."""
    handler_id = incident.handler_id
    return order.to_id if handler_id in (None, order.issued_by) else handler_id


def is_ordered(actor: Actor, order: Order, incident: Incident) -> bool:
    """True for whoever the order is to: its post, or the matter's handler."""
    if order.to_kind == To.HANDLER:
        return actor.person_id == by_handling(order, incident)
    return any(_is(one, order.to_role, order.to_scope) for one in actor.holdings)


def may_judge(work: Work, order: Order, incident: Incident) -> bool:
    """True for the issuer and for whoever supervises the issuer's scope; never who answered."""
    me = work.actor.person_id
    if me is None or not may_supervise(work, incident) or me == order.answered_by:
        return False
    return me == order.issued_by or (
        permits(work.actor, Permission.SUPERVISE, order.issuer_scope)
        and not is_ordered(work.actor, order, incident)
    )


def steps(work: Work, order: Order, incident: Incident) -> tuple[Step, ...]:
    """What this actor may do to the order now."""
    found: list[Step] = []
    if order.state == OrderState.ISSUED and is_ordered(work.actor, order, incident):
        found.append(Step.ANSWER)
    if order.state in (OrderState.ISSUED, OrderState.ANSWERED):
        judges = may_judge(work, order, incident)
        if judges and order.state == OrderState.ANSWERED:
            found += [Step.ACCEPT, Step.SEND_BACK]
        if judges:
            found.append(Step.WITHDRAW)
    return tuple(found)


def issuing_post(actor: Actor, path: str) -> Holding | None:
    """The post by which the actor gives orders over `path`: the widest one."""
    fitting = [
        one
        for one in actor.holdings
        if Permission.SUPERVISE in ROLES[one.role] and one.zone is None and covers(one.scope, path)
    ]
    return min(fitting, key=lambda one: len(one.scope), default=None)


def posts_of(actor: Actor) -> set[tuple[str, str]]:
    """The posts (role, scope) of somebody, as orders name them."""
    return {(one.role.value, one.scope) for one in actor.holdings if one.zone is None}


def _is(holding: Holding, role: str, scope: str) -> bool:
    return holding.zone is None and holding.role.value == role and holding.scope == scope
