"""Going round whom a matter is about, in routing, ladders, messages and choices. A step.

Whoever holds the very post of a party (a deputy, who stands in) is gone round as well: a complaint
of the gridworker is not for the gridworker's deputy. They may read it, where their scope says so.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gridtrack.access import Actor, Role
from gridtrack.accounts import store as accounts
from gridtrack.accounts.rules import Holder
from gridtrack.incidents import party_store as parties
from gridtrack.work import Work

# Of these posts there is one holder and who stands in; the others are whole offices.
ONE_HOLDS = frozenset({Role.GRIDWORKER, Role.LEADER, Role.SECRETARY, Role.PROPERTY})


# A whistle about a neighbour, a manager or staff is at least of this level (field guide §3).
WHISTLE = 2


@dataclass(frozen=True, slots=True)
class Parties:
    """Whom one matter is about."""

    people: frozenset[int] = frozenset()
    zones: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        """True where it is about anybody of the product's own."""
        return bool(self.people or self.zones)


NOBODY = Parties()


def parties_of(work: Work, incident_ids: Iterable[int]) -> dict[int, Parties]:
    """Whom these matters are about; those about nobody are not in it."""
    found: dict[int, Parties] = {}
    for incident_id, person_id, zone in parties.of(work.session, incident_ids):
        one = found.get(incident_id, NOBODY)
        people = one.people | ({person_id} if person_id is not None else set())
        found[incident_id] = Parties(people, one.zones | ({zone} if zone else set()))
    return found


def around(holders: Sequence[Holder], about: Parties) -> list[Holder]:
    """The holders, those gone round marked and not present."""
    if not about:
        return list(holders)
    theirs = {
        (one.role, one.scope, one.zone)
        for one in holders
        if one.person_id in about.people and one.role in ONE_HOLDS
    }
    return [
        replace(one, present=False, barred=True) if _barred(one, about, theirs) else one
        for one in holders
    ]


def _barred(one: Holder, about: Parties, theirs: set[tuple[str, str, str | None]]) -> bool:
    post = (one.role, one.scope, one.zone)
    return one.person_id in about.people or one.zone in about.zones or post in theirs


def people_in(work: Work, about: Parties) -> frozenset[int]:
    """Everybody that a matter is about now: an estate's are whoever manages it today."""
    if not about.zones:
        return about.people
    held = accounts.on_duty(work.session, [], sorted(about.zones), work.now)
    return about.people | {one.person_id for one in held}


def named_in(about: Iterable[str], holders: Iterable[Holder], zone: str | None) -> Parties:
    """Whom a report means that is about a role (`gridworker`, `property`) where it was made."""
    roles = set(about)
    people = frozenset(one.person_id for one in holders if one.role in roles and one.zone is None)
    return Parties(people, frozenset({zone} if zone and Role.PROPERTY in roles else ()))


def party_rows(work: Work, incident_id: int, about: Parties) -> list[dict[str, Any]]:
    """The marks as they are kept."""
    base = {
        "incident_id": incident_id, "person_id": None, "zone": None,
        "marked_by": work.actor.person_id, "marked_at": work.now,
    }  # fmt: skip
    people = [{**base, "person_id": one} for one in sorted(about.people)]
    return people + [{**base, "zone": one} for one in sorted(about.zones)]


def is_party(work: Work, actor: Actor, incident_id: int) -> bool:
    """True where the matter is about this very actor, by person or by estate."""
    about = parties_of(work, [incident_id]).get(incident_id, NOBODY)
    return bool(about) and (
        actor.person_id in about.people
        or any(one.zone in about.zones for one in actor.holdings if one.zone)
    )
