"""Load and save questions to reporters, and readings of who they are."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gridtrack.incidents.contact_tables import Question, Reading


def add_question(session: Session, one: Question) -> Question:
    """Keep a question."""
    session.add(one)
    session.flush()
    return one


def questions(session: Session, incident_id: int) -> Sequence[Question]:
    """The questions of a matter, oldest first."""
    return session.scalars(
        select(Question).where(Question.incident_id == incident_id).order_by(Question.id)
    ).all()


def waiting(session: Session, incident_id: int) -> int:
    """How many questions of a matter have no answer yet."""
    open_ = (Question.incident_id == incident_id, Question.answered_at.is_(None))
    return session.scalar(select(func.count()).select_from(Question).where(*open_)) or 0


def question(session: Session, incident_id: int, question_id: int) -> Question | None:
    """A question of this very matter, locked."""
    return session.scalar(
        select(Question)
        .where(Question.id == question_id, Question.incident_id == incident_id)
        .with_for_update()
    )


def add_reading(session: Session, one: Reading) -> Reading:
    """Keep that somebody read who reported."""
    session.add(one)
    session.flush()
    return one


def readings(session: Session, incident_id: int) -> Sequence[Reading]:
    """Who read who reported a matter, newest first."""
    return session.scalars(
        select(Reading).where(Reading.incident_id == incident_id).order_by(Reading.id.desc())
    ).all()
