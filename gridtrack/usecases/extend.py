"""More time for a clock: asked by the handler, granted or refused by whoever stands above them.

Never by the one who asked, never beyond what the policy allows, never for what was missed already.
The old due instant and the new one are in the record.
"""

from datetime import datetime

from gridtrack.deadlines import counting, store
from gridtrack.deadlines.policy_parts import Extend
from gridtrack.deadlines.rules import ClockState, Kind
from gridtrack.deadlines.tables import ClockRow
from gridtrack.errors import Conflict, Forbidden, Invalid
from gridtrack.incidents import store as incidents
from gridtrack.incidents.intake import TEXT_LIMIT, tidy_text
from gridtrack.incidents.rules import Action, Happening, State, check_fields, follow
from gridtrack.incidents.tables import Incident
from gridtrack.notifications.store import Told
from gridtrack.queries.standing import take_up
from gridtrack.queries.wishes import deciders, extendable, may_decide, wished
from gridtrack.usecases.going_on import calendars_of
from gridtrack.usecases.promise import Clocks
from gridtrack.usecases.tell import facts, send
from gridtrack.work import Work


def ask_extension(
    work: Work, incident_id: int, until: datetime, *, reason: str, version: int | None = None
) -> int:
    """Ask for more time until `until`; returns the new version.

    Raises Conflict where none may be asked for (missed, asked already, used up), Invalid for an
    instant before the present due one or beyond what the policy allows.
    """
    check_fields(Action.EXTEND, {"reason": reason, "until": until})
    incident = take_up(work, incident_id, Action.EXTEND, version)
    follow(State(incident.state), Action.EXTEND)
    clocks = Clocks(work, incident)
    clock = extendable(work, clocks.live())
    if clock is None:
        raise Conflict("extension-impossible")
    _check(work, clock, until)
    clock.wish_at, clock.wish_by = until, work.actor.person_id
    said = {"clock": clock.kind, "cycle": clock.cycle, "due_at": clock.due_at.isoformat()}
    data = {**said, "until": until.isoformat(), "reason": _tidy(reason)}
    changes = clocks.changes()
    _tell(work, incident, "extension-asked", deciders(work, incident, clock))
    happening = Happening("extension-asked", work.now, changes, data)
    return incidents.change(work.session, incident, [happening], work.actor, work.now)


def decide_extension(
    work: Work, incident_id: int, *, grant: bool, reason: str = "", version: int | None = None
) -> int:
    """Grant what was asked for, or refuse it with a reason; returns the new version.

    Raises Forbidden for whoever asked and for whoever stands no higher, Conflict where nothing is
    asked or the clock has run out meanwhile.
    """
    action = Action.GRANT if grant else Action.DENY
    check_fields(action, {"reason": reason})
    incident = take_up(work, incident_id, action, version)
    follow(State(incident.state), action)
    clocks = Clocks(work, incident)
    clock = wished(clocks.live())
    if clock is None or clock.wish_at is None:
        raise Conflict("extension-not-asked")
    if not may_decide(work, incident, clock):
        raise Forbidden("extension-not-yours")
    data: dict[str, object] = {"clock": clock.kind, "cycle": clock.cycle, "reason": _tidy(reason)}
    asked_by = clock.wish_by
    if grant:
        _check(work, clock, clock.wish_at)
        clock.extended += 1
        clocks.move(clock, clock.wish_at)
        data |= clocks.said
    clock.wish_at = clock.wish_by = None
    changes = clocks.changes()
    kind = "extension-granted" if grant else "extension-refused"
    people = tuple({one for one in (asked_by, incident.handler_id) if one is not None})
    _tell(work, incident, kind, people)
    happening = Happening(kind, work.now, changes, data)
    return incidents.change(work.session, incident, [happening], work.actor, work.now)


def _check(work: Work, clock: ClockRow, until: datetime) -> None:
    if clock.state != ClockState.RUNNING.value or clock.due_at <= work.now:
        raise Conflict("clock-missed")
    terms = _terms(work, clock)
    if until <= clock.due_at:
        raise Invalid("span-backwards", field="until", value=until.isoformat())
    policy = store.policy_version(work.session, work.memo, clock.policy_version)
    code = policy.calendar(Kind(clock.kind), terms.most.unit)
    latest = counting.count(terms.most, clock.due_at, code, calendars_of(work).working).due_at
    if until > latest:
        shown = latest.isoformat(timespec="minutes")
        raise Invalid("extension-too-long", field="until", value=until.isoformat(), latest=shown)


def _terms(work: Work, clock: ClockRow) -> Extend:
    policy = store.policy_version(work.session, work.memo, clock.policy_version)
    terms = policy.extend(Kind(clock.kind))
    assert terms is not None
    return terms


def _tidy(reason: str) -> str:
    return tidy_text("reason", reason, TEXT_LIMIT)


def _tell(work: Work, incident: Incident, kind: str, people: tuple[int, ...]) -> None:
    about = facts(work, incident.id, incident)
    cause = f"{kind}:{incident.id}:{incident.version}"
    told = Told(cause, kind, incident.id, people, incident.grid_path, about)
    send(work, [told])
