"""What becomes of an open matter whose place now lies in other ground: the written rule. Pure.

- Its place lies in the same grid as before: nothing.
- Nobody has acknowledged it: it goes to who is responsible there, and its clock goes on.
- Somebody has acknowledged or resolved it: new ground, same handler. Where "hand over" was decided
  and it is not resolved, it goes to who is responsible there, like something assigned anew.
- A department, a mediator, a property manager has it: new ground, same handler, for it was not the
  ground that gave it to them.

No clock starts anew because the law changes: due and next instants, rung and ladder stay. Only
what is handed over gets a new promise, as whatever a person assigns does.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from gridtrack.incidents.rules import FINAL, State

UNACKNOWLEDGED = frozenset({State.REPORTED, State.ASSIGNED})
# Who answers for a matter because of where it lies.
BY_GROUND = frozenset({"gridworker", "leader", "secretary", "street"})


class Fate(StrEnum):
    """What happens to a matter when the law changes under it."""

    UNTOUCHED = "untouched"
    STAYS = "stays"
    GOES = "goes"
    ANEW = "anew"


@dataclass(frozen=True, slots=True)
class Person:
    """Who would have the matter in the new ground; `co_handler_id` is the estate's manager."""

    person_id: int
    role: str
    co_handler_id: int | None = None


def fate(
    state: State, handler_role: str | None, *, same_ground: bool, hand_over: bool = False
) -> Fate:
    """The rule above; `hand_over` is what the person decided who put the edition in force."""
    if same_ground or state in FINAL:
        return Fate.UNTOUCHED
    if handler_role is not None and handler_role not in BY_GROUND:
        return Fate.STAYS
    if state in UNACKNOWLEDGED:
        return Fate.GOES
    # What is resolved only waits to be looked at: there is nothing left to hand over.
    return Fate.ANEW if hand_over and state is not State.RESOLVED else Fate.STAYS


def changes(what: Fate, ground: Mapping[str, object], to: Person | None) -> dict[str, object]:
    """The incident columns that change; `to` None: nobody is responsible there, so the desk is.

    A promise that has to be made for ANEW comes on top of these.
    """
    if what is Fate.UNTOUCHED:
        return {}
    found = dict(ground)
    if what is Fate.STAYS or (what is Fate.ANEW and to is None):
        return found
    if to is None:
        nobody: dict[str, object] = dict.fromkeys(("handler_id", "handler_role", "co_handler_id"))
        return {**found, **nobody, "state": State.REPORTED.value}
    found |= {
        "state": State.ASSIGNED.value,
        "handler_id": to.person_id,
        "handler_role": to.role,
        "co_handler_id": to.co_handler_id,
    }
    return found | {"acknowledged_at": None} if what is Fate.ANEW else found


def key(edition_id: int | None, incident_id: int) -> str:
    """The key of the one event that an edition leaves on a matter: redone, it is the same."""
    return f"{prefix(edition_id)}{incident_id}"


def prefix(edition_id: int | None) -> str:
    """What the keys of all the events of an edition begin with."""
    return f"reroute:{edition_id or 0}:"
