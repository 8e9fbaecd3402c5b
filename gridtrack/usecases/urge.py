"""Whoever directs the scope reminds the handler of an open matter (催办). No clock hears of it."""

from dataclasses import dataclass
from datetime import datetime

from gridtrack.access import Permission, require
from gridtrack.errors import Conflict, TooMany
from gridtrack.incidents import store as incidents
from gridtrack.incidents.intake import TEXT_LIMIT, tidy_text
from gridtrack.incidents.rules import FINAL, Happening, State
from gridtrack.incidents.tables import Incident
from gridtrack.notifications.store import Told
from gridtrack.orders import store as orders
from gridtrack.orders.rules import again_at
from gridtrack.orders.tables import Urge
from gridtrack.queries.standing import take_over
from gridtrack.queries.wording import local_text
from gridtrack.usecases.tell import facts, send
from gridtrack.work import Work


@dataclass(frozen=True, slots=True)
class Urged:
    """The matter after a reminder: its version, and how often it has been urged by now."""

    version: int
    count: int


def urge(work: Work, incident_id: int, *, reason: str = "", version: int | None = None) -> Urged:
    """Remind handler and co-handler at once.

    Raises Conflict where nobody handles it, or the actor does; TooMany, with the instant from which
    it may be done again, where this person reminded of this matter lately.
    """
    require(work.actor, Permission.DIRECT)
    incident = take_over(work, incident_id, version)
    handler_id = _handled_by(work, incident)
    said = tidy_text("reason", reason, TEXT_LIMIT)
    me = work.actor.person_id
    assert me is not None
    _not_too_soon(work, orders.last_urge(work.session, incident_id, me))
    one = Urge(incident_id=incident_id, by_id=me, to_id=handler_id, at=work.now, reason=said)
    urge_id = orders.add_urge(work.session, one).id
    count = orders.urge_counts(work.session, [incident_id])[incident_id]
    _tell(work, incident, f"urged:{urge_id}", count)
    happening = Happening("urged", work.now, {}, {"count": count, "reason": said})
    done = incidents.change(work.session, incident, [happening], work.actor, work.now)
    return Urged(done, count)


def _handled_by(work: Work, incident: Incident) -> int:
    if State(incident.state) in {*FINAL, State.RESOLVED}:
        raise Conflict("urge-done", state=incident.state)
    if incident.handler_id is None:
        raise Conflict("urge-nobody")
    if incident.handler_id == work.actor.person_id:
        raise Conflict("urge-self")
    return incident.handler_id


def _not_too_soon(work: Work, last: datetime | None) -> None:
    every = orders.terms(work.memo, work.settings.instance).urge_every
    again = again_at(last, every, work.now)
    if again is None or last is None:
        return
    raise TooMany(
        "urged-lately",
        at=local_text(work, last.isoformat()),
        again=local_text(work, again.isoformat()),
        retry_after_s=max(1, round((again - work.now).total_seconds())),
    )


def _tell(work: Work, incident: Incident, cause: str, count: int) -> None:
    about = {**facts(work, incident.id, incident), "by": work.actor.name, "count": count}
    people = (incident.handler_id, incident.co_handler_id)
    to = tuple(one for one in people if one is not None and one != work.actor.person_id)
    told = Told(cause, "urged", incident.id, to, incident.grid_path, about, groups=False)
    send(work, [told])
