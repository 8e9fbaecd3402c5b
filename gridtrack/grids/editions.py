"""Moving editions through their life: one at a time, each step with a line in the record."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import LargeBinary, Select, insert, literal, or_, select, type_coerce
from sqlalchemy.orm import Session

from gridtrack.access import Actor
from gridtrack.db.sql import one_at_a_time
from gridtrack.errors import Conflict
from gridtrack.grids.lifecycle import Act, State, check_counts, follow, open_faults
from gridtrack.grids.store import GRID, edition, record
from gridtrack.grids.tables import Edition

_ORDER = "editions"  # whoever changes the law waits for whoever does so already


def take_up(session: Session, edition_id: int) -> Edition:
    """The edition, with everybody else who changes the law kept out until the end of the work."""
    one_at_a_time(session, _ORDER)
    found = edition(session, edition_id)
    session.refresh(found)
    return found


def step(
    session: Session,
    one: Edition,
    act: Act,
    data: Mapping[str, Any],
    *,
    actor: Actor,
    at: datetime,
) -> None:
    """Take one step of the table and write it down; raises Conflict."""
    one.state = follow(State(one.state), act).value
    session.flush()  # look-ups in the same work do not autoflush
    record(session, one.id, _KINDS[act], data, actor=actor, at=at)


_KINDS: Mapping[Act, str] = {
    Act.CHECK: "checked",
    Act.SCHEDULE: "scheduled",
    Act.UNSCHEDULE: "unscheduled",
    Act.ACTIVATE: "activated",
    Act.RETIRE: "retired",
    Act.DISCARD: "discarded",
}


def require_checked(one: Edition) -> None:
    """Raise Conflict where the last check is of an older revision, or left faults not accepted."""
    if one.checked_revision != one.revision:
        raise Conflict("edition-not-checked", id=one.id)
    if not check_counts(one.revision, one.checked_revision, one.findings, one.accepted):
        left = open_faults((one.findings or {}).get("faults", ()), one.accepted)
        raise Conflict("edition-faulty", id=one.id, count=len(left))


def scheduled(session: Session) -> Edition | None:
    """The edition that waits for its instant; there is one at most."""
    return session.scalar(select(Edition).where(Edition.state == State.SCHEDULED.value))


def last_before(session: Session, one: Edition, at: datetime) -> Edition | None:
    """The edition that `one` follows or would follow at `at`; None for the very first."""
    return session.scalar(
        select(Edition)
        .where(
            Edition.id != one.id,
            Edition.valid_from <= at,
            or_(Edition.valid_to.is_(None), Edition.valid_to >= at),
        )
        .order_by(Edition.valid_from.desc(), Edition.id.desc())
        .limit(1)
    )


def begin(session: Session, one: Edition, at: datetime) -> Edition | None:
    """Let `one` be in force from `at` on; returns the one before, which ends there."""
    last = last_before(session, one, at)
    one.valid_from, one.valid_to = at, None
    if last is not None:
        last.valid_to = at
    session.flush()
    return last


def call_off(session: Session, one: Edition) -> None:
    """Take back a `begin` whose instant has not come: the one before goes on."""
    assert one.valid_from is not None
    last = last_before(session, one, one.valid_from)
    if last is not None:
        last.valid_to = None
    one.valid_from = None
    session.flush()


_COPIED = tuple(c.name for c in GRID.columns if c.name not in ("id", "edition_id"))


def copy_grids(session: Session, source_id: int, target_id: int) -> None:
    """Give an edition the very grids of another, byte for byte."""
    # As bytes: on PostgreSQL a shape that is read is first turned into text for us.
    columns = (type_coerce(GRID.c[name], LargeBinary) if name == "shape" else GRID.c[name]
               for name in _COPIED)  # fmt: skip
    rows: Select[Any] = select(literal(target_id), *columns).where(GRID.c.edition_id == source_id)
    session.execute(insert(GRID).from_select(["edition_id", *_COPIED], rows))


def drop_grids(session: Session, edition_id: int) -> None:
    """Remove the grids of an edition that was never in force."""
    session.execute(GRID.delete().where(GRID.c.edition_id == edition_id))
