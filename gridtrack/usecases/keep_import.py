"""What the tasks of an import find, kept with it; a task that was overtaken keeps nothing."""

from collections.abc import Mapping
from typing import Any

from gridtrack.access import Permission, require
from gridtrack.errors import Conflict
from gridtrack.grids.tables import Edition
from gridtrack.imports import store as imports
from gridtrack.imports.rules import Step
from gridtrack.imports.tables import GridImport
from gridtrack.usecases.import_grids import Prepared
from gridtrack.usecases.store_import import close_edition
from gridtrack.work import Work


def import_of(work: Work, import_id: int, task_id: int) -> GridImport:
    """The import that a task works for; Conflict("import-overtaken") where it does no more."""
    require(work.actor, Permission.GRIDS_EDIT)
    one = imports.get(work.session, import_id)
    if one.state == imports.CANCELLED or one.task_id != task_id:
        raise Conflict("import-overtaken", id=import_id)
    return one


def keep_look(work: Work, import_id: int, task_id: int, looked: Mapping[str, Any]) -> None:
    """Keep what a look at the files found."""
    require(work.actor, Permission.GRIDS_EDIT)
    import_of(work, import_id, task_id).looked = dict(looked)
    work.session.flush()


def keep_check(work: Work, import_id: int, task_id: int, checked: Mapping[str, Any]) -> None:
    """Keep what the check found."""
    require(work.actor, Permission.GRIDS_EDIT)
    import_of(work, import_id, task_id).checked = dict(checked)
    work.session.flush()


def end_import(
    work: Work, import_id: int, task_id: int, edition_id: int, prepared: Prepared
) -> Edition:
    """The last piece is stored: the edition is a draft and the import over, at once or not at all.

    Raises Conflict("import-overtaken") where it was cancelled in the last moment.
    """
    require(work.actor, Permission.GRIDS_EDIT)
    one = import_of(work, import_id, task_id)
    work.session.refresh(one, with_for_update=True)
    import_of(work, import_id, task_id)
    edition = close_edition(work, edition_id, prepared)
    one.state, one.step, one.edition_id = imports.DONE, Step.DONE.value, edition.id
    work.session.flush()
    return edition
