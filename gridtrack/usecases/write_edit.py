"""Write a change of a draft that can be undone: rows, revision, state and the edit itself.

One step of several verbs: drawing, undoing, repairing, renumbering. The line in the record is each
verb's own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import shapely

from gridtrack.access import Permission, require
from gridtrack.geo.metric import Plane, plane_of, plane_over
from gridtrack.grids import drafts
from gridtrack.grids.drawing import Change
from gridtrack.grids.lifecycle import Act, State, follow
from gridtrack.grids.tables import Edition
from gridtrack.work import Work

Counts = Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class Edit:
    """What is written at once. Households are named by code; what `after` leaves out stays."""

    changes: Sequence[Change]
    before: Counts
    after: Counts
    operations: Sequence[Mapping[str, Any]] = field(default=())
    undoes: int | None = None


def write_edit(work: Work, one: Edition, edit: Edit) -> int:
    """Write an edit; its number. What was checked is a draft again, and its findings are old.

    Raises Conflict("edition-state") for what is no draft.
    """
    require(work.actor, Permission.GRIDS_DRAW)
    one.state = follow(State(one.state), Act.EDIT).value
    drafts.put(work.session, one.id, edit.changes, edit.after, plane_for(one, edit.changes))
    one.revision += 1
    work.session.flush()  # look-ups in the same work do not autoflush
    row = {
        "edition_id": one.id,
        "revision": one.revision,
        "at": work.now,
        "actor_id": work.actor.person_id,
        "actor_name": work.actor.name[:80],
        "operations": list(edit.operations),
        "changes": [
            {
                "before": drafts.kept(c.before, edit.before),
                "after": drafts.kept(c.after, edit.after),
            }
            for c in edit.changes
        ],
        "undoes": edit.undoes,
    }
    return drafts.add_edit(work.session, row)


def plane_for(one: Edition, changes: Sequence[Change]) -> Plane:
    """The plane that areas of an edition are measured in: its own, else one over what changed."""
    named = str(one.source.get("plane") or "")
    if named:
        return plane_of(named)
    shapes = [grid.shape for c in changes for grid in (c.before, c.after) if grid]
    return plane_over(shapes or [shapely.Polygon()])
