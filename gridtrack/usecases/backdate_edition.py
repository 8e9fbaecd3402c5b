"""The first edition is taken as in force earlier: for reports older than the first drawing."""

from datetime import datetime

from sqlalchemy import select

from gridtrack.access import Permission, require
from gridtrack.errors import Unavailable
from gridtrack.grids import store as grids
from gridtrack.grids.tables import Edition
from gridtrack.work import Work


def backdate_edition(work: Work, at: datetime) -> tuple[Edition, bool]:
    """The edition in force at `at`; where none was yet, the first one, from `at` on.

    Returns it and whether its beginning was moved. No other edition is touched, no polygon and no
    instant at which anything was in force. Raises Unavailable where no edition was ever activated.
    """
    require(work.actor, Permission.GRIDS_EDIT)
    found = grids.edition_at(work.session, at)
    if found is not None:
        return found, False
    first = work.session.scalar(
        select(Edition).where(Edition.valid_from > at).order_by(Edition.valid_from).limit(1)
    )
    if first is None:
        raise Unavailable("no-edition")
    first.valid_from = at
    work.session.flush()  # look-ups in the same work do not autoflush
    work.memo.forget("editions")
    return first, True
