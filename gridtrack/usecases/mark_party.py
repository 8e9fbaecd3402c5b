"""Mark whom a matter is about: from here on it goes round them, and they hear no more of it."""

from typing import Any

from gridtrack.access import require_known
from gridtrack.accounts import store as accounts
from gridtrack.categories import store as categories
from gridtrack.deadlines.rules import Kind
from gridtrack.errors import Forbidden, Invalid, NotFound
from gridtrack.incidents import party_store
from gridtrack.incidents import store as incidents
from gridtrack.incidents.rules import FINAL, Happening, State, Who
from gridtrack.incidents.tables import Incident
from gridtrack.notifications import store as notifications
from gridtrack.notifications.store import Told
from gridtrack.queries.around import (
    NOBODY,
    WHISTLE,
    Parties,
    around,
    parties_of,
    party_rows,
    people_in,
)
from gridtrack.queries.on_duty import on_duty
from gridtrack.queries.parties import ESTATE, MARKERS
from gridtrack.queries.standing import may_see, relations
from gridtrack.routing import rules as routing
from gridtrack.routing.rules import Choice
from gridtrack.usecases.note import note
from gridtrack.usecases.promise import Clocks
from gridtrack.usecases.tell import desk_of, facts, send
from gridtrack.work import Work


def mark_party(work: Work, incident_id: int, who: str, *, version: int | None = None) -> int:
    """Mark a person (`person:12`) or whoever manages the matter's estate (`estate`).

    Whoever directs the matter may, and a handler may mark themselves. Where one of them had it,
    it goes to whoever is next, with a new promise. Returns the version. Raises NotFound, Forbidden,
    Invalid for nobody of the kind.
    """
    require_known(work.actor)
    incident = incidents.lock(work.session, incident_id)
    if not may_see(work, incident):
        raise NotFound("incident-not-found", id=incident_id)
    new = _named(work, incident, who)
    standing = relations(work, incident)
    oneself = new.people == {work.actor.person_id} and Who.HANDLER in standing
    if not (MARKERS & standing or oneself):
        raise Forbidden("action-forbidden", action="mark-party")
    incidents.expect_version(incident, version)
    known = parties_of(work, [incident_id]).get(incident_id, NOBODY)
    fresh = Parties(new.people - known.people, new.zones - known.zones)
    if not fresh:
        return incident.version
    party_store.add(work.session, party_rows(work, incident_id, fresh))
    about = Parties(known.people | fresh.people, known.zones | fresh.zones)
    gone = people_in(work, about)
    notifications.withdraw(work.session, incident_id, gone)
    note(work, "mark-party", f"incident:{incident_id}", people=len(fresh.people))
    return incidents.change(
        work.session, incident, _happenings(work, incident, about, gone), work.actor, work.now
    )


def _named(work: Work, incident: Incident, who: str) -> Parties:
    if who == ESTATE and incident.zone:
        return Parties(zones=frozenset({incident.zone}))
    kind, _, number = who.partition(":")
    person_id = int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0
    person = accounts.actor(work.session, person_id, work.now) if kind == "person" else None
    if person is None:
        raise Invalid("no-such-person", field="who", value=who)
    return Parties(people=frozenset({person_id}))


def _happenings(
    work: Work, incident: Incident, about: Parties, gone: frozenset[int]
) -> list[Happening]:
    """Marked; and given to whoever is next where one of them had it."""
    changes: dict[str, object] = {"sensitivity": max(incident.sensitivity, WHISTLE)}
    if incident.co_handler_id in gone:
        changes["co_handler_id"] = None
    theirs = incident.handler_id in gone
    waits = State(incident.state) not in {*FINAL, State.RESOLVED}
    if theirs and not waits:  # so that it is not opened again for them
        changes |= {"handler_id": None, "handler_role": None}
    marked = Happening("party-marked", work.now, changes, {})
    if not (waits and theirs):
        return [marked]
    choice = _next(work, incident, about)
    return [marked, _given(work, incident, choice)]


def _next(work: Work, incident: Incident, about: Parties) -> Choice:
    path = incident.grid_path
    zones = [incident.zone] if incident.zone else []
    near = on_duty(work, routing.ancestors(path), zones) if path else []
    category = categories.tree(work.memo, work.settings.instance).get(incident.category)
    return routing.choose(
        path,
        around(near, about),
        sealed=incident.sensitivity >= 3,
        zone=incident.zone,
        property_is_party=category.property_is_party,
        not_alone=incident.reported_by if category.second_person else None,
    )


def _given(work: Work, incident: Incident, choice: Choice) -> Happening:
    handler, beside = choice.handler, choice.co_handler
    clocks = Clocks(work, incident)
    clocks.go_on()
    clocks.start((Kind.ACKNOWLEDGE,), routed=handler is not None, path=incident.grid_path)
    state = State.ASSIGNED if handler else State.REPORTED
    changes: dict[str, object] = {
        "state": state.value,
        "handler_id": handler.person_id if handler else None,
        "handler_role": handler.role if handler else None,
        "co_handler_id": beside.person_id if beside else None,
        "acknowledged_at": None,
        "rung": None,
        **clocks.changes(),
    }
    notifications.supersede(work.session, incident.id)
    _tell(work, incident, choice, clocks.said["promises"][0]["cycle"])
    why = [{"code": one.code, **one.params} for one in choice.reasons]
    data: dict[str, Any] = {"why": why, **clocks.said}
    if handler is None:
        return Happening("triaged", work.now, changes, {**data, "outcome": incident.outcome})
    return Happening("assigned", work.now, changes, {**data, "to": handler.name})


def _tell(work: Work, incident: Incident, choice: Choice, cycle: object) -> None:
    level = max(incident.sensitivity, WHISTLE)
    path = incident.grid_path
    given = {**facts(work, incident.id, incident), "sensitivity": level}
    beside = choice.co_handler
    if choice.handler is not None:
        to: dict[str, tuple[int, ...]] = {"assigned": (choice.handler.person_id,)}
        to |= {"co-assigned": (beside.person_id,)} if beside else {}
    else:
        to = {"triage": desk_of(work, path, level)}
    told = [
        Told(f"{kind}:{incident.id}:{cycle}", kind, incident.id, people, path, given, groups=False)
        for kind, people in to.items()
    ]
    send(work, told)
