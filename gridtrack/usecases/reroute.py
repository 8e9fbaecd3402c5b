"""Open matters whose place lies in other ground follow the law: a batch, one transaction.

Each is locked first, so a person who acts on it at the same instant comes before or after, never in
between. Killed at any point the batch is either done or still to do; done again, it does nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from gridtrack.access import Permission, require
from gridtrack.db.sql import guard_long_work
from gridtrack.deadlines.rules import Kind
from gridtrack.grids.lifecycle import Handover
from gridtrack.incidents import moving, rerouting
from gridtrack.incidents import store as incidents
from gridtrack.incidents.moving import Moving
from gridtrack.incidents.rerouting import Fate, Person
from gridtrack.incidents.rules import Happening, State
from gridtrack.notifications import store as notifications
from gridtrack.notifications.store import Told
from gridtrack.queries.responsible import Responsible
from gridtrack.routing.rules import Choice
from gridtrack.usecases.moves import Found
from gridtrack.usecases.place import Placed, ground, partition_now, placed_now, same_ground
from gridtrack.usecases.promise import Clocks
from gridtrack.usecases.tell import Facts, desk_of, facts, send
from gridtrack.work import Work

# A report that comes meanwhile waits for one batch at most (benchmarks/activation.py).
BATCH = 50


@dataclass(slots=True)
class Rerouted:
    """What a batch did, by fate, and the matters nobody is responsible for now."""

    stayed: int = 0
    went: int = 0
    to_desk: int = 0

    def add(self, other: "Rerouted") -> None:
        """Count another batch."""
        self.stayed += other.stayed
        self.went += other.went
        self.to_desk += other.to_desk


@dataclass(slots=True)
class _Writes:
    incidents: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    superseded: list[int] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)


def reroute(work: Work, found: Sequence[Found], handover: Handover) -> Rerouted:
    """Move up to `BATCH` matters into the ground that they lie in by the edition in force."""
    require(work.actor, Permission.ENGINE)
    assert len(found) <= BATCH
    guard_long_work(work.session)
    partition = partition_now(work)
    rows = moving.lock_all(work.session, [one.row.id for one in found])
    # Looked at again under the lock: somebody may have closed it, or moved it already.
    lying = [(row, placed_now(work, partition, row)) for row in rows if row.is_open]
    lying = [(row, placed) for row, placed in lying if not same_ground(row, placed)]
    if not lying:
        return Rerouted()
    batch = _Batch(work, lying, handover)
    for row, placed in lying:
        batch.take(row, placed)
    batch.write()
    return batch.done


class _Batch:
    """Who is on duty for the ground of a batch, found at once, and what is to be written."""

    def __init__(
        self, work: Work, lying: Sequence[tuple[Moving, Placed]], handover: Handover
    ) -> None:
        self.work, self.handover = work, handover
        self.done = Rerouted()
        self.writes = _Writes()
        self.responsible = Responsible(
            work,
            {placed.path for _, placed in lying},
            {placed.zone for _, placed in lying},
            [row.id for row, _ in lying if row.rung is not None],
            matters=[row.id for row, _ in lying],
        )

    def take(self, row: Moving, placed: Placed) -> None:
        """Decide about one matter."""
        fate = rerouting.fate(
            State(row.state),
            row.handler_role,
            same_ground=False,
            hand_over=self.handover.hand_over,
        )
        choice = self.responsible.choose(row, placed.path, placed.zone)
        to = _person(choice)
        changes = rerouting.changes(fate, ground(placed), to)
        data: dict[str, object] = {
            "from": row.grid_path,
            "into": placed.path,
            "edition": placed.edition_id,
            "fate": fate.value,
            "to": choice.handler.name if choice.handler and fate is not Fate.STAYS else None,
            "why": _why(choice) if fate is not Fate.STAYS else [],
        }
        if fate is Fate.ANEW and to is not None:
            changes |= self._promised(row, placed.path, data)
        self._count(fate, to)
        self._tell(row, fate, choice, changes)
        key = rerouting.key(placed.edition_id, row.id)
        happening = Happening("rerouted", self.work.now, changes, data, key)
        actor, now = self.work.actor, self.work.now
        self.writes.incidents.append(moving.moved(row, changes))
        self.writes.events += incidents.event_rows(row.id, row.version, [happening], actor, now)

    def write(self) -> None:
        """Write everything that was decided."""
        session = self.work.session
        moving.move(session, self.writes.incidents, self.work.now)
        incidents.append(session, self.writes.events)
        notifications.supersede_all(session, self.writes.superseded)
        send(self.work, self.writes.told)

    def _promised(self, row: Moving, path: str, data: dict[str, object]) -> dict[str, object]:
        """What is handed over gets its full time, as what a person assigns does."""
        clocks = Clocks(self.work, row)
        clocks.go_on()
        clocks.start((Kind.ACKNOWLEDGE,), routed=True, path=path)
        data |= clocks.said
        return {"rung": None, **clocks.changes()}

    def _count(self, fate: Fate, to: Person | None) -> None:
        if fate is Fate.STAYS or (fate is Fate.ANEW and to is None):
            self.done.stayed += 1
        elif to is None:
            self.done.to_desk += 1
        else:
            self.done.went += 1

    def _tell(self, row: Moving, fate: Fate, choice: Choice, changes: dict[str, Any]) -> None:
        """Whoever has it now is told, and whoever had it; each once for each edition."""
        path = changes["grid_path"]
        now = {name: changes.get(name, getattr(row, name)) for name in Facts.__slots__}
        about = facts(self.work, row.id, Facts.of(now))
        cause = rerouting.key(changes["edition_id"], row.id)
        for kind, people in self._whom(row, fate, choice, path).items():
            told = tuple(one for one in people if one is not None)
            groups = kind in ("assigned", "triage", "moved-in")
            if told:
                self.writes.told.append(
                    Told(f"{cause}:{kind}", kind, row.id, told, path, about, groups=groups)
                )

    def _whom(
        self, row: Moving, fate: Fate, choice: Choice, path: str
    ) -> dict[str, tuple[int | None, ...]]:
        had, new = row.handler_id, choice.handler.person_id if choice.handler else None
        if fate is Fate.STAYS or (fate is Fate.ANEW and new is None):
            told = self.handover.tell_new and new != had
            return {"moved-stays": (had,), "moved-in": (new if told else None,)}
        beside = choice.co_handler.person_id if choice.co_handler else None
        whom: dict[str, tuple[int | None, ...]] = {
            "co-assigned": (beside if beside != row.co_handler_id else None,)
        }
        if had != new or fate is Fate.ANEW:  # who has it already was asked already
            self.writes.superseded.append(row.id)
            desk = desk_of(self.work, path, row.sensitivity) if new is None else ()
            whom |= {"triage": desk, "assigned": (new,)}
        if had != new:
            whom["moved-away"] = (had,)
        return whom


def _person(choice: Choice) -> Person | None:
    if choice.handler is None:
        return None
    beside = choice.co_handler.person_id if choice.co_handler else None
    return Person(choice.handler.person_id, choice.handler.role, beside)


def _why(choice: Choice) -> list[dict[str, object]]:
    return [{"code": reason.code, **reason.params} for reason in choice.reasons]
