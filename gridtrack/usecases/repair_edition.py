"""Repair faults of a draft: worked out and shown first, then done as shown, with its record."""

from collections.abc import Collection
from dataclasses import dataclass

from gridtrack.access import Permission, require
from gridtrack.errors import Conflict, Invalid
from gridtrack.grids import drafts, editions
from gridtrack.grids import store as grids
from gridtrack.grids.check import Rule
from gridtrack.grids.drawing import Change
from gridtrack.grids.findings import fault_of
from gridtrack.grids.lifecycle import Act, State, follow
from gridtrack.grids.repairs import Kind, Repair, repair
from gridtrack.grids.surroundings import Ground
from gridtrack.grids.tables import Edition
from gridtrack.usecases.check_edition import require_revision
from gridtrack.usecases.write_edit import Edit, write_edit
from gridtrack.work import Work

_NAMED = 200  # grids whose ground the record tells; all are in the edit


@dataclass(frozen=True, slots=True)
class Planned:
    """A repair of an edition at a revision."""

    edition_id: int
    revision: int
    repair: Repair


def plan_repair(work: Work, edition_id: int, kind: Kind, numbers: Collection[int] = ()) -> Planned:
    """Work out what a repair would do to the faults of the last check, those named or all of them.

    Only reads, and may take seconds. Raises NotFound; Conflict: "edition-state",
    "edition-not-checked".
    """
    require(work.actor, Permission.GRIDS_DRAW)
    one = grids.edition(work.session, edition_id)
    follow(State(one.state), Act.EDIT)
    if one.findings is None or one.checked_revision != one.revision:
        raise Conflict("edition-not-checked", id=one.id)
    rows = one.findings["faults"]
    faults = [fault_of(row) for n, row in enumerate(rows) if not numbers or n in numbers]
    ground = Ground.of(grids.grids_of(work.session, edition_id), Rule(**one.findings["rule"]))
    return Planned(edition_id, one.revision, repair(ground, kind, faults))


def apply_repair(work: Work, planned: Planned) -> Edition:
    """Do what was worked out, to the draft as it was then; it can be undone like any edit.

    Raises NotFound; Invalid("repair-nothing"); Conflict: "edition-state",
    "edition-other-revision".
    """
    require(work.actor, Permission.GRIDS_EDIT)
    one = editions.take_up(work.session, planned.edition_id)
    require_revision(one, planned.revision)
    follow(State(one.state), Act.EDIT)
    done = planned.repair
    if not done.changes:
        raise Invalid("repair-nothing", field="kind", value=done.kind.value)
    counts = drafts.households(work.session, one.id, [c.before.code for c in done.changes])
    changes = [Change(c.before, c.after) for c in done.changes]
    number = write_edit(work, one, Edit(changes, counts, counts))
    said = {**told(done), "edit": number, "revision": one.revision}
    grids.record(work.session, one.id, "repaired", said, actor=work.actor, at=work.now)
    return one


def told(done: Repair) -> dict[str, object]:
    """A repair as the record and the command tell it: each grid before and after in m2."""
    return {
        "repair": done.kind.value,
        "done": done.done,
        "left": done.left,
        "moved_m2": round(done.moved_m2, 3),
        "count": len(done.changes),
        "grids": [change.before.code for change in done.changes[:_NAMED]],
        "effects": [
            {
                "grid": change.before.code,
                "before_m2": round(change.before_m2, 3),
                "after_m2": round(change.after_m2, 3),
                "gone": change.after is None,
                "parent": None if change.after is None else change.after.parent,
                "parent_before": change.before.parent,
            }
            for change in done.changes[:_NAMED]
        ],
    }
