"""What belongs to a matter: what it repeats, what repeats it, what it is part of, its parts."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from gridtrack.incidents import family_store as family
from gridtrack.incidents import store as incidents
from gridtrack.incidents.tables import Incident
from gridtrack.queries.names import Line, lines
from gridtrack.queries.scope import visible
from gridtrack.queries.standing import may_see
from gridtrack.work import Work


@dataclass(frozen=True, slots=True)
class Kin:
    """Matters that belong to one, such of them as its reader may see."""

    original: Line | None = None  # what it is a duplicate of
    repeats: tuple[Line, ...] = ()
    parent: Line | None = None
    children: tuple[Line, ...] = ()

    @property
    def any(self) -> bool:
        """True where there is something to show."""
        return bool(self.original or self.repeats or self.parent or self.children)


def kin(work: Work, incident_id: int, locale: str) -> Kin:
    """What belongs to a matter that the reader may see; nothing of one they may not."""
    incident = incidents.get(work.session, incident_id)
    if not may_see(work, incident):
        return Kin()
    parent = family.parent_of(work.session, incident_id)
    repeats = family.repeats_of(work.session, incident_id)
    children = family.children_of(work.session, incident_id)
    asked = {one for one in (incident.duplicate_of, parent, *repeats, *children) if one is not None}
    if not asked:
        return Kin()
    rows = work.session.scalars(select(Incident).where(Incident.id.in_(asked), visible(work.actor)))
    known = {line.id: line for line in lines(work, rows, locale)}

    def those(ids: Iterable[int]) -> tuple[Line, ...]:
        return tuple(known[one] for one in ids if one in known)

    original, above = known.get(incident.duplicate_of or 0), known.get(parent or 0)
    return Kin(original, those(repeats), above, those(children))
