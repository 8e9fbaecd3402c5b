"""What would change hands if an edition came into force now: matters, plates, workers, posts.

Read like the move itself (usecases/moves.py), and nothing is written. The base grids of the
edition are only read around the ground that changes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from gridtrack.access import Permission, require
from gridtrack.accounts import store as accounts
from gridtrack.accounts.rules import Holder
from gridtrack.grids import editions
from gridtrack.grids import store as grids
from gridtrack.grids.changes import ChangedGround, changed_ground, leaves_near, moved_paths
from gridtrack.grids.partition import Partition
from gridtrack.grids.store import GRID
from gridtrack.incidents import moving
from gridtrack.incidents.moving import Moving
from gridtrack.incidents.rerouting import Fate, fate
from gridtrack.incidents.rules import State
from gridtrack.incidents.tables import Incident
from gridtrack.queries.edition import Other
from gridtrack.queries.impact_doors import Doors, doors_moved
from gridtrack.queries.impact_work import Load, Pair, loads
from gridtrack.queries.names import Line, lines
from gridtrack.queries.responsible import Responsible
from gridtrack.queries.scope import visible
from gridtrack.queries.who_sees import SEALED
from gridtrack.work import Work

MATTERS_SHOWN = 200
POSTS_SHOWN = 200
METRES_PER_DEGREE = 111_000
_MANY = 500


@dataclass(frozen=True, slots=True)
class Passing:
    """An open matter whose place would lie in other ground; `to` is empty for the desk."""

    row: Moving
    path: str
    code: str | None
    fate: Fate
    to_id: int | None
    to: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A matter that would move, for somebody who may see it."""

    line: Line
    code: str | None
    grid: str  # its name in the edition
    fate: str
    to: str


@dataclass(frozen=True, slots=True)
class Impact:
    """Everything the impact page shows."""

    before: Other | None
    lost: int  # base grids that are no more the same
    new: int
    counts: dict[str, int]  # matters by fate, and those that would be the desk's
    matters: tuple[Shown, ...]
    hidden: int  # matters that this reader may not see, sealed ones among them
    sealed_hidden: int
    doors: Doors | None
    loads: tuple[Load, ...]
    posts_moved: int  # that go on over the new path of their grid
    posts_without_ground: tuple[tuple[str, str, str], ...]  # name, role, path
    grids_without_worker: tuple[tuple[str, str], ...]  # code, path


def impact(work: Work, edition_id: int, locale: str) -> Impact:
    """What the edition would change, beside the one that it follows; raises NotFound."""
    require(work.actor, Permission.GRIDS_DRAW)
    one = grids.edition(work.session, edition_id)
    last = (
        grids.edition_at(work.session, work.now)
        if one.valid_from is None
        else editions.last_before(work.session, one, one.valid_from)
    )
    if last is None:
        return _nothing()
    ground = changed_ground(work.session, last.id, one.id)
    margin = work.settings.snap_m / METRES_PER_DEGREE * 2
    near = leaves_near(work.session, one.id, ground.boxes, margin)
    after = Partition(near, edition_id=one.id)
    names = {grid.code: (locale == "en" and grid.name_en) or grid.name for grid in near}
    moves = moved_paths(work.session, last.id, one.id)
    passing = _passing(work, ground, after, moves)
    seen = _shown(work, passing, names, locale)
    hidden = [p for p in passing if p.row.id not in {shown.line.id for shown in seen}]
    holders = accounts.below(work.session, "", work.now)
    before = grids.partition_of(work.session, work.memo, last.id, last.revision)
    doors = doors_moved(work, ground.boxes, before, after)
    pair = Pair(last.id, one.id, moves)
    homes = (doors.homes_before, doors.homes_after) if doors else None
    return Impact(
        before=Other(last.id, last.name, last.state),
        lost=len(ground.lost),
        new=len(ground.new),
        counts=_counts(passing),
        matters=tuple(seen[:MATTERS_SHOWN]),
        hidden=len(hidden),
        sealed_hidden=sum(p.row.sensitivity >= SEALED for p in hidden),
        doors=doors,
        loads=loads(work, pair, ground, passing, holders=holders, homes=homes),
        posts_moved=sum(h.scope in moves and h.zone is None for h in holders),
        posts_without_ground=_posts_without_ground(work, pair, holders),
        grids_without_worker=_without_worker(ground, holders, moves),
    )


