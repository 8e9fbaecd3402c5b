"""Forms as the browser sends them, and the faults of an error in the words of its fields."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import request
from werkzeug.datastructures import FileStorage

from gridtrack.errors import Conflict, GridtrackError, Invalid, Rejected
from gridtrack.http.context import locale, runtime
from gridtrack.i18n.sentences import sentence
from gridtrack.incidents.intake import Choice, Place, Report, ReporterGiven, Source
from gridtrack.photos.rules import Photo
from gridtrack.usecases.add_photo import clean_photo
from gridtrack.voices.rules import Voice, take
from gridtrack.web.asked import ours, whole
from gridtrack.web.gettext import gettext

PHOTOS_MOST = 6
# Where a form calls a field by another name than the report does.
NAMES = {
    "reporter.name": "reporter_name",
    "reporter.contact": "reporter_contact",
    "photo": "photos",
    "client_id": "description",
}


@dataclass(frozen=True, slots=True)
class ReportForm:
    """A report form exactly as typed, to be shown again without losing a word."""

    client_id: str = ""
    description: str = ""
    category: str = ""
    lon: str = ""
    lat: str = ""
    accuracy_m: str = ""
    datum: str = ""
    address: str = ""
    address_id: str = ""  # a door plate's id, "none" where none of those offered was meant
    reporter_name: str = ""
    reporter_contact: str = ""
    choice: str = Choice.HIDDEN.value
    condition: str = ""  # the form has a field of it for each category that has any
    entrance: str = ""  # which of the entrances of the mini programme it came through
    against: tuple[str, ...] = ()  # the posts it is about
    station: str = ""  # the sign that was scanned
    near_seen: str = ""  # the person has seen what is open near by, and reports all the same

    @classmethod
    def blank(cls) -> "ReportForm":
        """An empty form with its own client id, so that it also works without scripts."""
        return cls(client_id=str(uuid.uuid4()))

    @classmethod
    def typed(cls) -> "ReportForm":
        """The form in this request."""
        names = (one.name for one in fields(cls))
        typed: dict[str, Any] = {name: request.form[name] for name in names if name in request.form}
        of_kind = f"condition-{typed.get('category', '')}"
        form = cls(**typed | {"condition": request.form.get(of_kind, "")})
        return replace(form, against=tuple(request.form.getlist("against")))

    def renewed(self, error: GridtrackError) -> "ReportForm":
        """The form to show after `error`: a fresh id where the old one has been received already.

        Otherwise words that were changed after a lost answer could never be sent.
        """
        if isinstance(error, Conflict):
            return replace(self, client_id=str(uuid.uuid4()))
        return self

    def report(self, source: Source, *, photos: int) -> Report:
        """The report it asks for; raises Rejected with every fault the form itself can see."""
        faults: list[Invalid] = []
        if not self.description.strip() and not photos:
            faults.append(Invalid("required", field="description"))
        if not self.category:
            faults.append(Invalid("required", field="category"))
        place = self._place(faults)
        said = self.address.strip() or self.door_id
        if place is None and not said and not faults_at(faults, "location"):
            faults.append(Invalid("place-missing", field="location"))
        if faults:
            raise Rejected(faults)
        return Report(
            client_id=self.client_id,
            category=self.category,
            source=source,
            description=self.description,
            place=place,
            address=self.address,
            address_id=self.door_id,
            reporter=None if source is Source.PATROL else self._reporter(),
            # Residents are not asked: a condition is a word of the trade.
            condition=self.condition if source is Source.PATROL else "",
            against=self.against,
            extra=self._came(),
        )

    def _came(self) -> dict[str, str]:
        """By which way it came, as far as the page knows."""
        came = {"entrance": self.entrance, "station": self.station}
        return {name: value for name, value in came.items() if value}

    def where(self) -> Place | None:
        """The point of the form; None where there is none that can be read."""
        return self._place([])

    @property
    def door_id(self) -> int | None:
        """The door plate that was chosen."""
        return whole(self.address_id)

    def _place(self, faults: list[Invalid]) -> Place | None:
        if not self.lon and not self.lat:
            return None
        try:
            accuracy = float(self.accuracy_m) if self.accuracy_m else None
            return Place(float(self.lon), float(self.lat), self.datum or None, accuracy)
        except ValueError:
            given = f"{self.lon}, {self.lat}"
            faults.append(Invalid("not-a-number", field="location", value=given))
            return None

    def _reporter(self) -> ReporterGiven:
        choice = Choice(self.choice) if self.choice in set(Choice) else Choice.HIDDEN
        if choice is Choice.ANONYMOUS:
            return ReporterGiven(choice=choice)  # what they do not want kept is not taken in
        return ReporterGiven(self.reporter_name, self.reporter_contact, choice)


def faults_at(faults: Iterable[Invalid], field: str) -> bool:
    """True when one of the faults is at `field`."""
    return any(fault.field == field for fault in faults)


def messages(error: GridtrackError) -> dict[str, str]:
    """Field name to sentence, in the order of the faults: what an error summary shows."""
    if isinstance(error, Invalid):
        faults = error.faults if isinstance(error, Rejected) else (error,)
        return {name_of(fault.field): _message(fault) for fault in faults}
    if error.code == "client-id-reused":
        return {"description": sentence("already-received", locale())}
    if error.code == "door-unknown":
        return {"address": sentence(error.code, locale())}
    return {"form": sentence(error.code, locale(), **error.params)}


def _message(fault: Invalid) -> str:
    """The sentence of a fault, with the field called as its label on the page calls it."""
    return sentence(fault.code, locale(), **{**fault.params, "field": label_of(fault.field)})


def label_of(field: str) -> str:
    """What the page calls a field; the field's own name where no page has it."""
    labels = {
        "description": gettext("In your own words"),
        "category": gettext("Kind of matter"),
        "location": gettext("Where is it?"),
        "address": gettext("Address or landmark"),
        "reporter_name": gettext("Your name"),
        "reporter_contact": gettext("Phone or e-mail"),
        "photos": gettext("Photos"),
        "voice": gettext("Voice note"),
        "settled": gettext("What was done"),
        "reason": gettext("Reason"),
        "until": gettext("Until"),
        "at": gettext("From"),
        "name": gettext("Name"),
        "result": gettext("What was done"),
        "outcome": gettext("Outcome"),
        "text": gettext("Note"),
        "to": gettext("To whom"),
        "condition": gettext("Filing condition"),
        "into": gettext("Number of the other matter"),
        "number": gettext("Number"),
        "code": gettext("Code"),
        "file": gettext("Table"),
        "datum": gettext("Coordinate system"),
    }
    return labels.get(name_of(field), field)


