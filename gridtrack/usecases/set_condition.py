"""The filing condition of a matter is said or corrected, and its clocks follow the written rule.

Only what runs and is not missed, was not extended, and was promised to be there or to be done
moves; the time to acknowledge never does. Nobody gives themselves time: a condition that makes a
clock of the handler longer is set by somebody else who directs the place.
"""

from gridtrack.categories import store as categories
from gridtrack.deadlines import store
from gridtrack.deadlines.filing import refile
from gridtrack.deadlines.rules import ClockState, Kind
from gridtrack.deadlines.tables import ClockRow
from gridtrack.errors import Conflict, Invalid
from gridtrack.incidents import store as incidents
from gridtrack.incidents.rules import Action, Happening, State, Who, check_fields, follow
from gridtrack.incidents.tables import Incident
from gridtrack.notifications.store import Told
from gridtrack.queries.standing import relations, take_up
from gridtrack.usecases.going_on import calendars_of
from gridtrack.usecases.promise import MET_BY_RESOLVING, Clocks, Terms, limit_of, promised
from gridtrack.usecases.tell import facts, send
from gridtrack.work import Work


def set_condition(
    work: Work, incident_id: int, condition: str, *, version: int | None = None
) -> int:
    """Say which filing condition of its category a matter meets; returns the new version.

    Raises Invalid where a handler would give themselves more time, Conflict for a condition that
    its category has not, or where the state table has no such step.
    """
    check_fields(Action.CONDITION, {"condition": condition})
    incident = take_up(work, incident_id, Action.CONDITION, version)
    state = follow(State(incident.state), Action.CONDITION)
    category = categories.tree(work.memo, work.settings.instance).get(incident.category)
    found = category.known_condition(condition)
    if found is None:
        known = ", ".join(one.code for one in category.conditions)
        raise Conflict("condition-not-here", value=condition, known=known)
    if condition == incident.condition:
        return incident.version
    clocks = Clocks(work, incident)
    routed = incident.handler_id is not None
    path, level = incident.grid_path, incident.sensitivity
    before = Terms(category, level, path, routed, incident.condition)
    after = Terms(category, level, path, routed, condition)
    for kind in MET_BY_RESOLVING:
        _follow(work, clocks, kind, (before, after))
    _not_for_oneself(work, incident, clocks, found.code)
    changes: dict[str, object] = {
        "state": state.value,
        "condition": condition,
        **clocks.changes(),
    }
    data = {
        "condition": condition,
        "was": incident.condition,
        "words": {"zh": found.zh, "en": found.en},
        **clocks.said,
    }
    _tell(work, incident, moved="moved" in clocks.said or "promises" in clocks.said)
    happening = Happening("filed", work.now, changes, data)
    return incidents.change(work.session, incident, [happening], work.actor, work.now)


def _follow(work: Work, clocks: Clocks, kind: Kind, terms: tuple[Terms, Terms]) -> None:
    """Let the clock of a kind follow; one that there never was begins, by the policy of today."""
    running = [row for row in clocks.live(kind) if row.state == ClockState.RUNNING.value]
    if running:
        _move(work, clocks, running[0], terms)
    elif not clocks.known(kind):
        for row in promised(work, terms[1], (kind,)):
            clocks.begin(row)


def _move(work: Work, clocks: Clocks, row: ClockRow, terms: tuple[Terms, Terms]) -> None:
    missed = row.breached_at is not None or row.due_at <= work.now
    if missed or row.extended:
        return
    policy = store.policy_version(work.session, work.memo, row.policy_version)
    before, limit = (limit_of(policy, Kind(row.kind), one) for one in terms)
    if limit is None or limit == before:
        return
    code = policy.calendar(Kind(row.kind), limit.unit)
    found = refile(row, limit, work.now, code, calendars_of(work).working)
    if found.due_at == row.due_at:
        return
    row.calendar = found.calendar
    clocks.move(row, found.due_at, limit=str(limit), calendar=found.calendar)
    if row.wish_at is not None and row.wish_at <= row.due_at:
        row.wish_at = row.wish_by = None


def _not_for_oneself(work: Work, incident: Incident, clocks: Clocks, wished: str) -> None:
    mine = work.actor.person_id in (incident.handler_id, incident.co_handler_id)
    above = {Who.OVER, Who.DESK} & relations(work, incident)
    for line in clocks.said.get("moved", ()):
        longer = str(line["due_at"]) > str(line["was"])  # both are UTC, written alike
        if longer and (mine or not above):
            raise Invalid("condition-longer", field="condition", value=wished)


def _tell(work: Work, incident: Incident, *, moved: bool) -> None:
    """Tell whoever handles it that they have other time, where somebody else said so."""
    handler = incident.handler_id
    if not moved or handler is None or handler == work.actor.person_id:
        return
    about = facts(work, incident.id, incident)
    cause = f"filed:{incident.id}:{incident.version}"
    told = Told(cause, "filed", incident.id, (handler,), incident.grid_path, about, groups=False)
    send(work, [told])
