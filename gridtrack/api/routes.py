"""Every route of the API in one table: address, view, and what the OpenAPI document says of it."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from flask import Response
from pydantic import BaseModel

from gridtrack.api import act, orders, read, report, reporter
from gridtrack.api.answers import (
    Acted,
    Answer,
    CategoriesOut,
    DoorsOut,
    GridAtOut,
    IncidentOut,
    IncidentsOut,
    MarkedOut,
    MeOut,
    OrderOut,
    PhotoKept,
    QuestionKept,
    ReceiptOut,
    ReporterShownOut,
    UrgedOut,
)
from gridtrack.api.schemas import (
    DoorsAsked,
    IncidentsAsked,
    OrderIn,
    PartyIn,
    PhotoIn,
    PlaceAsked,
    QuestionIn,
    ReportIn,
    ShowReporterIn,
    UrgeIn,
)
from gridtrack.incidents.rules import Action
from gridtrack.orders.rules import Step

_INCIDENT = "/incidents/<int:incident_id>"

_S = HTTPStatus
_ALWAYS = (_S.BAD_REQUEST, _S.UNAUTHORIZED, _S.FORBIDDEN, _S.SERVICE_UNAVAILABLE)
_BODY = (_S.REQUEST_ENTITY_TOO_LARGE, _S.UNSUPPORTED_MEDIA_TYPE, _S.UNPROCESSABLE_ENTITY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One operation. `refusals` are the problem statuses beyond those any operation can answer."""

    name: str
    rule: str
    view: Callable[..., Response]
    summary: str
    answers: tuple[tuple[HTTPStatus, type[Answer]], ...]
    method: str = "GET"
    query: type[BaseModel] | None = None
    body: type[BaseModel] | None = None
    body_needed: bool = True
    media: str = "application/json"
    refusals: tuple[HTTPStatus, ...] = ()

    @property
    def problems(self) -> tuple[HTTPStatus, ...]:
        """Every status that this operation may answer with problem details."""
        return tuple(sorted({*_ALWAYS, *self.refusals, *(_BODY if self.body else ())}))


_REPORT = Route(
    name="report",
    rule="/incidents",
    method="POST",
    view=report.report,
    summary="Report a matter",
    body=ReportIn,
    answers=((_S.CREATED, ReceiptOut), (_S.OK, ReceiptOut)),
    refusals=(_S.CONFLICT,),
)
_PHOTO = Route(
    name="photo",
    rule=f"{_INCIDENT}/photos",
    method="POST",
    view=report.photo,
    summary="Add a photo",
    body=PhotoIn,
    media="multipart/form-data",
    answers=((_S.CREATED, PhotoKept),),
    refusals=(_S.NOT_FOUND, _S.CONFLICT, _S.TOO_MANY_REQUESTS),
)
_READS = (
    Route(
        name="incidents",
        rule="/incidents",
        view=read.incidents,
        summary="List incidents, newest first",
        query=IncidentsAsked,
        answers=((_S.OK, IncidentsOut),),
        refusals=(_S.UNPROCESSABLE_ENTITY,),
    ),
    Route(
        name="incident",
        rule=_INCIDENT,
        view=read.incident,
        summary="Read one incident",
        answers=((_S.OK, IncidentOut),),
        refusals=(_S.NOT_FOUND,),
    ),
    Route(
        name="me",
        rule="/me",
        view=read.me,
        summary="Who this token acts for",
        answers=((_S.OK, MeOut),),
    ),
    Route(
        name="categories",
        rule="/categories",
        view=read.tree,
        summary="The matter tree",
        answers=((_S.OK, CategoriesOut),),
    ),
    Route(
        name="doors",
        rule="/doors",
        view=read.doors,
        summary="Which door plates an address may mean",
        query=DoorsAsked,
        answers=((_S.OK, DoorsOut),),
        refusals=(_S.UNPROCESSABLE_ENTITY,),
    ),
    Route(
        name="grid_at",
        rule="/grids/at",
        view=read.grid_at,
        summary="Which grid a point is in",
        query=PlaceAsked,
        answers=((_S.OK, GridAtOut),),
        refusals=(_S.UNPROCESSABLE_ENTITY,),
    ),
)


_PRESSING = (
    Route(
        name="urge",
        rule=f"{_INCIDENT}/urges",
        method="POST",
        view=orders.urge_it,
        summary="Urge the handler of an incident",
        body=UrgeIn,
        body_needed=False,
        answers=((_S.CREATED, UrgedOut),),
        refusals=(_S.NOT_FOUND, _S.CONFLICT, _S.TOO_MANY_REQUESTS),
    ),
    Route(
        name="order",
        rule=f"{_INCIDENT}/orders",
        method="POST",
        view=orders.order_it,
        summary="Give a written order about an incident",
        body=OrderIn,
        answers=((_S.CREATED, OrderOut),),
        refusals=(_S.NOT_FOUND, _S.CONFLICT),
    ),
)


_REPORTER = (
    Route(
        name="reporter",
        rule=f"{_INCIDENT}/reporter",
        method="POST",
        view=reporter.reporter,
        summary="Show who reported, for a purpose that is written down",
        body=ShowReporterIn,
        answers=((_S.OK, ReporterShownOut),),
        refusals=(_S.NOT_FOUND, _S.CONFLICT),
    ),
    Route(
        name="mark-party",
        rule=f"{_INCIDENT}/parties",
        method="POST",
        view=reporter.party,
        summary="Mark whom an incident is about",
        body=PartyIn,
        answers=((_S.OK, MarkedOut),),
        refusals=(_S.NOT_FOUND, _S.CONFLICT),
    ),
    Route(
        name="ask",
        rule=f"{_INCIDENT}/questions",
        method="POST",
        view=reporter.ask,
        summary="Ask the reporter something",
        body=QuestionIn,
        answers=((_S.CREATED, QuestionKept),),
        refusals=(_S.NOT_FOUND, _S.CONFLICT),
    ),
)


def _order_step(step: Step) -> Route:
    body = orders.BODIES[step]
    return Route(
        name=f"{step.value}-order",
        rule=f"{_INCIDENT}/orders/<int:order_id>/{step.value}",
        method="POST",
        view=orders.view_of(step),
        summary=f"{step.value.replace('-', ' ').capitalize()}: one step of an order",
        body=body,
        body_needed=any(field.is_required() for field in body.model_fields.values()),
        answers=((_S.OK, OrderOut),),
        refusals=(_S.NOT_FOUND, _S.CONFLICT),
    )


def _action(action: Action) -> Route:
    body = act.BODIES[action]
    return Route(
        name=action.value,
        rule=f"{_INCIDENT}/{action}",
        method="POST",
        view=act.view_of(action),
        summary=f"{action.value.replace('_', ' ').capitalize()} an incident",
        body=body,
        body_needed=any(field.is_required() for field in body.model_fields.values()),
        answers=((_S.OK, Acted),),
        refusals=(_S.NOT_FOUND, _S.CONFLICT),
    )


ROUTES: tuple[Route, ...] = (
    _REPORT,
    *_READS,
    _PHOTO,
    *_PRESSING,
    *_REPORTER,
    *(_order_step(step) for step in Step),
    *(_action(action) for action in Action),
)
