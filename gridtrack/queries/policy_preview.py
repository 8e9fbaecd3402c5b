"""What another version of the policy would have promised: open matters, and the month behind us.

Who may not read a matter is told its number and group, as a message tells them; sealed ones are
neither shown nor counted for whoever may not read them. The forecast page asks more (`/forecast`).
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select

from gridtrack.access import Permission, require
from gridtrack.categories import store as categories
from gridtrack.categories.rules import Category
from gridtrack.deadlines import calendar_store, store
from gridtrack.deadlines import policy_store as policies
from gridtrack.deadlines.policy import parse
from gridtrack.deadlines.policy_parts import Policy
from gridtrack.deadlines.preview import Promised, due_under
from gridtrack.deadlines.rules import Kind
from gridtrack.deadlines.store import CLOCK
from gridtrack.errors import NotFound
from gridtrack.incidents.tables import Incident
from gridtrack.limits import Limit
from gridtrack.queries.names import number_of
from gridtrack.queries.scope import visible
from gridtrack.queries.who_sees import SEALED
from gridtrack.work import Work

MOST_OPEN = 500  # the newest open matters that are counted again
SHOWN = 50
MOST_PAST = 5_000
MONTH = timedelta(days=30)
_FROM_REPORT = (Kind.ACKNOWLEDGE.value, Kind.ARRIVE.value, Kind.RESOLVE.value)


@dataclass(frozen=True, slots=True)
class Moved:
    """A clock of an open matter: when it was promised, when it would have been; None: not at all.

    `link` is True where the reader may open the matter.
    """

    incident_id: int
    number: str
    what: str
    clock: str
    before: datetime
    after: datetime | None
    link: bool


@dataclass(frozen=True, slots=True)
class Past:
    """How many clocks of one kind were missed, and how many would have been, of those ended."""

    clock: str
    ended: int
    missed: int
    would: int


@dataclass(frozen=True, slots=True)
class Preview:
    """Open matters that would be due at another time, the newest first, and the past month.

    `looked_at` of `open` matters were counted again; `changed` of their clocks differ; `past` looks
    at no more than MOST_PAST clocks, the newest.
    """

    open: int
    looked_at: int
    changed: int
    earlier: int
    moved: tuple[Moved, ...]
    past: tuple[Past, ...]


def preview_draft(work: Work, draft_id: int, locale: str) -> Preview:
    """What a draft would have promised; raises NotFound."""
    require(work.actor, Permission.RULES_EDIT)
    draft = policies.draft(work.session, draft_id)
    if draft is None:
        raise NotFound("policy-draft-not-found", value=draft_id)
    return preview(work, parse(draft.body, 0), locale)


def preview(work: Work, policy: Policy, locale: str) -> Preview:
    """What `policy` would have promised where others were promised under."""
    require(work.actor, Permission.RULES_EDIT)
    mine = or_(Incident.sensitivity < SEALED, visible(work.actor))
    open_now = work.session.scalar(
        select(func.count()).select_from(Incident).where(Incident.is_open, mine)
    )
    moved: list[Moved] = []
    changed = earlier = 0
    for row in _open_clocks(work, mine):
        before, after = _both(work, policy, row)
        if before == after:
            continue
        changed += 1
        earlier += after is not None and after < before
        if len(moved) < SHOWN:
            moved.append(_moved(work, row, (before, after), locale))
    past = tuple(_past(work, policy, mine))
    looked_at = min(open_now or 0, MOST_OPEN)
    return Preview(open_now or 0, looked_at, changed, earlier, tuple(moved), past)


_ROW = (
    Incident.id, Incident.category, Incident.condition, Incident.grid_path, Incident.sensitivity,
    Incident.reported_at, CLOCK.c.kind, CLOCK.c.started_at, CLOCK.c.due_at, CLOCK.c.met_at,
    CLOCK.c.state, CLOCK.c.policy_version, CLOCK.c.paused_us, CLOCK.c.extended,
)  # fmt: skip


def _open_clocks(work: Work, mine: Any) -> Sequence[Any]:
    newest = (
        select(Incident.id)
        .where(Incident.is_open, mine)
        .order_by(Incident.id.desc())
        .limit(MOST_OPEN)
        .subquery()
    )
    seen = visible(work.actor).label("seen")
    return work.session.execute(
        select(*_ROW, seen)
        .join(CLOCK, CLOCK.c.incident_id == Incident.id)
        .where(
            Incident.id.in_(select(newest.c.id)),
            CLOCK.c.state.in_(("running", "paused")),
            CLOCK.c.kind.in_(_FROM_REPORT),
        )
        .order_by(Incident.id.desc(), CLOCK.c.due_at)
    ).all()


def _both(work: Work, policy: Policy, row: Any) -> tuple[datetime, datetime | None]:
    """The due instant as it stands, and as it would be; rests and more time stay as they were."""
    promised = _promised(_category(work, row.category), row)
    working = _working(work)
    own = store.policy_version(work.session, work.memo, row.policy_version)
    then, would = due_under(own, promised, working), due_under(policy, promised, working)
    if would is None:
        return row.due_at, None
    if then == would:
        return row.due_at, row.due_at
    rested = row.due_at - then if then is not None and (row.paused_us or row.extended) else None
    return row.due_at, would + rested if rested is not None else would


def _promised(category: Category, row: Any) -> Promised:
    filed = category.known_condition(row.condition)
    usual: Mapping[Kind, Limit | None] = {
        kind: getattr(filed, kind.value, None) or getattr(category, kind.value)
        for kind in (Kind.ACKNOWLEDGE, Kind.ARRIVE, Kind.RESOLVE)
    }
    return Promised(
        Kind(row.kind), row.started_at, category.code, row.grid_path, row.sensitivity, usual,
        row.condition,
    )  # fmt: skip


def _category(work: Work, code: str) -> Category:
    return categories.tree(work.memo, work.settings.instance).get(code)


def _working(work: Work) -> Mapping[str, Any]:
    return calendar_store.calendars(work.session, work.memo, work.settings.timezone).working


def _moved(work: Work, row: Any, dues: tuple[datetime, datetime | None], locale: str) -> Moved:
    tree = categories.tree(work.memo, work.settings.instance)
    number = number_of(work, row.id, row.reported_at)
    open_words = bool(row.seen) or row.sensitivity <= 1
    what = tree.get(row.category) if open_words else tree.group(row.category)
    return Moved(row.id, number, what.name(locale), row.kind, *dues, link=bool(row.seen))


def _past(work: Work, policy: Policy, mine: Any) -> Iterator[Past]:
    """The clocks that ended in the last month and never rested, judged again by their own facts."""
    rows = work.session.execute(
        select(*_ROW)
        .join(CLOCK, CLOCK.c.incident_id == Incident.id)
        .where(
            # The newest numbers first, and no walk through years of them.
            Incident.id > select(func.max(Incident.id) - MOST_PAST * 4).scalar_subquery(),
            Incident.reported_at >= work.now - MONTH,
            mine,
            CLOCK.c.state == "met",
            CLOCK.c.paused_us == 0,
            CLOCK.c.extended == 0,
            CLOCK.c.kind.in_(_FROM_REPORT),
        )
        .order_by(Incident.id.desc())
        .limit(MOST_PAST)
    )
    ended, missed, would = Counter[str](), Counter[str](), Counter[str]()
    for row in rows:
        after = due_under(policy, _promised(_category(work, row.category), row), _working(work))
        ended[row.kind] += 1
        missed[row.kind] += row.met_at > row.due_at
        would[row.kind] += after is not None and row.met_at > after
    for kind in _FROM_REPORT:
        if ended[kind]:
            yield Past(kind, ended[kind], missed[kind], would[kind])
