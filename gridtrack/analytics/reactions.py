"""How fast people answer what they are told, measured on the record. Pure.

Each notice is watched until the one who got it answers, is told again, or somebody else ends the
wait; the last two say only that it took longer than that. The curve of a person is the product of
those still waiting at each answer (Kaplan and Meier 1958), so that whoever was overtaken by a
faster colleague is not taken for somebody who never answers.
"""

import math
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist
from typing import TypeVar

OWN_NEEDS = 10  # notices to a person at a rung; with fewer the role's curve counts
ROLE_NEEDS = 20  # notices to a role; with fewer the stated default counts
K = TypeVar("K")
FIRST, PROPERTY, DESK = "first", "property", "desk"  # who is told before any rung, and at the end
# Where nothing was measured: four in five answer, half of these within two minutes.
DEFAULT_CHANCE, DEFAULT_MEDIAN_S, DEFAULT_SIGMA = 0.8, 120.0, 0.9


class Basis(StrEnum):
    """What an answer in a forecast was drawn from."""

    OWN = "own"  # the person's own answers at this rung
    RUNG = "rung"  # those of everybody of the role at this rung
    ROLE = "role"  # those of everybody of the role
    DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Heard:
    """One notice: whether the one who got it answered, after how long, or how long it was open."""

    person_id: int
    rung: str
    role: str
    seconds: float
    answered: bool


@dataclass(frozen=True, slots=True)
class Curve:
    """By when which share has answered; beyond the last share nobody does."""

    seconds: tuple[float, ...]
    shares: tuple[float, ...]
    basis: Basis = Basis.DEFAULT

    def after(self, luck: float) -> float | None:
        """The delay of somebody with `luck` between 0 (fastest) and 1; None: no answer ever."""
        n = bisect_left(self.shares, luck)
        return self.seconds[n] if n < len(self.seconds) else None


def curve(heard: Iterable[tuple[float, bool]], basis: Basis) -> Curve:
    """The curve of notices, each its seconds and whether it was answered then."""
    ordered = sorted(heard, key=lambda one: (one[0], not one[1]))
    waiting, still = len(ordered), 1.0
    seconds: list[float] = []
    shares: list[float] = []
    for delay, answered in ordered:
        if answered:
            still *= 1 - 1 / waiting
            if seconds and seconds[-1] == delay:
                shares[-1] = 1 - still
            else:
                seconds.append(delay)
                shares.append(1 - still)
        waiting -= 1
    return Curve(tuple(seconds), tuple(shares), basis)


def _default() -> Curve:
    steps = 200
    normal = NormalDist(0, DEFAULT_SIGMA)
    from_luck = [(n + 0.5) / steps for n in range(steps)]
    delays = [DEFAULT_MEDIAN_S * math.exp(normal.inv_cdf(one)) for one in from_luck]
    shares = [DEFAULT_CHANCE * (n + 1) / steps for n in range(steps)]
    return Curve(tuple(delays), tuple(shares), Basis.DEFAULT)


DEFAULT = _default()


class Reactions:
    """The curve of every person at every rung, from what was heard."""

    def __init__(self, heard: Iterable[Heard] = (), default: Curve = DEFAULT) -> None:
        """`default` is for roles of whom too little is known."""
        own: dict[tuple[int, str], list[tuple[float, bool]]] = {}
        rungs: dict[tuple[str, str], list[tuple[float, bool]]] = {}
        roles: dict[str, list[tuple[float, bool]]] = {}
        self.notices = 0
        for one in heard:
            self.notices += 1
            seen = (one.seconds, one.answered)
            own.setdefault((one.person_id, one.rung), []).append(seen)
            rungs.setdefault((one.rung, one.role), []).append(seen)
            roles.setdefault(one.role, []).append(seen)
        self._default = default
        self._own = _curves(own, OWN_NEEDS, Basis.OWN)
        self._rungs = _curves(rungs, ROLE_NEEDS, Basis.RUNG)
        self._roles = _curves(roles, ROLE_NEEDS, Basis.ROLE)

    @property
    def own(self) -> int:
        """How many people have a curve of their own."""
        return len({person_id for person_id, _rung in self._own})

    def of(self, person_id: int, rung: str, role: str) -> Curve:
        """The person's own curve at this rung, else the rung's, the role's, the default."""
        own = self._own.get((person_id, rung)) or self._rungs.get((rung, role))
        return own or self._roles.get(role) or self._default


def _curves(
    heard: Mapping[K, Sequence[tuple[float, bool]]], needs: int, basis: Basis
) -> dict[K, Curve]:
    return {key: curve(one, basis) for key, one in heard.items() if len(one) >= needs}
