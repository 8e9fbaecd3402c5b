"""The in-app notices of a person."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from gridtrack.http.context import locale, look, work
from gridtrack.http.guard import may
from gridtrack.queries.notices import notices as read
from gridtrack.usecases.read_notices import read_notices


@may()
def notices() -> str:
    """The newest notices; looking at them stops no clock."""
    with look() as unit:
        found = read(unit, locale())
    return render_template("notices.html", notices=found)


@may()
def notices_read() -> AnyResponse:
    """Mark every notice as read."""
    with work() as unit:
        read_notices(unit)
    return redirect(url_for("web.notices"), code=303)
