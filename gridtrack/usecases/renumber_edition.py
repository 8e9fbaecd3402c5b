"""Give the grids of a draft new codes by the deployment's scheme, with the table old -> new."""

from collections.abc import Mapping
from dataclasses import dataclass

from gridtrack.access import Permission, require
from gridtrack.errors import Invalid
from gridtrack.grids import drafts, editions
from gridtrack.grids import store as grids
from gridtrack.grids.code_schemes import Scheme
from gridtrack.grids.codes import renumbered
from gridtrack.grids.drawing import Change
from gridtrack.grids.lifecycle import Act, State, follow
from gridtrack.grids.rules import Grid
from gridtrack.grids.scheme_file import scheme_in
from gridtrack.grids.tables import Edition
from gridtrack.usecases.check_edition import require_revision
from gridtrack.usecases.write_edit import Edit, write_edit
from gridtrack.work import Work

_NAMED = 40  # grids that a line of the record names; all are in the edit


@dataclass(frozen=True, slots=True)
class Renumbering:
    """New codes for an edition at a revision: grids that change, before and after."""

    edition_id: int
    revision: int
    scheme: Scheme
    changes: tuple[tuple[Grid, Grid], ...]
    mapping: Mapping[str, str]

    @property
    def paths(self) -> dict[str, str]:
        """Each path that would be another, and which."""
        return {old.path: new.path for old, new in self.changes if old.path != new.path}


def plan_renumbering(work: Work, edition_id: int, *, keep: bool = False) -> Renumbering:
    """Work out new codes; with `keep`, only for grids whose code is wrong. Only reads.

    Raises NotFound, Conflict("edition-state"), and the Invalid of `renumbered`.
    """
    require(work.actor, Permission.GRIDS_DRAW)
    one = grids.edition(work.session, edition_id)
    follow(State(one.state), Act.EDIT)
    scheme = scheme_in(work.settings.instance)
    old = grids.grids_of(work.session, edition_id)
    new, mapping = renumbered(old, scheme, keep=keep)
    pairs = zip(old, new, strict=True)
    changes = tuple((a, b) for a, b in pairs if (a.code, a.path) != (b.code, b.path))
    return Renumbering(edition_id, one.revision, scheme, changes, mapping)


def apply_renumbering(work: Work, planned: Renumbering) -> Edition:
    """Write the new codes; what was accepted stays accepted under them. Undone like any edit.

    Nothing else that names a grid is changed: `queries.codes` lists it with what to do. Raises
    Invalid("codes-nothing"), Conflict: "edition-state", "edition-other-revision".
    """
    require(work.actor, Permission.GRIDS_EDIT)
    one = editions.take_up(work.session, planned.edition_id)
    require_revision(one, planned.revision)
    follow(State(one.state), Act.EDIT)
    if not planned.changes:
        raise Invalid("codes-nothing", field="code")
    before = drafts.households(work.session, one.id, [old.code for old, _ in planned.changes])
    after = {new.code: before.get(old.code) for old, new in planned.changes}
    one.accepted = [
        {**row, "grids": [planned.mapping.get(code, code) for code in row.get("grids", ())]}
        for row in one.accepted
    ]
    changes = [Change(old, new) for old, new in planned.changes]
    said = {
        "edit": write_edit(work, one, Edit(changes, before, after)),
        "revision": one.revision,
        "scheme": planned.scheme.name,
        "count": len(planned.mapping),
        "grids": sorted(planned.mapping.values())[:_NAMED],
    }
    grids.record(work.session, one.id, "renumbered", said, actor=work.actor, at=work.now)
    return one
