"""What a gridworker's phone keeps for the stairwell: what is theirs, and the ground it lies on.

Of a sealed matter a phone is given number and clock, enough to acknowledge it, and nothing more
(ADR 31). Names and contacts of reporters are in none of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from sqlalchemy import select

from gridtrack.access import Permission, require, scopes
from gridtrack.addresses.rules import Status
from gridtrack.addresses.store import ADDRESS
from gridtrack.categories import store as categories
from gridtrack.geo.box import Box
from gridtrack.grids import store as grids
from gridtrack.grids.rules import Grid
from gridtrack.incidents import store as incidents
from gridtrack.incidents.rules import State, allowed
from gridtrack.queries.inbox import inbox
from gridtrack.queries.maps import incidents_in
from gridtrack.queries.names import Line
from gridtrack.queries.scope import SEALED
from gridtrack.queries.standing import alone, relations
from gridtrack.work import Work

MOST_GRIDS = 60  # a leader's phone gets the first; whoever directs more has the board
MOST_PLATES = 4000
PLATES_AGE_S = 60.0


@dataclass(frozen=True, slots=True)
class Kept:
    """A matter of the inbox as a phone keeps it."""

    line: Line
    description: str
    actions: tuple[str, ...]  # by the state table; the door leaves those that need no signal
    required: tuple[str, ...]
    outcomes: tuple[tuple[str, str], ...]

    @property
    def sealed(self) -> bool:
        """True for a matter of which the phone keeps number and clock alone."""
        return self.line.sensitivity >= SEALED


@dataclass(frozen=True, slots=True)
class Plate:
    """A door plate of the ground."""

    id: int
    text: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Ground:
    """The base grids of a person's posts with their door plates."""

    mark: str
    grids: tuple[Grid, ...]
    plates: tuple[Plate, ...]


def kept_matters(work: Work, locale: str) -> tuple[Kept, ...]:
    """The actor's inbox as a phone keeps it, least time left first."""
    require(work.actor, Permission.WORK)
    page = inbox(work, locale)
    return tuple(_kept(work, one, locale) for one in (*page.waiting, *page.handling))


def _kept(work: Work, line: Line, locale: str) -> Kept:
    incident = incidents.get(work.session, line.id)
    barred = alone(work, incident)
    offered = allowed(State(line.state), relations(work, incident), alone_barred=barred)
    actions = tuple(one.value for one in offered)
    if line.sensitivity >= SEALED:
        return Kept(line, "", actions, (), ())
    tree = categories.tree(work.memo, work.settings.instance)
    category = tree.get(line.category)
    words = tuple((one, tree.words.outcomes[one].name(locale)) for one in category.outcomes)
    return Kept(line, incident.description, actions, category.required, words)


def open_matters(work: Work, ground: Ground) -> Sequence[dict[str, Any]]:
    """The open, unsealed matters on the ground, as GeoJSON features."""
    require(work.actor, Permission.WORK)
    if not ground.grids:
        return ()
    box = Box(*shapely.total_bounds([one.shape for one in ground.grids]).tolist())
    found: Sequence[dict[str, Any]] = incidents_in(work, box)["features"]
    return found


def ground(work: Work) -> Ground:
    """The base grids under the actor's posts, with the door plates that lie in them."""
    require(work.actor, Permission.WORK)
    edition = grids.edition_at(work.session, work.now)
    own = scopes(work.actor, Permission.WORK)
    if edition is None or not own:
        return Ground("none", (), ())
    key = ("field-ground", edition.id, edition.revision, own)

    def load() -> Ground:
        leaves = _leaves(work, edition.id, own)
        plates = _plates(work, leaves)
        size = len(plates), sum(one.id for one in plates)
        return Ground(f"{edition.id}:{edition.revision}:{own}:{size}", leaves, plates)

    return work.memo.get(key, load, PLATES_AGE_S)


def _leaves(work: Work, edition_id: int, own: Sequence[str]) -> tuple[Grid, ...]:
    found = [one for scope in own for one in grids.grids_of(work.session, edition_id, None, scope)]
    above = {one.parent for one in found}
    return tuple(one for one in found if one.code not in above)[:MOST_GRIDS]


def _plates(work: Work, leaves: Sequence[Grid]) -> tuple[Plate, ...]:
    if not leaves:
        return ()
    west, south, east, north = shapely.total_bounds([one.shape for one in leaves])
    rows = work.session.execute(
        select(ADDRESS.c.id, ADDRESS.c.text, ADDRESS.c.lon, ADDRESS.c.lat)
        .where(
            ADDRESS.c.status == Status.LIVE.value,
            ADDRESS.c.lon.between(float(west), float(east)),
            ADDRESS.c.lat.between(float(south), float(north)),
        )
        .order_by(ADDRESS.c.id)
    ).all()
    if not rows:
        return ()
    land = shapely.union_all([one.shape for one in leaves])
    shapely.prepare(land)
    inside = shapely.intersects_xy(
        land, np.array([one.lon for one in rows]), np.array([one.lat for one in rows])
    )
    return tuple(Plate(*one) for one, is_in in zip(rows, inside, strict=True) if is_in)[
        :MOST_PLATES
    ]
