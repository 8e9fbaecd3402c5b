"""A gridworker's finding, from where they stand."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from gridtrack.access import Permission
from gridtrack.errors import GridtrackError
from gridtrack.http.context import work
from gridtrack.http.errors import status_of
from gridtrack.http.guard import may
from gridtrack.incidents.intake import Source
from gridtrack.queries.doors import Candidate
from gridtrack.usecases.add_photo import add_report_photo
from gridtrack.usecases.report import report_incident
from gridtrack.web import choices
from gridtrack.web.forms import ReportForm, files, messages
from gridtrack.web.gettext import gettext
from gridtrack.web.places import check_chosen, offered


@may(Permission.REPORT)
def finding_form() -> str | AnyResponse | tuple[str, int]:
    """The finding form, and what comes of it."""
    if request.method == "GET":
        return _form(ReportForm.blank(), {})
    form = ReportForm.typed()
    plates = offered(form)
    try:
        photos = files()
        report = form.report(Source.PATROL, photos=len(photos))
        check_chosen(plates)
        with work() as unit:
            receipt = report_incident(unit, report)
            if receipt.created:
                for photo in photos:
                    add_report_photo(unit, receipt.incident_id, photo)
    except GridtrackError as error:
        return _form(form.renewed(error), messages(error), plates), status_of(error)
    flash(gettext("Reported as %(number)s.", number=receipt.number), "ok")
    return redirect(url_for("web.found", incident_id=receipt.incident_id), code=303)


@may(Permission.REPORT)
def found(incident_id: int) -> str:
    """What a gridworker sees after a finding: its number, and the next one."""
    return render_template("found.html", incident_id=incident_id)


def _form(form: ReportForm, errors: dict[str, str], plates: Sequence[Candidate] = ()) -> str:
    offer = choices.shown(public_only=False)
    return render_template("finding.html", form=form, errors=errors, plates=plates, **offer)
