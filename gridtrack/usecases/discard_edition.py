"""Throw a draft away: its grids go, its record stays."""

from gridtrack.access import Permission, permits, require
from gridtrack.errors import Forbidden
from gridtrack.grids import editions
from gridtrack.grids import store as grids
from gridtrack.grids.lifecycle import Act
from gridtrack.grids.tables import Edition
from gridtrack.incidents.intake import tidy_text
from gridtrack.work import Work

REASON_LIMIT = 500


def discard_edition(work: Work, edition_id: int, *, reason: str = "") -> Edition:
    """Discard an edition that was never in force; whoever may only draw, only their own.

    Raises NotFound, Forbidden, Conflict("edition-state").
    """
    require(work.actor, Permission.GRIDS_DRAW)
    one = editions.take_up(work.session, edition_id)
    first = grids.entries(work.session, one.id)[-1:]
    own = work.actor.person_id in {entry.actor_id for entry in first}
    if not own and not permits(work.actor, Permission.GRIDS_EDIT):
        raise Forbidden("forbidden", permission=Permission.GRIDS_EDIT.value, scope=None)
    said = {"reason": tidy_text("reason", reason, REASON_LIMIT)}
    editions.step(work.session, one, Act.DISCARD, said, actor=work.actor, at=work.now)
    editions.drop_grids(work.session, one.id)
    return one
