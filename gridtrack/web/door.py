"""In and out: logging in and out, choosing the language."""

from flask import g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from gridtrack.errors import GridtrackError, TooMany, Unauthenticated
from gridtrack.http import login as sessions
from gridtrack.http.context import actor, locale, look, work
from gridtrack.http.guard import halfway, may, public
from gridtrack.http.limits import LOGIN, limiter
from gridtrack.i18n.sentences import sentence
from gridtrack.usecases.log_in import ask_to_log_in, is_right, log_in
from gridtrack.usecases.sessions import log_out
from gridtrack.web.asked import ours
from gridtrack.web.forms import next_page

YEAR = 31_536_000


@public
@limiter.limit(LOGIN, methods=["POST"])
def login() -> str | AnyResponse | tuple[str, int]:
    """The log-in form, and what comes of it."""
    if request.method == "GET":
        form = {"login": "", "next": request.args.get("next", "")}
        return render_template("login.html", form=form, no_tabs=True)
    form = {name: request.form.get(name, "")[:200] for name in ("login", "next")}
    password, device = request.form.get("password", ""), sessions.device()
    with look() as unit:
        asked = ask_to_log_in(unit, form["login"], device)
    right = is_right(asked, password)  # takes long, so not in a transaction
    with work() as unit:
        came = log_in(unit, asked, device, right=right, password=password)
    if came.key is None:
        error: GridtrackError = Unauthenticated("login-wrong")
        if came.wait_s:
            error = TooMany("login-slow", retry_after_s=came.wait_s)
        errors = {"login": sentence(error.code, locale(), **error.params)}
        return render_template("login.html", form=form, errors=errors, no_tabs=True), 422
    sessions.begin(came.key)
    return redirect(next_page(url_for("web.home")), code=303)


@halfway
@may()
def logout() -> AnyResponse:
    """End the session."""
    if g.get("session_id"):
        with work() as unit:
            log_out(unit, g.session_id)
    sessions.end()
    return redirect(url_for("web.login"), code=303)


@public
def language(code: str) -> AnyResponse:
    """Remember the reader's language and go back to where they were."""
    onward = ours(request.args.get("next", "")) or url_for("web.report_form")
    response = make_response(redirect(onward, code=303))
    if code in ("zh", "en"):
        response.set_cookie("lang", code, max_age=YEAR, samesite="Lax", httponly=True)
    return response


def reader() -> str:
    """Who reads, as part of the mark of an answer: two people never share one."""
    return f"{actor().person_id}:{locale()}"
