"""`POST /api/v1/incidents/{id}/{action}`: one table from action to body, use case and call."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import partial
from typing import Any

from flask import Response

from gridtrack.access import Permission
from gridtrack.api import given
from gridtrack.api.answers import Acted
from gridtrack.api.out import answered
from gridtrack.api.schemas import (
    Act,
    Assign,
    Close,
    ConditionIn,
    Deny,
    Extend,
    Grant,
    Hold,
    Merge,
    Note,
    ParentIn,
    PhoneAct,
    Reasoned,
    Reopen,
    Resolve,
    SplitIn,
)
from gridtrack.deadlines.offline import Judged
from gridtrack.http.context import work
from gridtrack.http.guard import may
from gridtrack.incidents.rules import Action
from gridtrack.usecases import close as closing
from gridtrack.usecases.acknowledge import acknowledge
from gridtrack.usecases.assign import assign
from gridtrack.usecases.extend import ask_extension, decide_extension
from gridtrack.usecases.family import drop_parent, set_parent
from gridtrack.usecases.handle import HANDLING, handle
from gridtrack.usecases.send_act import send_act, sent_act
from gridtrack.usecases.set_condition import set_condition
from gridtrack.usecases.split import split
from gridtrack.work import Work

Call = Callable[[Work, int, Any, Judged | None], int]

BODIES: Mapping[Action, type[Act]] = {
    Action.ASSIGN: Assign,
    Action.ACKNOWLEDGE: PhoneAct,
    Action.START: PhoneAct,
    Action.HOLD: Hold,
    Action.RESUME: PhoneAct,
    Action.EXTEND: Extend,
    Action.GRANT: Grant,
    Action.DENY: Deny,
    Action.RESOLVE: Resolve,
    Action.CLOSE: Close,
    Action.REJECT: Reasoned,
    Action.MERGE: Merge,
    Action.SPLIT: SplitIn,
    Action.PARENT: ParentIn,
    Action.UNPARENT: Act,
    Action.HAND_BACK: Reasoned,
    Action.REOPEN: Reopen,
    Action.NOTE: Note,
    Action.CONDITION: ConditionIn,
}


def _assign(unit: Work, incident_id: int, sent: Assign, _made: Judged | None) -> int:
    return assign(unit, incident_id, sent.to, reason=sent.reason, version=sent.version)


def _acknowledge(unit: Work, incident_id: int, sent: PhoneAct, made: Judged | None) -> int:
    return acknowledge(unit, incident_id, sent.version, made=made)


def _close(unit: Work, incident_id: int, sent: Close, _made: Judged | None) -> int:
    return closing.close(unit, incident_id, comment=sent.comment, version=sent.version)


def _merge(unit: Work, incident_id: int, sent: Merge, _made: Judged | None) -> int:
    return closing.merge(unit, incident_id, sent.into, version=sent.version)


def _split(unit: Work, incident_id: int, sent: SplitIn, _made: Judged | None) -> int:
    return split(unit, incident_id, reason=sent.reason, version=sent.version)


def _parent(unit: Work, incident_id: int, sent: ParentIn, _made: Judged | None) -> int:
    return set_parent(unit, incident_id, sent.of, version=sent.version)


def _unparent(unit: Work, incident_id: int, sent: Act, _made: Judged | None) -> int:
    return drop_parent(unit, incident_id, version=sent.version)


def _reopen(unit: Work, incident_id: int, sent: Reopen, _made: Judged | None) -> int:
    return closing.reopen(unit, incident_id, reason=sent.reason, version=sent.version)


def _handle(
    action: Action, unit: Work, incident_id: int, sent: PhoneAct, made: Judged | None
) -> int:
    return handle(unit, incident_id, action, sent.said(), sent.version, made=made)


def _extend(unit: Work, incident_id: int, sent: Extend, _made: Judged | None) -> int:
    return ask_extension(unit, incident_id, sent.until, reason=sent.reason, version=sent.version)


def _decide(
    action: Action, unit: Work, incident_id: int, sent: Grant | Deny, _made: Judged | None
) -> int:
    grant = action is Action.GRANT
    return decide_extension(
        unit, incident_id, grant=grant, reason=sent.reason, version=sent.version
    )


def _condition(unit: Work, incident_id: int, sent: ConditionIn, _made: Judged | None) -> int:
    return set_condition(unit, incident_id, sent.condition, version=sent.version)


CALLS: Mapping[Action, Call] = {
    Action.ASSIGN: _assign,
    Action.ACKNOWLEDGE: _acknowledge,
    Action.CLOSE: _close,
    Action.CONDITION: _condition,
    Action.EXTEND: _extend,
    Action.GRANT: partial(_decide, Action.GRANT),
    Action.DENY: partial(_decide, Action.DENY),
    Action.MERGE: _merge,
    Action.SPLIT: _split,
    Action.PARENT: _parent,
    Action.UNPARENT: _unparent,
    Action.REOPEN: _reopen,
    **{action: partial(_handle, action) for action in HANDLING},
}


def view_of(action: Action) -> Callable[[int], Response]:
    """The view of one action: who may is asked by the use case, with the incident in hand."""

    @may(Permission.WORK, Permission.DIRECT, Permission.CLOSE, Permission.TRIAGE)
    def act(incident_id: int) -> Response:
        body = given.body(BODIES[action])
        times = (body.acted_at, body.sent_at) if isinstance(body, PhoneAct) else (None, None)
        sent = sent_act(body.act_id, *times)
        with work() as unit:
            verb = partial(CALLS[action], unit, incident_id, body)
            acted = send_act(unit, incident_id, action, body.said(), sent=sent, verb=verb)
        return answered(Acted(id=incident_id, **asdict(acted)))

    act.__name__ = action.value
    act.__doc__ = BODIES[action].__doc__
    return act
