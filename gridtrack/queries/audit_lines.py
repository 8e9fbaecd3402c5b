"""The audit as its administrator reads it: newest first, narrowed, a page at a time."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gridtrack.access import Permission, require
from gridtrack.accounts import store as accounts
from gridtrack.audit import store
from gridtrack.audit.check import Kept
from gridtrack.audit.store import Wanted
from gridtrack.work import Work

PAGE = 100


@dataclass(frozen=True, slots=True)
class AuditRow:
    """A line of the audit with the name of who did it."""

    id: int
    at: datetime
    person_id: int | None
    name: str
    post: str
    door: str
    act: str
    subject: str
    outcome: str
    address: str
    session: str
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AuditPage:
    """One page of it; `more_before` asks for the next, older one."""

    rows: tuple[AuditRow, ...]
    more_before: int | None


def audit_page(work: Work, wanted: Wanted) -> AuditPage:
    """The newest lines that are wanted."""
    require(work.actor, Permission.AUDIT)
    found = store.page(work.session, wanted, PAGE + 1)
    names = accounts.names(work.session, (one.line.person_id for one in found))
    rows = tuple(_row(one, names) for one in found[:PAGE])
    return AuditPage(rows, rows[-1].id if len(found) > PAGE else None)


def audit_rows(work: Work, wanted: Wanted) -> Iterator[Mapping[str, Any]]:
    """All lines that are wanted, oldest first, with their place in the chain; no names."""
    require(work.actor, Permission.AUDIT)
    return (_told(one) for one in store.every(work.session, wanted))


def _row(one: Kept, names: Mapping[int, str]) -> AuditRow:
    line = one.line
    return AuditRow(
        one.id, line.at, line.person_id, names.get(line.person_id or 0, ""), line.post, line.door,
        line.act, line.subject, line.outcome, line.address, line.session, json.loads(line.details),
    )  # fmt: skip


def _told(one: Kept) -> dict[str, Any]:
    line = one.line
    return {
        "id": one.id, "at": line.at.isoformat(), "person": line.person_id, "post": line.post,
        "door": line.door, "act": line.act, "subject": line.subject, "outcome": line.outcome,
        "address": line.address, "session": line.session, "details": line.details,
        "lane": one.lane, "seq": one.seq, "key": one.key, "digest": one.digest,
    }  # fmt: skip
