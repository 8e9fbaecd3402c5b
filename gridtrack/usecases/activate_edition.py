"""Put a draft edition in force from an instant on; the one before stays readable."""

from datetime import datetime

from gridtrack.access import Permission, require
from gridtrack.errors import Invalid
from gridtrack.grids import store as grids
from gridtrack.grids.tables import Edition
from gridtrack.work import Work


def activate_edition(work: Work, edition_id: int, at: datetime | None = None) -> Edition:
    """Put the draft in force from `at` (now when not given).

    What was in force once stays so: only the very first edition may begin in the past. Raises
    NotFound, Conflict("edition-not-draft") or Invalid("edition-in-the-past").
    """
    require(work.actor, Permission.GRIDS_EDIT)
    begin = work.now if at is None else at
    if begin < work.now and grids.edition_at(work.session, work.now) is not None:
        raise Invalid("edition-in-the-past", field="at", value=begin.isoformat())
    edition = grids.activate(work.session, edition_id, begin)
    work.memo.forget("editions")
    return edition
