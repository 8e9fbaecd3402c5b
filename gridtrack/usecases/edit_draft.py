"""Draw in a draft: apply operations to it at the revision that the editor saw, or undo an edit."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import shapely

from gridtrack.access import Permission, permits, require
from gridtrack.errors import Conflict, Forbidden
from gridtrack.grids import drafts, editions
from gridtrack.grids import store as grids
from gridtrack.grids.drawing import Change, Drawn, foreign, households_after
from gridtrack.grids.lifecycle import Act, State, follow
from gridtrack.grids.operations import Operation, as_data
from gridtrack.grids.rules import Fault
from gridtrack.grids.tables import Edition
from gridtrack.grids.touched import Judged, judge, refusal
from gridtrack.usecases.write_edit import Edit, plane_for, write_edit
from gridtrack.work import Work

_NAMED = 40  # grids that the record names; all are in the edit


@dataclass(frozen=True, slots=True)
class Edited:
    """A draft after an edit, or as it would be: what changed, and what is wrong around it."""

    revision: int
    changes: tuple[Change, ...]
    faults: tuple[tuple[Fault, shapely.Geometry], ...] = ()


def preview_edit(work: Work, edition_id: int, operations: Sequence[Operation]) -> Edited:
    """What `edit_draft` would do now; writes nothing. Raises what that raises but for conflicts."""
    require(work.actor, Permission.GRIDS_DRAW)
    one = grids.edition(work.session, edition_id)
    follow(State(one.state), Act.EDIT)
    done, judged = _drawn(work, one, operations)
    return Edited(one.revision, done.changes, judged.faults)


def edit_draft(
    work: Work, edition_id: int, operations: Sequence[Operation], revision: int
) -> Edited:
    """Apply the operations to the draft at `revision`; all or nothing.

    An operation never makes a fault that was not there; those that were stay, and are told. Raises
    NotFound; Forbidden("draw-outside-scope"); Conflict: "edition-state", "edition-changed"
    naming who and when; Invalid.
    """
    require(work.actor, Permission.GRIDS_DRAW)
    one = editions.take_up(work.session, edition_id)
    _same_revision(work, one, revision)
    follow(State(one.state), Act.EDIT)
    done, judged = _drawn(work, one, operations)
    before = drafts.households(
        work.session, one.id, [c.before.code for c in done.changes if c.before]
    )
    after = households_after(operations, before)
    data = [as_data(operation) for operation in operations]
    _write(work, one, Edit(done.changes, before, after, data))
    return Edited(one.revision, done.changes, judged.faults)


def undo_edit(work: Work, edition_id: int, edit_id: int, revision: int) -> Edited:
    """Take an edit back, as an edit of its own; taking that one back does it again.

    Raises what `edit_draft` raises, and Conflict: "edit-undone", "edit-built-upon".
    """
    require(work.actor, Permission.GRIDS_DRAW)
    one = editions.take_up(work.session, edition_id)
    _same_revision(work, one, revision)
    follow(State(one.state), Act.EDIT)
    edit = drafts.edit(work.session, one.id, edit_id)
    if drafts.undone_by(work.session, edit_id) is not None:
        raise Conflict("edit-undone", id=edit_id)
    changes = tuple(
        Change(drafts.unkept(row["after"]), drafts.unkept(row["before"])) for row in edit.changes
    )
    _require_untouched(work, one.id, changes)
    _require_own(work, changes)
    was, now = (
        {row[side]["code"]: row[side]["households"] for row in edit.changes if row[side]}
        for side in ("before", "after")
    )
    _write(work, one, Edit(changes, now, was, undoes=edit_id))
    return Edited(one.revision, changes)


def _drawn(work: Work, one: Edition, operations: Sequence[Operation]) -> tuple[Drawn, Judged]:
    done = drafts.drawn(work.session, one.id, operations)
    _require_own(work, done.changes)
    judged = judge(done, plane_for(one, done.changes), one.tolerance_m)
    if judged.made:
        raise refusal(judged.made[0])
    return done, judged


def _require_own(work: Work, changes: Sequence[Change]) -> None:
    """Raise Forbidden where a change is not inside the actor's scopes, all of it."""
    actor = work.actor
    others = foreign(changes, lambda path: permits(actor, Permission.GRIDS_DRAW, path))
    if others:
        raise Forbidden("draw-outside-scope", grids=others)


def _same_revision(work: Work, one: Edition, revision: int) -> None:
    if one.revision == revision:
        return
    by, at = drafts.last_line(work.session, one.id) or (one.created_by, one.created_at)
    local = at.astimezone(ZoneInfo(work.settings.timezone))
    raise Conflict(
        "edition-changed", id=one.id, revision=one.revision, by=by, at=f"{local:%Y-%m-%d %H:%M}"
    )


def _require_untouched(work: Work, edition_id: int, changes: Sequence[Change]) -> None:
    """Raise Conflict where a grid is not any more what the edit made of it."""
    codes = {grid.code for c in changes for grid in (c.before, c.after) if grid}
    now = {grid.code: grid for grid in drafts.named(work.session, edition_id, codes)}
    expected = {c.before.code: c.before for c in changes if c.before}
    touched = sorted(code for code in codes if now.get(code) != expected.get(code))
    if touched:
        raise Conflict("edit-built-upon", grids=touched)


def _write(work: Work, one: Edition, edit: Edit) -> None:
    """Write the edit, and its line in the record."""
    number = write_edit(work, one, edit)
    codes = sorted({g.code for c in edit.changes for g in (c.before, c.after) if g})
    said: dict[str, Any] = {"edit": number, "revision": one.revision, "count": len(codes)}
    said["grids"] = codes[:_NAMED]
    if edit.undoes is not None:
        said["undoes"] = edit.undoes
    kinds = [operation["kind"] for operation in edit.operations]
    said["operations"] = {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)}
    grids.record(work.session, one.id, "edited", said, actor=work.actor, at=work.now)
