"""What really became of recorded matters, read off clocks, events and notices. Reads only.

It ends where the first promise of a matter ends: that is what a forecast is compared with.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select

from gridtrack.analytics.forecast import Answer, Draw, Fired, Matter
from gridtrack.analytics.load import LocalTime
from gridtrack.analytics.reactions import DESK, FIRST, PROPERTY, Heard
from gridtrack.deadlines.rules import Kind
from gridtrack.deadlines.store import CLOCK
from gridtrack.incidents.store import EVENT, INCIDENT
from gridtrack.notifications.store import INBOX, MESSAGE
from gridtrack.work import Work

CHUNK = 1000  # incidents read at a time
UNTOLD = "other"  # who answered had not been told
_CLIMBS = ("escalated", "rung-skipped")
_OF_NOTICE = {
    "assigned": FIRST, "co-assigned": PROPERTY, "triage": DESK, "exhausted": DESK,
    "escalated": "",
}  # fmt: skip
# What begins a promise, climbs or ends it; every other kind of event leaves it as it is.
_ENDS = ("acknowledged", "reject", "merged", "hand_back", "reopened")
_READ = ("reported", "triaged", "assigned", *_CLIMBS, *_ENDS)
_SET = EVENT.c.data["set"]
_EVENTS = select(
    EVENT.c.incident_id, EVENT.c.kind, EVENT.c.at, EVENT.c.actor_id,
    _SET["grid_path"].as_string().label("path"), _SET["zone"].as_string().label("zone"),
    _SET["condition"].as_string().label("condition"),
    _SET["handler_role"].as_string().label("role"),
    EVENT.c.data["clock"].as_string().label("clock"),
    EVENT.c.data["cycle"].as_integer().label("cycle"),
    EVENT.c.data["rung"].as_string().label("rung"),
    EVENT.c.data["exhausted"].as_boolean().label("exhausted"),
).where(EVENT.c.kind.in_(_READ)).order_by(EVENT.c.incident_id, EVENT.c.seq)  # fmt: skip
_NOTICES = (
    select(
        MESSAGE.c.incident_id, MESSAGE.c.recipient_id, MESSAGE.c.kind, MESSAGE.c.created_at,
        MESSAGE.c.facts["rung"].as_string().label("rung"),
    )
    .where(MESSAGE.c.channel == INBOX, MESSAGE.c.kind.in_(_OF_NOTICE))
    .order_by(MESSAGE.c.incident_id, MESSAGE.c.id)
)  # fmt: skip
_MATTERS = select(
    INCIDENT.c.id, INCIDENT.c.reported_at, INCIDENT.c.category, INCIDENT.c.sensitivity,
    INCIDENT.c.grid_path, INCIDENT.c.zone, INCIDENT.c.reported_by, INCIDENT.c.lon,
    INCIDENT.c.lat, INCIDENT.c.accuracy_m, CLOCK.c.due_at,
).join(CLOCK, and_(
    CLOCK.c.incident_id == INCIDENT.c.id, CLOCK.c.cycle == 1,
    CLOCK.c.kind == Kind.ACKNOWLEDGE.value,
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Notice:
    """Who was told when, at which rung."""

    at: datetime
    person_id: int
    rung: str


@dataclass(frozen=True, slots=True)
class Lived:
    """A recorded matter and the end of its first promise.

    `set_aside`: refused, merged, handed back or given to somebody else before anybody answered.
    """

    matter: Matter
    point: tuple[float, float] | None
    due_at: datetime
    answer: Answer | None
    set_aside: bool
    steps: tuple[Fired, ...]
    notices: tuple[Notice, ...]
    heard: tuple[Heard, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """Which matters: reported from `begin` to before `end`, at the most the newest `most`."""

    begin: datetime | None
    end: datetime | None
    most: int | None = None


@dataclass(slots=True)
class Chosen:
    """The ids of the matters of a span, and how many there are without the limit."""

    ids: Sequence[int]
    of: int
    since: datetime | None = field(default=None)


def choose_matters(work: Work, within: ColumnElement[bool], span: Span) -> Chosen:
    """The matters to look at; `within` says which the actor may have counted."""
    asked = [within]
    asked += [INCIDENT.c.reported_at >= span.begin] if span.begin else []
    asked += [INCIDENT.c.reported_at < span.end] if span.end else []
    total = work.session.scalar(select(func.count()).select_from(INCIDENT).where(*asked)) or 0
    newest = select(INCIDENT.c.id, INCIDENT.c.reported_at).where(*asked)
    newest = newest.order_by(INCIDENT.c.reported_at.desc(), INCIDENT.c.id.desc())
    rows = work.session.execute(newest.limit(span.most)).all()
    return Chosen(sorted(row.id for row in rows), total, rows[-1].reported_at if rows else None)


def lived(work: Work, ids: Sequence[int], roles: Mapping[str, str]) -> Iterator[Lived]:
    """These matters with what became of them; `roles` names the role of each rung."""
    for n in range(0, len(ids), CHUNK):
        some = list(ids[n : n + CHUNK])
        connection = work.session.connection()
        rows = connection.execute(_MATTERS.where(INCIDENT.c.id.in_(some)).order_by(INCIDENT.c.id))
        events = _grouped(connection.execute(_EVENTS.where(EVENT.c.incident_id.in_(some))))
        notices = _grouped(connection.execute(_NOTICES.where(MESSAGE.c.incident_id.in_(some))))
        for row in rows:
            reader = _Reader(row, events.get(row.id, []), notices.get(row.id, []), work.now)
            yield reader.lived(roles)


def _grouped(rows: Iterable[Any]) -> dict[int, list[Any]]:
    return {key: list(group) for key, group in groupby(rows, key=lambda row: row.incident_id)}


class _Reader:
    """One matter's rows, read in order up to the end of its first promise."""

    def __init__(
        self, row: Any, events: Sequence[Any], notices: Sequence[Any], now: datetime
    ) -> None:
        self._row, self._now = row, now
        self._first: Any = events[0] if events else None
        self._role: str | None = None
        self._steps: list[Any] = []
        self._ended_at: datetime | None = None
        self._actor_id: int | None = None
        self._answered = False
        for event in events[1:]:
            if self._ends(event):
                break
        until = self._ended_at or now
        self._notices = tuple(
            Notice(one.created_at, one.recipient_id, _OF_NOTICE[one.kind] or one.rung or "")
            for one in notices
            if one.recipient_id is not None and one.created_at <= until
        )

    def _ends(self, event: Any) -> bool:
        """Read one event; True where it ends the promise."""
        if event.kind in _CLIMBS:
            if event.clock == Kind.ACKNOWLEDGE.value and event.cycle == 1:
                self._steps.append(event)
            return False
        if event.kind == "triaged":
            self._role = DESK
            return False
        if event.kind == "assigned" and self._role is None:
            self._role = event.role or ""
            return False
        # What nobody had is answered where somebody at the desk finds a person for it.
        desk = event.kind == "assigned" and self._role == DESK
        self._answered = event.kind == "acknowledged" or desk
        self._ended_at, self._actor_id = event.at, event.actor_id
        return True

    def lived(self, roles: Mapping[str, str]) -> Lived:
        """The matter as it went."""
        row, first = self._row, self._first
        path = (first.path if first is not None else None) or ""
        zone = first.zone if first is not None else None
        matter = Matter(
            row.id, row.reported_at, row.category, row.sensitivity, path, zone, row.reported_by,
            (first.condition if first is not None else None) or "",
        )  # fmt: skip
        point = None if row.lon is None or row.lat is None else (row.lon, row.lat)
        return Lived(
            matter, point, row.due_at, self._answer(),
            self._ended_at is not None and not self._answered,
            tuple(_step(one) for one in self._steps), self._notices,
            tuple(self._heard(roles)),
        )  # fmt: skip

    def _answer(self) -> Answer | None:
        if not self._answered or self._ended_at is None:
            return None
        person_id = self._actor_id or 0
        told = [one.rung for one in self._notices if one.person_id == person_id]
        own = person_id == self._row.reported_by and not self._notices
        rung = told[-1] if told else FIRST if own else UNTOLD
        return Answer(self._ended_at.timestamp(), person_id, rung)

    def _heard(self, roles: Mapping[str, str]) -> Iterator[Heard]:
        end = self._ended_at or self._now
        for n, one in enumerate(self._notices):
            again = next(
                (two.at for two in self._notices[n + 1 :] if two.person_id == one.person_id), None
            )
            answered = self._answered and again is None and one.person_id == self._actor_id
            role = (self._role or "") if one.rung == FIRST else roles.get(one.rung, one.rung)
            seconds = ((again or end) - one.at).total_seconds()
            yield Heard(one.person_id, one.rung, role, max(0.0, seconds), answered)


def _step(event: Any) -> Fired:
    rung = (event.rung,)
    climbed = event.kind == "escalated"
    at_s = event.at.timestamp()
    return Fired(at_s, (), rung if climbed else (), () if climbed else rung, bool(event.exhausted))


def happened(draw: Draw, one: Lived, when: LocalTime) -> None:
    """Count what became of a matter like a draw of a forecast."""
    for step in one.steps:
        draw.climb(step)
    for notice in one.notices:
        draw.load.told(notice.person_id, when(notice.at))
    draw.end(one.answer, one.matter.at.timestamp(), one.due_at.timestamp())
