"""Rosters: the table of two weeks, the form of one roster, and the residents' page."""

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from gridtrack.access import Permission, permits
from gridtrack.errors import Conflict, GridtrackError, Invalid
from gridtrack.http.context import actor, locale, look, work
from gridtrack.http.errors import status_of
from gridtrack.http.guard import may, public
from gridtrack.queries.roster_form import editor, grounds
from gridtrack.queries.rota import duty_page, sessions_page
from gridtrack.usecases.rosters import end_roster, save_roster
from gridtrack.web.asked import whole
from gridtrack.web.forms import messages
from gridtrack.web.gettext import gettext
from gridtrack.web.roster_form import RosterForm


@may(Permission.DUTY_SEE)
def duty() -> str:
    """This week and the next; `week` is a date in the first, `of` the ground."""
    with look() as unit:
        page = duty_page(unit, _date("week"), request.args.get("of", ""), locale())
    return render_template("duty.html", page=page, may_write=permits(actor(), Permission.DUTY_EDIT))


@may(Permission.DUTY_EDIT)
def roster_new() -> AnyResponse | tuple[str, int] | str:
    """The empty form, and what was sent from it."""
    if request.method == "GET":
        return _form(RosterForm.blank(), {})
    return _save(0)


@may(Permission.DUTY_EDIT)
def roster(roster_id: int) -> AnyResponse | tuple[str, int] | str:
    """The form of one roster, and what was sent from it."""
    if request.method == "POST":
        return _save(roster_id)
    with look() as unit:
        found = editor(unit, roster_id)
    return _form(RosterForm.of(found), {}, roster_id)


@may(Permission.DUTY_EDIT)
def roster_end(roster_id: int) -> AnyResponse:
    """Take it away."""
    with work() as unit:
        end_roster(unit, roster_id)
    flash(gettext("Taken away. Whoever has the post is on duty again."), "ok")
    return redirect(url_for("web.duty"), code=303)


@public
def rota() -> str:
    """When and where somebody is there for residents; no login, no phone but one given for it."""
    with look() as unit:
        page = sessions_page(unit, locale())
    return render_template("rota.html", page=page)


def _save(roster_id: int) -> AnyResponse | tuple[str, int]:
    form = RosterForm.sent()
    try:
        with work() as unit:
            before = editor(unit, roster_id) if roster_id else None
            given = form.roster(roster_id, before)
            save_roster(unit, given, whole(form.version) if roster_id else None)
    except (Invalid, Conflict) as error:
        return _form(form, _errors(error), roster_id), status_of(error)
    flash(gettext("Saved. Matters that come in from now on go by it."), "ok")
    return redirect(url_for("web.duty"), code=303)


def _errors(error: GridtrackError) -> dict[str, str]:
    """By the fields of the form: whoever is wrong on a shift is told at the shifts."""
    found = messages(error)
    at = {"shift": "shift_hours_1", "people": "shift_people_1", "dated": "dated_date_1"}
    return {at.get(name.partition(" ")[0], name): text for name, text in found.items()}


def _form(form: RosterForm, errors: dict[str, str], roster_id: int = 0) -> str:
    with look() as unit:
        offered = grounds(unit, locale())
        found = editor(unit, roster_id) if roster_id else None
    return render_template(
        "roster.html", form=form, errors=errors, grounds=offered, roster_id=roster_id, found=found
    )


def _date(name: str) -> date | None:
    try:
        found = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2100 else None
