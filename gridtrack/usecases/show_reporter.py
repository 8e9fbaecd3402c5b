"""Show who reported, for a purpose that is said: every reading leaves a line in the audit."""

from dataclasses import dataclass

from gridtrack.access import require_known
from gridtrack.errors import Forbidden, Invalid, NotFound
from gridtrack.incidents import contact_store as contacts
from gridtrack.incidents import store as incidents
from gridtrack.incidents.contact_tables import Reading
from gridtrack.incidents.intake import tidy_text
from gridtrack.incidents.reporters import CONTACT, NAME, WORDS_LIMIT, Purpose, bound
from gridtrack.incidents.tables import Reporter
from gridtrack.queries.reporter import may_show
from gridtrack.queries.standing import may_see
from gridtrack.usecases.note import note
from gridtrack.work import Work


@dataclass(frozen=True, slots=True)
class ReporterShown:
    """Who reported."""

    name: str
    contact: str
    choice: str


def show_reporter(work: Work, incident_id: int, purpose: str, words: str = "") -> ReporterShown:
    """Who reported a matter, for one of the purposes; some need words as well.

    Raises NotFound (no such matter for this actor, or nobody to show), Forbidden, Invalid without
    a purpose, and what `Ring.open` does where the key is missing.
    """
    require_known(work.actor)
    incident = incidents.get(work.session, incident_id)
    if not may_see(work, incident):
        raise NotFound("incident-not-found", id=incident_id)
    reporter = work.session.get(Reporter, incident_id)
    if reporter is None or not may_show(work, incident, reporter):
        raise Forbidden("reporter-withheld")
    why, said = _purpose(purpose, words)
    person_id = work.actor.person_id
    if person_id is None:
        raise Forbidden("reporter-withheld")  # nothing that acts by itself has a purpose
    shown = ReporterShown(
        work.keys.open(reporter.sealed_name, bound(incident_id, NAME)),
        work.keys.open(reporter.sealed_contact, bound(incident_id, CONTACT)),
        reporter.choice,
    )
    one = Reading(
        incident_id=incident_id, person_id=person_id, at=work.now, purpose=why.value, words=said
    )
    reading_id = contacts.add_reading(work.session, one).id
    note(work, "show-reporter", f"incident:{incident_id}", purpose=why.value, reading=reading_id)
    return shown


def _purpose(purpose: str, words: str) -> tuple[Purpose, str]:
    if purpose not in set(Purpose):
        raise Invalid("purpose-missing", field="purpose", value=purpose)
    said = tidy_text("words", words, WORDS_LIMIT)
    if purpose == Purpose.OTHER and not said:
        raise Invalid("required", field="words")
    return Purpose(purpose), said
