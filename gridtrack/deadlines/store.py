"""Saving and loading clocks, policies and heartbeats."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case, delete, func, select, tuple_, update
from sqlalchemy.orm import Session

from gridtrack.db.fixed import write
from gridtrack.db.memo import Memo
from gridtrack.db.sql import insert_new, table_of, upsert
from gridtrack.deadlines.policy import parse
from gridtrack.deadlines.policy_parts import Policy
from gridtrack.deadlines.policy_store import digest
from gridtrack.deadlines.rules import ClockState, Kind
from gridtrack.deadlines.tables import USED_UP, ClockRow, Heartbeat, PolicyVersion, Quarantine
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
class Running:
    """A running clock as the sweep reads it, in the order of the columns selected."""

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


_RUNNING = select(
    CLOCK.c.incident_id, CLOCK.c.kind, CLOCK.c.cycle, CLOCK.c.state, CLOCK.c.policy_version,
    CLOCK.c.ladder, CLOCK.c.due_at, CLOCK.c.step, CLOCK.c.repeat, CLOCK.c.next_fire_at,
).where(
    CLOCK.c.incident_id.in_(bindparam("ids", expanding=True)),
    CLOCK.c.state == ClockState.RUNNING.value,
)  # fmt: skip


def running(session: Session, incident_ids: Iterable[int]) -> list[Running]:
    """The running clocks of incidents that the caller has locked."""
    rows: Iterable[Any] = session.execute(_RUNNING, {"ids": list(incident_ids)})
    return [Running(*row) for row in rows]


_BREACHED = bindparam("b_breached_at", type_=CLOCK.c.breached_at.type)
_STOP = (
    update(CLOCK)
    .where(
        CLOCK.c.incident_id == bindparam("b_incident"),
        CLOCK.c.kind == bindparam("b_kind"),
        CLOCK.c.state == ClockState.RUNNING.value,
    )
    .values(
        state=bindparam("b_state"),
        breached_at=func.coalesce(CLOCK.c.breached_at, _BREACHED),
        next_fire_at=None,
    )
)


def stop(
    session: Session,
    incident_id: int,
    state: ClockState,
    *,
    breached_at: datetime | None = None,
    kind: Kind = Kind.ACKNOWLEDGE,
) -> None:
    """End the running clock of `kind`; a breach already written down stays as it was."""
    session.execute(
        _STOP,
        {
            "b_incident": incident_id,
            "b_kind": kind.value,
            "b_state": state.value,
            "b_breached_at": breached_at,
        },
    )


_AT = bindparam("b_at", type_=CLOCK.c.due_at.type)
_MEET = (
    update(CLOCK)
    .where(
        CLOCK.c.incident_id == bindparam("b_incident"),
        CLOCK.c.kind == bindparam("b_kind"),
        CLOCK.c.state == ClockState.RUNNING.value,
    )
    .values(
        state=ClockState.MET.value,
        met_at=_AT,
        breached_at=case(
            (CLOCK.c.due_at < _AT, func.coalesce(CLOCK.c.breached_at, CLOCK.c.due_at)),
            else_=CLOCK.c.breached_at,
        ),
        next_fire_at=None,
    )
)


def meet(session: Session, incident_id: int, at: datetime, kind: Kind = Kind.ACKNOWLEDGE) -> None:
    """The running clock of `kind`, if there is one, was answered at `at`; late is a breach too."""
    session.execute(_MEET, {"b_incident": incident_id, "b_kind": kind.value, "b_at": at})


def latest(session: Session, incident_id: int, kind: Kind = Kind.ACKNOWLEDGE) -> ClockRow | None:
    """The newest cycle of a clock, whatever its state."""
    return session.scalar(
        select(ClockRow)
        .where(ClockRow.incident_id == incident_id, ClockRow.kind == kind.value)
        .order_by(ClockRow.cycle.desc())
        .limit(1)
    )


def used_up(session: Session, limit: int) -> Sequence[ClockRow]:
    """Running clocks whose ladder has no step left, the longest missed first."""
    return session.scalars(
        select(ClockRow).where(USED_UP).order_by(ClockRow.due_at, ClockRow.incident_id).limit(limit)
    ).all()


def beat(session: Session, row: Mapping[str, Any]) -> None:
    """Write down that a worker finished a tick."""
    upsert(session, HEARTBEAT, row, key="worker")


_ADVANCE = (
    update(CLOCK)
    .where(
        CLOCK.c.incident_id == bindparam("b_incident"),
        CLOCK.c.kind == bindparam("b_kind"),
        CLOCK.c.cycle == bindparam("b_cycle"),
    )
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


_RELEASE = delete(QUARANTINE).where(QUARANTINE.c.incident_id.in_(bindparam("ids", expanding=True)))


def release(session: Session, incident_ids: Iterable[int]) -> None:
    """Take incidents out of quarantine: their step has worked."""
    session.execute(_RELEASE, {"ids": list(incident_ids)})


def clocks_of(session: Session, keys: Iterable[tuple[int, str]]) -> Sequence[ClockRow]:
    """Every cycle of the clocks named by (incident id, kind)."""
    return session.scalars(
        select(ClockRow).where(tuple_(ClockRow.incident_id, ClockRow.kind).in_(list(keys)))
    ).all()
