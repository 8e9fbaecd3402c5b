"""The list of the board: the matters of the reader's scopes that fit a filter, page by page.

Two ways to the same lines. Where few can fit (a small scope, a grid, a handler, rare words) they
are all read and put in order here; where many can, the index of due instants or of numbers is
walked until the page is full. `few` tells which, and never counts further than it must.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from heapq import nsmallest
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, or_, select

from gridtrack.access import Permission, require, scopes
from gridtrack.categories import store as categories
from gridtrack.grids import store as grids
from gridtrack.grids.store import GRID
from gridtrack.incidents.intake import Source
from gridtrack.incidents.numbers import parse_number
from gridtrack.incidents.rules import OPEN, State
from gridtrack.incidents.tables import Incident
from gridtrack.queries.names import Line, lines, number_of
from gridtrack.queries.newest import Which, newest
from gridtrack.queries.scope import few, parts, under, visible
from gridtrack.search import rules
from gridtrack.search import store as search
from gridtrack.work import Work

PAGE = 50
MOST_PAGES = 100
HOUR = timedelta(hours=1)
NOBODY, ME = "none", "me"
NOTHING = Incident.id < 0
OVERDUE, WITHIN = "overdue", "hour"
ALL, HANDLING = "all", "handling"
_HANDLED = (State.ACKNOWLEDGED, State.IN_PROGRESS, State.ON_HOLD)


@dataclass(frozen=True, slots=True)
class Wish:
    """A filter as it stands in the address; what is empty or unknown asks for nothing."""

    text: str = ""
    state: str = ""  # empty: what is open; `all`; `handling`; else a state
    category: str = ""  # a category or the group above it
    grid: str = ""  # a grid's code, of any level
    handler: str = ""  # a person's id, `none` or `me`
    due: str = ""  # `overdue` or `hour`
    climbed: str = ""  # `any`, or `me`: what came up to the reader
    source: str = ""
    since: date | None = None
    until: date | None = None  # that day too
    sort: str = ""  # empty: the next to be due first; `new`: the newest first
    page: int = 1

    @property
    def by_due(self) -> bool:
        """True where the order is that of what is due next: closed matters promise nothing."""
        return self.sort != "new" and (self.state in ("", HANDLING) or self.state in set(OPEN))


@dataclass(frozen=True, slots=True)
class Matters:
    """A page of the list."""

    lines: tuple[Line, ...]
    more: bool
    now: datetime


def matters(work: Work, wish: Wish, locale: str) -> Matters:
    """The matters that fit, one page of them, each with what a line shows."""
    require(work.actor, Permission.SEE)
    end = min(max(wish.page, 1), MOST_PAGES) * PAGE
    found = _ids(work, wish, end + 1)
    shown = found[end - PAGE : end]
    rows = work.session.scalars(select(Incident).where(Incident.id.in_(shown)))
    by_id = {line.id: line for line in lines(work, rows, locale)}
    return Matters(tuple(by_id[one] for one in shown), len(found) > end, work.now)


def _ids(work: Work, wish: Wish, most: int) -> list[int]:
    """The first `most` ids that fit, in order."""
    where = [*_plain(work, wish), *_said(work, wish)]
    if wish.grid:
        path = _path(work, wish.grid)
        where.append(under(path) if path is not None else NOTHING)
    narrow = bool(wish.grid or wish.handler or wish.text)
    if wish.by_due:
        return _by_due(work, where, most, narrow=narrow)
    return newest(work, most, Which(where, narrow=bool(wish.grid)))


def _by_due(work: Work, where: Sequence[Any], most: int, *, narrow: bool) -> list[int]:
    """What is due next first; then what promises nothing now, the newest first."""
    everywhere = "" in scopes(work.actor, Permission.SEE)
    mine = [visible(work.actor)] if everywhere else parts(work.actor)
    if (narrow or not everywhere) and all(few(work.session, [part, *where]) for part in mine):
        due: dict[int, datetime | None] = {}
        for part in mine:
            due |= {
                row.id: row.due_at
                for row in work.session.execute(
                    select(Incident.id, Incident.due_at).where(part, *where)
                )
            }
        return nsmallest(most, due, key=lambda one: _place(one, due[one]))
    waiting: dict[int, datetime] = {}
    for part in mine if everywhere else parts(work.actor, by_path=False):
        ask = select(Incident.id, Incident.due_at).where(part, *where, Incident.due_at.is_not(None))
        rows = work.session.execute(ask.order_by(Incident.due_at, Incident.id).limit(most))
        waiting |= {row.id: row.due_at for row in rows if row.due_at is not None}
    found = nsmallest(most, waiting, key=lambda one: (waiting[one], one))
    if len(found) < most:
        rest = Which([*where, Incident.due_at.is_(None)], narrow=narrow)
        found += newest(work, most - len(found), rest)
    return found


def _place(number: int, due_at: datetime | None) -> tuple[bool, float, int]:
    """By its due instant; among those without one the newest first, as reports are numbered."""
    if due_at is None:
        return (True, -number, number)
    return (False, due_at.timestamp(), number)


def _plain(work: Work, wish: Wish) -> list[Any]:
    """What the columns of the matter say."""
    found = [*_in_state(wish.state), *_in_time(work, wish), *_days(work, wish)]
    if wish.category:
        found.append(_of_category(work, wish.category))
    if wish.handler:
        found.append(_handled(work, wish.handler))
    if wish.source in set(Source):
        found.append(Incident.source == wish.source)
    return found


def _in_state(state: str) -> list[Any]:
    """`is_open` is said wherever it holds: by that word partial indexes are known."""
    if not state:
        return [Incident.is_open]
    if state == HANDLING:
        return [Incident.is_open, Incident.state.in_([one.value for one in _HANDLED])]
    if state in set(OPEN):
        return [Incident.is_open, Incident.state == state]
    return [Incident.state == state] if state in set(State) else []


def _in_time(work: Work, wish: Wish) -> list[Any]:
    found: list[Any] = []
    if wish.due == OVERDUE:
        found.append(Incident.due_at <= work.now)
    elif wish.due == WITHIN:
        found.append(and_(Incident.due_at > work.now, Incident.due_at <= work.now + HOUR))
    if wish.climbed:
        found += [Incident.rung.is_not(None), Incident.due_at.is_not(None)]
    if wish.climbed == ME:
        found.append(Incident.handler_id == work.actor.person_id)
    return found


def _days(work: Work, wish: Wish) -> list[ColumnElement[bool]]:
    """Whole days of the deployment's zone, the last one too."""
    zone = ZoneInfo(work.settings.timezone)
    found: list[ColumnElement[bool]] = []
    if wish.since is not None:
        found.append(Incident.reported_at >= datetime.combine(wish.since, time(0), zone))
    if wish.until is not None:
        end = datetime.combine(wish.until + timedelta(days=1), time(0), zone)
        found.append(Incident.reported_at < end)
    return found


