"""One incident as a person sees it: facts, timeline, why here, why me, what may be done now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gridtrack.accounts import store as accounts
from gridtrack.addresses.tables import Address
from gridtrack.audit.rules import Note
from gridtrack.categories import store as categories
from gridtrack.deadlines import counting
from gridtrack.deadlines import store as deadlines
from gridtrack.deadlines.rules import ClockState, Kind
from gridtrack.deadlines.tables import ClockRow
from gridtrack.errors import NotFound
from gridtrack.grids import store as grids
from gridtrack.incidents import family_store as family
from gridtrack.incidents import store as incidents
from gridtrack.incidents.rules import Action, State, Who, allowed
from gridtrack.incidents.tables import Event, Incident, Photo
from gridtrack.notifications import store as notifications
from gridtrack.queries.around import NOBODY, around, parties_of
from gridtrack.queries.climbed import STEPS, Story, stories
from gridtrack.queries.lights import light_of
from gridtrack.queries.names import Line, lines
from gridtrack.queries.orders import Pressed, pressed
from gridtrack.queries.parties import Marking, marking
from gridtrack.queries.reporter import Contact, contact
from gridtrack.queries.standing import alone, may_see, relations
from gridtrack.queries.who_sees import SEALED, in_title
from gridtrack.queries.wishes import extendable, may_decide, wished
from gridtrack.voices import store as voices
from gridtrack.voices.store import Recording
from gridtrack.work import Work


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of the timeline; the sentence is made from `kind` and `data` at the door."""

    seq: int
    kind: str
    at: datetime
    recorded_at: datetime
    actor_name: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Why:
    """A reason for the present handler: a code for i18n and its values."""

    code: str
    params: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Promised:
    """The newest promise of one clock: due, met, missed, rested, and how it looks now."""

    clock: str
    cycle: int
    state: str
    started_at: datetime
    due_at: datetime
    met_at: datetime | None
    breached_at: datetime | None
    next_fire_at: datetime | None
    policy_version: int
    light: str  # green, yellow, red; idle where it rests or has ended
    left_s: int | None  # working time that a resting clock has left
    paused_s: int  # all its pauses so far, by the wall
    extended: int
    wish_at: datetime | None  # until when more time is asked for


@dataclass(frozen=True, slots=True)
class GridsThen:
    """The edition that a matter was placed by, where it is in force no more.

    `code_now` is the grid that its place lies in today, None where there is none or it has none.
    """

    edition_id: int
    name: str
    valid_from: datetime
    valid_to: datetime
    code_now: str | None
    same: bool  # the very same path today


@dataclass(frozen=True, slots=True)
class IncidentPage:
    """Everything the incident page shows."""

    line: Line
    in_title: bool  # whether its class may be the page's title
    address: str
    plate: str  # the door plate it was reported by, "" where it was none
    address_id: int | None
    description: str
    source: str
    occurred_at: datetime
    outcome: str
    border_distance_m: float | None
    neighbour_code: str | None
    zone: str | None
    datum: str | None
    accuracy_m: float | None
    co_handler_name: str
    timeline: tuple[Moment, ...]
    why: tuple[Why, ...]
    promise: Promised | None  # the newest to acknowledge
    clocks: tuple[Promised, ...]  # the newest of each kind, in the order they are usually met
    actions: tuple[str, ...]
    people: tuple[tuple[int, str], ...]  # to whom it may be assigned
    required: tuple[str, ...]  # what the category asks for on resolving
    outcomes: tuple[tuple[str, str], ...]
    condition: str  # its filing condition, "" where none is known
    condition_name: str
    done: str  # what must be so for it to be closed
    conditions: tuple[tuple[str, str], ...]  # those of its category
    contact: Contact
    marking: Marking | None
    photos: tuple[Photo, ...]
    voices: tuple[Recording, ...]
    duplicate_of: int | None
    grids_then: GridsThen | None
    pressed: Pressed
    stories: tuple[Story, ...]  # of promises that were missed: why it came up, what was tried
    now: datetime
    checks: bool  # may close it, so decides what its reporter may see