def _nothing() -> Impact:
    return Impact(None, 0, 0, {}, (), 0, 0, None, (), 0, (), ())


def _passing(
    work: Work, ground: ChangedGround, after: Partition, moves: Mapping[str, str]
) -> list[Passing]:
    rows = {row.id: row for row in moving.open_at(work.session, ground.lost)}
    for box in ground.gained:
        rows |= {row.id: row for row in moving.open_outside(work.session, box)}
    found = []
    for row in rows.values():
        if row.lon is None or row.lat is None:
            continue
        located = after.locate(row.lon, row.lat, snap_m=work.settings.snap_m)
        if (located.path, located.code) != (row.grid_path, row.grid_code):
            found.append((row, located.path, located.code))
    responsible = Responsible(
        work,
        {path for _, path, _ in found},
        {row.zone for row, _, _ in found},
        [row.id for row, _, _ in found if row.rung is not None],
        moves,
    )
    return [_one(responsible, *one) for one in found]


def _one(responsible: Responsible, row: Moving, path: str, code: str | None) -> Passing:
    what = fate(State(row.state), row.handler_role, same_ground=False)
    to = responsible.choose(row, path, row.zone).handler
    who, name = (to.person_id, to.name) if to is not None else (None, "")
    return Passing(row, path, code, what, who, name)


def _counts(passing: Iterable[Passing]) -> dict[str, int]:
    counts = dict.fromkeys(("goes", "desk", "stays"), 0)
    for one in passing:
        if one.fate is Fate.STAYS:
            counts["stays"] += 1
        else:
            counts["goes" if one.to_id is not None else "desk"] += 1
    return counts


def _shown(
    work: Work, passing: Sequence[Passing], names: Mapping[str, str], locale: str
) -> list[Shown]:
    """Those that this reader may see, in the order of their ids."""
    by_id = {one.row.id: one for one in passing}
    ids = sorted(by_id)
    rows: list[Any] = []
    for start in range(0, len(ids), _MANY):
        wanted = Incident.id.in_(ids[start : start + _MANY])
        rows += work.session.scalars(select(Incident).where(wanted, visible(work.actor)))
    found = []
    for line in sorted(lines(work, rows, locale), key=lambda line: line.id):
        one = by_id[line.id]
        name = names.get(one.code or "", one.code or "")
        found.append(Shown(line, one.code, name, one.fate.value, one.to))
    return found


def _posts_without_ground(
    work: Work, pair: Pair, holders: Sequence[Holder]
) -> tuple[tuple[str, str, str], ...]:
    """Posts over a grid that the edition has not: nobody moves them but people."""
    before, after = (
        set(work.session.scalars(select(GRID.c.path).where(GRID.c.edition_id == one)))
        for one in (pair.before_id, pair.after_id)
    )
    left = {
        (h.name, h.role, h.scope)
        for h in holders
        if h.scope
        and h.zone is None
        and h.scope in before
        and h.scope not in after
        and h.scope not in pair.moves
    }
    return tuple(sorted(left, key=lambda post: post[2])[:POSTS_SHOWN])


def _without_worker(
    ground: ChangedGround, holders: Iterable[Holder], moves: Mapping[str, str]
) -> tuple[tuple[str, str], ...]:
    working = (h.scope for h in holders if h.role == "gridworker" and h.present)
    manned = {moves.get(scope, scope) for scope in working}
    return tuple(
        (path.rsplit("/", maxsplit=1)[-1], path) for path in ground.new if path not in manned
    )[:POSTS_SHOWN]
