"""Saving and loading imports under way."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from gridtrack.errors import NotFound
from gridtrack.imports.rules import Step
from gridtrack.imports.tables import GridImport

OPEN, DONE, CANCELLED = "open", "done", "cancelled"


def add(session: Session, folder: str, person_id: int, at: datetime) -> GridImport:
    """Begin an import whose files will lie in `folder`."""
    one = GridImport(
        folder=folder,
        state=OPEN,
        step=Step.PLACE.value,
        created_at=at,
        created_by=person_id,
        touched_at=at,
        files=[],
        said={},
    )
    session.add(one)
    session.flush()  # its id is what is handed out
    return one


def get(session: Session, import_id: int) -> GridImport:
    """The import; raises NotFound."""
    found = session.get(GridImport, import_id)
    if found is None:
        raise NotFound("import-not-found", id=import_id)
    return found


def open_of(session: Session, person_id: int) -> Sequence[GridImport]:
    """What a person began and did not end, newest first."""
    return session.scalars(
        select(GridImport)
        .where(GridImport.created_by == person_id, GridImport.state == OPEN)
        .order_by(GridImport.id.desc())
    ).all()


def drop_before(session: Session, at: datetime) -> None:
    """Forget imports that nobody touched since `at`; what became an edition stays there."""
    session.execute(delete(GridImport).where(GridImport.touched_at < at))
