"""An act arrives with what a phone says of it: once in effect, by the time that counts.

The id makes it the same act however often it is sent. An act made without a signal comes late, and
others may have acted meanwhile: it is judged by how the matter stands now, not by the version that
was looked at, and where its step is no longer to be taken it is noted with both its times instead
of being lost (ADR 14).
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gridtrack.deadlines import offline
from gridtrack.deadlines import store as deadlines
from gridtrack.deadlines.offline import Judged, Phone
from gridtrack.deadlines.offline_store import promise_at
from gridtrack.errors import Invalid, NotFound, Rejected, Unauthenticated
from gridtrack.incidents import act_store as acts
from gridtrack.incidents import store as incidents
from gridtrack.incidents.rules import BY, NEXT, Action, State, check_fields
from gridtrack.incidents.tables import Incident
from gridtrack.notifications import store as notifications
from gridtrack.queries.standing import may_see, relations
from gridtrack.usecases.handle import HANDLING
from gridtrack.usecases.late_act import note_late
from gridtrack.work import Work

# What a phone may make without a signal; the rest is decided at a desk, with the list in sight.
PHONE = frozenset({Action.ACKNOWLEDGE, *HANDLING})
# These follow an acknowledgement, and cannot have come before it.
_FOLLOWS = PHONE - {Action.ACKNOWLEDGE, Action.NOTE, Action.REJECT}

Verb = Callable[[Judged | None], int]


@dataclass(frozen=True, slots=True)
class Sent:
    """What a phone says of an act beside its content; nothing for an act made on a page, now."""

    act_id: str | None = None
    phone: Phone | None = None


NOW = Sent()


@dataclass(frozen=True, slots=True)
class Acted:
    """What became of an act: `done`, or `noted` where its step was no longer to be taken."""

    version: int
    state: str
    outcome: str = "done"
    doubt: str | None = None


def sent_act(act_id: str | None, acted_at: datetime | None, sent_at: datetime | None) -> Sent:
    """What was said of an act, checked; raises Rejected naming every fault."""
    faults: list[Invalid] = []
    known = act_id
    if act_id is not None:
        try:
            known = str(uuid.UUID(act_id))
        except ValueError:
            faults.append(Invalid("not-a-uuid", field="act_id", value=act_id))
    times = {"acted_at": acted_at, "sent_at": sent_at}
    if any(times.values()):
        needed = {"act_id": act_id, **times}
        faults += [Invalid("required", field=name) for name, one in needed.items() if not one]
    if faults:
        raise Rejected(faults)
    phone = Phone(acted_at, sent_at) if acted_at is not None and sent_at is not None else None
    return Sent(known, phone)


def send_act(
    work: Work,
    incident_id: int,
    action: Action,
    said: Mapping[str, Any],
    *,
    sent: Sent,
    verb: Verb,
) -> Acted:
    """Take an act in by calling `verb`; the same act again gets the first answer.

    Raises Conflict where the id was used for another act, Invalid for times that cannot be, and
    whatever the verb raises.
    """
    if sent.act_id is None:
        return _answer(work, incident_id, verb(None))
    if not work.actor.known:
        raise Unauthenticated("login-required")
    incident = incidents.lock(work.session, incident_id)  # the same act twice at once: in turn
    content = acts.digest(
        work.actor.person_id, incident_id, action.value, {**said, **_times(sent.phone)}
    )
    first = acts.known(work.session, sent.act_id, content)
    if first is not None:
        return Acted(first.version, first.state, first.outcome)
    judged = _judged(work, incident, action, sent.phone)
    if judged is not None and _overtaken(work, incident, action, judged):
        check_fields(action, said)
        version, outcome = note_late(work, incident, action, said, judged), "noted"
    else:
        version, outcome = verb(judged), "done"
    doubt = judged.doubt.value if judged is not None and judged.doubt is not None else None
    acted = _answer(work, incident_id, version, outcome, doubt)
    acts.keep(
        work.session,
        {
            "id": sent.act_id,
            "incident_id": incident_id,
            "person_id": work.actor.person_id,
            "digest": content,
            "version": acted.version,
            "state": acted.state,
            "outcome": acted.outcome,
            "received_at": work.now,
        },
    )
    return acted


def _answer(
    work: Work, incident_id: int, version: int, outcome: str = "done", doubt: str | None = None
) -> Acted:
    return Acted(version, incidents.get(work.session, incident_id).state, outcome, doubt)


def _times(phone: Phone | None) -> Mapping[str, Any]:
    """When it was made belongs to an act; when it is sent is another time with every try."""
    return {"acted_at": phone.acted_at} if phone is not None else {}


def _judged(work: Work, incident: Incident, action: Action, phone: Phone | None) -> Judged | None:
    if phone is None:
        return None
    if action not in PHONE:
        raise Invalid("act-not-offline", field="acted_at", action=action.value)
    if not may_see(work, incident):
        raise NotFound("incident-not-found", id=incident.id)
    made_at = offline.made_at(phone, work.now)
    stood = promise_at(work.session, incident.id, made_at)
    began = stood.started_at if stood is not None else incident.reported_at
    me = work.actor.person_id
    told_at = notifications.first_told(work.session, incident.id, me, began) if me else None
    step_at = incident.acknowledged_at if action in _FOLLOWS else None
    policy = deadlines.policy_at(work.session, work.memo, work.now)
    if stood is not None:  # what was promised under a policy is judged by it
        policy = deadlines.policy_version(work.session, work.memo, stood.policy_version)
    return offline.judge(
        phone, work.now, policy.offline, told_at=told_at or began, step_at=step_at or began
    )


def _overtaken(work: Work, incident: Incident, action: Action, judged: Judged) -> bool:
    """True where the step is no longer to be taken, and this person may still write a note."""
    standing = relations(work, incident)
    if not BY[Action.NOTE] & standing:
        return False  # the verb says why
    if (State(incident.state), action) not in NEXT or not BY[action] & standing:
        return True
    if action is not Action.ACKNOWLEDGE:
        return False
    # It answered a promise that was followed by another since: that other one goes on.
    then = promise_at(work.session, incident.id, judged.made_at)
    now = promise_at(work.session, incident.id, work.now)
    return then is not None and now is not None and then.cycle != now.cycle
