"""The life of an incident: what may follow what, by whom, with which fields. Pure.

What is not in NEXT is a Conflict. The incident row is the sum of its events: `replay`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gridtrack.errors import Conflict, Invalid


class State(StrEnum):
    """The states of design.md §2."""

    REPORTED = "reported"
    ASSIGNED = "assigned"
    ACKNOWLEDGED = "acknowledged"
    IN_PROGRESS = "in_progress"
    ON_HOLD = "on_hold"
    RESOLVED = "resolved"
    CLOSED = "closed"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"


class Action(StrEnum):
    """What people do to an incident."""

    ASSIGN = "assign"
    ACKNOWLEDGE = "acknowledge"
    START = "start"
    HOLD = "hold"
    RESUME = "resume"
    EXTEND = "extend"  # ask for more time
    GRANT = "grant"
    DENY = "deny"
    RESOLVE = "resolve"
    CLOSE = "close"
    REJECT = "reject"
    MERGE = "merge"
    SPLIT = "split"  # a duplicate goes its own way again
    PARENT = "parent"  # make it part of a larger matter
    UNPARENT = "unparent"
    HAND_BACK = "hand_back"
    REOPEN = "reopen"
    NOTE = "note"
    CONDITION = "condition"  # say which filing condition it meets


class Who(StrEnum):
    """In which relation to the incident the actor must stand; one of several is enough."""

    HANDLER = "handler"  # handler or co-handler
    POST = "post"  # works the very ground, whoever holds the matter by now
    OVER = "over"  # directs the scope
    CHECKER = "checker"  # may close in the scope
    DESK = "desk"  # triage of what has no handler


OPEN = frozenset(
    {State.REPORTED, State.ASSIGNED, State.ACKNOWLEDGED, State.IN_PROGRESS, State.ON_HOLD}
) | {State.RESOLVED}
FINAL = frozenset({State.CLOSED, State.REJECTED, State.DUPLICATE})

_S, _A, _W = State, Action, Who
_HANDLING = (_S.ACKNOWLEDGED, _S.IN_PROGRESS, _S.ON_HOLD)

NEXT: Mapping[tuple[State, Action], State] = {
    (_S.REPORTED, _A.ASSIGN): _S.ASSIGNED,
    (_S.ASSIGNED, _A.ASSIGN): _S.ASSIGNED,
    (_S.ASSIGNED, _A.ACKNOWLEDGE): _S.ACKNOWLEDGED,
    (_S.ACKNOWLEDGED, _A.START): _S.IN_PROGRESS,
    (_S.ACKNOWLEDGED, _A.HOLD): _S.ON_HOLD,
    (_S.IN_PROGRESS, _A.HOLD): _S.ON_HOLD,
    (_S.ON_HOLD, _A.RESUME): _S.IN_PROGRESS,
    **{
        (state, action): state
        for state in (_S.ACKNOWLEDGED, _S.IN_PROGRESS)
        for action in (_A.EXTEND, _A.GRANT, _A.DENY)
    },
    **{(state, _A.ASSIGN): _S.ASSIGNED for state in _HANDLING},
    **{(state, _A.RESOLVE): _S.RESOLVED for state in _HANDLING},
    **{(state, _A.HAND_BACK): _S.REPORTED for state in (_S.ASSIGNED, *_HANDLING)},
    **{(state, _A.REJECT): _S.REJECTED for state in (_S.REPORTED, _S.ASSIGNED, *_HANDLING)},
    **{(state, _A.MERGE): _S.DUPLICATE for state in (_S.REPORTED, _S.ASSIGNED, *_HANDLING)},
    (_S.DUPLICATE, _A.SPLIT): _S.ASSIGNED,
    **{(state, _A.PARENT): state for state in OPEN},
    **{(state, _A.UNPARENT): state for state in _S},
    (_S.RESOLVED, _A.CLOSE): _S.CLOSED,
    **{(state, _A.REOPEN): _S.ASSIGNED for state in (_S.RESOLVED, *FINAL)},
    **{(state, _A.NOTE): state for state in _S},
    **{
        (state, _A.CONDITION): state
        for state in (_S.REPORTED, _S.ASSIGNED, _S.ACKNOWLEDGED, _S.IN_PROGRESS)
    },
}

BY: Mapping[Action, frozenset[Who]] = {
    _A.ASSIGN: frozenset({_W.OVER, _W.DESK}),
    # Passed up the ladder or not: the first human of the responsible side stops the clock.
    _A.ACKNOWLEDGE: frozenset({_W.HANDLER, _W.POST, _W.OVER}),
    _A.START: frozenset({_W.HANDLER, _W.OVER}),
    _A.HOLD: frozenset({_W.HANDLER, _W.OVER}),
    _A.RESUME: frozenset({_W.HANDLER, _W.OVER}),
    _A.EXTEND: frozenset({_W.HANDLER}),
    _A.GRANT: frozenset({_W.OVER}),
    _A.DENY: frozenset({_W.OVER}),
    _A.RESOLVE: frozenset({_W.HANDLER, _W.OVER}),
    _A.CLOSE: frozenset({_W.CHECKER}),
    _A.REJECT: frozenset({_W.OVER, _W.DESK}),
    _A.MERGE: frozenset({_W.OVER, _W.DESK}),
    _A.SPLIT: frozenset({_W.OVER}),
    _A.PARENT: frozenset({_W.OVER, _W.DESK}),
    _A.UNPARENT: frozenset({_W.OVER, _W.DESK}),
    _A.HAND_BACK: frozenset({_W.HANDLER}),
    _A.REOPEN: frozenset({_W.OVER, _W.CHECKER}),
    _A.NOTE: frozenset({_W.HANDLER, _W.POST, _W.OVER, _W.CHECKER, _W.DESK}),
    _A.CONDITION: frozenset({_W.HANDLER, _W.OVER, _W.DESK}),
}

NEEDS: Mapping[Action, tuple[str, ...]] = {
    _A.ASSIGN: ("to",),
    _A.HOLD: ("reason", "until"),
    _A.EXTEND: ("reason", "until"),
    _A.DENY: ("reason",),
    _A.RESOLVE: ("result",),
    _A.REJECT: ("reason",),
    _A.MERGE: ("into",),
    _A.SPLIT: ("reason",),
    _A.PARENT: ("of",),
    _A.HAND_BACK: ("reason",),
    _A.REOPEN: ("reason",),
    _A.NOTE: ("text",),
    _A.CONDITION: ("condition",),
}


def follow(state: State, action: Action) -> State:
    """The state after `action`; raises Conflict where the table has no such step."""
    after = NEXT.get((state, action))
    if after is None:
        raise Conflict("conflict-state", state=state.value, action=action.value)
    return after


def check_fields(action: Action, given: Mapping[str, object], extra: tuple[str, ...] = ()) -> None:
    """Raise Invalid naming the first required field of `action` (and `extra`) that is empty."""
    for name in (*NEEDS.get(action, ()), *extra):
        value = given.get(name)
        if value is None or (isinstance(value, str) and not value.strip()):
            raise Invalid("required", field=name, action=action.value)


def allowed(
    state: State, relations: frozenset[Who], *, alone_barred: bool = False
) -> tuple[Action, ...]:
    """What someone standing in `relations` may do in `state`, in the order of the Action list.

    `alone_barred`: the matter needs a second person to close it and this one handled or filed it.
    """
    return tuple(
        action
        for action in Action
        if (state, action) in NEXT
        and BY[action] & relations
        and not (action is Action.CLOSE and alone_barred)
    )


def alone(*, second_person: bool, actor_id: int | None, involved: Iterable[int | None]) -> bool:
    """True when this actor may not close it: they filed, handled or resolved it themselves.

    Illegal building, disputes, funerals and safety need a second person (design.md §2).
    """
    return second_person and actor_id is not None and actor_id in set(involved)


@dataclass(frozen=True, slots=True)
class Happening:
    """An event before it is stored: `changes` are the incident columns it sets."""

    kind: str
    at: datetime
    changes: Mapping[str, object]
    data: Mapping[str, object]
    key: str | None = None


INSTANTS = frozenset(
    {"due_at", "next_due_at", "held_until", "acknowledged_at", "resolved_at", "closed_at"}
)


def encode(changes: Mapping[str, object]) -> dict[str, object]:
    """Changes as JSON keeps them: instants as ISO text in UTC."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in changes.items()
    }


def replay(events: Iterable[tuple[int, Mapping[str, object]]]) -> dict[str, object]:
    """The incident columns that `(seq, data)` events add up to; raises Conflict on a gap in seq."""
    row: dict[str, object] = {"version": 0}
    for seq, data in events:
        if seq != row["version"] + 1:  # type: ignore[operator]
            raise Conflict("events-gap", expected=row["version"], found=seq)
        changes = data.get("set", {})
        assert isinstance(changes, Mapping)
        for name, value in changes.items():
            row[name] = (
                datetime.fromisoformat(value)
                if name in INSTANTS and isinstance(value, str)
                else value
            )
        row["version"] = seq
    return row
