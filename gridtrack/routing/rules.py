"""Whose matter is it, and why. Pure.

Candidates are the holders of posts over the leaf and its ancestors at the instant of the report;
the answer is a person and the list of reasons, in the order in which they were found.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Protocol, TypeVar

GRIDWORKER, SECRETARY, PROPERTY = "gridworker", "secretary", "property"


class Candidate(Protocol):
    """Somebody who holds a post now; `present` is False on leave or with the account closed.

    Where a roster governs, `off_shift` tells who is not present for that, and `until` when the
    next shift begins or the one that runs ends.
    """

    @property
    def person_id(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def role(self) -> str: ...
    @property
    def scope(self) -> str: ...
    @property
    def deputy(self) -> bool: ...
    @property
    def present(self) -> bool: ...
    @property
    def zone(self) -> str | None: ...
    @property
    def off_shift(self) -> bool: ...
    @property
    def until(self) -> datetime | None: ...
    @property
    def barred(self) -> bool: ...


C = TypeVar("C", bound=Candidate)


@dataclass(frozen=True, slots=True)
class Reason:
    """One step of the explanation: a code for i18n and the values it names."""

    code: str
    params: dict[str, object]


@dataclass(frozen=True, slots=True)
class Choice:
    """The answer: nobody (triage) or a handler, perhaps a co-handler, and why."""

    handler: Candidate | None
    co_handler: Candidate | None
    reasons: tuple[Reason, ...]


@lru_cache(maxsize=20_000)
def ancestors(path: str) -> tuple[str, ...]:
    """The path itself and every scope above it, nearest first, "" (the whole place) last."""
    parts = path.split("/") if path else []
    return (*("/".join(parts[:n]) for n in range(len(parts), 0, -1)), "")


def choose(
    path: str,
    candidates: Sequence[Candidate],
    *,
    sealed: bool = False,
    zone: str | None = None,
    property_is_party: bool = False,
    not_alone: int | None = None,
) -> Choice:
    """Who handles a matter at leaf `path` ("" when no grid owns the place).

    The gridworker on duty of the leaf; absent or vacant: the deputy, then the post over each grid
    above, then nobody, which means the triage desk. Sealed matters start at the secretary. In a
    zone with a property manager that person answers beside the handler, unless property is a party.
    `not_alone` is the reporter of a matter that may not stay with its reporter alone: the post
    above gets it (Shouning: the level-3 gridworker reports, the level-2 one answers).
    """
    if not path:
        return Choice(None, None, ())
    if sealed:
        handler, reasons = _climb(ancestors(path), candidates, {SECRETARY, "street"})
        return Choice(handler, None, (Reason("sealed-to-secretary", {}), *reasons))
    handler, reasons = _at_leaf(path, candidates)
    if handler is not None and handler.person_id == not_alone:
        reasons = [Reason("reporter-not-alone", {"name": handler.name})]
        handler = None
    if handler is None:
        handler, more = _climb(ancestors(path)[1:], candidates, {"leader", SECRETARY, "street"})
        reasons += more
    co_handler, beside = _property(zone, candidates, property_is_party=property_is_party)
    return Choice(handler, co_handler, (*reasons, *beside))


def _at_leaf(path: str, candidates: Iterable[Candidate]) -> tuple[Candidate | None, list[Reason]]:
    grid = path.rsplit("/", maxsplit=1)[-1]
    here = [c for c in candidates if c.scope == path and c.role == GRIDWORKER]
    holders = [c for c in here if not c.deputy]
    reasons: list[Reason] = []
    for holder in holders:
        if holder.present:
            return holder, [*reasons, _on_duty(holder, grid)]
        reasons.append(_absent(holder))
    if not holders:
        reasons.append(Reason("vacant", {"grid": grid}))
    for deputy in here:
        if deputy.deputy and deputy.present:
            return deputy, [*reasons, Reason("deputy-takes", {"name": deputy.name})]
    reasons.append(Reason("no-deputy", {}))
    return None, reasons


def _on_duty(holder: Candidate, grid: str) -> Reason:
    if holder.until is None:
        return Reason("on-duty", {"name": holder.name, "grid": grid})
    until = holder.until.isoformat()
    return Reason("on-shift", {"name": holder.name, "grid": grid, "until": until})


def _absent(holder: Candidate) -> Reason:
    """Why somebody with the post is passed by: on leave, or off shift until an instant.

    Of whom the matter is about nothing is said, not even whether they are there.
    """
    if holder.barred:
        return Reason("not-available", {})
    if not holder.off_shift:
        return Reason("absent", {"name": holder.name})
    if holder.until is None:
        return Reason("off-shift", {"name": holder.name})
    return Reason("off-shift-until", {"name": holder.name, "until": holder.until.isoformat()})


def _climb(
    scopes: Iterable[str], candidates: Sequence[Candidate], roles: set[str]
) -> tuple[Candidate | None, list[Reason]]:
    off: list[Reason] = []
    for scope in scopes:
        posts = [c for c in candidates if c.scope == scope and c.role in roles]
        for candidate in sorted(posts, key=lambda c: c.deputy):
            if candidate.present:
                named: dict[str, object] = {
                    "name": candidate.name,
                    "role": candidate.role,
                    "grid": scope,
                }
                return candidate, [*off, Reason("post-above", named)]
            off += [_absent(candidate)] if candidate.off_shift and not candidate.barred else []
    return None, [*off, Reason("nobody-above", {})]


def _property(
    zone: str | None, candidates: Iterable[Candidate], *, property_is_party: bool
) -> tuple[Candidate | None, list[Reason]]:
    if zone is None:
        return None, []
    if property_is_party:
        return None, [Reason("property-is-party", {"zone": zone})]
    off: list[Reason] = []
    for candidate in candidates:
        if candidate.role != PROPERTY or candidate.zone != zone:
            continue
        if candidate.present:
            beside = Reason("property-beside", {"name": candidate.name, "zone": zone})
            return candidate, [*off, beside]
        if candidate.barred:
            return None, [_absent(candidate)]
        off += [_absent(candidate)] if candidate.off_shift else []
    return None, [*off, Reason("property-vacant", {"zone": zone})]


def passed_over(
    path: str, candidates: Iterable[C], *, role: str, deputy: bool, handler_id: int | None
) -> tuple[str, tuple[str, ...]]:
    """Why a rung has nobody to tell: `vacant`, `away` or `has-it`, and the names it is about."""
    nearest = set(ancestors(path))
    fitting = [
        c for c in candidates if c.role == role and c.scope in nearest and (c.deputy or not deputy)
    ]
    if any(c.barred for c in fitting):
        return "not-available", ()
    holding = [c.name for c in fitting if c.present and c.person_id == handler_id]
    if holding:
        return "has-it", (holding[0],)
    names = tuple(dict.fromkeys(c.name for c in fitting if not c.present))
    return ("away", names) if names else ("vacant", ())


def holder_for(path: str, candidates: Iterable[C], *, role: str, deputy: bool) -> C | None:
    """The person present for a rung: the post of `role` nearest above `path`, deputies where asked.

    A rung that does not ask for a deputy takes the holder, and the deputy only where that one is
    away.
    """
    nearest = {scope: n for n, scope in enumerate(ancestors(path))}
    fitting = [
        c
        for c in candidates
        if c.role == role and c.present and c.scope in nearest and (c.deputy or not deputy)
    ]
    return min(fitting, key=lambda c: (nearest[c.scope], c.deputy, c.person_id), default=None)
