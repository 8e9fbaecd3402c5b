"""Words for codes: grids, categories, people, in the reader's language."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from gridtrack.accounts import store as accounts
from gridtrack.categories import store as categories
from gridtrack.deadlines.lights import Turns
from gridtrack.grids import store as grids
from gridtrack.incidents.numbers import number
from gridtrack.queries.lights import NO_CLOCK, clocks_shown
from gridtrack.queries.who_sees import in_lists
from gridtrack.work import Work


@dataclass(frozen=True, slots=True)
class Line:
    """An incident as a line of any list, in the reader's words."""

    id: int
    number: str
    version: int
    state: str
    category: str
    category_name: str
    sensitivity: int
    summary: str  # the first words of the description; empty for sealed matters
    grid_code: str | None
    grid_name: str
    address: str
    handler_id: int | None
    handler_name: str
    co_handled: bool
    rung: str | None
    reported_at: datetime
    due_at: datetime | None
    deadline_state: str
    lon: float | None
    lat: float | None
    turns: Turns | None  # when the clock that it shows turns yellow and red
    light: str | None  # of that clock, now
    clock: str | None  # which one it is
    then: str | None  # the one that runs out after it
    then_due_at: datetime | None


SUMMARY = 60


def lines(work: Work, rows: Iterable[Any], locale: str) -> tuple[Line, ...]:
    """Incident rows as lines; one query for all the names of people in them."""
    found = list(rows)
    people = accounts.names(work.session, (row.handler_id for row in found))
    tree = categories.tree(work.memo, work.settings.instance)
    clocks = clocks_shown(work, found)
    return tuple(
        Line(
            id=row.id,
            number=number_of(work, row.id, row.reported_at),
            version=row.version,
            state=row.state,
            category=row.category,
            category_name=tree.get(row.category).name(locale),
            sensitivity=row.sensitivity,
            summary=row.description[:SUMMARY] if in_lists(row.sensitivity) else "",
            grid_code=row.grid_code,
            grid_name=grid_name(work, row.edition_id, row.grid_code, locale),
            address=row.address if in_lists(row.sensitivity) else "",
            handler_id=row.handler_id,
            handler_name=people.get(row.handler_id, ""),
            co_handled=row.co_handler_id is not None and row.co_handler_id == work.actor.person_id,
            rung=row.rung,
            reported_at=row.reported_at,
            due_at=row.due_at,
            deadline_state=row.deadline_state,
            lon=row.lon if in_lists(row.sensitivity) else None,
            lat=row.lat if in_lists(row.sensitivity) else None,
            turns=clocks.get(row.id, NO_CLOCK).turns,
            light=clocks.get(row.id, NO_CLOCK).light,
            clock=clocks.get(row.id, NO_CLOCK).kind,
            then=clocks.get(row.id, NO_CLOCK).then,
            then_due_at=clocks.get(row.id, NO_CLOCK).then_due_at,
        )
        for row in found
    )


def grid_name(work: Work, edition_id: int | None, code: str | None, locale: str = "zh") -> str:
    """The name of a grid in the edition it was found in; its code where it has none."""
    if edition_id is None or code is None:
        return ""
    return grids.names(work.session, work.memo, edition_id, locale).get(code) or code


def number_of(work: Work, incident_id: int, reported_at: datetime) -> str:
    """The public number of an incident: its day in the deployment's zone."""
    day = reported_at.astimezone(ZoneInfo(work.settings.timezone)).date()
    return number(incident_id, day)
