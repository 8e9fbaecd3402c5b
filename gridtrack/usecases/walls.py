"""A screen on the wall has a key of its own: it shows one scope, may nothing else, and can end."""

from gridtrack.access import Permission, require
from gridtrack.accounts.rules import new_token, token_digest
from gridtrack.errors import Conflict, Invalid, NotFound
from gridtrack.incidents.intake import tidy_text
from gridtrack.screens import store
from gridtrack.screens.tables import Wall
from gridtrack.work import Work

NAME_LIMIT = 40
MOST = 50


def open_wall(work: Work, name: str, scope: str) -> str:
    """Make a key for a screen over `scope`; it is shown now and never again.

    Raises Invalid without a name, Forbidden for a scope that the actor does not direct.
    """
    require(work.actor, Permission.DIRECT, scope)
    said = tidy_text("name", name, NAME_LIMIT)
    if not said:
        raise Invalid("required", field="name")
    if len(store.walls(work.session)) >= MOST:
        raise Conflict("walls-full", limit=MOST)
    me = work.actor.person_id
    assert me is not None
    key = new_token()
    row = Wall(digest=token_digest(key), name=said, scope=scope, made_by=me, made_at=work.now)
    store.add_wall(work.session, row)
    return key


def close_wall(work: Work, wall_id: int) -> None:
    """End a key: the screen shows nothing more. Raises NotFound for one that is not the actor's."""
    require(work.actor, Permission.DIRECT)
    wall = store.wall(work.session, wall_id)
    if wall is None:
        raise NotFound("wall-not-found")
    require(work.actor, Permission.DIRECT, wall.scope)
    if wall.ended_at is None:
        wall.ended_at = work.now
        work.session.flush()
