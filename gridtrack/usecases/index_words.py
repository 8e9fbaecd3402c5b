"""What was said of matters goes into the index by which people find them: a step of the worker.

Not while a report is taken in: that would cost every report what few searches need. A matter that
is not in the index yet is read as it stands (queries/matters.py), so it is found at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select

from gridtrack.access import Permission, require
from gridtrack.categories import store as categories
from gridtrack.db import pairs
from gridtrack.db.pairs import WORDS
from gridtrack.db.sql import one_at_a_time
from gridtrack.grids import store as grids
from gridtrack.incidents.store import EVENT, INCIDENT, settled_to
from gridtrack.queries.names import number_of
from gridtrack.search import rules, store
from gridtrack.work import Work

EVENTS = 1000  # read at a time
SAID = ("text", "result", "reason", "comment")  # what a person wrote when something happened


@dataclass(frozen=True, slots=True)
class Fresh:
    """What a part of the log came to: version and words of the matters that changed."""

    words: Mapping[int, tuple[int, str]]
    read_to: int  # event id; where the next part begins
    settled_to: int | None  # event id; what lies behind is not read again; None: no further
    end: bool


def read_words(work: Work, after: int | None = None) -> Fresh:
    """What happened after the event `after`, or after the mark, to matters not kept as they are."""
    require(work.actor, Permission.ENGINE)
    known = pairs.mark(work.session)
    begin = max(known, after or 0)
    part = select(EVENT.c.id).where(EVENT.c.id > begin).order_by(EVENT.c.id).limit(EVENTS)
    events = work.session.scalars(part).all()
    if not events:
        return Fresh({}, begin, None, end=True)
    here = EVENT.c.id.between(begin + 1, events[-1])
    stale = _stale(work, here)
    settled = settled_to(work.session, begin, events[-1], work.now)
    # Behind an event that is not settled nothing is: the mark stops before it.
    moves = begin == known and settled > known
    words = _texts(work, stale) if stale else {}
    return Fresh(words, events[-1], settled if moves else None, end=len(events) < EVENTS)


def keep_words(work: Work, fresh: Fresh) -> None:
    """Keep what was read. What another worker kept meanwhile is written again, to the same end."""
    require(work.actor, Permission.ENGINE)
    one_at_a_time(work.session, "search")
    if fresh.words:
        store.keep(work.session, fresh.words)
    if fresh.settled_to is not None:
        pairs.set_mark(work.session, max(pairs.mark(work.session), fresh.settled_to))


def _stale(work: Work, here: Any) -> list[int]:
    """The matters of these events that are not in the index as they are now."""
    asked = (
        select(INCIDENT.c.id)
        .join_from(EVENT, INCIDENT, INCIDENT.c.id == EVENT.c.incident_id)
        .outerjoin(WORDS, WORDS.c.incident_id == INCIDENT.c.id)
        .where(here, or_(WORDS.c.version.is_(None), WORDS.c.version != INCIDENT.c.version))
        .distinct()
    )
    return sorted(work.session.scalars(asked))


def _texts(work: Work, ids: Sequence[int]) -> dict[int, tuple[int, str]]:
    said: dict[int, list[str]] = {one: [] for one in ids}
    for row in work.session.execute(
        select(EVENT.c.incident_id, EVENT.c.data).where(EVENT.c.incident_id.in_(ids))
    ):
        said[row.incident_id] += [str(row.data[name]) for name in SAID if row.data.get(name)]
    rows = work.session.execute(
        select(
            INCIDENT.c.id, INCIDENT.c.version, INCIDENT.c.reported_at, INCIDENT.c.category,
            INCIDENT.c.description, INCIDENT.c.address, INCIDENT.c.edition_id, INCIDENT.c.grid_code,
        ).where(INCIDENT.c.id.in_(ids))
    )  # fmt: skip
    return {row.id: (row.version, rules.words_of(_parts(work, row, said[row.id]))) for row in rows}


def _parts(work: Work, row: Any, said: Sequence[str]) -> list[str]:
    tree = categories.tree(work.memo, work.settings.instance)
    category = tree.categories.get(row.category)
    names = [category.zh, category.en] if category else [row.category]
    return [
        number_of(work, row.id, row.reported_at),
        row.description,
        row.address,
        *names,
        *_grid(work, row),
        *said,
    ]


def _grid(work: Work, row: Any) -> list[str]:
    if row.edition_id is None or row.grid_code is None:
        return []
    named: list[Mapping[str, str]] = [
        grids.names(work.session, work.memo, row.edition_id, locale) for locale in ("zh", "en")
    ]
    return [row.grid_code, *(one.get(row.grid_code, "") for one in named)]
