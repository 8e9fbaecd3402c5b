"""`POST /api/v1/incidents/{id}/{action}`: one table from action to body, use case and call."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from flask import Response

from gridtrack.access import Permission
from gridtrack.api import given
from gridtrack.api.answers import Acted
from gridtrack.api.out import answered
from gridtrack.api.schemas import Act, Assign, Close, Hold, Merge, Note, Reasoned, Resolve
from gridtrack.http.context import work
from gridtrack.http.guard import may
from gridtrack.incidents import store as incidents
from gridtrack.incidents.rules import Action
from gridtrack.usecases import close as closing
from gridtrack.usecases.acknowledge import acknowledge
from gridtrack.usecases.assign import assign
from gridtrack.usecases.handle import HANDLING, handle
from gridtrack.work import Work

Call = Callable[[Work, int, Any], int]

BODIES: Mapping[Action, type[Act]] = {
    Action.ASSIGN: Assign,
    Action.ACKNOWLEDGE: Act,
    Action.START: Act,
    Action.HOLD: Hold,
    Action.RESUME: Act,
    Action.RESOLVE: Resolve,
    Action.CLOSE: Close,
    Action.REJECT: Reasoned,
    Action.MERGE: Merge,
    Action.HAND_BACK: Reasoned,
    Action.REOPEN: Reasoned,
    Action.NOTE: Note,
}


def _assign(unit: Work, incident_id: int, sent: Assign) -> int:
    return assign(unit, incident_id, sent.to, reason=sent.reason, version=sent.version)


def _acknowledge(unit: Work, incident_id: int, sent: Act) -> int:
    return acknowledge(unit, incident_id, sent.version)


def _close(unit: Work, incident_id: int, sent: Close) -> int:
    return closing.close(unit, incident_id, comment=sent.comment, version=sent.version)


def _merge(unit: Work, incident_id: int, sent: Merge) -> int:
    return closing.merge(unit, incident_id, sent.into, version=sent.version)


def _reopen(unit: Work, incident_id: int, sent: Reasoned) -> int:
    return closing.reopen(unit, incident_id, reason=sent.reason, version=sent.version)


def _handle(action: Action, unit: Work, incident_id: int, sent: Act) -> int:
    fields = sent.model_dump(exclude={"version"})
    return handle(unit, incident_id, action, fields, sent.version)


CALLS: Mapping[Action, Call] = {
    Action.ASSIGN: _assign,
    Action.ACKNOWLEDGE: _acknowledge,
    Action.CLOSE: _close,
    Action.MERGE: _merge,
    Action.REOPEN: _reopen,
    **{action: partial(_handle, action) for action in HANDLING},
}


def view_of(action: Action) -> Callable[[int], Response]:
    """The view of one action: who may is asked by the use case, with the incident in hand."""

    @may(Permission.WORK, Permission.DIRECT, Permission.CLOSE, Permission.TRIAGE)
    def act(incident_id: int) -> Response:
        sent = given.body(BODIES[action])
        with work() as unit:
            version = CALLS[action](unit, incident_id, sent)
            state = incidents.get(unit.session, incident_id).state
        return answered(Acted(id=incident_id, version=version, state=state))

    act.__name__ = action.value
    act.__doc__ = BODIES[action].__doc__
    return act
