"""A gridworker's finding, from where they stand."""

from collections.abc import Sequence

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from gridtrack.access import Permission
from gridtrack.errors import Conflict, GridtrackError, Invalid
from gridtrack.http.context import look, work
from gridtrack.http.errors import status_of, wants_json
from gridtrack.http.guard import may
from gridtrack.incidents.intake import Source
from gridtrack.queries.doors import Candidate
from gridtrack.queries.voice import voice_sound
from gridtrack.usecases.call_leader import call_leader
from gridtrack.usecases.send_finding import Arrived, Brought, send_finding
from gridtrack.web import acts, choices, incident
from gridtrack.web.forms import ReportForm, files, messages, version, voice_file
from gridtrack.web.gettext import gettext
from gridtrack.web.places import check_chosen, offered


@may(Permission.REPORT)
def finding_form() -> str | AnyResponse | tuple[str, int]:
    """The finding form, and what comes of it."""
    if request.method == "GET":
        return _form(ReportForm.blank(), {})
    form = ReportForm.typed()
    plates = offered(form)
    if wants_json():
        return _answered(_take_in(form, plates))
    try:
        receipt = _take_in(form, plates).receipt
    except GridtrackError as error:
        return _form(form.renewed(error), messages(error), plates), status_of(error)
    flash(gettext("Reported as %(number)s.", number=receipt.number), "ok")
    return redirect(url_for("web.found", incident_id=receipt.incident_id), code=303)


def _take_in(form: ReportForm, plates: Sequence[Candidate]) -> Arrived:
    photos = files()
    voice_said = voice_file()
    said = len(photos) + (voice_said is not None)
    report = form.report(Source.PATROL, photos=said)
    check_chosen(plates)
    settled = request.form.get("settled", "").strip()
    brought = Brought(photos, voice_said, acts.phone(), settled)
    with work() as unit:
        return send_finding(unit, report, brought)


def _answered(arrived: Arrived) -> Response:
    """What became of a finding, for the phone's queue."""
    receipt = arrived.receipt
    return jsonify(
        number=receipt.number,
        url=url_for("web.incident", incident_id=receipt.incident_id),
        created=receipt.created,
        clock_off_s=arrived.clock_off_s,
    )


@may()
def voice(incident_id: int, note_id: int) -> Response:
    """A voice note for somebody who may see its matter."""
    with look() as unit:
        data, mime = voice_sound(unit, incident_id, note_id)
    answer = Response(data, mimetype=mime)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@may(Permission.REPORT)
def found(incident_id: int) -> str:
    """What a gridworker sees after a finding: its number, and the next one."""
    return render_template("found.html", incident_id=incident_id)


def _form(form: ReportForm, errors: dict[str, str], plates: Sequence[Candidate] = ()) -> str:
    offer = choices.shown(public_only=False)
    return render_template("finding.html", form=form, errors=errors, plates=plates, **offer)


@may(Permission.WORK)
def incident_call(incident_id: int) -> AnyResponse | tuple[str, int]:
    """Call in whoever leads above the handler; what is missing is shown on the matter's page."""
    try:
        with work() as unit:
            reason = request.form.get("reason", "")
            _version, name = call_leader(unit, incident_id, reason=reason, version=version())
    except (Invalid, Conflict) as error:
        return incident.again(incident_id, "call", error)
    flash(gettext("%(name)s has been called in.", name=name), "ok")
    return redirect(url_for("web.incident", incident_id=incident_id), code=303)