def _of_category(work: Work, code: str) -> ColumnElement[bool]:
    tree = categories.tree(work.memo, work.settings.instance)
    if code in tree.groups:
        return Incident.category.in_([one.code for one in tree.leaves(code)])
    return Incident.category == code


def _handled(work: Work, handler: str) -> ColumnElement[bool]:
    if handler == NOBODY:
        return Incident.handler_id.is_(None)
    person = work.actor.person_id if handler == ME else int(handler)
    return or_(Incident.handler_id == person, Incident.co_handler_id == person)


def _path(work: Work, code: str) -> str | None:
    """The path of a grid in force; None where there is none of that code."""
    edition = grids.edition_at(work.session, work.now)
    if edition is None or not code:
        return None
    wanted = select(GRID.c.path).where(GRID.c.edition_id == edition.id, GRID.c.code == code)
    return work.session.scalar(wanted)


def _said(work: Work, wish: Wish) -> list[ColumnElement[bool]]:
    """What was said of it; a whole number asks for that one matter."""
    number = parse_number(wish.text)
    if number is not None:
        return [Incident.id == number]
    words = rules.asked(wish.text)
    if not words:
        return [NOTHING] if wish.text.strip() else []
    found = search.matching(work.session, words, Incident.id)
    fresh = _fresh(work, words)
    return [or_(found, Incident.id.in_(fresh)) if fresh else found]


def _fresh(work: Work, words: Sequence[str]) -> list[int]:
    """Matters that came after the index was last kept, read as they stand."""
    known = search.newest_known(work.session)
    rows = work.session.execute(
        select(
            Incident.id,
            Incident.description,
            Incident.address,
            Incident.category,
            Incident.grid_code,
            Incident.reported_at,
        )
        .where(Incident.id > known)
        .order_by(Incident.id.desc())
        .limit(search.FRESH)
    )
    tree = categories.tree(work.memo, work.settings.instance)
    texts = {}
    for row in rows:
        kind = tree.categories.get(row.category)
        named = f"{kind.zh} {kind.en}" if kind else row.category
        number = number_of(work, row.id, row.reported_at)
        texts[row.id] = f"{number} {row.description} {row.address} {named} {row.grid_code or ''}"
    return search.fresh_of(texts, words)
