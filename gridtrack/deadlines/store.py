"""Saving and loading clocks, policies and heartbeats."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, select, tuple_, update
from sqlalchemy.orm import Session

from gridtrack.db.fixed import write
from gridtrack.db.memo import Memo
from gridtrack.db.sql import insert_new, table_of, upsert
from gridtrack.deadlines.policy import parse
from gridtrack.deadlines.policy_parts import Policy
from gridtrack.deadlines.policy_store import digest
from gridtrack.deadlines.rules import LIVE, ClockState
from gridtrack.deadlines.tables import (
    ON_CALENDAR,
    USED_UP,
    ClockRow,
    Heartbeat,
    PolicyVersion,
    Quarantine,
)
from gridtrack.errors import Unavailable

CLOCK, HEARTBEAT, QUARANTINE = table_of(ClockRow), table_of(Heartbeat), table_of(Quarantine)
_POLICY = table_of(PolicyVersion)
_MAX_AGE_S = 1.0


_BY_NOBODY = ("author_name", "why", "withdrawn_by", "withdrawn_why")


def keep_policy(session: Session, body: Mapping[str, Any], from_at: datetime) -> None:
    """Store a policy document as a new version, unless the same document is stored already."""
    insert_new(
        session,
        _POLICY,
        {
            "digest": digest(body),
            "from_at": from_at,
            "body": dict(body),
            "recorded_at": from_at,
            "author_id": None,
            "withdrawn_at": None,
            **dict.fromkeys(_BY_NOBODY, ""),
        },
        key="digest",
        returned="version",
    )


def policy_at(session: Session, memo: Memo, at: datetime) -> Policy:
    """The policy in force at `at`; another process's change is seen within a second."""

    def load() -> list[tuple[datetime, Policy]]:
        rows = session.scalars(
            select(PolicyVersion)
            .where(PolicyVersion.withdrawn_at.is_(None))
            .order_by(PolicyVersion.from_at, PolicyVersion.version)
        ).all()
        return [(row.from_at, parse(row.body, row.version)) for row in rows]

    versions = memo.get("policies", load, _MAX_AGE_S)
    in_force = [policy for from_at, policy in versions if from_at <= at]
    if in_force:
        return in_force[-1]
    if versions:
        return versions[0][1]  # an import may bring reports older than the first policy
    raise Unavailable("no-policy")


def policy_version(session: Session, memo: Memo, version: int) -> Policy:
    """The policy a clock was promised under."""

    def load() -> Policy:
        row = session.get(PolicyVersion, version)
        assert row is not None
        return parse(row.body, version)

    return memo.get(("policy", version), load)


_START = CLOCK.insert()


def start(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert clock rows; each mapping names every column."""
    write(session, _START, rows)


@dataclass(frozen=True, slots=True)
class Live:
    """A clock that runs or rests, as the sweep reads it, in the order of the columns selected."""

    incident_id: int
    kind: str
    cycle: int
    state: str
    policy_version: int
    ladder: str
    due_at: datetime
    step: int
    repeat: int
    next_fire_at: datetime | None
    calendar: str | None
    base_at: datetime | None
    left_us: int | None
    paused_us: int


_LIVE = select(
    CLOCK.c.incident_id, CLOCK.c.kind, CLOCK.c.cycle, CLOCK.c.state, CLOCK.c.policy_version,
    CLOCK.c.ladder, CLOCK.c.due_at, CLOCK.c.step, CLOCK.c.repeat, CLOCK.c.next_fire_at,
    CLOCK.c.calendar, CLOCK.c.base_at, CLOCK.c.left_us, CLOCK.c.paused_us,
).where(
    CLOCK.c.incident_id.in_(bindparam("ids", expanding=True)),
    CLOCK.c.state.in_(LIVE),
)  # fmt: skip


def live(session: Session, incident_ids: Iterable[int]) -> list[Live]:
    """The clocks that run or rest, of incidents that the caller has locked."""
    rows: Iterable[Any] = session.execute(_LIVE, {"ids": list(incident_ids)})
    return [Live(*row) for row in rows]


_BREACHED = bindparam("b_breached_at", type_=CLOCK.c.breached_at.type)


def clocks(session: Session, incident_id: int) -> Sequence[ClockRow]:
    """Every cycle of every clock of an incident, in the order they were made."""
    return session.scalars(
        select(ClockRow)
        .where(ClockRow.incident_id == incident_id)
        .order_by(ClockRow.kind, ClockRow.cycle)
    ).all()


def used_up(session: Session, limit: int) -> Sequence[ClockRow]:
    """Running clocks whose ladder has no step left, the longest missed first."""
    return session.scalars(
        select(ClockRow).where(USED_UP).order_by(ClockRow.due_at, ClockRow.incident_id).limit(limit)
    ).all()


def beat(session: Session, row: Mapping[str, Any]) -> None:
    """Write down that a worker finished a tick."""
    upsert(session, HEARTBEAT, row, key="worker")


_ONE = (
    CLOCK.c.incident_id == bindparam("b_incident"),
    CLOCK.c.kind == bindparam("b_kind"),
    CLOCK.c.cycle == bindparam("b_cycle"),
)
_ADVANCE = (
    update(CLOCK)
    .where(*_ONE)
    .values(
        state=bindparam("b_state"),
        step=bindparam("b_step"),
        repeat=bindparam("b_repeat"),
        next_fire_at=bindparam("b_next"),
        breached_at=func.coalesce(CLOCK.c.breached_at, _BREACHED),
    )
)


def advance(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Move clocks to their next step; each mapping has the b_ names of the statement."""
    session.execute(_ADVANCE, list(rows))


_GO_ON = (
    update(CLOCK)
    .where(*_ONE)
    .values(
        state=ClockState.RUNNING.value,
        **{
            name: bindparam(f"b_{name}", type_=CLOCK.c[name].type)
            for name in ("due_at", "next_fire_at", "base_at", "paused_us", "calendar_rev")
        },
    )
)


def resumed(clock: Live, how: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters that let a paused clock go on, for `go_on`."""
    one = {"b_incident": clock.incident_id, "b_kind": clock.kind, "b_cycle": clock.cycle}
    return one | {f"b_{name}": value for name, value in how.items()}


def go_on(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Let paused clocks run again; each mapping is one of `resumed`."""
    session.execute(_GO_ON, list(rows))


_BEFORE = (
    select(CLOCK.c.incident_id)
    .where(ON_CALENDAR, CLOCK.c.calendar_rev < bindparam("rev"))
    .order_by(CLOCK.c.calendar_rev, CLOCK.c.incident_id)
    .limit(bindparam("most"))
)


def counted_before(session: Session, rev: int, limit: int) -> list[int]:
    """Incidents with a running clock that was counted on calendars before `rev`."""
    return sorted(set(session.scalars(_BEFORE, {"rev": rev, "most": limit})))


_RELEASE = delete(QUARANTINE).where(QUARANTINE.c.incident_id.in_(bindparam("ids", expanding=True)))


def release(session: Session, incident_ids: Iterable[int]) -> None:
    """Take incidents out of quarantine: their step has worked."""
    session.execute(_RELEASE, {"ids": list(incident_ids)})


def clocks_of(session: Session, keys: Iterable[tuple[int, str]]) -> Sequence[ClockRow]:
    """Every cycle of the clocks named by (incident id, kind)."""
    return session.scalars(
        select(ClockRow).where(tuple_(ClockRow.incident_id, ClockRow.kind).in_(list(keys)))
    ).all()
