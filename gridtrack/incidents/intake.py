"""What a report may look like, whatever door it came in by. Pure."""

import hashlib
import hmac
import json
import math
import re
import unicodedata
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from gridtrack.errors import Invalid, Rejected

KEYED = "k1"  # how a fingerprint under a key begins
# The posts of a place whose holders a report may be about (field guide §3, privacy rule d).
AGAINST = ("gridworker", "property", "leader", "secretary")
TEXT_LIMIT = 2000  # what people write while they handle a matter
DESCRIPTION_LIMIT = 2000  # GB/T 31000's summary, field guide §1.4
ADDRESS_LIMIT = 300
NAME_LIMIT = 80
CONTACT_LIMIT = 120
FUTURE_SKEW = timedelta(minutes=10)  # a phone's clock may run ahead a little
OLDEST = timedelta(days=3660)  # an import may bring ten years

# Half a character (a lone surrogate, which JSON can carry) cannot be stored by either database.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class Source(StrEnum):
    """How a report reached us."""

    PATROL = "patrol"
    RESIDENT = "resident"
    API = "api"
    IMPORT = "import"
    HOTLINE = "hotline"
    STATION = "station"


class Choice(StrEnum):
    """How a reporter wants to be known (field guide §3, privacy rule a)."""

    NAMED = "named"
    HIDDEN = "hidden"
    ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True)
class Place:
    """Where, as given: degrees in the declared datum, accuracy as a radius in metres."""

    lon: float
    lat: float
    datum: str | None
    accuracy_m: float | None = None


@dataclass(frozen=True, slots=True)
class ReporterGiven:
    """Who tells us, as far as they chose to say."""

    name: str = ""
    contact: str = ""
    choice: Choice = Choice.HIDDEN


@dataclass(frozen=True, slots=True)
class Report:
    """A report as every door hands it in."""

    client_id: str
    category: str
    source: Source
    description: str
    place: Place | None
    occurred_at: datetime | None = None  # None: now
    address: str = ""
    address_id: int | None = None  # a door plate of the book: its point is the place
    reporter: ReporterGiven | None = None
    condition: str = ""  # a filing condition of the category
    against: tuple[str, ...] = ()  # whose conduct it is about, by role: gone round from the start
    extra: dict[str, str] = field(default_factory=dict)


def digest(report: Report, secret: str) -> str:
    """A fingerprint of what was said, for telling "sent again" from "another report".

    Under a key: a telephone number has so few digits that a bare hash of it can be tried out.
    """
    place, who, at = report.place, report.reporter, report.occurred_at
    # Named one by one: `dataclasses.asdict` copies deeply and cost a twentieth of a whole report.
    content: list[object] = [
        report.category,
        report.source,
        report.description,
        report.address,
        at.isoformat() if at else None,
        [place.lon, place.lat, place.datum, place.accuracy_m] if place else None,
        [who.name, who.contact, who.choice] if who else None,
        sorted(report.extra.items()),
    ]
    if report.address_id is not None:
        content.append(report.address_id)
    if report.condition:
        content.append({"condition": report.condition})
    if report.against:
        content.append({"against": sorted(report.against)})
    told = json.dumps(content, ensure_ascii=False).encode()
    made = hmac.new(f"digest:{secret}".encode(), told, hashlib.sha256).hexdigest()
    return f"{KEYED}{made[len(KEYED) :]}"


def check(report: Report, now: datetime) -> Report:
    """The report with its texts tidied; raises Rejected naming every fault at once."""
    faults: list[Invalid] = []
    tidy = Report(
        client_id=_client_id(report.client_id, faults),
        category=report.category,
        source=report.source,
        description=_text("description", report.description, DESCRIPTION_LIMIT, faults),
        place=report.place,
        occurred_at=report.occurred_at,
        address=_text("address", report.address, ADDRESS_LIMIT, faults),
        address_id=report.address_id,
        reporter=_reporter(report.reporter, faults),
        condition=report.condition,
        against=_against(report.against, faults),
        extra=report.extra,
    )
    if report.place is not None:
        _check_place(report.place, faults)
    elif not tidy.address and tidy.address_id is None:
        faults.append(Invalid("place-missing", field="location"))
    _check_time(report.occurred_at, now, faults)
    if faults:
        raise Rejected(faults)
    return tidy


def _client_id(text: str, faults: list[Invalid]) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        faults.append(Invalid("not-a-uuid", field="client_id", value=text))
        return text


def tidy_text(name: str, text: str, limit: int) -> str:
    """A text with its ends and line breaks tidied; raises Invalid: too-long, control-characters.

    PostgreSQL cannot store U+0000 at all, so nothing that people write may go round this.
    """
    faults: list[Invalid] = []
    tidy = _text(name, text, limit, faults)
    if faults:
        raise faults[0]
    return tidy


def _text(name: str, text: str, limit: int, faults: list[Invalid]) -> str:
    plain = text.replace("\r\n", "\n")
    tidy = unicodedata.normalize("NFC", plain).strip()
    # As it came, too: what the document of the API calls too long is not made short by tidying.
    longest = max(len(plain), len(tidy))
    if longest > limit:
        faults.append(Invalid("too-long", field=name, value=f"{longest}", limit=limit))
    found = _CONTROL.search(tidy)
    if found:
        faults.append(
            Invalid("control-characters", field=name, value=f"U+{ord(found.group()):04X}")
        )
    return tidy


def _reporter(given: ReporterGiven | None, faults: list[Invalid]) -> ReporterGiven | None:
    if given is None:
        return None
    return ReporterGiven(
        name=_text("reporter.name", given.name, NAME_LIMIT, faults),
        contact=_text("reporter.contact", given.contact, CONTACT_LIMIT, faults),
        choice=given.choice,
    )


def _against(given: tuple[str, ...], faults: list[Invalid]) -> tuple[str, ...]:
    strange = [one for one in given if one not in AGAINST]
    if strange:
        faults.append(Invalid("against-unknown", field="against", value=strange[0]))
    return tuple(one for one in AGAINST if one in given)


def _check_place(place: Place, faults: list[Invalid]) -> None:
    if place.datum is None:
        faults.append(Invalid("datum-missing", field="location.datum"))
    accuracy = place.accuracy_m
    if accuracy is not None and not (math.isfinite(accuracy) and 0 <= accuracy <= 100_000):
        faults.append(Invalid("accuracy-bad", field="location.accuracy_m", value=accuracy))


def _check_time(occurred_at: datetime | None, now: datetime, faults: list[Invalid]) -> None:
    if occurred_at is None:
        return
    if occurred_at.tzinfo is None:
        faults.append(Invalid("not-a-time", field="occurred_at", value=occurred_at.isoformat()))
    elif occurred_at > now + FUTURE_SKEW:
        faults.append(Invalid("in-the-future", field="occurred_at", value=occurred_at.isoformat()))
    elif occurred_at < now - OLDEST:
        faults.append(Invalid("too-long-ago", field="occurred_at", value=occurred_at.isoformat()))
