"""What a screen on the wall shows: counts, what burns, latest climbs, promises kept today.

Nobody's name, no words of a report, nothing sealed: anybody who passes by reads it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from gridtrack.access import Actor, Holding, Permission, Role, require, scopes
from gridtrack.accounts.rules import token_digest
from gridtrack.categories import store as categories
from gridtrack.deadlines.rules import Kind
from gridtrack.deadlines.store import CLOCK
from gridtrack.errors import NotFound
from gridtrack.incidents.store import EVENT
from gridtrack.incidents.tables import Incident
from gridtrack.queries.board import burning
from gridtrack.queries.names import grid_name, number_of
from gridtrack.queries.scope import SEALED, visible
from gridtrack.screens import store
from gridtrack.work import Work

BURNING, CLIMBS = 7, 4
_TODAY = 20_000  # of the newest matters: more reports a day than a city has
_EVENTS = 3000  # of the newest events


@dataclass(frozen=True, slots=True)
class Hot:
    """A matter that burns: what, where, since when; the handler by role alone."""

    number: str
    category_name: str
    grid_name: str
    state: str
    role: str
    rung: str | None
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Climb:
    """A promise that was missed and what it climbed to."""

    at: datetime
    category_name: str
    grid_name: str
    rung: str


@dataclass(frozen=True, slots=True)
class WallPage:
    """Everything the screen shows."""

    overdue: int
    within_hour: int
    escalated: int
    unassigned: int
    counts: dict[str, int]
    hot: tuple[Hot, ...]
    climbs: tuple[Climb, ...]
    kept: int
    promised: int
    now: datetime


@dataclass(frozen=True, slots=True)
class Screen:
    """A screen that is let in: by what name, over what scope."""

    name: str
    scope: str


def screen_of(work: Work, key: str) -> Screen:
    """The screen of a key; NotFound for a key that never was or has ended."""
    found = store.wall_of(work.session, token_digest(key))
    if found is None:
        raise NotFound("wall-not-found")
    # Whoever holds the key is nobody: see `eyes`.
    require(eyes(found.scope), Permission.SEE, found.scope)
    return Screen(found.name, found.scope)


def eyes(*scopes_: str) -> Actor:
    """Who reads for a wall: may see these scopes below the sealed level, and nothing else."""
    posts = tuple(Holding(Role.CHECKER, scope) for scope in scopes_)
    return Actor(None, "wall", posts, limited_to=frozenset({Permission.SEE}))


def eyes_of(actor: Actor) -> Actor:
    """The same over what a person sees, so that the screen looks alike whoever opened it."""
    return eyes(*scopes(actor, Permission.SEE))


def wall(work: Work, locale: str) -> WallPage:
    """The screen over the actor's scopes."""
    require(work.actor, Permission.SEE)
    now_burning = burning(work)
    wanted = [*now_burning.overdue, *now_burning.soon][:BURNING]
    rows = work.session.scalars(select(Incident).where(Incident.id.in_(wanted)))
    by_id = {row.id: row for row in rows}
    kept, promised = _kept(work)
    unassigned = work.session.scalar(
        select(func.count())
        .select_from(Incident)
        .where(Incident.handler_id.is_(None), Incident.is_open, *_seen(work))
    )
    return WallPage(
        overdue=len(now_burning.overdue),
        within_hour=len(now_burning.soon),
        escalated=len(now_burning.escalated),
        unassigned=unassigned or 0,
        counts=dict(now_burning.counts),
        hot=tuple(_hot(work, by_id[one], locale) for one in wanted),
        climbs=_climbs(work, locale),
        kept=kept,
        promised=promised,
        now=work.now,
    )


def _seen(work: Work) -> Sequence[Any]:
    return (visible(work.actor), Incident.sensitivity < SEALED)


def _hot(work: Work, row: Incident, locale: str) -> Hot:
    return Hot(
        number_of(work, row.id, row.reported_at),
        _category(work, row.category, locale),
        grid_name(work, row.edition_id, row.grid_code, locale),
        row.state,
        row.handler_role or "",
        row.rung,
        row.due_at,
    )


def _category(work: Work, code: str, locale: str) -> str:
    return categories.tree(work.memo, work.settings.instance).get(code).name(locale)


def _climbs(work: Work, locale: str) -> tuple[Climb, ...]:
    """The latest, of the newest events: what is older is no news."""
    top = work.session.scalar(select(func.max(EVENT.c.id))) or 0
    rows = work.session.execute(
        select(EVENT.c.at, EVENT.c.data, Incident.category, Incident.edition_id, Incident.grid_code)
        .join_from(EVENT, Incident, Incident.id == EVENT.c.incident_id)
        .where(EVENT.c.id > top - _EVENTS, EVENT.c.kind == "escalated", *_seen(work))
        .order_by(EVENT.c.id.desc())
        .limit(CLIMBS)
    )
    return tuple(
        Climb(
            row.at,
            _category(work, row.category, locale),
            grid_name(work, row.edition_id, row.grid_code, locale),
            str(row.data.get("rung", "")),
        )
        for row in rows
    )


def _kept(work: Work) -> tuple[int, int]:
    """Of today's reports: acknowledged in time, and all whose time to acknowledge is over."""
    today = work.now.astimezone(ZoneInfo(work.settings.timezone)).date()
    begin = datetime.combine(today, time(0), ZoneInfo(work.settings.timezone))
    top = work.session.scalar(select(func.max(Incident.id))) or 0
    rows = work.session.execute(
        select(CLOCK.c.met_at, CLOCK.c.due_at)
        .join_from(Incident, CLOCK, CLOCK.c.incident_id == Incident.id)
        .where(
            Incident.id > top - _TODAY,
            Incident.reported_at >= begin,
            CLOCK.c.kind == Kind.ACKNOWLEDGE.value,
            CLOCK.c.cycle == 1,
            *_seen(work),
        )
    ).all()
    over = [row for row in rows if row.met_at is not None or row.due_at <= work.now]
    kept = sum(1 for row in over if row.met_at is not None and row.met_at <= row.due_at)
    return kept, len(over)