def incident_page(
    work: Work, incident_id: int, locale: str, *, again: bool = False
) -> IncidentPage:
    """The incident for this actor; NotFound where there is none or they may not see it.

    Reading a sealed one is written down; `again` is a page that is open already and looks anew.
    """
    incident = incidents.get(work.session, incident_id)
    if not may_see(work, incident):
        raise NotFound("incident-not-found", id=incident_id)
    if incident.sensitivity >= SEALED and not again and not work.actor.engine:
        work.notes.append(Note("read-sealed", f"incident:{incident_id}"))
    category = categories.tree(work.memo, work.settings.instance).get(incident.category)
    words = categories.tree(work.memo, work.settings.instance).words
    happened = incidents.events(work.session, incident_id)
    standing = relations(work, incident)
    barred = alone(work, incident)
    actions = _offered(
        work, incident, allowed(State(incident.state), standing, alone_barred=barred)
    )
    if not category.conditions:
        actions = tuple(action for action in actions if action is not Action.CONDITION)
    clocks = _promises(work, incident)
    filed = category.known_condition(incident.condition)
    return IncidentPage(
        line=lines(work, [incident], locale)[0],
        in_title=in_title(incident.sensitivity),
        address=incident.address,
        plate=_plate(work, incident),
        address_id=incident.address_id,
        description=incident.description,
        source=incident.source,
        occurred_at=incident.occurred_at,
        outcome=incident.outcome,
        border_distance_m=incident.border_distance_m,
        neighbour_code=incident.neighbour_code,
        zone=incident.zone,
        datum=incident.datum,
        accuracy_m=incident.accuracy_m,
        co_handler_name=accounts.names(work.session, [incident.co_handler_id]).get(
            incident.co_handler_id or 0, ""
        ),
        timeline=tuple(_moment(event) for event in happened),
        why=_why(happened),
        promise=next((one for one in clocks if one.clock == Kind.ACKNOWLEDGE.value), None),
        clocks=clocks,
        actions=tuple(action.value for action in actions),
        people=_assignable(work, incident) if "assign" in actions else (),
        required=category.required,
        outcomes=tuple((code, words.outcomes[code].name(locale)) for code in category.outcomes),
        condition=incident.condition,
        condition_name=filed.name(locale) if filed else incident.condition,
        done=filed.done(locale) if filed else "",
        conditions=tuple((one.code, one.name(locale)) for one in category.conditions),
        contact=contact(work, incident),
        marking=marking(work, incident),
        photos=tuple(incidents.photos(work.session, incident_id)),
        voices=tuple(voices.notes(work.session, incident_id)),
        duplicate_of=incident.duplicate_of,
        grids_then=_grids_then(work, incident),
        pressed=pressed(work, incident, happened, locale),
        stories=_stories(work, incident, happened),
        now=work.now,
        checks=Who.CHECKER in standing,
    )


def _plate(work: Work, incident: Incident) -> str:
    if incident.address_id is None:
        return ""
    door = work.session.get(Address, incident.address_id)
    return door.text if door is not None else ""


def _grids_then(work: Work, incident: Incident) -> GridsThen | None:
    """What is said of a matter whose edition is over; its grid stays the one it had."""
    if incident.edition_id is None:
        return None
    one = grids.edition(work.session, incident.edition_id)
    if one.valid_from is None or one.valid_to is None or one.valid_to > work.now:
        return None
    code, path = None, ""
    if incident.lon is not None and incident.lat is not None:
        partition = grids.partition_at(work.session, work.memo, work.now)
        found = partition.locate(incident.lon, incident.lat, snap_m=work.settings.snap_m)
        code, path = found.code, found.path
    same = path == incident.grid_path
    return GridsThen(one.id, one.name, one.valid_from, one.valid_to, code, same)


def _moment(event: Event) -> Moment:
    data = {name: value for name, value in event.data.items() if name != "set"}
    return Moment(event.seq, event.kind, event.at, event.recorded_at, event.actor_name, data)


