"""Removing what is no longer kept: what would go, and away with it in small transactions.

Each batch says in the register what went, by which rule; a kill between two batches loses nothing,
and the next run goes on. Figures stay, they name nobody. Backups made before still hold it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, func, not_, or_, select, update

from gridtrack.access import Permission, require
from gridtrack.db.sql import run, table_of
from gridtrack.incidents.reporter_store import REPORTER
from gridtrack.incidents.store import INCIDENT
from gridtrack.incidents.tables import Photo
from gridtrack.photos import files as photos
from gridtrack.queries.names import number_of
from gridtrack.retention import store
from gridtrack.retention.rules import Rule, Schedule, What
from gridtrack.search import store as search
from gridtrack.usecases.add_photo import photo_folder
from gridtrack.usecases.note import note
from gridtrack.work import Work

# Some thirty rows a matter: a transaction of this many holds up nobody for a tenth of a second.
BATCH = 25
PHOTO = table_of(Photo)
_ENDED = func.coalesce(INCIDENT.c.closed_at, INCIDENT.c.updated_at)
_TABLES = {
    What.ANSWERS: ("question",),
    What.PHOTOS: ("photo", "voice_note"),
    What.MESSAGES: ("message",),
}


@dataclass(frozen=True, slots=True)
class Due:
    """How many matters a rule would take something away from."""

    rule: Rule
    matters: int


@dataclass(frozen=True, slots=True)
class Purged:
    """One batch: of how many matters something went, the id to go on behind, files to remove."""

    matters: int
    rows: int
    last: int
    files: tuple[str, ...] = ()


def purge_due(work: Work) -> tuple[Schedule, list[Due]]:
    """What each rule would take away now; changes nothing."""
    require(work.actor, Permission.RULES_EDIT)
    schedule = store.schedule(work.memo, work.settings.instance)
    count = select(func.count()).select_from(INCIDENT)
    return schedule, [
        Due(rule, work.session.scalar(count.where(*_where(work, schedule, rule))) or 0)
        for rule in schedule.rules
    ]


def purge_batch(work: Work, rule: Rule, after: int = 0) -> Purged:
    """Take away what `rule` no longer keeps of the next matters behind the id `after`."""
    require(work.actor, Permission.RULES_EDIT)
    schedule = store.schedule(work.memo, work.settings.instance)
    rows = work.session.execute(
        select(INCIDENT.c.id, INCIDENT.c.reported_at, INCIDENT.c.category, _ENDED.label("ended_at"))
        .where(INCIDENT.c.id > after, *_where(work, schedule, rule))
        .order_by(INCIDENT.c.id)
        .limit(BATCH)
    ).all()
    if not rows:
        return Purged(0, 0, after)
    ids = [row.id for row in rows]
    names = _photo_names(work, ids) if rule.what in (What.PHOTOS, What.MATTER) else ()
    gone = _remove(work, rule.what, ids)
    _register(work, rows, rule, schedule.version, gone)
    return Purged(len(ids), gone, ids[-1], _unused(work, names))


def erase_reporter(work: Work, incident_id: int) -> int:
    """Take away who reported a matter, and what they answered, because they ask for it.

    Returns how many rows that were; 0 where nothing was known of them.
    """
    require(work.actor, Permission.RULES_EDIT)
    row = work.session.execute(
        select(
            INCIDENT.c.id, INCIDENT.c.reported_at, INCIDENT.c.category, _ENDED.label("ended_at")
        ).where(INCIDENT.c.id == incident_id)
    ).first()
    if row is None:
        return 0
    gone = sum(_remove(work, what, [incident_id]) for what in (What.REPORTER, What.ANSWERS))
    asked = Rule(What.REPORTER, "", 0, "", "")
    _register(work, [row], asked, store.schedule(work.memo, work.settings.instance).version, gone)
    note(work, "reporter-erase", f"incident:{incident_id}", rows=gone)
    return gone


def remove_files(work: Work, names: Sequence[str]) -> None:
    """Remove photos that no matter has any more; after the commit, so that none is lost to one."""
    require(work.actor, Permission.RULES_EDIT)
    root = photo_folder(work)
    for name in names:
        photos.remove(root, name)


def _where(work: Work, schedule: Schedule, rule: Rule) -> list[ColumnElement[bool]]:
    category = INCIDENT.c.category
    found: list[ColumnElement[bool]] = [
        INCIDENT.c.is_open.is_(False), rule.before(work.now) > _ENDED,
    ]  # fmt: skip
    if rule.category:
        found.append(category.startswith(rule.category, autoescape=True))
    narrower = schedule.narrower(rule)
    if narrower:
        found.append(not_(or_(*(category.startswith(one, autoescape=True) for one in narrower))))
    if rule.what is not What.MATTER:
        found.append(_something(rule.what))
    return found


def _something(what: What) -> ColumnElement[bool]:
    """That there is still something of it to take away."""
    if what is What.REPORTER:
        named = or_(REPORTER.c.sealed_name != "", REPORTER.c.sealed_contact != "")
        return exists().where(and_(REPORTER.c.incident_id == INCIDENT.c.id, named))
    from_any = [
        exists(select(1).select_from(one).where(one.c.incident_id == INCIDENT.c.id))
        for one in map(store.rows_of, _TABLES[what])
    ]
    return or_(*from_any)


def _remove(work: Work, what: What, ids: Sequence[int]) -> int:
    session = work.session
    if what is What.REPORTER:
        forgotten = {"sealed_name": "", "sealed_contact": ""}
        one = update(REPORTER).where(REPORTER.c.incident_id.in_(ids)).values(**forgotten)
        return run(session, one).rowcount
    if what is not What.MATTER:
        return store.remove_rows(session, _TABLES[what], ids)
    store.give_leave(session, ids)
    gone = store.remove_rows(session, store.belonging(session, work.memo), ids)
    gone += run(session, delete(INCIDENT).where(INCIDENT.c.id.in_(ids))).rowcount
    store.take_leave_back(session, ids)
    search.forget(session, ids)
    return gone


def _photo_names(work: Work, ids: Sequence[int]) -> Sequence[str]:
    return work.session.scalars(
        select(PHOTO.c.name).where(PHOTO.c.incident_id.in_(ids)).distinct()
    ).all()


def _unused(work: Work, names: Sequence[str]) -> tuple[str, ...]:
    """Photos are named by what is in them: another matter may have the very same one."""
    if not names:
        return ()
    kept = work.session.scalars(select(PHOTO.c.name).where(PHOTO.c.name.in_(names))).all()
    return tuple(sorted(set(names) - set(kept)))


def _register(work: Work, rows: Sequence[Any], rule: Rule, version: int, gone: int) -> None:
    one_each = max(1, gone // len(rows))
    store.register(work.session, [
        {
            "at": work.now, "what": rule.what.value, "incident_id": row.id,
            "number": number_of(work, row.id, row.reported_at), "category": row.category,
            "ended_at": _instant(row.ended_at), "rules_version": version, "days": rule.days,
            "rows": one_each, "person_id": work.actor.person_id,
        }
        for row in rows
    ])  # fmt: skip


def _instant(at: Any) -> datetime:
    assert isinstance(at, datetime)
    return at
