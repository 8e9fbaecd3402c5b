"""Who holds number and code of a matter: its reporter, or a follower. A step of several verbs."""

import hmac
from dataclasses import dataclass

from gridtrack.incidents.numbers import hash_code, parse_number
from gridtrack.incidents.tables import Incident, Reporter
from gridtrack.residents import store as residents
from gridtrack.work import Work


@dataclass(frozen=True, slots=True)
class Held:
    """A matter and in which way its number and code are held."""

    incident: Incident
    follower: bool


def holding(work: Work, number: str, code: str) -> Held | None:
    """The matter that number and code open together; None whichever of the two was wrong."""
    incident_id = parse_number(number)
    incident = work.session.get(Incident, incident_id) if incident_id else None
    reporter = work.session.get(Reporter, incident.id) if incident else None
    given = hash_code(code)
    if hmac.compare_digest(reporter.code_hash if reporter else hash_code(""), given):
        # A matter without a reporter has no code, and the empty code opens nothing.
        return Held(incident, follower=False) if incident and reporter else None
    codes = residents.follow_codes(work.session, incident.id) if incident else ()
    if incident and any(hmac.compare_digest(one, given) for one in codes):
        return Held(incident, follower=True)
    return None