def _why(happened: Sequence[Event]) -> tuple[Why, ...]:
    """The reasons of the last routing, then every rung climbed since."""
    found: list[Why] = []
    for event in happened:
        if event.kind in ("assigned", "reopened", "triaged") or _went(event):
            found = [
                Why(w["code"], {k: v for k, v in w.items() if k != "code"})
                for w in event.data.get("why", ())
            ]
            if event.kind == "triaged" and event.data.get("outcome") != "inside" and not found:
                found = [Why(f"triage-{event.data.get('outcome')}", {})]
        elif event.kind in ("escalated", "rung-skipped"):
            found.append(Why(event.kind, {k: v for k, v in event.data.items() if k != "set"}))
    return tuple(found)


def _went(event: Event) -> bool:
    """True where a change of the grids gave the matter to somebody else."""
    return event.kind == "rerouted" and bool(event.data.get("why"))


def _stories(work: Work, incident: Incident, happened: Sequence[Event]) -> tuple[Story, ...]:
    """What was missed and tried, while it matters; only a matter that climbed costs a question."""
    if not incident.is_open or not any(event.kind in STEPS for event in happened):
        return ()
    messages = notifications.of_incident(work.session, incident.id)
    names = accounts.names(work.session, (one.recipient_id for one in messages))
    return stories(happened, messages, names)


def _offered(work: Work, incident: Incident, actions: tuple[Action, ...]) -> tuple[Action, ...]:
    """More time only where some may be asked for, and to whoever decides about it."""
    actions = _of_family(work, incident, actions)
    if not {Action.EXTEND, Action.GRANT} & set(actions):
        return actions
    clocks = deadlines.clocks(work.session, incident.id)
    wish = wished(clocks)
    dropped = set()
    if extendable(work, clocks) is None:
        dropped.add(Action.EXTEND)
    if wish is None or not may_decide(work, incident, wish):
        dropped |= {Action.GRANT, Action.DENY}
    return tuple(action for action in actions if action not in dropped)


def _of_family(work: Work, incident: Incident, actions: tuple[Action, ...]) -> tuple[Action, ...]:
    """Made part of another where it is not, part of none where it is; a duplicate is split."""
    part = family.parent_of(work.session, incident.id) is not None
    dropped = {Action.PARENT} if part else {Action.UNPARENT}
    if Action.PARENT in actions and family.children_of(work.session, incident.id):
        dropped.add(Action.PARENT)
    if Action.SPLIT in actions:
        dropped.add(Action.REOPEN)
    return tuple(action for action in actions if action not in dropped)


def _promises(work: Work, incident: Incident) -> tuple[Promised, ...]:
    """The newest cycle of each clock of an incident."""
    newest = {row.kind: row for row in deadlines.clocks(work.session, incident.id)}
    return tuple(_promised(work, newest[kind]) for kind in Kind if kind in newest)


def _promised(work: Work, row: ClockRow) -> Promised:
    rests, paused_us = row.state == ClockState.PAUSED.value, row.paused_us
    if rests and row.base_at is not None:
        paused_us += (work.now - row.base_at) // counting.US
    colour = "idle"
    if row.state == ClockState.RUNNING.value:
        colour = light_of(work, row)
    return Promised(
        row.kind,
        row.cycle,
        row.state,
        row.started_at,
        row.due_at,
        row.met_at,
        row.breached_at,
        row.next_fire_at,
        row.policy_version,
        colour,
        row.left_us // 1_000_000 if rests and row.left_us is not None else None,
        paused_us // 1_000_000,
        row.extended,
        row.wish_at,
    )


def _assignable(work: Work, incident: Incident) -> tuple[tuple[int, str], ...]:
    """People with a post at the incident's grids or anywhere below the actor's own scope."""
    held = accounts.below(work.session, incident.grid_path.split("/", maxsplit=1)[0], work.now)
    holders = around(held, parties_of(work, [incident.id]).get(incident.id, NOBODY))
    sealed = incident.sensitivity >= SEALED
    found = {
        h.person_id: h.name
        for h in holders
        if h.present and (not sealed or h.role in ("secretary", "street", "gridworker"))
    }
    return tuple(sorted(found.items(), key=lambda pair: pair[1]))
