"""The administrator's calendar: a year of days, what is missing, days changed and taken in."""

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from gridtrack.access import Permission
from gridtrack.deadlines.calendar import read_hours
from gridtrack.deadlines.calendar_days import LocalDay, read_notice
from gridtrack.errors import Conflict, GridtrackError, Invalid, NotFound
from gridtrack.http.context import look, work
from gridtrack.http.guard import may
from gridtrack.queries.calendar import calendar_page
from gridtrack.usecases.calendar import import_notices, remove_day, set_day
from gridtrack.web.forms import messages
from gridtrack.web.gettext import gettext

LARGEST = 1_000_000  # a notice has a few kilobytes


@may(Permission.RULES_EDIT)
def calendar() -> str:
    """The table of a year, with the form of one day."""
    with look() as unit:
        page = calendar_page(unit, _number(request.args.get("year", "")))
    chosen = request.args.get("day", "")
    known = next(
        (c for m in page.months for w in m.weeks for c in w if c and str(c.date) == chosen), None
    )
    form = {"date": chosen, "name": "", "kind": "off", "hours": ""}
    if known is not None:
        kind = {"part": "part", "off": "off"}.get(known.kind, "work")
        form |= {"name": known.name, "kind": kind, "hours": known.hours}
    return render_template("calendar.html", page=page, form=form, chosen=known)


@may(Permission.RULES_EDIT)
def calendar_day() -> AnyResponse | tuple[str, int]:
    """Say what a date is here, or take it back."""
    form = {name: request.form.get(name, "")[:200] for name in ("date", "name", "kind", "hours")}
    try:
        day = _date(form["date"])
        with work() as unit:
            if "remove" in request.form:
                remove_day(unit, day)
            else:
                set_day(unit, _local(day, form))
    except (Conflict, Invalid, NotFound) as error:
        return _again(error, form)
    flash(gettext("Saved. Limits that start from now on count with it."), "ok")
    return redirect(url_for("web.calendar", year=day.year), code=303)


@may(Permission.RULES_EDIT)
def calendar_import() -> AnyResponse | tuple[str, int]:
    """Take in the notice in a file."""
    file = request.files.get("file")
    try:
        if file is None or not file.filename:
            raise Invalid("required", field="file")  # noqa: TRY301 - told beside the field
        stem = file.filename.rpartition(".")[0]
        named = int(stem) if stem.isdecimal() and len(stem) == 4 else None
        text = file.read(LARGEST).decode("utf-8-sig", "replace")
        notice = read_notice(text, "file", named)
        with work() as unit:
            changed = import_notices(unit, [notice])
    except (Conflict, Invalid) as error:
        return _again(error, {"date": "", "name": "", "kind": "off", "hours": ""})
    if changed:
        flash(gettext("The notice of %(year)d is taken in.", year=notice.year), "ok")
    elif not notice.days:
        flash(gettext("That notice is not out yet: the file has no days."), "bad")
    else:
        flash(gettext("The notice of %(year)d was known already.", year=notice.year), "ok")
    return redirect(url_for("web.calendar", year=notice.year), code=303)


def _again(error: GridtrackError, form: dict[str, str]) -> tuple[str, int]:
    found = _number(form["date"][:4])
    with look() as unit:
        year = found if found is not None and 2000 <= found <= 2100 else None
        page = calendar_page(unit, year)
    told = render_template(
        "calendar.html", page=page, form=form, chosen=None, errors=messages(error)
    )
    return told, 422


def _local(day: date, form: dict[str, str]) -> LocalDay:
    part = form["kind"] == "part"
    hours = read_hours(form["hours"], "hours") if part else None
    return LocalDay(day, form["name"], form["kind"] != "off", hours)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid("not-a-date", field="date", value=text) from error


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) == 4 else None
