"""Estates and units: the list, one of them, and drawing, changing, ending and importing them."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.utils import secure_filename
from werkzeug.wrappers import Response as AnyResponse

from gridtrack.access import Permission, permits
from gridtrack.errors import Conflict, Invalid, Rejected
from gridtrack.geo.datum import Datum
from gridtrack.geo.layers import Reading
from gridtrack.grids.zones import ZoneKind, outline_of
from gridtrack.http.context import actor, locale, look, work
from gridtrack.http.errors import status_of
from gridtrack.http.guard import may
from gridtrack.i18n.sentences import sentence
from gridtrack.queries.zones import ZoneLine, new_zone, zone_page, zones_drawn, zones_page
from gridtrack.usecases.import_estates import ZoneFile, import_estates, read_estates
from gridtrack.usecases.zones import ZoneGiven, change_zone, draw_zone, end_zone
from gridtrack.web.choices import datums
from gridtrack.web.forms import local_time, messages
from gridtrack.web.gettext import gettext

FAULTS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class ZoneForm:
    """The fields as they were typed, kept whatever was wrong with them."""

    kind: str = ZoneKind.ESTATE.value
    code: str = ""
    name: str = ""
    manager: str = ""
    outline: str = ""
    begins: str = ""

    @classmethod
    def sent(cls) -> "ZoneForm":
        """The form of this request."""
        return cls(**{name: request.form.get(name, "") for name in cls.__slots__})

    @classmethod
    def of(cls, zone: ZoneLine, outline: str) -> "ZoneForm":
        """The form that changes a zone."""
        return cls(zone.kind, zone.code, zone.name, zone.manager, outline)

    def given(self) -> ZoneGiven:
        """What the form says; raises Rejected with what cannot be read of it."""
        faults: list[Invalid] = []
        shape = begins = None
        try:
            shape = outline_of(self.outline)
        except Invalid as fault:
            faults.append(fault)
        try:
            begins = local_time({"begins": self.begins}, "begins")
        except Invalid as fault:
            faults.append(fault)
        if faults:
            raise Rejected(faults)
        return ZoneGiven(self.kind, self.code, self.name, self.manager, shape, begins)


@may(Permission.GRIDS_DRAW)
def zones() -> str:
    """The list with its map."""
    return _list({})


@may(Permission.GRIDS_DRAW)
def zones_map() -> Response:
    """The zones of the list as GeoJSON."""
    with look() as unit:
        return Response(zones_drawn(unit, locale()), mimetype="application/geo+json")


@may(Permission.GRIDS_DRAW)
def zone_new() -> AnyResponse | tuple[str, int] | str:
    """Draw one: the form, and what was sent from it."""
    if request.method == "GET":
        return _new(ZoneForm(), {})
    typed = ZoneForm.sent()
    try:
        given = typed.given()
        with work() as unit:
            zone_id = draw_zone(unit, given)
    except Invalid as error:
        return _new(typed, messages(error)), status_of(error)
    flash(gettext("Kept. Reports from inside it go to its property manager as well."), "ok")
    return redirect(url_for("web.zone", zone_id=zone_id), code=303)


@may(Permission.GRIDS_DRAW)
def zone(zone_id: int) -> AnyResponse | tuple[str, int] | str:
    """One zone, and changing it."""
    if request.method == "GET":
        return _one(zone_id, None, {})
    typed = ZoneForm.sent()
    try:
        given = typed.given()
        with work() as unit:
            new_id = change_zone(unit, zone_id, given)
    except (Invalid, Conflict) as error:
        return _one(zone_id, typed, messages(error)), status_of(error)
    flash(gettext("Changed. What was reported before keeps the outline of its day."), "ok")
    return redirect(url_for("web.zone", zone_id=new_id), code=303)


@may(Permission.GRIDS_DRAW)
def zone_end(zone_id: int) -> AnyResponse | tuple[str, int]:
    """Let it end, now or at an instant to come."""
    try:
        until = local_time(request.form, "until")
        with work() as unit:
            end_zone(unit, zone_id, until)
    except (Invalid, Conflict) as error:
        return _one(zone_id, None, messages(error)), status_of(error)
    flash(gettext("It ends. Its outline stays readable here."), "ok")
    return redirect(url_for("web.zone", zone_id=zone_id), code=303)


@may(Permission.GRIDS_EDIT)
def zones_import() -> AnyResponse | tuple[str, int]:
    """Bring a file in, all or nothing."""
    try:
        with tempfile.TemporaryDirectory() as folder:
            read = read_estates(*_sent_file(Path(folder)))
        with work() as unit:
            did = import_estates(unit, read)
    except (Invalid, Conflict) as error:
        return _list(_of_file(error)), status_of(error)
    flash(
        gettext(
            "%(added)d added, %(changed)d changed, %(same)d as they were.",
            added=len(did.added),
            changed=len(did.changed),
            same=len(did.same),
        ),
        "ok",
    )
    return redirect(url_for("web.zones"), code=303)


def _sent_file(folder: Path) -> tuple[Path, ZoneFile]:
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise Invalid("required", field="file")
    # The ending says what it is; of the rest only a safe name is kept.
    path = folder / (secure_filename(sent.filename) or f"zones{Path(sent.filename).suffix}")
    sent.save(path)
    form = request.form
    reading = Reading(form.get("crs", "").strip(), form.get("datum", "") or Datum.WGS84)
    return path, ZoneFile({}, form.get("kind", "") or ZoneKind.ESTATE, reading)


def _of_file(error: Invalid | Conflict) -> dict[str, str]:
    """What is wrong with a file, all of it at its one field."""
    faults = error.faults if isinstance(error, Rejected) else (error,)
    told = [sentence(one.code, locale(), **one.params) for one in faults[:FAULTS_SHOWN]]
    more = len(faults) - len(told)
    return {"file": " ".join([*told, f"(+{more})"] if more else told)}


def _list(errors: dict[str, str]) -> str:
    with look() as unit:
        page = zones_page(unit, locale())
    return render_template(
        "zones.html",
        page=page,
        typed=request.form,
        errors=errors,
        may_import=permits(actor(), Permission.GRIDS_EDIT),
        kinds=[("estate", gettext("estate")), ("unit", gettext("unit"))],
        datums=datums(),
    )


def _new(typed: ZoneForm, errors: dict[str, str]) -> str:
    with look() as unit:
        edition_id, extent = new_zone(unit)
    return render_template(
        "zone_new.html", typed=typed, errors=errors, edition_id=edition_id, extent=extent
    )


def _one(zone_id: int, typed: ZoneForm | None, errors: dict[str, str]) -> str:
    with look() as unit:
        page = zone_page(unit, zone_id, locale())
    form = typed or ZoneForm.of(page.zone, page.outline)
    return render_template("zone.html", page=page, typed=form, errors=errors, until="")
