"""How much each gridworker would have before and after. A part of the impact page."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import func, select

from gridtrack.access import Permission, require
from gridtrack.accounts.rules import Holder
from gridtrack.grids.changes import ChangedGround
from gridtrack.grids.store import GRID
from gridtrack.incidents.moving import Moving
from gridtrack.incidents.rerouting import Fate
from gridtrack.incidents.tables import Incident
from gridtrack.work import Work


class Passing(Protocol):
    """A matter that would move, and to whom."""

    @property
    def row(self) -> Moving: ...
    @property
    def fate(self) -> Fate: ...
    @property
    def to_id(self) -> int | None: ...


Homes = tuple[Mapping[str, int], Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two editions, and the paths by which posts follow from one to the other."""

    before_id: int
    after_id: int
    moves: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Load:
    """A person before and after: open matters, base grids and their area, households.

    Households are those of the changed grids: what goes and what comes.
    """

    name: str
    matters: tuple[int, int]
    grids: tuple[int, int]
    households: tuple[int, int]
    area_m2: tuple[float, float]


def loads(
    work: Work,
    pair: Pair,
    ground: ChangedGround,
    passing: Sequence[Passing],
    *,
    holders: Sequence[Holder],
    homes: Homes | None,
) -> tuple[Load, ...]:
    """Everybody whose grids or matters would change, by name.

    `homes` are the households of the door-plate book by path, before and after; None: those written
    at the grids.
    """
    require(work.actor, Permission.GRIDS_DRAW)
    names = {h.person_id: h.name for h in holders}
    posts: dict[int, set[str]] = {}
    for holder in holders:
        if holder.role == "gridworker" and not holder.deputy:
            posts.setdefault(holder.person_id, set()).add(holder.scope)
    changed = {*ground.lost, *ground.new}
    going = [one for one in passing if one.fate is not Fate.STAYS]
    out = Counter(one.row.handler_id for one in going)
    into = Counter(one.to_id for one in going)
    people = {who for who, scopes in posts.items() if scopes & changed}
    people |= {who for who in (*out, *into) if who is not None}
    held = {who: (mine, {pair.moves.get(p, p) for p in mine}) for who, mine in posts.items()}
    scopes = {p for who in people for side in held.get(who, ()) for p in side}
    sizes = [_sizes(work, edition_id, scopes) for edition_id in (pair.before_id, pair.after_id)]
    open_now = _open_now(work, people)
    found = []
    for who in people & set(names):
        mine = held.get(who, (set(), set()))
        had = open_now[who]
        found.append(
            Load(
                names[who],
                (had, had - out[who] + into[who]),
                _both(len([p for p in mine[n] if p in side]) for n, side in enumerate(sizes)),
                _both(
                    sum(_homes(path, side, homes and homes[n]) for path in mine[n] & changed)
                    for n, side in enumerate(sizes)
                ),
                _both(
                    sum(side[p][1] for p in mine[n] if p in side) for n, side in enumerate(sizes)
                ),
            )
        )
    return tuple(sorted(found, key=lambda load: load.name))


def _homes(path: str, side: Mapping[str, tuple[int, float]], book: Mapping[str, int] | None) -> int:
    if path not in side:
        return 0
    return side[path][0] if book is None else book.get(path, 0)


def _both(given: Iterable[float]) -> tuple[int, int]:
    before, after = given
    return int(before), int(after)


def _sizes(work: Work, edition_id: int, paths: set[str]) -> dict[str, tuple[int, float]]:
    """Households and square metres of the grids at `paths`, as far as the edition has them."""
    wanted = sorted(paths)
    found: dict[str, tuple[int, float]] = {}
    for start in range(0, len(wanted), 500):
        rows = work.session.execute(
            select(GRID.c.path, GRID.c.households, GRID.c.area_m2).where(
                GRID.c.edition_id == edition_id, GRID.c.path.in_(wanted[start : start + 500])
            )
        )
        found |= {row.path: (row.households or 0, row.area_m2) for row in rows}
    return found


def _open_now(work: Work, people: set[int]) -> Counter[int]:
    wanted, found = sorted(people), Counter[int]()
    for start in range(0, len(wanted), 500):
        rows = work.session.execute(
            select(Incident.handler_id, func.count())
            .where(Incident.handler_id.in_(wanted[start : start + 500]), Incident.is_open)
            .group_by(Incident.handler_id)
        )
        found.update({who: count for who, count in rows if who is not None})
    return found
