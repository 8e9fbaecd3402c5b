"""Saving and loading what people keep of the screens."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from gridtrack.screens.tables import SavedView, Wall


def views(session: Session, person_id: int) -> Sequence[SavedView]:
    """The views of a person, by name."""
    return session.scalars(
        select(SavedView).where(SavedView.person_id == person_id).order_by(SavedView.name)
    ).all()


def keep_view(session: Session, person_id: int, name: str, query: str, now: datetime) -> None:
    """Keep a view under a name; the one that had it before is written over."""
    found = session.scalar(
        select(SavedView).where(SavedView.person_id == person_id, SavedView.name == name)
    )
    if found is None:
        found = SavedView(person_id=person_id, name=name, query=query, created_at=now)
        session.add(found)
    found.query = query
    session.flush()


def drop_view(session: Session, person_id: int, view_id: int) -> None:
    """Drop a view of a person's own; somebody else's stays."""
    session.execute(
        delete(SavedView).where(SavedView.id == view_id, SavedView.person_id == person_id)
    )


def walls(session: Session, *, ended: bool = False) -> Sequence[Wall]:
    """The keys of screens, the newest first; with `ended` those too that have ended."""
    wanted = select(Wall).order_by(Wall.id.desc())
    return session.scalars(wanted if ended else wanted.where(Wall.ended_at.is_(None))).all()


def wall(session: Session, wall_id: int) -> Wall | None:
    """The key of an id."""
    return session.get(Wall, wall_id)


def wall_of(session: Session, digest: str) -> Wall | None:
    """The key of a digest, where it has not ended."""
    return session.scalar(select(Wall).where(Wall.digest == digest, Wall.ended_at.is_(None)))


def add_wall(session: Session, row: Wall) -> None:
    """Keep a key."""
    session.add(row)
    session.flush()
