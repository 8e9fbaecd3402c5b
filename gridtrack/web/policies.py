"""Versions of the policy: the list, one of them, a new draft, withdrawing what has not begun."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from gridtrack.access import Permission
from gridtrack.errors import Conflict, Invalid
from gridtrack.http.context import locale, look, work
from gridtrack.http.errors import status_of
from gridtrack.http.guard import may
from gridtrack.queries.policies import policies_page, version_page
from gridtrack.usecases.policies import withdraw
from gridtrack.usecases.policy_drafts import start_draft
from gridtrack.web.asked import whole
from gridtrack.web.forms import messages
from gridtrack.web.gettext import gettext


@may(Permission.RULES_EDIT)
def policies() -> str:
    """Every version with what it changed, and the drafts."""
    with look() as unit:
        page = policies_page(unit, locale())
    return render_template("policies.html", page=page)


@may(Permission.RULES_EDIT)
def policy_new() -> AnyResponse | str | tuple[str, int]:
    """Begin a draft from a version, from the one in force unless another is chosen."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            with work() as unit:
                draft = start_draft(unit, whole(request.form.get("base", "")))
            return redirect(url_for("web.policy_draft", draft_id=draft), code=303)
        except Conflict as error:
            errors = messages(error)
    with look() as unit:
        page = policies_page(unit, locale())
    chosen = next((one.version for one in page.versions if one.state == "in-force"), None)
    told = render_template(
        "policy_new.html",
        page=page,
        base=request.values.get("base") or chosen,
        errors=errors,
    )
    return (told, 409) if errors else told


@may(Permission.RULES_EDIT)
def policy_version(version: int) -> str:
    """One version whole."""
    with look() as unit:
        page = version_page(unit, version, locale())
    return render_template("policy_version.html", page=page, typed={})


@may(Permission.RULES_EDIT)
def policy_withdraw(version: int) -> AnyResponse | tuple[str, int]:
    """Let a version that has not begun never begin."""
    try:
        with work() as unit:
            withdraw(unit, version, request.form.get("why", ""))
    except (Conflict, Invalid) as error:
        with look() as unit:
            page = version_page(unit, version, locale())
        told = render_template(
            "policy_version.html", page=page, typed=request.form, errors=messages(error)
        )
        return told, status_of(error)
    flash(gettext("Version %(version)d is withdrawn.", version=version), "ok")
    return redirect(url_for("web.policies"), code=303)
