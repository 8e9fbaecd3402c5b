"""A person keeps a filter of the board under a name, or drops it. Nobody else sees it."""

from gridtrack.access import Permission, require
from gridtrack.errors import Conflict, Invalid
from gridtrack.incidents.intake import tidy_text
from gridtrack.screens import store
from gridtrack.work import Work

NAME_LIMIT = 40
QUERY_LIMIT = 600
MOST = 30


def save_view(work: Work, name: str, query: str) -> None:
    """Keep `query` under `name`; the one of that name is written over.

    Raises Invalid without a name or with a long one, Conflict where a person has many already.
    """
    require(work.actor, Permission.DIRECT)
    said = tidy_text("name", name, NAME_LIMIT)
    if not said:
        raise Invalid("required", field="name")
    me = work.actor.person_id
    assert me is not None
    known = {one.name for one in store.views(work.session, me)}
    if said not in known and len(known) >= MOST:
        raise Conflict("views-full", limit=MOST)
    store.keep_view(work.session, me, said, query[:QUERY_LIMIT], work.now)


def drop_view(work: Work, view_id: int) -> None:
    """Drop one of the actor's own views; one that is not there is dropped already."""
    require(work.actor, Permission.DIRECT)
    me = work.actor.person_id
    assert me is not None
    store.drop_view(work.session, me, view_id)
