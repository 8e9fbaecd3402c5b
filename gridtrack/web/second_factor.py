"""The second factor: showing it, setting it up with a picture, and the codes to keep."""

import io

import segno
from flask import g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from gridtrack.errors import NotFound
from gridtrack.http.context import locale, work
from gridtrack.http.guard import halfway, may
from gridtrack.http.limits import LOGIN, limiter
from gridtrack.http.login import device
from gridtrack.i18n.sentences import sentence
from gridtrack.usecases import second_factor as factor
from gridtrack.web.asked import ours
from gridtrack.web.forms import next_page


@halfway
@may()
@limiter.limit(LOGIN, methods=["POST"])
def second_factor() -> str | AnyResponse | tuple[str, int]:
    """Show the digits, or set them up where there are none yet."""
    if not g.get("session_id"):
        raise NotFound("http-404")  # a token has no session to prove
    if request.method == "POST":
        return _taken()
    return _shown(ours(request.args.get("next", "")))


def _shown(onward: str, error: str = "") -> str:
    """The form for the digits; with the picture where there is nothing set up."""
    errors = {"code": sentence(error, locale())} if error else {}
    with work() as unit:
        enrolment = None if factor.is_set_up(unit) else factor.set_up(unit)
    return render_template(
        "second_factor.html",
        next=onward,
        errors=errors,
        enrolment=enrolment,
        picture=qr(enrolment.uri) if enrolment else "",
        weak=g.get("weak", False),
        no_tabs=True,
    )


def _taken() -> str | AnyResponse | tuple[str, int]:
    code, where = request.form.get("code", "")[:40], device().address
    with work() as unit:
        if factor.is_set_up(unit):
            if factor.show(unit, g.session_id, code, where):
                return redirect(next_page(url_for("web.home")), code=303)
            codes = None
        else:
            codes = factor.confirm(unit, g.session_id, code, where)
    if codes is None:
        return _shown(next_page(""), "second-factor-wrong"), 422
    return shown_codes(codes, next_page(url_for("web.home")))


def shown_codes(codes: tuple[str, ...], onward: str) -> str:
    """The recovery codes, this once."""
    return render_template("recovery_codes.html", codes=codes, next=onward, no_tabs=True)


def qr(text: str) -> str:
    """A text as a picture that a telephone reads: SVG without colours of its own."""
    out = io.BytesIO()
    code = segno.make(text, error="m")
    code.save(out, kind="svg", xmldecl=False, omitsize=True, border=4, light="#fff", dark="#000")
    return out.getvalue().decode()
