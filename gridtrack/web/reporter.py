"""Who reported, shown for a purpose; questions to them, and their answers on their own page."""

from flask import flash, make_response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from gridtrack.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable
from gridtrack.http.context import locale, work
from gridtrack.http.guard import may, public
from gridtrack.http.limits import TRACK, limiter
from gridtrack.i18n.sentences import sentence
from gridtrack.usecases.ask_reporter import answer_question, ask_reporter
from gridtrack.usecases.mark_party import mark_party
from gridtrack.usecases.show_reporter import show_reporter
from gridtrack.web import incident
from gridtrack.web.forms import version
from gridtrack.web.gettext import gettext
from gridtrack.web.stories import say


@may()
def incident_reporter(incident_id: int) -> AnyResponse | tuple[str, int]:
    """Name and contact, this once; the reading is in the record."""
    purpose = request.form.get("purpose", "")
    try:
        with work() as unit:
            shown = show_reporter(unit, incident_id, purpose, request.form.get("words", ""))
    except (Invalid, Conflict, Forbidden, Unavailable) as error:
        return incident.again(incident_id, "reporter", error)
    page = render_template(
        "reporter.html", shown=shown, incident_id=incident_id, purpose=say(f"purpose-{purpose}")
    )
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    return response


@may()
def incident_ask(incident_id: int) -> AnyResponse | tuple[str, int]:
    """Put a question on the reporter's page."""
    try:
        with work() as unit:
            ask_reporter(unit, incident_id, request.form.get("text", ""))
    except (Invalid, Conflict) as error:
        return incident.again(incident_id, "ask", error)
    flash(gettext("Your question is on the reporter's page. You are told when they answer."), "ok")
    return redirect(url_for("web.incident", incident_id=incident_id), code=303)


@may()
def incident_party(incident_id: int) -> AnyResponse | tuple[str, int]:
    """Mark whom the matter is about."""
    try:
        with work() as unit:
            mark_party(unit, incident_id, request.form.get("who", ""), version=version())
    except (Invalid, Conflict) as error:
        return incident.again(incident_id, "party", error)
    flash(gettext("Marked. It goes round them from now on."), "ok")
    return redirect(url_for("web.incident", incident_id=incident_id), code=303)


@public
@limiter.limit(TRACK)
def progress_answer(question_id: int) -> AnyResponse:
    """The reporter's answer; whose it is, number and code in their session say."""
    known = session.get("track")
    if not known:
        return redirect(url_for("web.track_form"), code=303)
    try:
        with work() as unit:
            text = request.form.get("text", "")
            answer_question(unit, known["number"], known["code"], question_id, text)
        flash(gettext("Your answer was sent."), "ok")
    except (Invalid, Conflict, NotFound) as error:
        flash(sentence(error.code, locale(), **error.params), "error")
    return redirect(url_for("web.progress"), code=303)
