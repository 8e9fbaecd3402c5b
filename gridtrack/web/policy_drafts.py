"""A draft of the policy: its sections as forms, what would change, publishing it or dropping it."""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from gridtrack.access import Permission
from gridtrack.errors import Conflict, GridtrackError, Invalid, NotFound, Rejected
from gridtrack.http.context import locale, look, work
from gridtrack.http.errors import status_of
from gridtrack.http.guard import may
from gridtrack.i18n.sentences import sentence
from gridtrack.queries.policies import DraftPage, choices, draft_page
from gridtrack.queries.policy_preview import preview_draft
from gridtrack.usecases.policy_drafts import Seen, drop_draft, publish_draft, save_draft
from gridtrack.web import policy_forms as forms
from gridtrack.web.forms import local_time, messages
from gridtrack.web.gettext import gettext
from gridtrack.web.policy_rows import Typed, limits_moved, rows, rungs_moved

_LONGEST = 300


@may(Permission.RULES_EDIT)
def policy_draft(draft_id: int) -> str:
    """What the draft changes, and the ways to its sections."""
    with look() as unit:
        page = draft_page(unit, draft_id, locale())
    return render_template("policy_draft.html", page=page)


@may(Permission.RULES_EDIT)
def policy_preview(draft_id: int) -> str:
    """What it would have promised, before the form that publishes it."""
    return _preview(draft_id, {})


def _preview(draft_id: int, typed: Mapping[str, str], error: GridtrackError | None = None) -> str:
    with look() as unit:
        page = draft_page(unit, draft_id, locale())
        found = preview_draft(unit, draft_id, locale())
    errors = messages(error) if error else {}
    return render_template(
        "policy_preview.html", page=page, preview=found, typed=typed, errors=errors
    )


@may(Permission.RULES_EDIT)
def policy_publish(draft_id: int) -> AnyResponse | tuple[str, int]:
    """Make the draft the policy from an instant on."""
    try:
        from_at = local_time(request.form, "from")
        with work() as unit:
            version = publish_draft(
                unit, Seen(draft_id, _rev()), from_at, request.form.get("why", "")
            )
    except (Conflict, Invalid) as error:
        return _preview(draft_id, request.form, error), status_of(error)
    flash(gettext("Version %(version)d is published.", version=version), "ok")
    return redirect(url_for("web.policies"), code=303)


@may(Permission.RULES_EDIT)
def policy_drop(draft_id: int) -> AnyResponse:
    """Throw the draft away."""
    with work() as unit:
        drop_draft(unit, draft_id)
    flash(gettext("The draft is thrown away."), "ok")
    return redirect(url_for("web.policies"), code=303)


@may(Permission.RULES_EDIT)
def policy_section(draft_id: int, section: str) -> AnyResponse | str | tuple[str, int]:
    """A section as a form; what is wrong stands beside its field, nothing typed is lost."""
    if section not in forms.SECTIONS:
        raise NotFound("not-found")
    with look() as unit:
        page = draft_page(unit, draft_id, locale())
    if request.method == "GET":
        return _form(page, section, forms.typed_of(section, page.body))
    typed, act = _typed(), request.form.get("do", "save")
    if act != "save":
        typed, row = limits_moved(typed, act)
        return _form(page, section, typed, row=row)
    error = _save(draft_id, forms.with_section(section, page.body, typed))
    if error is None:
        return _back(draft_id)
    return _form(page, section, typed, error=error), status_of(error)


@may(Permission.RULES_EDIT)
def policy_ladder(draft_id: int, code: str = "") -> AnyResponse | str | tuple[str, int]:
    """A ladder as a form; `code` is empty for a new one."""
    with look() as unit:
        page = draft_page(unit, draft_id, locale())
    known = forms.ladder_of(page.body, code) if code else None
    if code and known is None:
        raise NotFound("not-found")
    if request.method == "GET":
        return _ladder_form(page, code, forms.ladder_typed(known or {}))
    typed, act = _typed(), request.form.get("do", "save")
    body = dict(page.body)
    if act == "drop":
        forms.ladder_drop(body, code)
    elif act == "save":
        forms.ladder_into(body, code or None, typed)
    else:
        typed, row = rungs_moved(typed, act)
        return _ladder_form(page, code, typed, row=row)
    error = _save(draft_id, body)
    if error is None:
        return _back(draft_id)
    return _ladder_form(page, code, typed, error=error), status_of(error)


