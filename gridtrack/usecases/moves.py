"""What an edition that came into force leaves to do: which open matters lie in changed ground.

What is left is read from the matters themselves, so a move that was killed goes on where it stood.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from gridtrack.access import Permission, require
from gridtrack.grids import editions
from gridtrack.grids import store as grids
from gridtrack.grids.changes import ChangedGround, changed_ground
from gridtrack.grids.lifecycle import Handover
from gridtrack.grids.store import EDITION, ENTRY
from gridtrack.incidents import moving, rerouting
from gridtrack.incidents.moving import Moving
from gridtrack.usecases.place import Placed, partition_now, placed_now, same_ground
from gridtrack.work import Work

# For so long reports may still come in that another process placed by the edition before: it sees
# the new one within two seconds, and a transaction may last a minute.
SETTLE = timedelta(minutes=2)
# A report is stamped by its own machine's clock.
SKEW = timedelta(minutes=1)
METRES_PER_DEGREE = 111_000
NONE = ChangedGround()


@dataclass(frozen=True, slots=True)
class Move:
    """The move of one edition: what ground changed when it came into force, and what was decided.

    Matters are placed by the edition in force now, which may be a later one.
    """

    edition_id: int
    begun_at: datetime
    ground: ChangedGround
    handover: Handover


@dataclass(frozen=True, slots=True)
class Found:
    """A matter whose place lies in other ground than its row says, and that ground."""

    row: Moving
    placed: Placed


def find_move(
    work: Work, known: Move | None = None, settled: set[int] | None = None
) -> Move | None:
    """The oldest edition in force whose matters have not all been looked at; None: all have.

    `known` is the answer of the last time: what ground changed is then not asked again. `settled`
    remembers the editions that have nothing left, so that an idle look is one small question.
    """
    require(work.actor, Permission.ENGINE)
    over = settled if settled is not None else set()
    begun = work.session.execute(
        select(EDITION.c.id, EDITION.c.valid_from)
        .where(EDITION.c.valid_from <= work.now)
        .order_by(EDITION.c.valid_from, EDITION.c.id)
    )
    for one in begun.all():
        if one.id in over:
            continue
        if _is_settled(work, one.id):
            over.add(one.id)
        elif known is not None and known.edition_id == one.id:
            return known
        else:
            return _move_of(work, one.id, one.valid_from)
    return None


def _is_settled(work: Work, edition_id: int) -> bool:
    """True where its move is written down; and for what began before there was a record."""
    kinds = work.session.scalars(
        select(ENTRY.c.kind).where(
            ENTRY.c.edition_id == edition_id, ENTRY.c.kind.in_(("activated", "scheduled", "moved"))
        )
    ).all()
    return "moved" in kinds or not kinds


def _move_of(work: Work, edition_id: int, begun_at: datetime) -> Move:
    one = grids.edition(work.session, edition_id)
    last = editions.last_before(work.session, one, begun_at)
    ground = NONE if last is None else changed_ground(work.session, last.id, one.id)
    return Move(one.id, begun_at, ground, _decided(work, one.id))


def _decided(work: Work, edition_id: int) -> Handover:
    for entry in grids.entries(work.session, edition_id):
        if "handover" in entry.data:
            return Handover.of(entry.data["handover"])
    return Handover()


def to_move(work: Work, move: Move) -> list[Found]:
    """The open matters of the changed ground that now lie in other ground. Reads no other row."""
    require(work.actor, Permission.ENGINE)
    rows = moving.open_at(work.session, move.ground.lost)
    return _elsewhere(work, [*rows, *_outside(work, move)])


def late_comers(work: Work, move: Move) -> list[Found]:
    """Matters that were reported about then and placed by the edition before."""
    require(work.actor, Permission.ENGINE)
    partition = partition_now(work)
    since = move.begun_at - SKEW
    edition_id = partition.edition_id or 0
    rows = moving.open_since(work.session, move.ground.lost, since, edition_id)
    return _elsewhere(work, [*rows, *_outside(work, move)])


def _outside(work: Work, move: Move) -> list[Moving]:
    """What no grid covered and one may cover now, or reach."""
    snap = work.settings.snap_m / METRES_PER_DEGREE * 2  # a degree of longitude is shorter
    found: dict[int, Moving] = {}
    for west, south, east, north in move.ground.gained:
        box = (west - snap, south - snap, east + snap, north + snap)
        found |= {row.id: row for row in moving.open_outside(work.session, box)}
    lost = set(move.ground.lost)
    return [row for row in found.values() if row.grid_path not in lost]


def _elsewhere(work: Work, rows: list[Moving]) -> list[Found]:
    partition = partition_now(work)
    found = (Found(row, placed_now(work, partition, row)) for row in rows)
    return [one for one in found if not same_ground(one.row, one.placed)]


def finish_move(work: Work, move: Move) -> bool:
    """Write down that an edition's matters have been moved, once its settling time is over."""
    require(work.actor, Permission.ENGINE)
    if move.ground and work.now < move.begun_at + SETTLE:
        return False
    editions.take_up(work.session, move.edition_id)
    kinds = {entry.kind for entry in grids.entries(work.session, move.edition_id)}
    if "moved" not in kinds:
        count = moving.count_events(work.session, rerouting.prefix(move.edition_id))
        said = {"count": count}
        grids.record(work.session, move.edition_id, "moved", said, actor=work.actor, at=work.now)
    return True
