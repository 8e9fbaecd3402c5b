"""The newest incidents that somebody may see, however long the history and small the scope.

Backwards through everybody's reports is fast where the scope has its share of them, and reads a
million rows where it has none; the scope's own index is the other way round. So the last reports of
all are looked through first, and only what is missing is asked of each part by its own index
(benchmarks/lists.py).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import nlargest
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from gridtrack.access import Permission, scopes
from gridtrack.incidents.tables import Incident
from gridtrack.queries.scope import parts, visible
from gridtrack.work import Work

NEAR = 5000


@dataclass(frozen=True, slots=True)
class Which:
    """What else is asked of them. `narrow`: `where` holds a range of paths; `before`: ids below."""

    where: Sequence[ColumnElement[bool]] = ()
    narrow: bool = False
    before: int | None = None


def newest(work: Work, most: int, which: Which = Which()) -> list[int]:
    """The ids of the newest `most` visible incidents that fit `which`, newest first."""
    top = which.before
    if top is None:
        top = (work.session.scalar(select(func.max(Incident.id))) or 0) + 1
    near = (
        select(Incident.id)
        .where(*which.where, visible(work.actor), Incident.id < top, Incident.id >= top - NEAR)
        .order_by(Incident.id.desc())
        .limit(most)
    )
    found = list(work.session.scalars(near))
    if len(found) == most or top <= NEAR:
        return found
    older: set[int] = set()
    for ask in _by_part(work, which, top - NEAR):
        older.update(work.session.scalars(ask.limit(most)))
    return found + nlargest(most - len(found), older)


def _by_part(work: Work, which: Which, below: int) -> Iterator[Select[Any]]:
    everywhere = "" in scopes(work.actor, Permission.SEE)
    fitting = select(Incident.id).where(*which.where)
    if everywhere and not which.narrow:
        far = fitting.where(visible(work.actor), Incident.id < below)
        yield far.order_by(Incident.id.desc())
        return
    # A sum keeps the database from going backwards through everybody's reports again.
    number = Incident.id + 0
    for part in [visible(work.actor)] if everywhere else parts(work.actor):
        yield fitting.where(part, number < below).order_by(number.desc())
