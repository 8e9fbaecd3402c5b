"""What a report form asks the server while it is filled in, and "me too" instead of a report.

Words and places are sent in the body, never in an address: addresses end up in logs.
"""

from flask import redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from gridtrack.errors import Conflict, Invalid
from gridtrack.http.context import locale, look, work
from gridtrack.http.guard import public
from gridtrack.http.limits import HINTS, REPORT, limiter
from gridtrack.i18n.sentences import sentence
from gridtrack.queries.near import near
from gridtrack.queries.placing import placing
from gridtrack.queries.suggested import suggested
from gridtrack.usecases.follow import Wanted, follow
from gridtrack.web import stories
from gridtrack.web.asked import whole
from gridtrack.web.forms import ReportForm


@public
@limiter.limit(HINTS)
def suggest_category() -> str:
    """The kinds of matter that the words speak of, to be confirmed with one tap."""
    with look() as unit:
        found = suggested(unit, request.form.get("description", ""), locale())
    return render_template("partials/suggested.html", suggested=found)


@public
@limiter.limit(HINTS)
def near_by() -> str:
    """What is open near the place that was chosen."""
    form = ReportForm.typed()
    try:
        with look() as unit:
            found = near(unit, form.where(), form.category, locale(), own=form.client_id)
    except Invalid:
        found = ()  # half-typed coordinates: sending says what is wrong with them
    return render_template("partials/near.html", near=found, form=form, headline=stories.headline)


@public
@limiter.limit(HINTS)
def place_check() -> str:
    """In which grid the chosen place lies; outside of all it is said plainly."""
    form = ReportForm.typed()
    try:
        with look() as unit:
            found = placing(unit, form.where(), locale())
    except Invalid:
        found = None
    return render_template("partials/placing.html", placing=found)


@public
@limiter.limit(REPORT)
def me_too() -> AnyResponse | tuple[str, int]:
    """Follow a matter that somebody else reported, with a code of one's own."""
    form = ReportForm.typed()
    try:
        with work() as unit:
            join = whole(request.form.get("join", "")) or 0  # 0 is no matter's id
            wanted = Wanted(join, form.client_id, form.where(), form.category)
            found = follow(unit, wanted)
    except Conflict as error:
        told = sentence(error.code, locale(), **error.params)
        return render_template("near_gone.html", told=told), 409
    session["receipt"] = {
        "number": found.number,
        "code": found.code,
        "state": found.state,
        "category": found.category,
        "followers": found.count,
    }
    return redirect(url_for("web.reported"), code=303)
