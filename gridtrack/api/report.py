"""`POST /api/v1/incidents` and the photos that go with a report."""

from http import HTTPStatus

from flask import Response, request

from gridtrack.access import Permission
from gridtrack.api import given
from gridtrack.api.answers import PhotoKept, ReceiptOut
from gridtrack.api.out import answered, where
from gridtrack.api.schemas import ReporterIn, ReportIn
from gridtrack.errors import Invalid, Rejected
from gridtrack.http.context import actor, runtime, work
from gridtrack.http.errors import HttpError
from gridtrack.http.guard import may
from gridtrack.http.limits import limiter
from gridtrack.incidents.intake import Place, Report, ReporterGiven
from gridtrack.usecases.add_photo import STAGES, add_photo, clean_photo
from gridtrack.usecases.report import report_incident

PHOTOS = "120 per minute"  # for each person: a photo may cost a second of decoding


@may(Permission.REPORT)
def report() -> Response:
    """Take in a report: 201, or 200 with the first answer where it was sent before."""
    sent = given.body(ReportIn)
    try:
        with work() as unit:
            receipt = report_incident(unit, _report(sent))
    except Rejected:
        raise
    except Invalid as fault:
        raise _in_body(fault) from fault
    answer = ReceiptOut(
        id=receipt.incident_id,
        number=receipt.number,
        state=receipt.state,
        code=receipt.code if sent.reporter is not None else None,
        created=receipt.created,
    )
    status = HTTPStatus.CREATED if receipt.created else HTTPStatus.OK
    return answered(answer, status, location=where(receipt.incident_id))


def _report(sent: ReportIn) -> Report:
    place = sent.location
    return Report(
        client_id=sent.client_id,
        category=sent.category,
        source=sent.source,
        description=sent.description,
        place=Place(place.lon, place.lat, place.datum, place.accuracy_m) if place else None,
        occurred_at=sent.occurred_at,
        address=sent.address,
        address_id=sent.address_id,
        condition=sent.condition,
        against=tuple(sent.against),
        reporter=_reporter(sent.reporter) if sent.reporter else None,
    )


def _reporter(sent: ReporterIn) -> ReporterGiven:
    return ReporterGiven(sent.name, sent.contact, sent.choice)


def _in_body(fault: Invalid) -> Rejected:
    """The fault with its field named as the body names it: a place has no names above its own."""
    field = f"location.{fault.field}" if fault.field in ("lon", "lat", "datum") else fault.field
    params = {k: v for k, v in fault.params.items() if k != "field"}
    return Rejected([Invalid(fault.code, field=field, **params)])


@may(Permission.WORK, Permission.DIRECT, Permission.CLOSE, Permission.TRIAGE)
@limiter.limit(PHOTOS, key_func=lambda: f"photos:{actor().person_id}")
def photo(incident_id: int) -> Response:
    """Add a photo (multipart field `photo`), of stage report, before or after."""
    if request.mimetype != "multipart/form-data":
        raise HttpError("not-sent-as-form", status=415, value=request.mimetype[:80])
    faults = [
        Invalid("unknown-field", field=(name or "")[:80])  # a part may come without a name
        for name in (*request.form, *request.files)
        if name not in ("photo", "stage")
    ]
    file = request.files.get("photo")
    if file is None:
        faults.append(Invalid("required", field="photo"))
    if faults or file is None:
        raise Rejected(faults)
    stage = request.form.get("stage", STAGES[0])
    photo = clean_photo(runtime().settings, file.read())
    with work() as unit:
        name = add_photo(unit, incident_id, photo, stage)
    kept = PhotoKept(incident_id=incident_id, name=name, stage=stage)
    return answered(kept, HTTPStatus.CREATED, location=where(incident_id))
