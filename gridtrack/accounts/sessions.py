"""Sessions that stand in the database, and how often somebody tried."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from gridtrack.accounts.log_in_rules import FORGET, Device, Open, family, wait_after
from gridtrack.accounts.rules import token_digest
from gridtrack.accounts.tables import LoginSession, LoginTry, SecondFactorKey
from gridtrack.db.sql import insert_missing, run, table_of

SESSION, TRY = table_of(LoginSession), table_of(LoginTry)
FACTOR = table_of(SecondFactorKey)
_OPEN = (
    select(
        SESSION.c.id, SESSION.c.person_id, SESSION.c.created_at, SESSION.c.seen_at,
        SESSION.c.strong_at, SESSION.c.agent, SESSION.c.address,
    )
    .where(SESSION.c.ended_at.is_(None))
)  # fmt: skip


def begin(session: Session, person_id: int, device: Device, at: datetime) -> str:
    """Open a session; the key goes into the cookie, only its digest is kept."""
    key = secrets.token_urlsafe(32)
    row = {
        "digest": token_digest(key), "person_id": person_id, "created_at": at, "seen_at": at,
        "strong_at": None, "agent": family(device.agent), "address": device.address,
        "ended_at": None, "ended_why": "",
    }  # fmt: skip
    run(session, SESSION.insert(), row)
    return key


def of_key(session: Session, key: str) -> tuple[Open, bool] | None:
    """The open session of a key, and whether its person has a second factor."""
    has = select(FACTOR.c.person_id).where(
        FACTOR.c.person_id == SESSION.c.person_id, FACTOR.c.confirmed_at.is_not(None)
    )
    found = _OPEN.add_columns(has.exists().label("has")).where(
        SESSION.c.digest == token_digest(key)
    )
    row = run(session, found).one_or_none()
    return None if row is None else (_opened(row), bool(row.has))


def of_person(session: Session, person_id: int, since: datetime) -> list[Open]:
    """The open sessions of somebody that were seen since, newest first."""
    mine = _OPEN.where(SESSION.c.person_id == person_id, SESSION.c.seen_at > since)
    return [_opened(row) for row in run(session, mine.order_by(SESSION.c.seen_at.desc()))]


def touch(session: Session, session_id: int, at: datetime) -> None:
    """It is in use."""
    run(session, update(SESSION).where(SESSION.c.id == session_id).values(seen_at=at))


def prove(session: Session, session_id: int, address: str, at: datetime | None) -> None:
    """The second factor was shown at an address; None: it has to be shown again."""
    values = {"strong_at": at, "address": address}
    run(session, update(SESSION).where(SESSION.c.id == session_id).values(**values))


def end(session: Session, ids: Iterable[int], why: str, at: datetime) -> int:
    """End sessions; returns how many were open."""
    open_ones = SESSION.c.id.in_(list(ids)) & SESSION.c.ended_at.is_(None)
    return run(
        session, update(SESSION).where(open_ones).values(ended_at=at, ended_why=why)
    ).rowcount


def end_all(
    session: Session, person_id: int, why: str, at: datetime, *, but: int | None = None
) -> int:
    """End every session of somebody, `but` one."""
    mine = (SESSION.c.person_id == person_id) & SESSION.c.ended_at.is_(None)
    if but is not None:
        mine &= SESSION.c.id != but
    return run(session, update(SESSION).where(mine).values(ended_at=at, ended_why=why)).rowcount


def forget(session: Session, person_id: int, before: datetime) -> None:
    """Remove what somebody's sessions of long ago left."""
    old = (SESSION.c.person_id == person_id) & (SESSION.c.seen_at < before)
    run(session, delete(SESSION).where(old))


# --- tries -------------------------------------------------------------------------------------


def waits(session: Session, keys: Sequence[tuple[str, str]], at: datetime) -> int:
    """For how many seconds nothing more may be tried under any of these keys."""
    asked = select(TRY.c.until_at).where(
        TRY.c.key.in_([key for _, key in keys]), TRY.c.until_at > at
    )
    return max(
        (int((row.until_at - at).total_seconds()) + 1 for row in run(session, asked)), default=0
    )


def failed(session: Session, keys: Sequence[tuple[str, str]], at: datetime) -> None:
    """Count a failure under each key, and say how long nothing more is tried under it."""
    for kind, key in sorted(keys):
        failures = failed_alone(session, key, at)
        wait = wait_after(kind, failures)
        values = {"until_at": at + wait if wait else None}
        run(session, update(TRY).where(TRY.c.key == key).values(**values))


def failed_alone(session: Session, key: str, at: datetime) -> int:
    """Count a failure under a key; returns how many in a row. What is a day old counts no more."""
    run(session, delete(TRY).where(TRY.c.last_at < at - FORGET))
    blank = {"key": key, "failures": 0, "last_at": at, "until_at": None}
    insert_missing(session, TRY, [blank], key="key")
    mine = TRY.c.key == key
    row = run(session, select(TRY.c.failures).where(mine).with_for_update()).one()
    failures: int = row.failures + 1
    run(session, update(TRY).where(mine).values(failures=failures, last_at=at))
    return failures


def succeeded(session: Session, key: str) -> None:
    """The account's failures are over; those of an address fade by themselves."""
    run(session, delete(TRY).where(TRY.c.key == key))


def _opened(row: Any) -> Open:
    return Open(
        row.id, row.person_id, row.created_at, row.seen_at, row.strong_at, row.agent, row.address
    )
