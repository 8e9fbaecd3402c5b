"""A report comes in: where is it, whose is it, record it, start the clock, tell people."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from gridtrack.access import Permission, require, require_anyone
from gridtrack.categories import store as categories
from gridtrack.categories.rules import Category, Record
from gridtrack.deadlines import store as deadlines
from gridtrack.deadlines.rules import ClockState, standing
from gridtrack.errors import Conflict, Forbidden, Invalid
from gridtrack.incidents import intake, numbers, party_store
from gridtrack.incidents import store as incidents
from gridtrack.incidents.intake import Report
from gridtrack.incidents.reporters import CONTACT, NAME, bound
from gridtrack.incidents.rules import Happening, State
from gridtrack.notifications import store as notifications
from gridtrack.queries.around import NOBODY, WHISTLE, Parties, around, named_in, party_rows
from gridtrack.queries.on_duty import on_duty
from gridtrack.routing import rules as routing
from gridtrack.routing.rules import Choice
from gridtrack.usecases.place import Placed, find_place, plate_of
from gridtrack.usecases.promise import FROM_REPORT, Started, Terms, promised, said
from gridtrack.usecases.tell import Facts, assigned, facts, send
from gridtrack.work import Work


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the reporter keeps: the number to read aloud and the code that opens the progress."""

    incident_id: int
    number: str
    code: str
    state: str
    created: bool


def report_incident(work: Work, report: Report) -> Receipt:
    """Take in a report and answer with its number; sent again, it answers the same again.

    Raises Rejected with every fault, Conflict where the client id was used for other content.
    """
    category = _may_report(work, report)
    tidy = intake.check(report, work.now)
    at = plate_of(work, tidy)
    placed = find_place(work, at.place)
    choice, about = _choose(work, placed, category, tidy.against)
    routed = choice.handler is not None
    level = max(category.sensitivity, WHISTLE) if tidy.against else category.sensitivity
    terms = Terms(category, level, placed.path, routed, report.condition)
    clocks = promised(work, terms, FROM_REPORT)
    happenings = _happenings(work, terms, placed, choice, clocks)
    if tidy.extra:
        happenings[0] = replace(happenings[0], data={**happenings[0].data, "came": tidy.extra})
    row = _row(work, at, placed, happenings) | {"content_digest": intake.digest(tidy, work.secret)}
    incident_id = incidents.create(work.session, row)
    if incident_id is None:
        return _again(work, tidy)
    incidents.append(
        work.session, incidents.event_rows(incident_id, 0, happenings, work.actor, work.now)
    )
    answered = row["state"] == State.ACKNOWLEDGED.value
    deadlines.start(work.session, [{**clock, "incident_id": incident_id} for clock in clocks])
    code = numbers.tracking_code(work.secret, tidy.client_id)
    _keep_reporter(work, incident_id, tidy, code)
    party_store.add(work.session, party_rows(work, incident_id, about))
    if not answered:
        told = assigned(work, incident_id, facts(work, incident_id, Facts.of(row)), choice)
        if about:
            send(work, told)
        else:  # nobody to go round: one question less on the way of every report
            notifications.enqueue(work.session, work.memo, told, work.now)
    number = _number(work, incident_id, work.now)
    return Receipt(incident_id, number, code, row["state"], created=True)


def _may_report(work: Work, report: Report) -> Category:
    category = categories.tree(work.memo, work.settings.instance).get(report.category)
    category.condition(report.condition)
    if category.record is not Record.MATTER:
        raise Invalid("category-no-matter", field="category", value=category.code)
    if work.actor.known:
        require(work.actor, Permission.REPORT)
        return category
    require_anyone(work.actor)
    if not category.public:
        raise Forbidden("category-not-public", category=category.code)
    return category


def _choose(
    work: Work, placed: Placed, category: Category, against: Sequence[str]
) -> tuple[Choice, Parties]:
    """Whose it is, and whom it is about: those are gone round."""
    scopes = routing.ancestors(placed.path)
    zones = [placed.zone] if placed.zone else []
    candidates = on_duty(work, scopes, zones) if placed.path else []
    about = named_in(against, candidates, placed.zone) if against else NOBODY
    choice = routing.choose(
        placed.path,
        around(candidates, about),
        sealed=category.sensitivity >= 3,
        zone=placed.zone,
        property_is_party=category.property_is_party,
        not_alone=work.actor.person_id if category.second_person else None,
    )
    return choice, about