def name_of(field: str) -> str:
    """The form's name of a report's field."""
    return NAMES.get(field, "location" if field.startswith("location") else field)


def files(name: str = "photos") -> list[Photo]:
    """The photos that were chosen under `name`, cleaned, at most `PHOTOS_MOST`.

    Call it before the work begins: decoding takes up to seconds. Raises Invalid.
    """
    chosen: Iterable[FileStorage] = request.files.getlist(name)
    sent = [one for one in chosen if one.filename]
    if len(sent) > PHOTOS_MOST:
        raise Invalid("too-many-photos", field="photo", value=len(sent), limit=PHOTOS_MOST)
    return [clean_photo(runtime().settings, one.read()) for one in sent]


def voice_file(name: str = "voice") -> Voice | None:
    """The voice note that came with a form, None where there is none; raises Invalid."""
    sent = request.files.get(name)
    if sent is None or not sent.filename:
        return None
    try:
        seconds = float(request.form.get("voice_seconds") or 0)
    except ValueError as error:
        raise Invalid("not-a-number", field=name, value="voice_seconds") from error
    return take(sent.read(), seconds)


def local_time(given: Mapping[str, str], name: str) -> datetime | None:
    """A `datetime-local` field as an instant of the deployment's zone; raises Invalid."""
    text = given.get(name, "").strip()
    if not text:
        return None
    try:
        plain = datetime.fromisoformat(text)
    except ValueError as error:
        raise Invalid("not-a-time", field=name, value=text) from error
    return plain.replace(tzinfo=ZoneInfo(runtime().settings.timezone))


def version() -> int | None:
    """The version of the incident that the person looked at."""
    return whole(request.form.get("version", ""))


def next_page(fallback: str) -> str:
    """Where to go afterwards: an address of ours that the form named, else `fallback`."""
    return ours(request.form.get("next", "")) or fallback
