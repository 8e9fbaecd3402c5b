"""Who reported, shown for a purpose, and questions to them, for machines."""

from http import HTTPStatus

from flask import Response

from gridtrack.api import given
from gridtrack.api.answers import MarkedOut, QuestionKept, ReporterShownOut
from gridtrack.api.out import answered, where
from gridtrack.api.schemas import PartyIn, QuestionIn, ShowReporterIn
from gridtrack.http.context import work
from gridtrack.http.guard import may
from gridtrack.usecases.ask_reporter import ask_reporter
from gridtrack.usecases.mark_party import mark_party
from gridtrack.usecases.show_reporter import show_reporter


@may()
def reporter(incident_id: int) -> Response:
    """Who reported; this reading, with its purpose, goes into the audit."""
    sent = given.body(ShowReporterIn)
    with work() as unit:
        shown = show_reporter(unit, incident_id, sent.purpose, sent.words)
    out = answered(ReporterShownOut.model_validate(shown))
    out.headers["Cache-Control"] = "no-store"
    return out


@may()
def party(incident_id: int) -> Response:
    """Mark whom the incident is about: it goes round them from here on."""
    sent = given.body(PartyIn)
    with work() as unit:
        version = mark_party(unit, incident_id, sent.who, version=sent.version)
    return answered(MarkedOut(id=incident_id, version=version))


@may()
def ask(incident_id: int) -> Response:
    """Put a question on the reporter's page; the answer comes with the incident."""
    sent = given.body(QuestionIn)
    with work() as unit:
        question_id = ask_reporter(unit, incident_id, sent.text)
    return answered(QuestionKept(id=question_id), HTTPStatus.CREATED, location=where(incident_id))
