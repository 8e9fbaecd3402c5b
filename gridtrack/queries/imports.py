"""Imports under way, as whoever began them sees them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import shapely
from sqlalchemy import select

from gridtrack.access import Permission, require
from gridtrack.errors import Conflict, NotFound
from gridtrack.grids import store as grids
from gridtrack.grids.tables import ZoneRow
from gridtrack.imports import store as imports
from gridtrack.imports.rules import Step
from gridtrack.imports.tables import GridImport
from gridtrack.queries.tasks import TaskPage, task_page
from gridtrack.tasks.rules import KEPT
from gridtrack.work import Work


@dataclass(frozen=True, slots=True)
class ImportPage:
    """An import with everything its pages show; `task` is what runs for it or ran last."""

    id: int
    folder: str
    state: str
    step: Step
    created_at: datetime
    touched_at: datetime
    files: tuple[Mapping[str, Any], ...]
    said: Mapping[str, Any]
    looked: Mapping[str, Any] | None
    checked: Mapping[str, Any] | None
    task: TaskPage | None
    edition_id: int | None

    @property
    def names(self) -> str:
        """The files by the names they were sent under."""
        return ", ".join(str(file["name"]) for file in self.files)


def own_import(work: Work, import_id: int) -> GridImport:
    """The import, for whoever began it; to everybody else it is not there.

    Raises NotFound, also where it was left for a day; Conflict("import-over").
    """
    require(work.actor, Permission.GRIDS_EDIT)
    found = imports.get(work.session, import_id)
    if found.created_by != work.actor.person_id or found.touched_at < work.now - KEPT:
        raise NotFound("import-not-found", id=import_id)
    if found.state == imports.CANCELLED:
        raise Conflict("import-over", id=import_id)
    return found


def import_page(work: Work, import_id: int) -> ImportPage:
    """What the pages of an import show."""
    require(work.actor, Permission.GRIDS_EDIT)
    return _page(work, own_import(work, import_id))


def open_imports(work: Work) -> Sequence[ImportPage]:
    """What the actor began and did not end within a day."""
    require(work.actor, Permission.GRIDS_EDIT)
    if work.actor.person_id is None:
        return []
    found = imports.open_of(work.session, work.actor.person_id)
    return [_page(work, one) for one in found if one.touched_at >= work.now - KEPT]


def known_ground(work: Work) -> list[tuple[str, list[shapely.Geometry]]]:
    """Polygons a file can be compared with: the base grids in force, the estates."""
    require(work.actor, Permission.GRIDS_EDIT)
    edition = grids.edition_at(work.session, work.now)
    found = grids.grids_of(work.session, edition.id) if edition else []
    deepest = max((grid.level for grid in found), default=0)
    zones = work.session.scalars(select(ZoneRow)).all()
    ground = [
        ("grids", [grid.shape for grid in found if grid.level == deepest]),
        ("zones", [zone.shape for zone in zones]),
    ]
    return [(kind, shapes) for kind, shapes in ground if shapes]


def _page(work: Work, one: GridImport) -> ImportPage:
    return ImportPage(
        id=one.id,
        folder=one.folder,
        state=one.state,
        step=Step(one.step),
        created_at=one.created_at,
        touched_at=one.touched_at,
        files=tuple(one.files),
        said=one.said,
        looked=one.looked,
        checked=one.checked,
        task=_task(work, one),
        edition_id=one.edition_id,
    )


def _task(work: Work, one: GridImport) -> TaskPage | None:
    if one.task_id is None:
        return None
    try:
        return task_page(work, one.task_id)
    except NotFound:
        return None  # forgotten after a day
