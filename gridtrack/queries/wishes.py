"""More time that a handler wishes for: which clock may be extended, and who decides. A step."""

from collections.abc import Iterable

from gridtrack.access import Permission, permits
from gridtrack.deadlines import store as deadlines
from gridtrack.deadlines.rules import ClockState, Kind, Ladder
from gridtrack.deadlines.tables import ClockRow
from gridtrack.incidents.tables import Incident
from gridtrack.queries.around import NOBODY, around, parties_of
from gridtrack.queries.on_duty import on_duty
from gridtrack.queries.standing import role_over
from gridtrack.routing.rules import ancestors, holder_for
from gridtrack.work import Work


def extendable(work: Work, clocks: Iterable[ClockRow]) -> ClockRow | None:
    """The clock that more time may be asked for now: it runs, is not missed, and some is left."""
    for clock in clocks:
        policy = deadlines.policy_version(work.session, work.memo, clock.policy_version)
        terms = policy.extend(Kind(clock.kind))
        runs = clock.state == ClockState.RUNNING.value and clock.due_at > work.now
        if terms is not None and runs and clock.wish_at is None and clock.extended < terms.times:
            return clock
    return None


def wished(clocks: Iterable[ClockRow]) -> ClockRow | None:
    """The clock that more time is asked for."""
    live = (ClockState.RUNNING.value, ClockState.PAUSED.value)
    return next((one for one in clocks if one.state in live and one.wish_at is not None), None)


def may_decide(work: Work, incident: Incident, clock: ClockRow) -> bool:
    """True where the actor directs the place from a higher rung than the one who asked."""
    me = work.actor.person_id
    if me is None or me in (clock.wish_by, incident.handler_id):
        return False
    mine = _height(_ladder(work, clock), role_over(work, incident.grid_path))
    theirs = _height(_ladder(work, clock), incident.handler_role)
    return permits(work.actor, Permission.DIRECT, incident.grid_path) and mine > theirs


def deciders(work: Work, incident: Incident, clock: ClockRow) -> tuple[int, ...]:
    """Who is asked: whoever holds the next rung above the handler, the first that is not vacant."""
    ladder = _ladder(work, clock)
    about = parties_of(work, [incident.id]).get(incident.id, NOBODY)
    near = around(on_duty(work, ancestors(incident.grid_path), ()), about)
    for rung in ladder.rungs[_height(ladder, incident.handler_role) + 1 :]:
        found = holder_for(incident.grid_path, near, role=rung.role, deputy=rung.deputy)
        if found is not None and found.person_id not in (work.actor.person_id, incident.handler_id):
            return (found.person_id,)
    return ()


def _ladder(work: Work, clock: ClockRow) -> Ladder:
    policy = deadlines.policy_version(work.session, work.memo, clock.policy_version)
    return policy.ladders[clock.ladder]


def _height(ladder: Ladder, role: str | None) -> int:
    """On which rung of the ladder a role stands; below all of them where it has none."""
    return next((n for n, rung in enumerate(ladder.rungs) if rung.role == role), -1)
