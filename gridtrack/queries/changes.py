"""Has anything happened that a reader sees? Asked by every poll, so it reads the last events alone.

A board is put together from what is open; finding out that it is unchanged must not cost that.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select

from gridtrack.access import Permission, require
from gridtrack.db.sql import run
from gridtrack.incidents.store import EVENT, INCIDENT
from gridtrack.queries.scope import reads
from gridtrack.work import Work

# Transactions commit in another order than they take their numbers: so many of the last events are
# looked at again.
AGAIN = 64
MOST = 500  # more at once and everything is read anew


# Made once: building the statement costs more than running it.
_LATEST = (
    select(
        EVENT.c.id, EVENT.c.incident_id, INCIDENT.c.id.label("matter_id"),
        INCIDENT.c.handler_id, INCIDENT.c.co_handler_id,
        INCIDENT.c.grid_path, INCIDENT.c.sensitivity,
    )
    .join_from(EVENT, INCIDENT, INCIDENT.c.id == EVENT.c.incident_id)
    .where(EVENT.c.id > bindparam("after"))
    .order_by(EVENT.c.id.desc())
    .limit(MOST)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seen:
    """How far somebody has read the log."""

    top: int = 0
    last: frozenset[int] = frozenset()  # the last events, all of which were seen


def seen_now(work: Work) -> Seen:
    """The log as it stands."""
    require(work.actor, Permission.SEE)
    ids = work.session.scalars(select(EVENT.c.id).order_by(EVENT.c.id.desc()).limit(AGAIN)).all()
    return Seen(max(ids, default=0), frozenset(ids))


def touched(work: Work, seen: Seen, shown: Collection[int]) -> bool:
    """True where something happened since to a matter of the reader's, or to one of `shown`.

    Those that left the reader's sight are among `shown`, or were in no list.
    """
    require(work.actor, Permission.SEE)
    rows: Sequence[Any] = run(work.session, _LATEST, {"after": seen.top - AGAIN}).all()
    if len(rows) == MOST:
        return True
    may_read = reads(work.session, work.actor)
    return any(
        row.id not in seen.last and (row.incident_id in shown or may_read(row)) for row in rows
    )
