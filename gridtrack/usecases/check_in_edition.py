"""Say that a draft may become law: its last check saw what it is now, and left nothing open."""

from gridtrack.access import Permission, require
from gridtrack.grids import editions
from gridtrack.grids.lifecycle import Act
from gridtrack.grids.tables import Edition
from gridtrack.work import Work


def check_in_edition(work: Work, edition_id: int) -> Edition:
    """Take a draft from `draft` to `checked`.

    Raises NotFound; Conflict: "edition-state", "edition-not-checked", "edition-faulty".
    """
    require(work.actor, Permission.GRIDS_EDIT)
    one = editions.take_up(work.session, edition_id)
    check_in(work, one)
    return one


def check_in(work: Work, one: Edition) -> None:
    """`check_in_edition` of an edition that is taken up already."""
    require(work.actor, Permission.GRIDS_EDIT)
    editions.require_checked(one)
    said = {
        "revision": one.revision,
        "accepted": len(one.accepted),
        "tolerance_m": one.tolerance_m,
    }
    editions.step(work.session, one, Act.CHECK, said, actor=work.actor, at=work.now)
