"""The audit's chain: sealed each minute, checked, and cut where it is old enough."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from gridtrack.access import Permission, require
from gridtrack.audit import store
from gridtrack.audit.check import Fault, Head, Kept, examine, seal_details
from gridtrack.audit.rules import CUT, DONE, SEAL, Key
from gridtrack.db.sql import one_at_a_time
from gridtrack.errors import Invalid
from gridtrack.usecases.note import note
from gridtrack.work import Work

SEAL_EVERY = timedelta(seconds=50)
KEPT_DAYS = 183  # six months by rule; the database itself refuses less


def seal_audit(work: Work) -> bool:
    """Name the last line of every lane that grew, in a line of its own; False where none did.

    It looks back over two seals, so that a line whose commit came late is not passed over.
    """
    require(work.actor, Permission.ENGINE)
    one_at_a_time(work.session, "audit-seal")
    seals = store.last_seals(work.session, 2)
    if seals and work.now - seals[0].at < SEAL_EVERY:
        return False
    after = json.loads(seals[1].details)["high"] if len(seals) > 1 else 0
    ends, high = store.grown(work.session, after)
    if not ends or (seals and high <= seals[0].id):
        return False
    note(work, SEAL, "", DONE, **seal_details(ends, high))
    return True


def anchor(work: Work) -> str:
    """The place and digest of the newest seal, as `gridtrack audit verify --expect` takes it."""
    require(work.actor, Permission.ENGINE)
    found = store.page(work.session, store.Wanted(act=SEAL), 1)
    return anchor_of(found[0]) if found else ""


def anchor_of(line: Kept) -> str:
    """A place in a lane as text: lane, number, digest."""
    return f"{line.lane}:{line.seq}:{line.digest}"


@dataclass(frozen=True, slots=True)
class Verified:
    """What a check of the whole audit found."""

    lines: int
    lanes: int
    faults: tuple[Fault, ...]

    @property
    def first(self) -> Fault | None:
        """The fault at the lowest row."""
        return min(self.faults, key=lambda one: one.id, default=None)


def verify_audit(work: Work, secrets: Sequence[str] = (), expected: Sequence[str] = ()) -> Verified:
    """Check every line of every lane; `secrets` are keys of before, `expected` are old anchors.

    Raises Invalid for an anchor that cannot be read.
    """
    require(work.actor, Permission.AUDIT)
    keys = [Key.of(one, digest) for one in (work.secret, *secrets) for digest in ("sha256", "sm3")]
    told = store.vouched(work.session)
    for text in expected:
        lane, head = _expected(text)
        known = told.heads.get(lane)
        if known is None or known.seq <= head.seq:
            told.heads[lane] = head
    ends: dict[str, int] = {}

    def counted() -> Iterator[Kept]:
        for one in store.in_lanes(work.session):
            ends[one.lane] = ends.get(one.lane, 0) + 1
            yield one

    faults = tuple(examine(counted(), keys, told))
    return Verified(sum(ends.values()), len(ends), faults)


def _expected(text: str) -> tuple[str, Head]:
    parts = text.split(":")
    if len(parts) != 3 or not parts[1].isdigit():
        raise Invalid("audit-anchor", field="expect", value=text)
    return parts[0], Head(int(parts[1]), parts[2])


def cut_audit(work: Work, before: datetime) -> int:
    """Take away the lines before an instant, and write down where each lane begins now.

    Raises Invalid for an instant within the six months that everything is kept.
    """
    require(work.actor, Permission.AUDIT)
    if before > work.now - timedelta(days=KEPT_DAYS):
        raise Invalid("audit-kept", field="before", value=before.isoformat(), days=KEPT_DAYS)
    cuts = store.older(work.session, before)
    if not cuts:
        return 0
    gone = store.remove(work.session, cuts)
    lanes = [[lane, head.seq, head.digest] for lane, head in cuts]
    note(work, CUT, "", lanes=lanes, count=gone, before=before.isoformat())
    return gone