def _save(draft_id: int, body: Mapping[str, Any]) -> GridtrackError | None:
    try:
        with work() as unit:
            save_draft(unit, Seen(draft_id, _rev()), body)
    except (Conflict, Invalid) as error:
        return error
    flash(gettext("Saved in the draft."), "ok")
    return None


def _back(draft_id: int) -> AnyResponse:
    return redirect(url_for("web.policy_draft", draft_id=draft_id), code=303)


def _form(
    page: DraftPage,
    section: str,
    typed: Typed,
    *,
    error: GridtrackError | None = None,
    row: int = 0,
) -> str:
    with look() as unit:
        offered = choices(unit, locale())
    return render_template(
        f"policy_{section}.html",
        page=page,
        section=section,
        typed=typed,
        rows=rows(typed, "limit."),
        row=row,
        choices=offered,
        errors=_told(error),
    )


def _ladder_form(
    page: DraftPage,
    code: str,
    typed: Typed,
    *,
    error: GridtrackError | None = None,
    row: int = 0,
) -> str:
    with look() as unit:
        offered = choices(unit, locale())
    errors = _in_ladder(_told(error), typed)
    return render_template(
        "policy_ladder.html",
        page=page,
        code=code,
        typed=typed,
        rows=rows(typed, "rung."),
        row=row,
        choices=offered,
        errors=errors,
    )


def _told(error: GridtrackError | None) -> dict[str, str]:
    """Field to sentence; the field is called by its place on the page, not in the document."""
    if error is None:
        return {}
    if not isinstance(error, Invalid):
        return messages(error)
    faults = error.faults if isinstance(error, Rejected) else (error,)
    return {
        fault.field: sentence(fault.code, locale(), **{**fault.params, "field": _label(fault)})
        for fault in faults
    }


def _label(fault: Invalid) -> str:
    kind, *rest = fault.field.split(".")
    if kind == "limit" and rest:
        return gettext("row %(row)s", row=rest[0])
    names = {
        "limit": gettext("Limits of its own"),
        "ladder": gettext("Ladders"),
        "lights": gettext("Lights"),
        "quiet": gettext("Quiet hours"),
        "remind": gettext("Reminders"),
        "pause": gettext("Rest"),
        "extend": gettext("More time"),
        "offline": gettext("Acts without a network"),
        "calendars": gettext("Calendars"),
        "acknowledge": gettext("To acknowledge, where nothing else is said"),
    }
    return names.get(kind, fault.field)


def _in_ladder(errors: Mapping[str, str], typed: Typed) -> dict[str, str]:
    """Faults of the document's ladders at the fields of the form of one of them."""
    made: dict[str, Any] = {}
    forms.ladder_into(made, None, typed)
    numbers = rows(typed, "rung.")
    codes = {one["code"]: n for one, n in zip(made["ladder"][0]["rungs"], numbers, strict=True)}
    return {_place(field, typed.get("code", ""), codes): text for field, text in errors.items()}


def _place(field: str, code: str, rungs: Mapping[str, int]) -> str:
    """`ladder.standard.leader.after` is `rung.2.after` in the form of `standard`."""
    parts = field.removeprefix(f"ladder.{code}.").split(".")
    if not field.startswith("ladder."):
        return field
    if not field.startswith(f"ladder.{code}."):
        return "code" if parts[-1] == "code" else "ladder"
    if len(parts) == 2 and parts[0] in rungs:
        return f"rung.{rungs[parts[0]]}.{parts[1]}"
    return parts[0]


def _typed() -> Typed:
    hidden = ("csrf_token", "rev", "do")
    return {k: v[:_LONGEST] for k, v in request.form.items() if k not in hidden}


def _rev() -> int:
    text = request.form.get("rev", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
