"""Load and save sealed reporters by the page, for whoever changes the keys."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, or_, select, update
from sqlalchemy.orm import Session

from gridtrack.db.sql import table_of
from gridtrack.incidents.tables import Reporter
from gridtrack.sealing.ring import ID_LENGTH, ID_START

REPORTER = table_of(Reporter)
_C = REPORTER.c


@dataclass(frozen=True, slots=True)
class Sealed:
    """What is sealed of one reporter."""

    incident_id: int
    name: str
    contact: str


_RESEAL = (
    update(REPORTER)
    .where(
        _C.incident_id == bindparam("b_id"),
        # Changed or deleted meanwhile: then it is not ours to write.
        _C.sealed_name == bindparam("b_old_name"),
        _C.sealed_contact == bindparam("b_old_contact"),
    )
    .values(sealed_name=bindparam("b_name"), sealed_contact=bindparam("b_contact"))
)


def named(session: Session) -> int:
    """How many reporters have something sealed."""
    return session.scalar(select(func.count()).where(_some())) or 0


def page(session: Session, last: int, limit: int) -> Sequence[Sealed]:
    """The next reporters with something sealed, by the id of their matter."""
    rows = session.execute(
        select(_C.incident_id, _C.sealed_name, _C.sealed_contact)
        .where(_C.incident_id > last, _some())
        .order_by(_C.incident_id)
        .limit(limit)
    )
    return [Sealed(*row) for row in rows]


def reseal(session: Session, rows: Iterable[tuple[Sealed, Sealed]]) -> None:
    """Put what is sealed anew in the place of what it was."""
    given: list[Mapping[str, Any]] = [
        {
            "b_id": old.incident_id,
            "b_old_name": old.name,
            "b_old_contact": old.contact,
            "b_name": new.name,
            "b_contact": new.contact,
        }
        for old, new in rows
    ]
    if given:
        session.connection().execute(_RESEAL, given)


def by_key(session: Session) -> dict[str, int]:
    """How many values each key has sealed, by its id."""
    found: dict[str, int] = {}
    for column in (_C.sealed_name, _C.sealed_contact):
        key = func.substr(column, ID_START + 1, ID_LENGTH)  # SQL counts from one
        for name, count in session.execute(
            select(key, func.count()).where(column != "").group_by(key)
        ):
            found[name] = found.get(name, 0) + count
    return found


def _some() -> Any:
    return or_(_C.sealed_name != "", _C.sealed_contact != "")
