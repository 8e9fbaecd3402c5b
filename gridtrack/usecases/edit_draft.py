"""Draw in a draft: apply operations to it at the revision that the editor saw, or undo an edit."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import shapely

from gridtrack.access import Permission, permits, require
from gridtrack.errors import Conflict, Forbidden
from gridtrack.geo.metric import Plane, plane_of, plane_over
from gridtrack.grids import drafts, editions
from gridtrack.grids import store as grids
from gridtrack.grids.drawing import Change, Drawn, foreign, households_after
from gridtrack.grids.lifecycle import Act, State, follow
from gridtrack.grids.operations import Operation, as_data
from gridtrack.grids.rules import Fault
from gridtrack.grids.tables import Edition
from gridtrack.grids.touched import Judged, judge, refusal
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
    done, judged, _ = _drawn(work, one, operations)
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
    done, judged, plane = _drawn(work, one, operations)
    before = drafts.households(
        work.session, one.id, [c.before.code for c in done.changes if c.before]
    )
    after = households_after(operations, before)
    kept = [
        {
            "before": drafts.kept(c.before, before.get(c.before.code) if c.before else None),
            "after": drafts.kept(c.after, after.get(c.after.code) if c.after else None),
        }
        for c in done.changes
    ]
    data = [as_data(operation) for operation in operations]
    _write(work, one, _Edit(done.changes, after, kept, data), plane)
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
    counts = {row["before"]["code"]: row["before"]["households"]
              for row in edit.changes if row["before"]}  # fmt: skip
    kept = [{"before": row["after"], "after": row["before"]} for row in edit.changes]
    _write(work, one, _Edit(changes, counts, kept, [], edit_id), _plane(one, changes))
    return Edited(one.revision, changes)


@dataclass(frozen=True, slots=True)
class _Edit:
    """What is written at once."""

    changes: tuple[Change, ...]
    counts: dict[str, int | None]
    kept: list[dict[str, Any]]
    operations: list[dict[str, Any]]
    undoes: int | None = None


def _drawn(
    work: Work, one: Edition, operations: Sequence[Operation]
) -> tuple[Drawn, Judged, Plane]:
    done = drafts.drawn(work.session, one.id, operations)
    _require_own(work, done.changes)
    plane = _plane(one, done.changes)
    judged = judge(done, plane, one.tolerance_m)
    if judged.made:
        raise refusal(judged.made[0])
    return done, judged, plane


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


def _plane(one: Edition, changes: Sequence[Change]) -> Plane:
    named = str(one.source.get("plane") or "")
    if named:
        return plane_of(named)
    shapes = [grid.shape for c in changes for grid in (c.before, c.after) if grid]
    return plane_over(shapes or [shapely.Polygon()])


def _write(work: Work, one: Edition, edit: _Edit, plane: Plane) -> None:
    """Write rows, edit and record; what was checked is a draft again, and its findings are old."""
    drafts.put(work.session, one.id, edit.changes, edit.counts, plane)
    one.revision += 1
    one.state = follow(State(one.state), Act.EDIT).value
    work.session.flush()
    number = drafts.add_edit(
        work.session,
        {
            "edition_id": one.id,
            "revision": one.revision,
            "at": work.now,
            "actor_id": work.actor.person_id,
            "actor_name": work.actor.name[:80],
            "operations": edit.operations,
            "changes": edit.kept,
            "undoes": edit.undoes,
        },
    )
    codes = sorted({g.code for c in edit.changes for g in (c.before, c.after) if g})
    said = {"edit": number, "revision": one.revision, "grids": codes[:_NAMED], "count": len(codes)}
    if edit.undoes is not None:
        said["undoes"] = edit.undoes
    kinds = [operation["kind"] for operation in edit.operations]
    said["operations"] = {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)}
    grids.record(work.session, one.id, "edited", said, actor=work.actor, at=work.now)
