"""A leader, the secretary or the desk says who handles it: a new promise starts for that person."""

from gridtrack.accounts import store as accounts
from gridtrack.errors import Invalid
from gridtrack.incidents.rules import Action, State, follow
from gridtrack.queries.around import is_party
from gridtrack.queries.standing import take_up
from gridtrack.usecases.giving import Gift, give
from gridtrack.work import Work


def assign(
    work: Work,
    incident_id: int,
    to: int,
    *,
    reason: str = "",
    version: int | None = None,
    action: Action = Action.ASSIGN,
) -> int:
    """Give an incident to a person with a post; returns the new version.

    The person gets the category's full time: what the one before missed stays on the record.
    `action` is ASSIGN or REOPEN.
    """
    incident = take_up(work, incident_id, action, version)
    follow(State(incident.state), action)
    person = accounts.actor(work.session, to, work.now)
    if person is None or not person.holdings:
        raise Invalid("no-such-person", field="to", value=to)
    if is_party(work, person, incident_id):
        raise Invalid("person-not-available", field="to", value=to)
    why = {"code": "assigned-by", "name": work.actor.name}
    return give(work, incident, Gift(person, action, reason, why))
