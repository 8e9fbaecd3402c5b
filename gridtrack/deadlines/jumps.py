"""Did the clock jump? Two readings of it beside a counter that nobody can set. Pure.

A clock set forward makes every promise look broken: the whole place would climb to the top within
seconds. So what jumped forward is not believed until a second clock agrees or an operator does
(measured-escalation.md §4, "Time"). A clock set back only makes steps late, and is believed.
"""

from dataclasses import dataclass
from datetime import datetime

TOLERANCE_S = 5.0


@dataclass(frozen=True, slots=True)
class Reading:
    """One look at the clocks of a machine.

    `steady_s` passes whatever the time is set to. `behind_s` is how far this machine's clock is
    behind the database server's, None where there is no such clock.
    """

    wall: datetime
    steady_s: float
    behind_s: float | None = None


def jump_s(before: Reading, now: Reading) -> float:
    """By how many seconds the clock was set forward between two looks; negative: back."""
    return (now.wall - before.wall).total_seconds() - (now.steady_s - before.steady_s)


def ahead_s(before: Reading | None, now: Reading) -> float:
    """By how many seconds the clock cannot be believed; 0 where it can.

    The database's clock agrees only where it is another one: it said before that ours was behind by
    as much as ours was then set forward. One that jumped along with ours proves nothing, and one
    that ours is ahead of objects, jump or not.
    """
    objected = -now.behind_s if now.behind_s is not None else 0.0
    jumped = jump_s(before, now) if before is not None else 0.0
    if before is not None and before.behind_s is not None and now.behind_s is not None:
        foretold = abs(before.behind_s - jumped) <= TOLERANCE_S
        if foretold and abs(now.behind_s) <= TOLERANCE_S:
            jumped = 0.0
    worst = max(jumped, objected)
    return worst if worst > TOLERANCE_S else 0.0


def is_same(one_s: float, other_s: float | None) -> bool:
    """Whether two amounts are the same jump: what was confirmed is not confirmed for another."""
    return other_s is not None and abs(one_s - other_s) <= TOLERANCE_S
