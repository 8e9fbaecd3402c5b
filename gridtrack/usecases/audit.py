"""The auditor at work: walk what is new in the log, keep what was found, say it for each day.

Looking and keeping are two units: a long walk holds no lock. Walking an incident again gives the
same rows again, so whatever is done twice, or in another order, comes to the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from gridtrack.access import Permission, require
from gridtrack.analytics.auditor import QUIET, walk_again
from gridtrack.analytics.walk import PATIENCE, Walked
from gridtrack.deadlines import audit_store as store
from gridtrack.deadlines.audit_store import Mark
from gridtrack.incidents.store import EVENT, INCIDENT, settled_to
from gridtrack.work import Work

EVENTS = 5000  # read at a time


@dataclass(frozen=True, slots=True)
class News:
    """What a part of the log came to: every promise of the incidents it is about."""

    incident_ids: tuple[int, ...]
    rows: tuple[dict[str, Any], ...]
    read_to: int  # event id; where the next part begins
    settled_to: int  # event id; what lies behind is not read again
    end: bool


def read_news(work: Work, after: int, *, first: bool = True) -> News:
    """Walk the incidents of the events after the id `after`, and (`first`) those overdue."""
    require(work.actor, Permission.AUDIT)
    part = select(EVENT.c.id).where(EVENT.c.id > after).order_by(EVENT.c.id).limit(EVENTS)
    events = work.session.scalars(part).all()
    read_to = events[-1] if events else after
    here = EVENT.c.id.between(after + 1, read_to)
    ids = set(
        work.session.scalars(
            select(EVENT.c.incident_id).where(here, EVENT.c.kind.not_in(QUIET)).distinct()
        )
    )
    if first:
        ids.update(store.overdue(work.session, work.now - PATIENCE))
    settled = settled_to(work.session, after, read_to, work.now)
    found = tuple(sorted(ids))
    return News(found, _rows(work, walk_again(work, found)), read_to, settled, len(events) < EVENTS)


def keep_news(work: Work, news: News, settled_to: int, took_ms: float) -> None:
    """Keep what was found, and that the log was read to the event `settled_to`."""
    require(work.actor, Permission.AUDIT)
    store.take_turn(work.session)
    store.replace_promises(work.session, news.incident_ids, news.rows)
    known = store.mark(work.session).event_id
    store.set_mark(work.session, Mark(max(known, settled_to), work.now, took_ms))


def look_due(work: Work, every: timedelta) -> Mark | None:
    """Where to go on reading, None where some worker has looked within `every`."""
    require(work.actor, Permission.AUDIT)
    mark = store.mark(work.session)
    # A clock set back makes the last look lie in the future: then it is time as well.
    lately = mark.at is not None and timedelta(0) <= work.now - mark.at < every
    return None if lately else mark


def unfinished_day(work: Work) -> date | None:
    """Yesterday, where it was not walked anew as a whole yet."""
    require(work.actor, Permission.AUDIT)
    yesterday = _day(work, work.now) - timedelta(days=1)
    return None if store.is_final(work.session, yesterday) else yesterday


def read_day(work: Work, day: date) -> News:
    """Every promise of a day again: those that are known, and those of reports of that day."""
    require(work.actor, Permission.AUDIT)
    zone = ZoneInfo(work.settings.timezone)
    begin = datetime.combine(day, time(0), zone)
    end = datetime.combine(day + timedelta(days=1), time(0), zone)
    ids = set(store.promised_on(work.session, day))
    ids.update(
        work.session.scalars(
            select(INCIDENT.c.id).where(
                INCIDENT.c.reported_at >= begin, INCIDENT.c.reported_at < end
            )
        )
    )
    found = tuple(sorted(ids))
    return News(found, _rows(work, walk_again(work, found)), 0, 0, end=True)


def keep_day(work: Work, day: date, news: News) -> None:
    """Keep a whole day; its verdict is final, though a later event may still correct it."""
    require(work.actor, Permission.AUDIT)
    store.take_turn(work.session)
    store.replace_promises(work.session, news.incident_ids, news.rows)
    store.make_final(work.session, day, work.now)


def _rows(work: Work, walked: Iterable[Walked]) -> tuple[dict[str, Any], ...]:
    return tuple(
        {
            "incident_id": one.promise.incident_id,
            "clock": one.promise.clock,
            "cycle": one.promise.cycle,
            "made_at": one.promise.made_at,
            "day": _day(work, one.promise.made_at),
            "fired": one.fired,
            "late": one.late,
            "worst_late_ms": one.worst_late_ms,
            **{code: one.count(code) for code in ("missing", "double", "early", "misjudged")},
            "faults": len(one.faults),
            "expected_at": one.expected_at,
        }
        for one in walked
    )


def _day(work: Work, at: datetime) -> date:
    return at.astimezone(ZoneInfo(work.settings.timezone)).date()
