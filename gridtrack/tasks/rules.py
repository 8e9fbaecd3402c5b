"""What long work there is, who may ask for it, and how far it is. Pure.

Each kind is one row of KINDS here and one of `jobs.kinds.HANDLERS`. A task whose worker died is
taken up again where its kind says that this is safe, else it has failed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from gridtrack.access import Permission

LEASE = timedelta(seconds=30)
KEPT = timedelta(days=1)  # how long a result, and what was given to a task, is kept
MOST_ATTEMPTS = 5  # work that kills its worker each time must end some day


class State(StrEnum):
    """Where a task stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of long work: who may ask for it, its phases in order, and whether it may begin anew.

    `again`: a task whose worker died is taken up again; what it left behind is tidied first.
    """

    permission: Permission
    phases: tuple[str, ...]
    again: bool = True


KINDS: Mapping[str, Kind] = {
    "check-edition": Kind(Permission.GRIDS_DRAW, ("examine",)),
    "doors-import": Kind(Permission.DOORS_EDIT, ("doors",)),
    "matters-out": Kind(Permission.FIGURES, ("write",)),
    "import-look": Kind(Permission.GRIDS_EDIT, ("read", "compare", "draw")),
    "import-check": Kind(Permission.GRIDS_EDIT, ("read", "check")),
    "import-store": Kind(Permission.GRIDS_EDIT, ("read", "store")),
}


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a phase goes, and how long it will take if it goes on like that."""

    per_s: float
    left: timedelta


def pace(done: int, total: int, began_at: datetime | None, told_at: datetime | None) -> Pace | None:
    """The pace of a phase from what its row says; None while nothing can be said."""
    if began_at is None or told_at is None or not 0 < done <= total:
        return None
    took_s = (told_at - began_at).total_seconds()
    if took_s <= 0:
        return None
    per_s = done / took_s
    return Pace(per_s, timedelta(seconds=(total - done) / per_s))


def may_go_on(kind: str, attempts: int) -> bool:
    """True where a task that lost its worker after so many attempts is taken up again."""
    known = KINDS.get(kind)
    return known is not None and known.again and attempts < MOST_ATTEMPTS