def _happenings(
    work: Work, terms: Terms, placed: Placed, choice: Choice, clocks: list[dict[str, Any]]
) -> list[Happening]:
    """Reported, then assigned with the reasons; acknowledged at once by a handler who reports."""
    base = dict.fromkeys(
        ("handler_id", "handler_role", "co_handler_id", "acknowledged_at", "resolved_at",
         "resolved_by", "closed_at", "duplicate_of")
    )  # fmt: skip
    reported = Happening(
        "reported",
        work.now,
        {
            **base,
            "state": State.REPORTED.value,
            "is_open": True,
            "category": terms.category.code,
            "condition": terms.condition,
            "sensitivity": int(terms.sensitivity),
            "edition_id": placed.edition_id,
            "grid_code": placed.code,
            "grid_path": placed.path,
            "outcome": placed.outcome,
            "border_distance_m": placed.border_distance_m,
            "neighbour_code": placed.neighbour_code,
            "zone": placed.zone,
            "rung": None,
            **standing(map(Started.of, clocks), None),
        },
        {"promises": [said(clock) for clock in clocks]},
    )
    reasons = [{"code": r.code, **r.params} for r in choice.reasons]
    if choice.handler is None:
        to_desk = Happening("triaged", work.now, {}, {"outcome": placed.outcome, "why": reasons})
        return [reported, to_desk]
    handler = choice.handler
    assigned_ = Happening(
        "assigned",
        work.now,
        {
            "state": State.ASSIGNED.value,
            "handler_id": handler.person_id,
            "handler_role": handler.role,
            "co_handler_id": choice.co_handler.person_id if choice.co_handler else None,
        },
        {"why": reasons, "to": handler.name},
    )
    if handler.person_id != work.actor.person_id:
        return [reported, assigned_]
    clocks[0] |= {"state": ClockState.MET.value, "met_at": work.now, "next_fire_at": None}
    changes = {
        "state": State.ACKNOWLEDGED.value,
        "acknowledged_at": work.now,
        **standing(map(Started.of, clocks), None),
    }
    return [reported, assigned_, Happening("acknowledged", work.now, changes, {"own": True})]


def _row(work: Work, report: Report, placed: Placed, happenings: list[Happening]) -> dict[str, Any]:
    row: dict[str, Any] = {
        "client_id": report.client_id,
        "source": report.source.value,
        "reported_by": work.actor.person_id,
        "occurred_at": report.occurred_at or work.now,
        "reported_at": work.now,
        "description": report.description,
        "address": report.address,
        "address_id": report.address_id,
        "lon": placed.lon,
        "lat": placed.lat,
        "given_lon": report.place.lon if report.place else None,
        "given_lat": report.place.lat if report.place else None,
        "datum": report.place.datum if report.place else None,
        "accuracy_m": report.place.accuracy_m if report.place else None,
        "tile": placed.tile,
        "version": len(happenings),
        "updated_at": work.now,
    }
    for happening in happenings:
        row.update(happening.changes)
    return row


def _keep_reporter(work: Work, incident_id: int, report: Report, code: str) -> None:
    if report.reporter is None:
        return
    incidents.keep_reporter(
        work.session,
        {
            "incident_id": incident_id,
            "sealed_name": work.keys.seal(report.reporter.name, bound(incident_id, NAME)),
            "sealed_contact": work.keys.seal(report.reporter.contact, bound(incident_id, CONTACT)),
            "choice": report.reporter.choice.value,
            "code_hash": numbers.hash_code(code),
        },
    )


def _again(work: Work, report: Report) -> Receipt:
    first = incidents.by_client_id(work.session, report.client_id)
    assert first is not None
    # What came in before digests were keyed has none any more: its client id alone must do.
    if first.content_digest not in ("", intake.digest(report, work.secret)):
        raise Conflict("client-id-reused", client_id=report.client_id)
    code = numbers.tracking_code(work.secret, first.client_id)
    number = _number(work, first.id, first.reported_at)
    return Receipt(first.id, number, code, first.state, created=False)


def _number(work: Work, incident_id: int, reported_at: datetime) -> str:
    day = reported_at.astimezone(ZoneInfo(work.settings.timezone)).date()
    return numbers.number(incident_id, day)
