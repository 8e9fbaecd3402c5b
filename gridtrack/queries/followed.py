"""A path that a setting names, as it is today: settings cannot be rewritten when grids are. A step.

Where the path is a grid of the edition in force it is meant as it stands: a code is the grid. Else
the newest edition that had it says which grid that is now.
"""

from dataclasses import dataclass

from sqlalchemy import or_, select

from gridtrack.grids.changes import moved_paths
from gridtrack.grids.store import EDITION, GRID
from gridtrack.work import Work


@dataclass(frozen=True, slots=True)
class Named:
    """A scope as a setting names it, and as it is now; `lost` where no edition tells which."""

    given: str
    now: str
    lost: bool = False

    @property
    def moved(self) -> bool:
        """True where the setting names an old path."""
        return self.given != self.now


def triage_scope(work: Work) -> Named:
    """The scope whose desk gets what no grid owns, as it is now."""
    given = work.settings.triage_scope
    return scope_now(work, given) if given else Named("", "")


def scope_now(work: Work, path: str) -> Named:
    """A path as it is now; found once for each edition and kept in the process."""
    current = work.session.scalar(
        select(EDITION.c.id)
        .where(
            EDITION.c.valid_from <= work.now,
            or_(EDITION.c.valid_to.is_(None), EDITION.c.valid_to > work.now),
        )
        .order_by(EDITION.c.valid_from.desc())
        .limit(1)
    )
    if current is None:
        return Named(path, path)
    return work.memo.get(("scope-now", path, current), lambda: _find(work, path, current))


def _find(work: Work, path: str, current: int) -> Named:
    had = work.session.scalars(
        select(EDITION.c.id)
        .join(GRID, GRID.c.edition_id == EDITION.c.id)
        .where(EDITION.c.valid_from <= work.now, GRID.c.path == path)
        .order_by(EDITION.c.valid_from.desc(), EDITION.c.id.desc())
    ).all()
    if current in had:
        return Named(path, path)
    for edition_id in had:
        new = moved_paths(work.session, edition_id, current).get(path)
        if new is not None:
            return Named(path, new)
    return Named(path, path, lost=True)
