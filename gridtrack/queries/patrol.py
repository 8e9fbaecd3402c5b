"""What my grids were covered this week, which doors nobody came near, and the checkpoints."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import shapely

from gridtrack.access import Permission, require, scopes
from gridtrack.errors import Unauthenticated
from gridtrack.grids import store as grids
from gridtrack.patrol import store
from gridtrack.patrol.rules import visited
from gridtrack.patrol.tables import Checkpoint, Patrol
from gridtrack.queries.field import Ground, ground
from gridtrack.queries.names import grid_name
from gridtrack.work import Work

MOST_PATROLS = 10
MARGIN = 0.0005  # degrees around the grids: a door at the border is visited from outside


@dataclass(frozen=True, slots=True)
class Covered:
    """How many doors of my grids somebody came near since Monday, and those nobody did."""

    since: datetime
    doors: int
    visited: int
    missed: tuple[str, ...]

    @property
    def percent(self) -> int:
        """Whole percent; 100 only where every door was visited."""
        return 0 if not self.doors else int(100 * self.visited / self.doors)


@dataclass(frozen=True, slots=True)
class Mark:
    """A checkpoint with when it was passed last."""

    code: str
    name: str
    grid: str
    passed_at: datetime | None


@dataclass(frozen=True, slots=True)
class PatrolPage:
    """Everything the patrol page shows."""

    covered: Covered
    patrols: Sequence[Patrol]
    marks: tuple[Mark, ...]
    now: datetime


def patrol_page(work: Work, locale: str) -> PatrolPage:
    """My week on patrol."""
    require(work.actor, Permission.WORK)
    me = work.actor.person_id
    if me is None:
        raise Unauthenticated("login-required")
    patrols = store.patrols_of(work.session, me, MOST_PATROLS)
    found = store.checkpoints(work.session, scopes(work.actor, Permission.WORK))
    return PatrolPage(_covered(work, ground(work)), patrols, _marks(work, found, locale), work.now)


def checkpoints_page(work: Work, locale: str) -> tuple[tuple[Mark, ...], list[tuple[str, str]]]:
    """The checkpoints of the grids that the actor directs, and those grids by path and name."""
    require(work.actor, Permission.DIRECT)
    own = scopes(work.actor, Permission.DIRECT)
    marks = _marks(work, store.checkpoints(work.session, own), locale)
    edition = grids.edition_at(work.session, work.now)
    if edition is None:
        return marks, []
    found = [one for scope in own for one in grids.grids_of(work.session, edition.id, None, scope)]
    above = {one.parent for one in found}
    leaves = [one for one in found if one.code not in above]
    return marks, [(one.path, grid_name(work, edition.id, one.code, locale)) for one in leaves]


def checkpoint_at(work: Work, code: str, locale: str) -> Mark:
    """The checkpoint of a code, for whoever works."""
    require(work.actor, Permission.WORK)
    return _marks(work, [store.checkpoint(work.session, code)], locale)[0]


def _marks(work: Work, found: Sequence[Checkpoint], locale: str) -> tuple[Mark, ...]:
    passed = store.last_passes(work.session, [one.id for one in found])
    edition = grids.edition_at(work.session, work.now)
    known = grids.names(work.session, work.memo, edition.id, locale) if edition else {}
    codes = {one.id: one.grid_path.rsplit("/", maxsplit=1)[-1] for one in found}
    return tuple(
        Mark(one.code, one.name, known.get(codes[one.id], codes[one.id]), passed.get(one.id))
        for one in found
    )


def _covered(work: Work, land: Ground) -> Covered:
    since = _monday(work)
    if not land.plates:
        return Covered(since, 0, 0, ())
    west, south, east, north = shapely.total_bounds([one.shape for one in land.grids]).tolist()
    box = (west - MARGIN, south - MARGIN, east + MARGIN, north + MARGIN)
    track = np.array(store.fine_points(work.session, since, box), dtype=float).reshape(-1, 2)
    doors = np.array([(one.lon, one.lat) for one in land.plates], dtype=float)
    near = visited(doors, track)
    missed = tuple(one.text for one, was in zip(land.plates, near, strict=True) if not was)
    return Covered(since, len(land.plates), int(near.sum()), missed)


def _monday(work: Work) -> datetime:
    zone = ZoneInfo(work.settings.timezone)
    today = work.now.astimezone(zone).date()
    return datetime.combine(today - timedelta(days=today.weekday()), time(), tzinfo=zone)
