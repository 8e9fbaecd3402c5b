"""A handler asks the reporter something without learning who that is; the answer comes here too."""

from gridtrack.access import require_anyone, require_known
from gridtrack.errors import Conflict, Forbidden, Invalid, NotFound
from gridtrack.incidents import contact_store as contacts
from gridtrack.incidents import store as incidents
from gridtrack.incidents.contact_tables import Question
from gridtrack.incidents.intake import TEXT_LIMIT, tidy_text
from gridtrack.incidents.rules import FINAL, Happening, State
from gridtrack.incidents.tables import Incident, Reporter
from gridtrack.notifications.store import Told
from gridtrack.queries.reporter import ASKERS, MOST_WAITING
from gridtrack.queries.standing import may_see, relations
from gridtrack.queries.track import opened
from gridtrack.usecases.tell import facts, send
from gridtrack.work import Work


def ask_reporter(work: Work, incident_id: int, text: str) -> int:
    """Put a question on the reporter's page; returns its id.

    Raises NotFound, Forbidden, Invalid without words, Conflict where nobody could answer: there is
    no reporter, the matter is over, or five questions wait already.
    """
    require_known(work.actor)
    incident = incidents.lock(work.session, incident_id)
    if not may_see(work, incident):
        raise NotFound("incident-not-found", id=incident_id)
    person_id = work.actor.person_id
    if person_id is None or not ASKERS & relations(work, incident):
        raise Forbidden("action-forbidden", action="ask")
    said = _words(text)
    _answerable(work, incident)
    one = Question(incident_id=incident_id, asked_by=person_id, asked_at=work.now, text=said)
    question_id = contacts.add_question(work.session, one).id
    happening = Happening("asked", work.now, {}, {"question": question_id})
    incidents.change(work.session, incident, [happening], work.actor, work.now)
    return question_id


def _answerable(work: Work, incident: Incident) -> None:
    if work.session.get(Reporter, incident.id) is None:
        raise Conflict("ask-nobody")
    if State(incident.state) in FINAL:
        raise Conflict("ask-over", state=incident.state)
    if contacts.waiting(work.session, incident.id) >= MOST_WAITING:
        raise Conflict("ask-waiting", count=MOST_WAITING)


def answer_question(work: Work, number: str, code: str, question_id: int, text: str) -> None:
    """The reporter answers on their page; handler and asker are told that there is an answer.

    Raises NotFound (number, code or question), Invalid without words, Conflict where it was
    answered already.
    """
    require_anyone(work.actor)
    incident, _ = opened(work, number, code)
    incident = incidents.lock(work.session, incident.id)
    one = contacts.question(work.session, incident.id, question_id)
    if one is None:
        raise NotFound("question-not-found", id=question_id)
    if one.answered_at is not None:
        raise Conflict("question-answered")
    one.answer, one.answered_at = _words(text), work.now
    _tell(work, incident, one)
    happening = Happening("answered", work.now, {}, {"question": one.id})
    incidents.change(work.session, incident, [happening], work.actor, work.now)


def _words(text: str) -> str:
    said = tidy_text("text", text, TEXT_LIMIT)
    if not said:
        raise Invalid("required", field="text")
    return said


def _tell(work: Work, incident: Incident, one: Question) -> None:
    people = (incident.handler_id, incident.co_handler_id, one.asked_by)
    to = tuple(dict.fromkeys(person for person in people if person is not None))
    about = facts(work, incident.id, incident)
    cause = f"reporter-answered:{one.id}"
    told = Told(
        cause, "reporter-answered", incident.id, to, incident.grid_path, about, groups=False
    )
    send(work, [told])
