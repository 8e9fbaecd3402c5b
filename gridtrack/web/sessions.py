"""What somebody is logged in with, and their second factor."""

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from gridtrack.accounts.log_in_rules import SecondFactor
from gridtrack.http.context import look, runtime, work
from gridtrack.http.guard import may
from gridtrack.usecases import second_factor as factor
from gridtrack.usecases.sessions import end_other_sessions, end_session, sessions_of
from gridtrack.web.gettext import gettext
from gridtrack.web.second_factor import shown_codes


@may()
def sessions() -> str:
    """One's open sessions, each to be ended, and how the second factor stands."""
    with look() as unit:
        mine = sessions_of(unit, g.get("session_id"))
        has, left = factor.is_set_up(unit), factor.codes_left(unit)
    off = runtime().settings.second_factor == SecondFactor.OFF.value
    return render_template(
        "sessions.html", sessions=mine, has=has, left=left, off=off, browser_of=browser_of
    )


# The first that is in the agent's name: most pretend to be others as well.
BROWSERS = (("MicroMessenger", "WeChat"), ("Edg", "Edge"), ("Firefox", "Firefox"),
            ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
SYSTEMS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"),
           ("HarmonyOS", "HarmonyOS"), ("Windows", "Windows"), ("Mac OS", "macOS"),
           ("Linux", "Linux"))  # fmt: skip


def browser_of(agent: str) -> str:
    """A browser as its owner calls it: Chrome, Android."""
    found = (
        next((name for mark, name in known if mark in agent), "") for known in (BROWSERS, SYSTEMS)
    )
    return ", ".join(name for name in found if name) or agent[:60]


@may()
def session_end(session_id: int) -> AnyResponse:
    """End one session."""
    with work() as unit:
        end_session(unit, session_id)
    flash(gettext("The session is over."), "ok")
    return redirect(url_for("web.sessions"), code=303)


@may()
def sessions_end() -> AnyResponse:
    """End all but this one."""
    with work() as unit:
        end_other_sessions(unit, g.get("session_id"))
    flash(gettext("Every other session is over."), "ok")
    return redirect(url_for("web.sessions"), code=303)


@may()
def codes_renew() -> str | AnyResponse:
    """New recovery codes for the digits of now."""
    with work() as unit:
        codes = factor.renew_codes(unit, request.form.get("code", "")[:40])
    if codes is None:
        flash(gettext("The digits were wrong. Nothing was changed."), "bad")
        return redirect(url_for("web.sessions"), code=303)
    return shown_codes(codes, url_for("web.sessions"))
