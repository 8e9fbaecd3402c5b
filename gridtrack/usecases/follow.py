"""A resident says "me too" of an open matter near by, and keeps a code of their own for it."""

import uuid
from dataclasses import dataclass

from gridtrack.access import require_anyone
from gridtrack.errors import Conflict, Invalid
from gridtrack.incidents import numbers
from gridtrack.incidents import store as incidents
from gridtrack.incidents.intake import Place
from gridtrack.incidents.rules import Happening
from gridtrack.queries.names import number_of
from gridtrack.queries.near import near
from gridtrack.residents import store as residents
from gridtrack.work import Work


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which matter to join, and the report it would have been: where, of which kind."""

    incident_id: int
    client_id: str
    place: Place | None
    category: str


@dataclass(frozen=True, slots=True)
class Followed:
    """What a follower keeps: the number of the matter and a code that is theirs alone."""

    incident_id: int
    number: str
    code: str
    state: str
    category: str
    count: int


def follow(work: Work, wanted: Wanted) -> Followed:
    """Join a matter that `queries.near` offers there; sent again, it answers the same again.

    Raises Conflict where it is not offered (any more): it ended, or never was open to everybody.
    """
    require_anyone(work.actor)
    client_id = _uuid(wanted.client_id)
    again = residents.follow_by_client(work.session, client_id)
    if again is not None:
        return _followed(work, again.incident_id, client_id)
    offered = {one.incident_id for one in near(work, wanted.place, wanted.category, "zh")}
    if wanted.incident_id not in offered:
        raise Conflict("near-gone")
    incident = incidents.lock(work.session, wanted.incident_id)
    row = {
        "incident_id": incident.id,
        "client_id": client_id,
        "code_hash": numbers.hash_code(numbers.tracking_code(work.secret, client_id)),
        "at": work.now,
    }
    if residents.add_follow(work.session, row) is None:
        raise Conflict("client-id-reused", client_id=client_id)
    count = residents.follower_counts(work.session, [incident.id])[incident.id]
    happening = Happening("followed", work.now, {}, {"count": count})
    incidents.change(work.session, incident, [happening], work.actor, work.now)
    return _followed(work, incident.id, client_id)


def _uuid(text: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError as error:
        raise Invalid("not-a-uuid", field="client_id", value=text) from error


def _followed(work: Work, incident_id: int, client_id: str) -> Followed:
    incident = incidents.get(work.session, incident_id)
    return Followed(
        incident.id,
        number_of(work, incident.id, incident.reported_at),
        numbers.tracking_code(work.secret, client_id),
        incident.state,
        incident.category,
        residents.follower_counts(work.session, [incident.id])[incident.id],
    )
