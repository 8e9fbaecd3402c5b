"""One edition as a person sees it: what it is, what became of it and why, what may be done now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from gridtrack.access import Permission, permits, require
from gridtrack.grids import editions
from gridtrack.grids import store as grids
from gridtrack.grids.lifecycle import Act, State, allowed, open_faults
from gridtrack.grids.store import GRID
from gridtrack.grids.tables import Edition, EditionEntry
from gridtrack.work import Work

RECORD_SHOWN = 200
# What asks for the right to put grids in force; the rest is for whoever draws.
_LAW = frozenset({Act.CHECK, Act.SCHEDULE, Act.UNSCHEDULE, Act.ACTIVATE})


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the record; the sentence is made from `kind` and `data` at the door."""

    kind: str
    at: datetime
    actor_name: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Other:
    """Another edition, as a link to it."""

    id: int
    name: str
    state: str


@dataclass(frozen=True, slots=True)
class EditionPage:
    """Everything the page of an edition shows."""

    id: int
    name: str
    state: str
    note: str
    created_at: datetime
    created_by: str
    valid_from: datetime | None
    valid_to: datetime | None
    revision: int
    tolerance_m: float
    plane: str
    files: tuple[str, ...]
    datum: str
    levels: tuple[tuple[int, int, float], ...]  # number, grids, square metres
    checked: bool  # the last check saw this very revision
    found: Mapping[str, int]  # its faults by code
    accepted_count: int
    open_count: int  # faults of it that nobody accepted
    based_on: Other | None
    compare_with: Other | None  # what it would be or was compared with first
    drafts: tuple[Other, ...]  # made from this one
    waiting: Other | None  # another edition that is scheduled
    record: tuple[Entry, ...]
    acts: tuple[str, ...]
    may_copy: bool


def edition_page(work: Work, edition_id: int) -> EditionPage:
    """The edition for this actor; raises NotFound."""
    require(work.actor, Permission.GRIDS_DRAW)
    one = grids.edition(work.session, edition_id)
    source = one.source
    waiting = editions.scheduled(work.session)
    left = open_faults((one.findings or {}).get("faults", ()), one.accepted)
    return EditionPage(
        id=one.id,
        name=one.name,
        state=one.state,
        note=one.note,
        created_at=one.created_at,
        created_by=one.created_by,
        valid_from=one.valid_from,
        valid_to=one.valid_to,
        revision=one.revision,
        tolerance_m=one.tolerance_m,
        plane=str(source.get("plane") or ""),
        files=tuple((source.get("files") or {}).values()),
        datum=str(source.get("datum") or ""),
        levels=_levels(work, one.id),
        checked=one.checked_revision == one.revision,
        found=(one.findings or {}).get("summary", {}),
        accepted_count=len(one.accepted),
        open_count=len(left),
        based_on=_other(work, one.based_on),
        compare_with=_compare_with(work, one),
        drafts=_drafts(work, one.id),
        waiting=_link(waiting) if waiting is not None and waiting.id != one.id else None,
        record=tuple(_entry(row) for row in grids.entries(work.session, one.id)[:RECORD_SHOWN]),
        acts=_acts(work, one),
        may_copy=one.state != State.DISCARDED.value,
    )


def _levels(work: Work, edition_id: int) -> tuple[tuple[int, int, float], ...]:
    rows = work.session.execute(
        select(GRID.c.level, func.count(), func.sum(GRID.c.area_m2))
        .where(GRID.c.edition_id == edition_id)
        .group_by(GRID.c.level)
        .order_by(GRID.c.level)
    )
    return tuple((level, count, float(area_m2)) for level, count, area_m2 in rows)


def _compare_with(work: Work, one: Edition) -> Other | None:
    """What it follows or followed; for what is not decided yet, what is in force now."""
    if one.valid_from is not None:
        last = editions.last_before(work.session, one, one.valid_from)
    else:
        last = grids.edition_at(work.session, work.now)
    return _link(last) if last is not None else None


def _drafts(work: Work, edition_id: int) -> tuple[Other, ...]:
    rows = work.session.scalars(
        select(Edition)
        .where(Edition.based_on == edition_id, Edition.state != State.DISCARDED.value)
        .order_by(Edition.id.desc())
    )
    return tuple(_link(row) for row in rows)


def _other(work: Work, edition_id: int | None) -> Other | None:
    found = None if edition_id is None else work.session.get(Edition, edition_id)
    return None if found is None else _link(found)


def _link(one: Edition) -> Other:
    return Other(one.id, one.name, one.state)


def _entry(row: EditionEntry) -> Entry:
    return Entry(row.kind, row.at, row.actor_name, row.data)


def _acts(work: Work, one: Edition) -> tuple[str, ...]:
    """What this actor may do by the table; editing and retiring are done elsewhere."""
    law = permits(work.actor, Permission.GRIDS_EDIT)
    return tuple(
        act.value
        for act in allowed(State(one.state))
        if act not in (Act.EDIT, Act.RETIRE) and (law or act not in _LAW)
    )
