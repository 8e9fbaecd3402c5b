"""What a transaction did, said where it is done, for whoever keeps the record at its end."""

from sqlalchemy.orm import Session

_SAID = "gridtrack_said"


def say(session: Session, act: str, subject: str) -> None:
    """Say that `act` was done on `subject` in this transaction."""
    session.info.setdefault(_SAID, []).append((act, subject))


def said(session: Session) -> list[tuple[str, str]]:
    """What was said, and forget it."""
    found: list[tuple[str, str]] = session.info.pop(_SAID, [])
    return found
