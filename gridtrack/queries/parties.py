"""Whom a matter is about, for those who may say so: who is marked, and who could be."""

from dataclasses import dataclass

from gridtrack.accounts import store as accounts
from gridtrack.incidents.rules import Who
from gridtrack.incidents.tables import Incident
from gridtrack.queries.around import NOBODY, parties_of
from gridtrack.queries.standing import may_see, relations
from gridtrack.work import Work

MARKERS = frozenset({Who.OVER, Who.DESK})
ESTATE = "estate"


@dataclass(frozen=True, slots=True)
class Marking:
    """`choices` are (key, name) as `mark_party` takes them; `estate`: its manager may be marked."""

    marked: tuple[str, ...]
    estate_marked: bool
    choices: tuple[tuple[str, str], ...]
    estate: bool


def marking(work: Work, incident: Incident) -> Marking | None:
    """For whoever directs the matter; None for everybody else, who sees nothing of it."""
    if not may_see(work, incident) or not MARKERS & relations(work, incident):
        return None
    about = parties_of(work, [incident.id]).get(incident.id, NOBODY)
    top = incident.grid_path.split("/", maxsplit=1)[0]
    held = accounts.below(work.session, top, work.now)
    names = {one.person_id: one.name for one in held if one.person_id != work.actor.person_id}
    marked = accounts.names(work.session, about.people)
    rest = sorted((name, key) for key, name in names.items() if key not in about.people)
    return Marking(
        tuple(sorted(marked.values())),
        bool(about.zones),
        tuple((f"person:{key}", name) for name, key in rest),
        bool(incident.zone) and incident.zone not in about.zones,
    )
