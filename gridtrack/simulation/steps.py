"""What made-up people do to an incident: one step, through the same use case as everybody's."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from gridtrack.categories import store as categories
from gridtrack.errors import NotFound
from gridtrack.incidents.rules import Action
from gridtrack.incidents.store import INCIDENT
from gridtrack.orders import store as orders
from gridtrack.simulation.cast import Cast
from gridtrack.simulation.picture import photo
from gridtrack.usecases.acknowledge import acknowledge
from gridtrack.usecases.add_photo import add_photo
from gridtrack.usecases.answer_order import answer_order
from gridtrack.usecases.assign import assign
from gridtrack.usecases.close import close, merge, reopen
from gridtrack.usecases.handle import handle
from gridtrack.usecases.supervise import NewOrder, supervise
from gridtrack.usecases.urge import urge
from gridtrack.work import Work

ANSWER = Action.ACKNOWLEDGE.value
Seen = Any  # the columns of an incident by which people are found: plain, for it is asked often
_SEEN = select(
    INCIDENT.c.id, INCIDENT.c.category, INCIDENT.c.grid_path, INCIDENT.c.handler_id,
    INCIDENT.c.co_handler_id, INCIDENT.c.reported_by,
).where(INCIDENT.c.id == bindparam("id"))  # fmt: skip
FOUND = "whoever-there-is"
TELLS = frozenset(  # after these somebody has a new notice
    {Action.ASSIGN.value, Action.HAND_BACK.value, Action.REOPEN.value}
)
HANDLER, CO_HANDLER, REPORTER = "handler", "co_handler", "reporter"
_OWN = {HANDLER: "handler_id", CO_HANDLER: "co_handler_id", REPORTER: "reported_by"}


@dataclass(frozen=True, slots=True)
class Step:
    """Something that `who` will do at `at`.

    `who` is a person's id, or a part looked up when the time comes: `handler`, `co_handler`,
    `reporter`, or a role whose post nearest above the place is meant. A `reply` to a notice is
    dropped where somebody else has replied before.
    """

    at: datetime
    incident_id: int
    action: str
    who: int | str = HANDLER
    given: Mapping[str, Any] = field(default_factory=dict)
    reply: bool = False


def take(work: Work, cast: Cast, step: Step) -> str | None:
    """Take the step inside `work`; returns what was done, None where nobody is there to do it.

    Raises what the use case raises: a person of flesh and blood would see it on their screen.
    """
    incident = work.session.execute(_SEEN, {"id": step.incident_id}).one()
    person_id = _find(work, cast, step.who, incident)
    actor = cast.actor(work.session, person_id, work.now) if person_id is not None else None
    if actor is None:
        return None
    if step.action == ANSWER and incident.handler_id is None:
        # Nobody has it yet: whoever was told finds somebody for it.
        step = replace(step, action=Action.ASSIGN.value, given={"to": FOUND})
    _DO.get(step.action, _handle)(replace(work, actor=actor), cast, step, incident)
    return step.action


def _find(work: Work, cast: Cast, who: int | str, incident: Seen) -> int | None:
    if isinstance(who, int):
        return who
    if who in _OWN:
        found: int | None = getattr(incident, _OWN[who])
        return found
    return cast.over(work, incident.grid_path, who)


def _acknowledge(work: Work, _cast: Cast, step: Step, _incident: Seen) -> None:
    acknowledge(work, step.incident_id)


def _assign(work: Work, cast: Cast, step: Step, incident: Seen) -> None:
    to = step.given["to"]
    roles = ("leader", "secretary", "street") if to == FOUND else (to,)
    people = (_find(work, cast, role, incident) for role in roles)
    found = next((one for one in people if one is not None), None)
    if found is None:
        raise NotFound("nobody-to-assign", id=step.incident_id)
    assign(work, step.incident_id, found, reason=step.given.get("reason", ""))


def _close(work: Work, _cast: Cast, step: Step, _incident: Seen) -> None:
    close(work, step.incident_id, comment=step.given.get("comment", ""))


def _merge(work: Work, _cast: Cast, step: Step, _incident: Seen) -> None:
    merge(work, step.incident_id, step.given["into"])


def _reopen(work: Work, _cast: Cast, step: Step, _incident: Seen) -> None:
    reopen(work, step.incident_id, reason=step.given["reason"])


def _photo(work: Work, _cast: Cast, step: Step, incident: Seen) -> None:
    stage = step.given.get("stage", "before")
    add_photo(work, incident.id, photo(work, incident.category, stage, incident.id), stage)


def _resolve(work: Work, _cast: Cast, step: Step, incident: Seen) -> None:
    category = categories.tree(work.memo, work.settings.instance).get(incident.category)
    given = dict(step.given)
    if "photo" in category.required:
        taken = photo(work, incident.category, "after", incident.id)
        add_photo(work, incident.id, taken, "after")
    if category.outcomes:
        given.setdefault("outcome", category.outcomes[0])
    handle(work, step.incident_id, Action.RESOLVE, given)


def _urge(work: Work, _cast: Cast, step: Step, _incident: Seen) -> None:
    urge(work, step.incident_id, reason=step.given.get("reason", ""))


def _supervise(work: Work, _cast: Cast, step: Step, _incident: Seen) -> None:
    given = step.given
    supervise(
        work, step.incident_id, NewOrder(given["text"], "handler", given["level"], given["until"])
    )


def _answer_order(work: Work, _cast: Cast, step: Step, _incident: Seen) -> None:
    order = orders.open_of(work.session, step.incident_id)
    if order is None:
        raise NotFound("order-not-found", id=step.incident_id)
    answer_order(work, order.id, step.given["text"])


def _handle(work: Work, _cast: Cast, step: Step, _incident: Seen) -> None:
    handle(work, step.incident_id, Action(step.action), step.given)


_DO: Mapping[str, Callable[[Work, Cast, Step, Seen], None]] = {
    ANSWER: _acknowledge,
    Action.ASSIGN.value: _assign,
    Action.CLOSE.value: _close,
    Action.MERGE.value: _merge,
    Action.REOPEN.value: _reopen,
    Action.RESOLVE.value: _resolve,
    "photo": _photo,
    "urge": _urge,
    "supervise": _supervise,
    "answer_order": _answer_order,
}
