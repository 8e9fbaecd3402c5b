"""Store checked grids in pieces: nobody waits for the whole, and nobody sees a part of it.

An edition on its way in is in the state `arriving`: no list shows it, no page opens it. The last
piece makes it a draft; what was cut short is dropped, in pieces too.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from gridtrack.access import Permission, require
from gridtrack.db.sql import run
from gridtrack.grids import store as grids
from gridtrack.grids.lifecycle import State
from gridtrack.grids.store import EDITION, GRID
from gridtrack.grids.tables import Edition
from gridtrack.usecases.import_grids import Prepared, record_import
from gridtrack.work import Work

BATCH = 100
_TASK = "task"


def open_edition(work: Work, prepared: Prepared, task_id: int) -> int:
    """Begin an edition that a task will fill; gives its id."""
    require(work.actor, Permission.GRIDS_EDIT)
    columns = dict(prepared.edition)
    columns["source"] = {**columns["source"], _TASK: task_id}
    edition = Edition(
        **columns,
        state=State.ARRIVING.value,
        created_at=work.now,
        created_by=work.actor.name,
    )
    grids.save_edition(work.session, edition, ())
    return edition.id


def store_some(work: Work, edition_id: int, rows: Sequence[Mapping[str, Any]]) -> None:
    """Store some grids of an edition on its way in."""
    require(work.actor, Permission.GRIDS_EDIT)
    run(work.session, GRID.insert(), [{**row, "edition_id": edition_id} for row in rows])


def close_edition(work: Work, edition_id: int, prepared: Prepared) -> Edition:
    """Everything is there: from now on it is a draft like any other, with a line in its record."""
    require(work.actor, Permission.GRIDS_EDIT)
    one = work.session.get_one(Edition, edition_id)
    one.state = State.DRAFT.value
    one.source = {name: value for name, value in one.source.items() if name != _TASK}
    work.session.flush()  # its line must not come before it
    record_import(work, one, prepared)
    return one


def drop_some(work: Work, task_id: int) -> bool:
    """Drop a piece of what a task stored and did not end; False where nothing is left of it."""
    require(work.actor, Permission.ENGINE)
    arriving = work.session.execute(
        select(EDITION.c.id, EDITION.c.source).where(EDITION.c.state == State.ARRIVING.value)
    )
    mine = [row.id for row in arriving if row.source.get(_TASK) == task_id]
    if not mine:
        return False
    some = select(GRID.c.id).where(GRID.c.edition_id == mine[0]).limit(BATCH).scalar_subquery()
    if not run(work.session, GRID.delete().where(GRID.c.id.in_(some))).rowcount:
        run(work.session, EDITION.delete().where(EDITION.c.id == mine[0]))
    return True
