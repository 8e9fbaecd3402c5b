"""The views of the board that the reader kept."""

from dataclasses import dataclass

from gridtrack.access import Permission, require
from gridtrack.screens import store
from gridtrack.work import Work


@dataclass(frozen=True, slots=True)
class Kept:
    """A view: its name, and the query of its address."""

    id: int
    name: str
    query: str


def saved_views(work: Work) -> tuple[Kept, ...]:
    """The reader's own, by name."""
    require(work.actor, Permission.DIRECT)
    me = work.actor.person_id
    found = store.views(work.session, me) if me is not None else ()
    return tuple(Kept(one.id, one.name, one.query) for one in found)
