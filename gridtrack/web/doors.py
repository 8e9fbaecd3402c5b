"""The door-plate book on the page: found, listed, and one plate added, changed or retired."""

from dataclasses import dataclass, fields

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from gridtrack.access import Permission, permits
from gridtrack.addresses.columns import aliases_in
from gridtrack.addresses.rules import Plate, Status
from gridtrack.addresses.tables import Address
from gridtrack.errors import Conflict, GridtrackError, Invalid, NotFound, Rejected
from gridtrack.geo.datum import Datum
from gridtrack.http.context import actor, locale, look, work
from gridtrack.http.errors import status_of
from gridtrack.http.guard import may
from gridtrack.queries.door_book import Line, book_page, found_lines
from gridtrack.queries.door_book import door as read_door
from gridtrack.queries.doors import find_doors
from gridtrack.usecases.keep_door import add_door, change_door, set_door
from gridtrack.web.asked import whole
from gridtrack.web.choices import datums
from gridtrack.web.forms import messages, version
from gridtrack.web.gettext import gettext
from gridtrack.web.stories import say

SEARCHED = 20


@may(Permission.GRIDS_DRAW)
def doors() -> str:
    """The book, page by page, or the plates that a search may mean."""
    text, after = request.args.get("q", "")[:200].strip(), request.args.get("after", "")
    with look() as unit:
        page = book_page(unit, whole(after) or 0, locale())
        found = find_doors(unit, text, most=SEARCHED, locale=locale()) if text else []
        lines = found_lines(unit, [one.id for one in found], locale()) if text else page.lines
    return render_template(
        "doors.html",
        query=text,
        page=page,
        lines=lines,
        found={one.id: one for one in found},
        paged=bool(after),
        may_keep=permits(actor(), Permission.DOORS_EDIT),
        may_direct=permits(actor(), Permission.DIRECT),
        said=say,
    )


@dataclass(frozen=True, slots=True)
class DoorForm:
    """The form of a plate exactly as typed."""

    address: str = ""
    town: str = ""
    road: str = ""
    number: str = ""
    estate: str = ""
    building: str = ""
    unit: str = ""
    kind: str = ""
    aliases: str = ""
    households: str = ""
    lon: str = ""
    lat: str = ""
    datum: str = Datum.WGS84.value

    @classmethod
    def typed(cls) -> "DoorForm":
        """The form in this request."""
        names = (one.name for one in fields(cls))
        given = {name: request.form[name].strip() for name in names if name in request.form}
        return cls(**{name: text[:100_000] for name, text in given.items()})

    @classmethod
    def of(cls, row: Address) -> "DoorForm":
        """The form as it shows a stored plate: its point as it was given."""
        parts = ("town", "road", "number", "estate", "building", "unit", "kind")
        plain = {name: getattr(row, name) for name in parts}
        return cls(
            address=row.text,
            **plain,
            aliases="；".join(row.aliases),
            households="" if row.households is None else str(row.households),
            lon="" if row.given_lon is None else str(row.given_lon),
            lat="" if row.given_lat is None else str(row.given_lat),
            datum=row.datum or Datum.WGS84.value,
        )

    def plate(self) -> Plate:
        """The plate it describes; raises Rejected with what the form itself can see."""
        faults: list[Invalid] = []
        point = _number("lon", self.lon, faults), _number("lat", self.lat, faults)
        homes = _number("households", self.households, faults)
        if homes is not None and not homes.is_integer():
            faults.append(Invalid("door-households", field="households", value=self.households))
        if faults:
            raise Rejected(faults)
        parts = ("town", "road", "number", "estate", "building", "unit", "kind")
        return Plate(
            text=self.address,
            **{name: getattr(self, name) for name in parts},
            aliases=aliases_in(self.aliases),
            lon=point[0],
            lat=point[1],
            datum=self.datum if point[0] is not None or point[1] is not None else None,
            households=None if homes is None else int(homes),
        )


def _number(name: str, text: str, faults: list[Invalid]) -> float | None:
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        faults.append(Invalid("not-a-number", field=name, value=text))
        return None


@may(Permission.DOORS_EDIT)
def door_new() -> str | AnyResponse | tuple[str, int]:
    """A plate that is new in the book."""
    if request.method == "GET":
        return _form(DoorForm(), None)
    form = DoorForm.typed()
    try:
        plate = form.plate()
        with work() as unit:
            address_id = add_door(unit, plate)
    except (Invalid, Conflict) as error:
        return _form(form, None, error), status_of(error)
    flash(gettext("The plate is in the book."), "ok")
    return redirect(url_for("web.door", address_id=address_id), code=303)


@may(Permission.GRIDS_DRAW)
def door(address_id: int) -> str | AnyResponse | tuple[str, int]:
    """One plate, for reading or, in scope, for changing."""
    with look() as unit:
        line, row = read_door(unit, address_id, locale())
        form = DoorForm.of(row)
    if request.method == "GET":
        return _form(form, line)
    form = DoorForm.typed()
    try:
        plate = form.plate()
        with work() as unit:
            change_door(unit, address_id, plate, version())
    except (Invalid, Conflict) as error:
        return _form(form, line, error), status_of(error)
    flash(gettext("The plate was changed."), "ok")
    return redirect(url_for("web.door", address_id=address_id), code=303)


@may(Permission.DOORS_EDIT)
def door_act(address_id: int, act: str) -> AnyResponse:
    """Retire a plate, or take it back."""
    acts = {"retire": Status.RETIRED, "restore": Status.LIVE}
    if act not in acts:
        raise NotFound("http-404")
    with work() as unit:
        set_door(unit, address_id, acts[act], version())
    retired = gettext("Retired: it is found no more. What names it keeps it.")
    back = gettext("Taken back: it is found again.")
    flash(retired if act == "retire" else back, "ok")
    return redirect(url_for("web.door", address_id=address_id), code=303)


def _form(form: DoorForm, line: Line | None, error: GridtrackError | None = None) -> str:
    return render_template(
        "door.html",
        form=form,
        line=line,
        datums=datums(),
        may_keep=permits(actor(), Permission.DOORS_EDIT),
        errors=messages(error) if error else {},
    )
