"""One edition: what it is, its record, and what may be done with it."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from gridtrack.access import Permission
from gridtrack.errors import Conflict, GridtrackError, Invalid, NotFound
from gridtrack.grids.lifecycle import Act, Handover
from gridtrack.http.context import look, work
from gridtrack.http.errors import status_of
from gridtrack.http.guard import may
from gridtrack.queries.edition import EditionPage, edition_page
from gridtrack.usecases.activate_edition import (
    activate_edition,
    schedule_edition,
    unschedule_edition,
    warm,
)
from gridtrack.usecases.check_in_edition import check_in_edition
from gridtrack.usecases.copy_edition import copy_edition
from gridtrack.usecases.discard_edition import discard_edition
from gridtrack.web.edition_words import lines
from gridtrack.web.forms import local_time, messages
from gridtrack.web.gettext import gettext
from gridtrack.work import Work


@may(Permission.GRIDS_DRAW)
def edition(edition_id: int) -> str:
    """The page of one edition."""
    with look() as unit:
        page = edition_page(unit, edition_id)
    return render_template("edition.html", **_shown(page), typed={})


@may(Permission.GRIDS_DRAW)
def edition_copy(edition_id: int) -> AnyResponse | tuple[str, int]:
    """Make a draft of it, and go there."""
    try:
        with work() as unit:
            copy = copy_edition(unit, edition_id, request.form.get("name", ""))
    except (Invalid, Conflict) as error:
        return _again(edition_id, "copy", error)
    flash(gettext("A draft was made. Nothing is in force until it is activated."), "ok")
    return redirect(url_for("web.edition", edition_id=copy.id), code=303)


@may(Permission.GRIDS_DRAW)
def edition_act(edition_id: int, act: str) -> AnyResponse | tuple[str, int]:
    """Take one step of its life; what stands against it is shown on the page, words kept."""
    verb = VERBS.get(act)
    if verb is None:
        raise NotFound("http-404")
    try:
        if act == Act.ACTIVATE:
            with look() as unit:
                warm(unit, edition_id)
        with work() as unit:
            verb(unit, edition_id)
    except (Invalid, Conflict) as error:
        return _again(edition_id, act, error)
    flash(_done(act), "ok")
    return redirect(url_for("web.edition", edition_id=edition_id), code=303)


def _again(edition_id: int, act: str, error: GridtrackError) -> tuple[str, int]:
    typed = {"act": act, **request.form.to_dict()}
    errors = {f"{act}-{name}": text for name, text in messages(error).items()}
    with look() as unit:
        page = edition_page(unit, edition_id)
    shown = render_template("edition.html", **_shown(page), typed=typed, errors=errors)
    return shown, status_of(error)


def _shown(page: EditionPage) -> dict[str, Any]:
    return {"page": page, "lines": lines(page.record), "parts": _parts(page)}


def _parts(page: EditionPage) -> list[tuple[str, str, str]]:
    """The pages that hang on this one: address, word and sign, of those there are."""
    known = (
        ("web.edition_findings", gettext("Map and findings"), "map"),
        ("web.edition_draw", gettext("Draw"), "note"),
        ("web.edition_compare", gettext("Compare"), "layers"),
        ("web.edition_impact", gettext("Impact"), "person"),
        ("web.edition_codes", gettext("Codes"), "list"),
        ("web.edition_export", gettext("Export"), "leave"),
    )
    to_come = page.state in ("draft", "checked", "scheduled")
    fit = {
        "web.edition_draw": page.state in ("draft", "checked"),
        "web.edition_impact": to_come,
    }
    return [
        (url_for(endpoint, edition_id=page.id), word, sign)
        for endpoint, word, sign in known
        if endpoint in current_app.view_functions and fit.get(endpoint, True)
    ]


def _reason() -> str:
    """Why, in the words of whoever decides; raises Invalid where there are none."""
    given = request.form.get("reason", "").strip()
    if not given:
        raise Invalid("required", field="reason")
    return given


def _schedule(unit: Work, edition_id: int) -> object:
    at = local_time(request.form, "at")
    if at is None:
        raise Invalid("required", field="at")
    return schedule_edition(unit, edition_id, at, reason=_reason(), handover=_decided())


def _activate(unit: Work, edition_id: int) -> object:
    return activate_edition(unit, edition_id, reason=_reason(), handover=_decided())


def _decided() -> Handover:
    """What of open matters that somebody has acknowledged."""
    return Handover(request.form.get("acknowledged") == "hand-over", "tell_new" in request.form)


VERBS: Mapping[str, Callable[[Work, int], object]] = {
    Act.CHECK.value: check_in_edition,
    Act.SCHEDULE.value: _schedule,
    Act.UNSCHEDULE.value: lambda unit, one: unschedule_edition(unit, one, reason=_reason()),
    Act.ACTIVATE.value: _activate,
    Act.DISCARD.value: lambda unit, one: discard_edition(unit, one, reason=_reason()),
}


def _done(act: str) -> str:
    words = {
        Act.CHECK: gettext("Checked in. It may be scheduled or put in force."),
        Act.SCHEDULE: gettext("Scheduled. It comes into force by itself at that instant."),
        Act.UNSCHEDULE: gettext("Taken back. What is in force goes on."),
        Act.ACTIVATE: gettext("In force. Every process follows within two seconds."),
        Act.DISCARD: gettext("Thrown away. Its record stays."),
    }
    return words[Act(act)]
