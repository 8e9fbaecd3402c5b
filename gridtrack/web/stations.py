"""Signs that residents scan: where one leads, and the sheets to print for the secretary."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from gridtrack.access import Permission
from gridtrack.errors import GridtrackError, Invalid
from gridtrack.http.context import locale, look, work
from gridtrack.http.errors import status_of
from gridtrack.http.guard import may, public
from gridtrack.incidents.intake import Place
from gridtrack.queries.stations import Sign, grid_signs
from gridtrack.queries.stations import stations as standing
from gridtrack.usecases.stations import add_station, end_station
from gridtrack.web.forms import ReportForm, messages
from gridtrack.web.gettext import gettext
from gridtrack.web.places import place_of_door
from gridtrack.web.qr import qr_svg


@public
def scanned(code: str) -> AnyResponse:
    """The form with the place of a sign filled in; an unknown sign leads to the empty form."""
    return redirect(url_for("web.report_form", station=code[:64]), code=303)


@may(Permission.DIRECT)
def stations() -> str | AnyResponse | tuple[str, int]:
    """The stations of one's scope, and a form for another."""
    if request.method == "GET":
        return _page({}, {})
    form = ReportForm.typed()
    name = request.form.get("name", "")
    try:
        place = _place(form)
        with work() as unit:
            add_station(unit, name, place, form.address)
    except GridtrackError as error:
        return _page({"name": name, "address": form.address}, messages(error)), status_of(error)
    flash(gettext("The station stands. Print its sign below."), "ok")
    return redirect(url_for("web.stations"), code=303)


def _place(form: ReportForm) -> Place | None:
    """The point of the form, else that of the one plate its address spells."""
    if form.lon or form.lat:
        return form.where()
    found = place_of_door(form.address)
    if found is None and form.address.strip():
        raise Invalid("station-no-plate", field="address", value=form.address)
    return found


def _page(typed: dict[str, str], errors: dict[str, str]) -> str:
    with look() as unit:
        found = standing(unit)
    signs = [_printed(one) for one in found]
    return render_template("stations.html", signs=signs, typed=typed, errors=errors)


@may(Permission.DIRECT)
def station_end(code: str) -> AnyResponse:
    """Take a station down."""
    with work() as unit:
        end_station(unit, code)
    flash(gettext("The station was taken down; its sign leads to the empty form."), "ok")
    return redirect(url_for("web.stations"), code=303)


@may(Permission.DIRECT)
def station_signs() -> str:
    """Signs to print: of the stations, or of every base grid of one's scope."""
    of_grids = request.args.get("of") == "grids"
    with look() as unit:
        found = grid_signs(unit, locale()) if of_grids else standing(unit)
    return render_template("signs.html", signs=[_printed(one) for one in found], of_grids=of_grids)


@dataclass(frozen=True, slots=True)
class Printed:
    """A sign with its QR code."""

    sign: Sign
    url: str
    qr: Markup


def _printed(one: Sign) -> Printed:
    url = url_for("web.scanned", code=one.code, _external=True)
    return Printed(one, url, qr_svg(url))
