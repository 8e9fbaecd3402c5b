"""A resident, once a year: report a matter, or join one that is open near by."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from gridtrack.access import Permission, permits
from gridtrack.errors import GridtrackError, Invalid
from gridtrack.geo.datum import Datum
from gridtrack.http.context import actor, locale, look, work
from gridtrack.http.errors import status_of
from gridtrack.http.guard import public
from gridtrack.http.limits import REPORT, limiter
from gridtrack.incidents.intake import Source
from gridtrack.queries.doors import Candidate
from gridtrack.queries.near import NearMatter
from gridtrack.queries.near import near as near_matters
from gridtrack.queries.stations import Sign, sign
from gridtrack.queries.suggested import Suggested
from gridtrack.queries.suggested import suggested as suggest
from gridtrack.residents.entrances import Entrance
from gridtrack.usecases.add_photo import add_report_photo
from gridtrack.usecases.report import Receipt, report_incident
from gridtrack.web import choices, stories
from gridtrack.web.forms import ReportForm, files, messages
from gridtrack.web.frame import home_of
from gridtrack.web.places import check_chosen, offered
from gridtrack.web.qr import qr_svg
from gridtrack.web.track import promise_after


@public
@limiter.limit(REPORT, methods=["POST"])
def report_form() -> str | AnyResponse | tuple[str, int]:
    """The report form, and what comes of it."""
    if actor().known:
        there = permits(actor(), Permission.REPORT)
        return redirect(url_for("web.finding_form") if there else home_of(actor()))
    if request.method == "GET":
        return _form(_begun())
    form = _known(ReportForm.typed())
    asked = Asked(offered(form))
    if _to_offer(form) and not asked.plates:
        asked = replace(asked, near=_near(form))
        if asked.near:
            return _form(replace(form, near_seen="1"), asked)
    try:
        receipt = _take_in(form, asked.plates)
    except GridtrackError as error:
        asked = replace(asked, errors=messages(error), suggested=_suggested(form))
        return _form(form.renewed(error), asked), status_of(error)
    session["receipt"] = {
        "number": receipt.number,
        "code": receipt.code,
        "state": receipt.state,
        "category": form.category,
    }
    return redirect(url_for("web.reported"), code=303)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form asks back: which plate is meant, what is near, what the words speak of."""

    plates: Sequence[Candidate] = ()
    near: Sequence[NearMatter] = ()
    suggested: Sequence[Suggested] = ()
    errors: dict[str, str] | None = None


NOTHING = Asked()


def _begun() -> ReportForm:
    """An empty form with what its entrance begins with."""
    form = _at_sign(ReportForm.blank(), _sign(request.args.get("station", "")))
    way = choices.entrances().get(request.args.get("entrance", ""))
    if way is None:
        return form
    return replace(form, entrance=way.code, category=way.preset, choice=way.choice)


def _known(form: ReportForm) -> ReportForm:
    """The form without an entrance or a sign that there is not: what anybody can type goes."""
    entrance = form.entrance if form.entrance in choices.entrances() else ""
    return replace(form, entrance=entrance, station=form.station if _sign(form.station) else "")


def _sign(code: str) -> Sign | None:
    if not code:
        return None
    with look() as unit:
        return sign(unit, code[:64], locale())


def _at_sign(form: ReportForm, scanned: Sign | None) -> ReportForm:
    """The form with the place of a sign filled in; it can still be moved."""
    if scanned is None:
        return form
    return replace(
        form,
        station=scanned.code,
        lon=f"{scanned.lon:.6f}",
        lat=f"{scanned.lat:.6f}",
        accuracy_m=str(scanned.accuracy_m or ""),
        datum=Datum.WGS84.value,
        address=scanned.address or scanned.name,
    )


def _to_offer(form: ReportForm) -> bool:
    """True where what is near has not been shown yet.

    Not where photos came with it: a page shown again cannot hold them, and they are worth more.
    """
    photos = [one for one in request.files.getlist("photos") if one.filename]
    return bool(form.category and not form.near_seen and not photos)


def _near(form: ReportForm) -> Sequence[NearMatter]:
    """What is open near the place of the form; nothing where the place cannot be read."""
    try:
        with look() as unit:
            return near_matters(unit, form.where(), form.category, locale(), own=form.client_id)
    except Invalid:
        return ()  # the report itself will say what is wrong with the place


def _suggested(form: ReportForm) -> Sequence[Suggested]:
    if form.category or not form.description.strip():
        return ()
    with look() as unit:
        return suggest(unit, form.description, locale())


def _take_in(form: ReportForm, plates: Sequence[Candidate]) -> Receipt:
    if request.form.get("website"):
        raise Invalid("filled-by-program", field="description")
    photos = files()
    source = Source.STATION if form.station else Source.RESIDENT
    report = form.report(source, photos=len(photos))
    check_chosen(plates)
    with work() as unit:
        receipt = report_incident(unit, report)
        if receipt.created:
            for photo in photos:
                add_report_photo(unit, receipt.incident_id, photo)
    return receipt


def _form(form: ReportForm, asked: Asked = NOTHING) -> str:
    ways = choices.entrances()
    way = ways.get(form.entrance)
    return render_template(
        "report.html",
        form=form,
        errors=asked.errors or {},
        plates=asked.plates,
        near=asked.near,
        scanned=_sign(form.station),
        headline=stories.headline,
        suggested=asked.suggested,
        entrances=[_door(one) for one in ways.values()],
        entrance=_door(way) if way else None,
        **choices.shown(public_only=True, entrance=way),
    )


@dataclass(frozen=True, slots=True)
class Door:
    """An entrance in the reader's language."""

    code: str
    word: str
    icon: str
    lead: str
    describe: str
    hint: str


def _door(way: Entrance) -> Door:
    texts = (way.word(name, locale()) for name in ("lead", "describe", "hint"))
    return Door(way.code, way.word("", locale()), way.icon, *texts)


@public
def reported() -> str | AnyResponse:
    """Number and code, once, with what happens next."""
    receipt = session.get("receipt")
    if not receipt:
        return redirect(url_for("web.report_form"))
    way_back = url_for("web.track_form", number=receipt["number"], _external=True)
    return render_template(
        "reported.html",
        receipt={**receipt, "emergency": choices.emergency_of(receipt["category"])},
        next=promise_after(receipt["number"], receipt["code"]),
        # Behind the #, so that no server and no log ever sees the code.
        qr=qr_svg(f"{way_back}#{receipt['code']}"),
    )
