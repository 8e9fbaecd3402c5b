"""What somebody is logged in with, and their second factor."""

from collections.abc import Mapping

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from gridtrack.accounts.log_in_rules import SecondFactor
from gridtrack.accounts.rules import password_fits
from gridtrack.errors import Invalid, TooMany
from gridtrack.http.context import locale, look, runtime, work
from gridtrack.http.guard import may
from gridtrack.http.limits import LOGIN, limiter
from gridtrack.i18n.sentences import sentence
from gridtrack.usecases import second_factor as factor
from gridtrack.usecases.own_password import change_own_password, stored_password
from gridtrack.usecases.sessions import end_other_sessions, end_session, sessions_of
from gridtrack.web.forms import messages
from gridtrack.web.gettext import gettext
from gridtrack.web.second_factor import shown_codes


@may()
def sessions() -> str:
    """One's open sessions, each to be ended, how the second factor stands, the password."""
    return _shown({})


def _shown(errors: Mapping[str, str]) -> str:
    with look() as unit:
        mine = sessions_of(unit, g.get("session_id"))
        has, left = factor.is_set_up(unit), factor.codes_left(unit)
    off = runtime().settings.second_factor == SecondFactor.OFF.value
    return render_template(
        "sessions.html",
        sessions=mine,
        has=has,
        left=left,
        off=off,
        browser_of=browser_of,
        errors=errors,
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
@limiter.limit(LOGIN)
def password_change() -> AnyResponse | tuple[str, int]:
    """Set a new password for the old one; what is wrong is told beside its field."""
    form = request.form
    try:
        with look() as unit:
            stored = stored_password(unit)
        right = password_fits(stored, form.get("old", ""))  # takes long, so not in a transaction
        if right and form.get("password", "") != form.get("again", ""):
            raise Invalid("password-twice", field="again", value="")  # noqa: TRY301 - told below
        with work() as unit:
            new, here = form.get("password", ""), g.get("session_id")
            changed = change_own_password(unit, new, right=right, session_id=here)
    except (Invalid, TooMany) as error:
        told = messages(error)
        return _shown({("old" if name == "form" else name): told[name] for name in told}), 422
    if not changed:
        return _shown({"old": sentence("password-old", locale())}), 422
    flash(gettext("Your password is changed, and every other session is over."), "ok")
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
