"""The life of an edition: what may follow what, and when its check counts. Pure.

Which edition is in force at an instant is decided by its dates alone; the state is what people
read. What is not in NEXT is a Conflict.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from gridtrack.errors import Conflict

# A fault that was accepted may measure so much more in a later check: rounding, not growth.
_ROUNDING = 1.001


class State(StrEnum):
    """Where an edition stands."""

    ARRIVING = "arriving"  # an import is storing it: nobody sees it yet, see `store_import`
    DRAFT = "draft"
    CHECKED = "checked"
    SCHEDULED = "scheduled"
    ACTIVE = "active"
    RETIRED = "retired"
    DISCARDED = "discarded"


class Act(StrEnum):
    """What is done to an edition. `retire` is done by the one that follows."""

    EDIT = "edit"
    CHECK = "check"
    SCHEDULE = "schedule"
    UNSCHEDULE = "unschedule"
    ACTIVATE = "activate"
    RETIRE = "retire"
    DISCARD = "discard"


@dataclass(frozen=True, slots=True)
class Handover:
    """What is decided with an edition about matters that somebody has acknowledged.

    They stay with their handler, or are handed over; and who is responsible in the new ground may
    be told of those that stay.
    """

    hand_over: bool = False
    tell_new: bool = False

    def said(self) -> dict[str, bool]:
        """As the record keeps it."""
        return {"hand_over": self.hand_over, "tell_new": self.tell_new}

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> "Handover":
        """From the record."""
        return cls(bool(said.get("hand_over")), bool(said.get("tell_new")))


_S, _A = State, Act

NEXT: Mapping[tuple[State, Act], State] = {
    (_S.DRAFT, _A.EDIT): _S.DRAFT,
    (_S.CHECKED, _A.EDIT): _S.DRAFT,
    (_S.DRAFT, _A.CHECK): _S.CHECKED,
    (_S.CHECKED, _A.SCHEDULE): _S.SCHEDULED,
    (_S.SCHEDULED, _A.UNSCHEDULE): _S.CHECKED,
    (_S.CHECKED, _A.ACTIVATE): _S.ACTIVE,
    (_S.SCHEDULED, _A.ACTIVATE): _S.ACTIVE,
    (_S.ACTIVE, _A.RETIRE): _S.RETIRED,
    (_S.DRAFT, _A.DISCARD): _S.DISCARDED,
    (_S.CHECKED, _A.DISCARD): _S.DISCARDED,
}


def follow(state: State, act: Act) -> State:
    """The state after `act`; raises Conflict where the table has no such step."""
    after = NEXT.get((state, act))
    if after is None:
        raise Conflict("edition-state", state=state.value, act=act.value)
    return after


def allowed(state: State) -> tuple[Act, ...]:
    """What may be done to an edition in `state`, in the order of the Act list."""
    return tuple(act for act in Act if (state, act) in NEXT)


def open_faults(
    found: Iterable[Mapping[str, Any]], accepted: Iterable[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    """The faults of a check that nobody accepted.

    One acceptance stands for one fault of that kind among the same grids, and for no larger one:
    who took a gap of 12 m2 knowingly has not taken one of 40,000.
    """
    taken: dict[tuple[Any, ...], list[float]] = defaultdict(list)
    for row in accepted:
        taken[_kind(row)].append(_size(row))
    left = []
    for row in sorted(found, key=_size, reverse=True):
        sizes = taken[_kind(row)]
        fitting = [size for size in sizes if _size(row) <= size * _ROUNDING]
        if fitting:
            sizes.remove(min(fitting))
        else:
            left.append(row)
    return left


def check_counts(
    revision: int,
    checked_revision: int | None,
    findings: Mapping[str, Any] | None,
    accepted: Sequence[Mapping[str, Any]],
) -> bool:
    """True when the last check saw this very revision and left no fault that nobody accepted."""
    if checked_revision != revision:
        return False
    return not open_faults((findings or {}).get("faults", ()), accepted)


def _kind(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["code"], row.get("level"), *sorted(row.get("grids", ()))


def _size(row: Mapping[str, Any]) -> float:
    return float(row.get("size") or 0.0)
