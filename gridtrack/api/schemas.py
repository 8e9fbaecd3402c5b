"""What the API takes in, as pydantic models: strict about types and names, silent about rules.

A model says what shape a body has; whether a point lies on earth or a text is too long is said by
the use case, with the same code as at every other door. `json_schema_extra` puts those limits into
the OpenAPI document all the same.
"""

import re
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from gridtrack.geo.datum import Datum
from gridtrack.http.ids import BIGGEST
from gridtrack.incidents.intake import (
    ADDRESS_LIMIT,
    AGAINST,
    CONTACT_LIMIT,
    DESCRIPTION_LIMIT,
    NAME_LIMIT,
    TEXT_LIMIT,
    Choice,
    Source,
)
from gridtrack.incidents.reporters import WORDS_LIMIT, Purpose
from gridtrack.incidents.rules import State
from gridtrack.orders.rules import Level
from gridtrack.usecases.add_photo import STAGES

PAGE, MOST = 50, 200
PLAIN = r"^[^\x00-\x1f\x7f]*$"

# RFC 3339: `datetime.fromisoformat` alone would also take a date, a week or the time without zone.
_RFC3339 = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)


def _moment(value: Any) -> datetime:
    if not isinstance(value, str) or not _RFC3339.fullmatch(value):
        raise PydanticCustomError("not-a-time", "RFC 3339 with a zone")
    try:
        return datetime.fromisoformat(value.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise PydanticCustomError("not-a-time", "no such instant") from None


Moment = Annotated[
    datetime,
    PlainValidator(_moment),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]


def _whole(value: Any) -> Any:
    """JSON has one kind of number: 3.0 is 3."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Id = Annotated[int, Field(ge=1, le=BIGGEST), BeforeValidator(_whole)]
Version = Annotated[Id | None, Field(description="the version you looked at; 409 where newer")]


def _short(limit: int, **extra: Any) -> Any:
    """A text whose limit is enforced by the use case, after tidying, and told here."""
    return Field(json_schema_extra={"maxLength": limit, **extra})


class Given(BaseModel):
    """A body: unknown names are refused, a number is a number and a text is a text."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, frozen=True)


class Location(Given):
    """Degrees in a declared datum. A datum is not guessed: GCJ-02 is 500 m from WGS-84 in China."""

    model_config = ConfigDict(json_schema_extra={"required": ["lon", "lat", "datum"]})

    lon: Annotated[float, Field(json_schema_extra={"minimum": -180, "maximum": 180})]
    lat: Annotated[float, Field(json_schema_extra={"minimum": -90, "maximum": 90})]
    datum: Annotated[str | None, WithJsonSchema({"type": "string", "enum": list(Datum)})] = None
    accuracy_m: Annotated[
        float | None,
        WithJsonSchema({"type": ["number", "null"], "minimum": 0, "maximum": 100_000}),
    ] = None


class ReporterIn(Given):
    """Who tells us. `hidden` and `anonymous` keep it from those who handle the matter."""

    name: Annotated[str, _short(NAME_LIMIT)] = ""
    contact: Annotated[str, _short(CONTACT_LIMIT)] = ""
    choice: Choice = Choice.HIDDEN


class ReportIn(Given):
    """A report. The same `client_id` with the same content is answered like the first time."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [
                {"required": ["location"], "properties": {"location": {"type": "object"}}},
                {"required": ["address"], "properties": {"address": {"pattern": r"\S"}}},
                {"required": ["address_id"], "properties": {"address_id": {"type": "integer"}}},
            ]
        }
    )

    client_id: Annotated[str, Field(json_schema_extra={"format": "uuid"})]
    category: Annotated[str, Field(description="a code of GET /categories")]
    location: Location | None = None
    description: Annotated[str, _short(DESCRIPTION_LIMIT)] = ""
    occurred_at: Annotated[Moment | None, Field(description="absent: now")] = None
    source: Source = Source.API
    address: Annotated[str, _short(ADDRESS_LIMIT, description="needed without a location")] = ""
    address_id: Annotated[
        Id | None, Field(description="a door plate of GET /doors: its point is the place")
    ] = None
    reporter: ReporterIn | None = None
    against: Annotated[
        list[Annotated[str, WithJsonSchema({"type": "string", "enum": list(AGAINST)})]],
        Field(description="the posts of the place it is about: their holders are gone round"),
    ] = []
    condition: Annotated[
        str, Field(description="a filing condition of the category, see GET /categories")
    ] = ""


class Act(Given):
    """What every action may carry."""

    version: Version = None
    act_id: Annotated[
        str | None,
        Field(
            description="a UUID that you make: the same act again gets the first answer",
            json_schema_extra={"format": "uuid"},
        ),
    ] = None

    def said(self) -> dict[str, Any]:
        """What the act itself says: all but which version, which act, and when."""
        return self.model_dump(exclude={"version", "act_id", "acted_at", "sent_at"})


class PhoneAct(Act):
    """What may be done without a signal and sent later; needs `act_id`, and both times or none."""

    acted_at: Annotated[Moment | None, Field(description="by the phone's clock: when it was")] = (
        None
    )
    sent_at: Annotated[
        Moment | None, Field(description="by the phone's clock: when this request was sent")
    ] = None


class Assign(Act):
    """Give it to a person with a post."""

    to: Id
    reason: Annotated[str, _short(TEXT_LIMIT)] = ""


class Hold(PhoneAct):
    """Put it off, with the reason, until an instant."""

    reason: Annotated[str, _short(TEXT_LIMIT, pattern=r"\S")]
    until: Moment


class Extend(Act):
    """Ask for more time, with the reason, until an instant; the next rung above decides."""

    reason: Annotated[str, _short(TEXT_LIMIT, pattern=r"\S")]
    until: Moment


class Deny(Act):
    """Refuse the time that was asked for, with the reason."""

    reason: Annotated[str, _short(TEXT_LIMIT, pattern=r"\S")]


class Grant(Act):
    """Grant the time that was asked for, with a word to it or without."""

    reason: Annotated[str, _short(TEXT_LIMIT)] = ""


class Resolve(PhoneAct):
    """Say what was done. Some categories ask for an outcome or for a photo of stage `after`."""

    result: Annotated[str, _short(TEXT_LIMIT, pattern=r"\S")]
    outcome: str = ""


class Close(Act):
    """Check what was resolved and close it."""

    comment: Annotated[str, _short(TEXT_LIMIT)] = ""


class Reasoned(PhoneAct):
    """Refuse it or hand it back, with the reason."""

    reason: Annotated[str, _short(TEXT_LIMIT, pattern=r"\S")]


class Reopen(Act):
    """Open it again, with the reason."""

    reason: Annotated[str, _short(TEXT_LIMIT, pattern=r"\S")]


class Merge(Act):
    """Merge it into the incident it repeats."""

    into: Id


class SplitIn(Act):
    """A duplicate goes its own way again, with a new promise to whoever handled it."""

    reason: Annotated[str, _short(TEXT_LIMIT, pattern=r"\S")]


class ParentIn(Act):
    """Make it part of a larger matter; one level, each keeps its own clocks."""

    of: Id


class Note(PhoneAct):
    """Write something down."""

    text: Annotated[str, _short(TEXT_LIMIT, pattern=r"\S")]


class ConditionIn(Act):
    """Say which filing condition it meets; only by the written rule may that move a clock."""

    condition: Annotated[str, _short(20, pattern=r"\S", description="see GET /categories")]


class UrgeIn(Act):
    """Remind the handler. The reason is on the timeline, never in the message."""

    reason: Annotated[str, _short(TEXT_LIMIT)] = ""


class OrderIn(Act):
    """A written order that must be answered."""

    text: Annotated[str, _short(TEXT_LIMIT, pattern=r"\S")]
    to: Annotated[
        str,
        Field(description="`handler`, or a post as role:scope", json_schema_extra={"minLength": 1}),
    ]
    level: Annotated[str, WithJsonSchema({"type": "string", "enum": list(Level)})] = "general"
    answer_by: Annotated[Moment | None, Field(description="absent: as the level says")] = None


class Seen(Given):
    """Which round of an order was looked at."""

    round: Annotated[Id | None, Field(description="409 where it was sent back since")] = None


class AnswerIn(Seen):
    """The answer to an order."""

    text: Annotated[str, _short(TEXT_LIMIT, pattern=r"\S")]


class AcceptIn(Seen):
    """Accept the answer."""

    comment: Annotated[str, _short(TEXT_LIMIT)] = ""


class SendBackIn(Seen):
    """Ask for another answer, with the reason."""

    reason: Annotated[str, _short(TEXT_LIMIT, pattern=r"\S")]
    answer_by: Annotated[Moment | None, Field(description="absent: as the level says")] = None


class WithdrawIn(Given):
    """Take the order back, with the reason."""

    reason: Annotated[str, _short(TEXT_LIMIT, pattern=r"\S")]


class ShowReporterIn(Given):
    """Why who reported is to be shown; `other` needs words."""

    purpose: Annotated[str, WithJsonSchema({"type": "string", "enum": list(Purpose)})]
    words: Annotated[str, _short(WORDS_LIMIT)] = ""


class PartyIn(Act):
    """Whom the incident is about: `person:ID`, or `estate` for whoever manages the estate."""

    who: Annotated[str, Field(json_schema_extra={"minLength": 1})]


class QuestionIn(Given):
    """A question to the reporter."""

    text: Annotated[str, _short(TEXT_LIMIT, pattern=r"\S")]


class Asked(BaseModel):
    """A query string: texts that become what the model says; unknown names are refused."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, frozen=True)


class IncidentsAsked(Asked):
    """Which incidents, newest first; `before` is the id the last page ended with."""

    state: Annotated[list[State], Field(description="any of these; may be repeated")] = []
    category: Annotated[str | None, Field(description="a category, or a group's code")] = None
    scope: Annotated[
        str | None,
        Field(description="a grid path; it and all below it", pattern=PLAIN, max_length=200),
    ] = None
    since: Annotated[Moment | None, Field(description="reported at or after")] = None
    before: Id | None = None
    limit: Annotated[int, Field(ge=1, le=MOST)] = PAGE


class PlaceAsked(Asked):
    """A point whose grid is asked for."""

    model_config = ConfigDict(json_schema_extra={"required": ["lon", "lat", "datum"]})

    lon: Annotated[float, Field(json_schema_extra={"minimum": -180, "maximum": 180})]
    lat: Annotated[float, Field(json_schema_extra={"minimum": -90, "maximum": 90})]
    datum: Annotated[str | None, WithJsonSchema({"type": "string", "enum": list(Datum)})] = None
    accuracy_m: Annotated[float | None, Field(ge=0, le=100_000)] = None


class DoorsAsked(Asked):
    """An address as people write it."""

    q: Annotated[str, Field(min_length=1, max_length=ADDRESS_LIMIT)]
    limit: Annotated[int, Field(ge=1, le=40)] = 8


class PhotoIn(BaseModel):
    """A photo and when in the life of the matter it was taken; what it is, its bytes say."""

    model_config = ConfigDict(extra="forbid")

    photo: Annotated[bytes, WithJsonSchema({"type": "string", "format": "binary"})]
    stage: Annotated[str, WithJsonSchema({"type": "string", "enum": list(STAGES)})] = STAGES[0]
