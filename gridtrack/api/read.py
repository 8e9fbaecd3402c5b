"""What machines read: one incident, many, themselves, the tree, and where a point goes."""

from urllib.parse import urlencode

from flask import Response, request

from gridtrack.access import Permission, permits
from gridtrack.api import given
from gridtrack.api.answers import (
    CategoriesOut,
    CategoryOut,
    ConditionOut,
    DoorOut,
    DoorsOut,
    GridAtOut,
    GridOut,
    GroupOut,
    IncidentOut,
    IncidentsOut,
    LineOut,
    MeOut,
    PostOut,
)
from gridtrack.api.orders import pressed_out
from gridtrack.api.out import PREFIX, answered
from gridtrack.api.schemas import DoorsAsked, IncidentsAsked, PlaceAsked
from gridtrack.categories import store as categories
from gridtrack.categories.rules import Category, Condition, Record
from gridtrack.errors import Invalid
from gridtrack.http.context import actor, locale, look, runtime
from gridtrack.http.guard import may
from gridtrack.incidents.intake import Place
from gridtrack.queries.doors import find_doors
from gridtrack.queries.incident import IncidentPage, incident_page
from gridtrack.queries.listed import Wanted, listed
from gridtrack.queries.names import grid_name
from gridtrack.usecases.place import Placed, find_place
from gridtrack.work import Work

_P = Permission
READ = may(_P.SEE, _P.WORK, _P.DIRECT, _P.CLOSE, _P.TRIAGE)  # a token that only reports reads none


@READ
def incident(incident_id: int) -> Response:
    """One incident with its timeline, its promise, and what you may do with it now."""
    with look() as unit:
        return answered(_incident(incident_page(unit, incident_id, locale())))


_OWN = ("outcomes", "pressed", "reporter", "questions")


def _incident(page: IncidentPage) -> IncidentOut:
    line = LineOut.model_validate(page.line)
    rest = {
        name: getattr(page, name)
        for name in IncidentOut.model_fields
        if name not in LineOut.model_fields and name not in _OWN
    }
    rest |= {"reporter": page.contact.known, "questions": page.contact.asked}
    outcomes = [code for code, _name in page.outcomes]
    return IncidentOut.model_validate(
        {**line.model_dump(), **rest, "outcomes": outcomes, "pressed": pressed_out(page.pressed)}
    )


@READ
def incidents() -> Response:
    """Incidents you may see, newest first, page by page."""
    asked = given.query(IncidentsAsked)
    wanted = Wanted(
        tuple(asked.state), asked.category, asked.scope, asked.since, asked.before, asked.limit
    )
    with look() as unit:
        page = listed(unit, wanted, locale())
        lines = [LineOut.model_validate(line) for line in page.incidents]
    following = _next(page.more_before) if page.more_before is not None else None
    return answered(IncidentsOut(incidents=lines, next=following))


def _next(before: int) -> str:
    """The same question, from `before` on."""
    asked = [pair for pair in request.args.items(multi=True) if pair[0] != "before"]
    return f"{PREFIX}/incidents?{urlencode([*asked, ('before', str(before))])}"


@may()
def me() -> Response:
    """Who this token acts for, and what it may do somewhere."""
    who = actor()
    return answered(
        MeOut(
            id=who.person_id,
            name=who.name,
            locale=who.locale,
            posts=[PostOut.model_validate(post) for post in who.holdings],
            permissions=[one for one in Permission if permits(who, one)],
        )
    )


@may()
def tree() -> Response:
    """The categories that a report may name, with their groups."""
    here = runtime()
    found = categories.tree(here.memo, here.settings.instance)
    return answered(
        CategoriesOut(
            version=found.version,
            groups=[GroupOut.model_validate(group) for group in found.groups.values()],
            categories=[_category(one) for one in found.leaves()],
        )
    )


def _category(one: Category) -> CategoryOut:
    return CategoryOut(
        code=one.code,
        group=one.group,
        zh=one.zh,
        en=one.en,
        sensitivity=int(one.sensitivity),
        public=one.public,
        reportable=one.record is Record.MATTER,
        acknowledge=str(one.acknowledge) if one.acknowledge else None,
        required=list(one.required),
        outcomes=list(one.outcomes),
        conditions=[_condition(each) for each in one.conditions],
        call_first=one.emergency.call if one.emergency else None,
    )


def _condition(one: Condition) -> ConditionOut:
    limits = {
        name: str(found) if (found := getattr(one, name)) else None
        for name in ("acknowledge", "arrive", "resolve")
    }
    words = {name: getattr(one, name) for name in ("code", "zh", "en", "done_zh", "done_en")}
    return ConditionOut(**words, **limits)


@may()
def grid_at() -> Response:
    """Where a point goes: its leaf, the way down to it, and how near the border is."""
    asked = given.query(PlaceAsked)
    if asked.datum is None:
        raise Invalid("datum-missing", field="datum")
    with look() as unit:
        placed = find_place(unit, Place(asked.lon, asked.lat, asked.datum, asked.accuracy_m))
        return answered(_grid_at(unit, placed))


@may()
def doors() -> Response:
    """The door plates that a text may mean, surest first, with score and why; you confirm one."""
    asked = given.query(DoorsAsked)
    with look() as unit:
        found = find_doors(unit, asked.q, most=asked.limit, locale=locale())
        return answered(DoorsOut(doors=[DoorOut.model_validate(one) for one in found]))


def _grid_at(unit: Work, placed: Placed) -> GridAtOut:
    assert placed.lon is not None
    assert placed.lat is not None
    codes = placed.path.split("/") if placed.path else []
    return GridAtOut(
        outcome=placed.outcome,
        lon=placed.lon,
        lat=placed.lat,
        edition_id=placed.edition_id,
        grid_code=placed.code,
        grid_path=placed.path,
        grids=[GridOut(code=code, name=grid_name(unit, placed.edition_id, code)) for code in codes],
        border_distance_m=placed.border_distance_m,
        neighbour_code=placed.neighbour_code,
        zone=placed.zone,
    )
