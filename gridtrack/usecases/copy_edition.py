"""A new draft that begins as the copy of an edition: the way every change of the law begins."""

from gridtrack.access import Permission, require
from gridtrack.errors import Conflict, Invalid
from gridtrack.grids import editions
from gridtrack.grids import store as grids
from gridtrack.grids.lifecycle import State, check_counts
from gridtrack.grids.tables import Edition
from gridtrack.incidents.intake import tidy_text
from gridtrack.work import Work

NAME_LIMIT = 120


def copy_edition(work: Work, edition_id: int, name: str) -> Edition:
    """Make a draft of the very grids of an edition; `based_on` says of which.

    The check of the original counts for the copy as long as nothing is changed in it. Raises
    NotFound, Conflict("edition-state") for one that was thrown away, Invalid for the name.
    """
    require(work.actor, Permission.GRIDS_DRAW)
    called = tidy_text("name", name, NAME_LIMIT)
    if not called:
        raise Invalid("required", field="name")
    source = grids.edition(work.session, edition_id)
    if source.state == State.DISCARDED.value:
        raise Conflict("edition-state", id=source.id, state=source.state)
    counts = check_counts(
        source.revision, source.checked_revision, source.findings, source.accepted
    )
    copy = Edition(
        name=called,
        state=State.DRAFT.value,
        created_at=work.now,
        created_by=work.actor.name,
        tolerance_m=source.tolerance_m,
        source=source.source,
        accepted=source.accepted,
        note="",
        based_on=source.id,
        findings=source.findings if counts else None,
        checked_revision=0 if counts else None,
    )
    work.session.add(copy)
    work.session.flush()  # the grids need its id
    editions.copy_grids(work.session, source.id, copy.id)
    said = {"from": source.id, "name": source.name}
    grids.record(work.session, copy.id, "copied", said, actor=work.actor, at=work.now)
    return copy
