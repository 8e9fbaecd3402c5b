"""What an act that arrives late changes of what happened meanwhile. One step of several verbs.

No event is ever taken back: a step that fired before the act arrived was right to fire. Taken back
is the breach, where the promise was answered in time after all, and whoever the ladder told hears
that it is over.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from gridtrack.deadlines.offline import Judged
from gridtrack.deadlines.offline_store import answered_at, promise_at
from gridtrack.deadlines.rules import LIVE, Kind
from gridtrack.deadlines.tables import ClockRow
from gridtrack.incidents import store as incidents
from gridtrack.incidents.arrival import GIVEN
from gridtrack.incidents.intake import TEXT_LIMIT, tidy_text
from gridtrack.incidents.rules import Action, Happening, replay
from gridtrack.incidents.tables import Event, Incident
from gridtrack.notifications import store as notifications
from gridtrack.notifications.store import Told
from gridtrack.queries.standing import role_over
from gridtrack.usecases.tell import facts, send
from gridtrack.work import Work


def answer_late(work: Work, incident: Incident, judged: Judged) -> dict[str, object]:
    """Put right the promise that an acknowledgement answered; returns what the event says of it.

    Whoever the ladder told of that promise is told that it is answered.
    """
    clock = promise_at(work.session, incident.id, judged.at)
    data: dict[str, object] = {"offline": judged.said()}
    if clock is None:
        return data
    data |= {"clock": clock.kind, "cycle": clock.cycle}
    withdrawn = answered_at(work.session, clock, judged.at)
    if withdrawn is not None:
        data["withdrawn"] = withdrawn.isoformat()
    _tell_climbed(work, incident, clock, "acknowledged" if withdrawn is None else "withdrawn")
    return data


def kept_late(
    work: Work, incident: Incident, judged: Judged, kinds: Sequence[Kind]
) -> dict[str, object]:
    """What the event says of promises that a step kept in time and was heard of too late to know.

    Their clocks are met by the step itself; this must be asked before. Whoever was told hears it.
    """
    data: dict[str, object] = {"offline": judged.said()}
    for kind in kinds:
        clock = promise_at(work.session, incident.id, judged.at, kind)
        missed = clock is not None and clock.state in LIVE and clock.breached_at is not None
        if clock is not None and missed and judged.at <= clock.due_at:
            data["withdrawn"] = clock.due_at.isoformat()
            _tell_climbed(work, incident, clock, "withdrawn")
    return data


def _tell_climbed(work: Work, incident: Incident, clock: ClockRow, kind: str) -> None:
    """Tell whoever the ladder of a promise has told that it is over."""
    steps = f"esc:{incident.id}:{clock.kind}:{clock.cycle}:"
    known = notifications.told_by(work.session, incident.id, steps)
    people = tuple(one for one in known if one != work.actor.person_id)
    first = clock.kind == Kind.ACKNOWLEDGE.value
    which = f"{clock.cycle}" if first else f"{clock.kind}:{clock.cycle}"
    if people:
        _tell(work, incident, kind, f"{kind}:{incident.id}:{which}", people)


def handler_after(work: Work, incident: Incident) -> dict[str, object]:
    """Whose a matter is after an acknowledgement that arrived late: the handler columns to change.

    Whoever the ladder passed it to keeps it once they have touched it; untouched it goes back, to
    the one who acknowledged, or to the handler before where that one only helps.
    """
    me = work.actor.person_id
    events = incidents.events(work.session, incident.id)
    passed = _passed_on(events)
    if me == incident.handler_id or (passed and _touched(events, passed[-1], incident)):
        return {}
    mine: dict[str, object] = {
        "handler_id": me,
        "handler_role": role_over(work, incident.grid_path),
    }
    if me != incident.co_handler_id:
        return mine
    if not passed:
        return {}
    before = replay((one.seq, one.data) for one in events if one.seq < passed[0].seq)
    if before.get("handler_id") is None:
        return mine
    return {name: before[name] for name in mine}


def _passed_on(events: Sequence[Event]) -> list[Event]:
    """The steps of the present promise that gave the matter to somebody else."""
    begun = max((one.seq for one in events if _promises(one.data)), default=0)
    return [
        one
        for one in events
        if one.seq > begun and one.kind == "escalated" and "handler_id" in one.data["set"]
    ]


def _promises(data: Mapping[str, Any]) -> bool:
    """True for an event that asked somebody to acknowledge."""
    asked = (one["clock"] == Kind.ACKNOWLEDGE.value for one in data.get("promises", ()))
    return "promise" in data or any(asked)


def _touched(events: Sequence[Event], passed: Event, incident: Incident) -> bool:
    return any(one.seq > passed.seq and one.actor_id == incident.handler_id for one in events)


def note_late(
    work: Work, incident: Incident, action: Action, said: Mapping[str, Any], judged: Judged
) -> int:
    """Keep an act whose step is no longer to be taken, with its words; returns the version.

    An acknowledgement answers the promise that stood when it was made, in time or not. The present
    handler and whoever made it are told. Where it says nothing new, nothing is written.
    """
    data: dict[str, object] = {"action": action.value, "offline": judged.said()}
    if action is Action.ACKNOWLEDGE:
        data |= answer_late(work, incident, judged)
        if "withdrawn" not in data and incident.handler_id == work.actor.person_id:
            return incident.version
    kept = {name: value for name, value in said.items() if name not in GIVEN}  # where they stood
    data |= {name: _tidy(name, value) for name, value in kept.items() if value not in (None, "")}
    people = {one for one in (incident.handler_id, work.actor.person_id) if one is not None}
    cause = f"late-act:{incident.id}:{incident.version}"
    _tell(work, incident, "late-act", cause, tuple(sorted(people)))
    happening = Happening("late-act", judged.at, {}, data)
    return incidents.change(work.session, incident, [happening], work.actor, work.now)


def _tidy(name: str, value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return tidy_text(name, value, TEXT_LIMIT) if isinstance(value, str) else value


def _tell(work: Work, incident: Incident, kind: str, cause: str, people: tuple[int, ...]) -> None:
    about = facts(work, incident.id, incident)
    told = Told(cause, kind, incident.id, people, incident.grid_path, about)
    send(work, [told])
